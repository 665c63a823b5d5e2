"""A sheet to be filled in: its columns, what may stand in them, and where wished the files of a folder."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from ingest.sniff import is_litter
from service.library.archives import Found
from service.library.sheet import writing
from service.library.sheet.columns import COLUMNS, ORGANISATION, PATH, RESOURCE
from service.library.walking import is_regular, walk
from service.model import Organisation
from service.vocabularies import Vocabularies
from service.vocabularies.shapes import shape_of

# Weeks of the school year and terms are numbers; the others are terms of a vocabulary.
_NUMBERS: Mapping[str, int] = {"week": 35, "term": 2}


def offered(
    vocabularies: Vocabularies, organisations: Sequence[Organisation], language: str
) -> Mapping[str, Sequence[str]]:
    """Column -> what a drop-down list has: each term by its label, or by its code where the label means another one.

    Topics are too many, and called alike in several grades: they are typed.
    """
    lists: dict[str, Sequence[str]] = {}
    for code, column in COLUMNS.items():
        name = column.vocabulary
        if name and not shape_of(name).nested:
            terms = [term for term in vocabularies.terms[name] if not vocabularies.ended(name, term)]
            labels = ((term, vocabularies.label(name, term, language)) for term in terms)
            lists[code] = [said if vocabularies.resolve(name, said) == term else term for term, said in labels]
    lists |= {code: [str(number) for number in range(1, most + 1)] for code, most in _NUMBERS.items()}
    names = Counter(one.name for one in organisations)
    lists[ORGANISATION] = [one.name if one.name and names[one.name] == 1 else one.code for one in organisations]
    return lists


def template(
    path: Path,
    vocabularies: Vocabularies,
    organisations: Sequence[Organisation],
    *,
    language: str,
    folder: Path | None = None,
) -> int:
    """Write an empty sheet, or one with a row a file of a folder. Returns: how many rows.

    Raises: as `writing.write`.
    """
    columns = [code for code in COLUMNS if code != RESOURCE]
    names = _files(folder) if folder else []
    lists = offered(vocabularies, organisations, language)
    rows = ([name if code == PATH else "" for code in columns] for name in names)
    writing.write(path, columns, rows, lists=lists, language=language)
    return len(names)


def _files(folder: Path) -> list[str]:
    return [Found(path, name).printable for path, name in walk([folder]) if not is_litter(name) and _is_file(path)]


def _is_file(path: Path) -> bool:
    try:
        return is_regular(path)
    except OSError:
        return False
