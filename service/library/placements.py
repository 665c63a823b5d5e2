"""Placements as text: read what people write, write the one form that is stored, say what a placement is found by.

    programme=ct2018,subject=toan,grade=lop-2,series=kntt,lesson=16,week=19

Keys stand in the order of `Placement`, each once and only where something is
said. People may write labels for codes and name the keys in their language
("tuần=19, bộ sách=Kết nối tri thức"); a cell of a sheet holds several
placements, separated by `;`. What is stored is read back leniently: a
vocabulary may have lost a code since.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache

from service.errors import PlacementKey, PlacementNumber, UnknownTerm
from service.messages import LANGUAGES, sentence
from service.model import Placement, Revision, Value
from service.vocabularies import Vocabularies, folded
from service.vocabularies.reading import several

FIELD = "placement"
KEYS = tuple(field.name for field in fields(Placement))
TODAY = "ct2018"
"""The programme where none is said."""
NUMBERS: Mapping[str, tuple[int, int]] = {
    # Textbooks of any programme whose pupils may still be here.
    "edition": (1980, 2100),
    "lesson": (1, 200),
    # Thông tư 32/2018: 35 weeks, two terms; the subject with the most periods has 420 a year.
    "week": (1, 35),
    "period": (1, 420),
    "term": (1, 2),
    "section": (1, 10_000),
}
"""Keys with a number -> the least and the most it may be."""
VOCABULARY: Mapping[str, str] = {
    "programme": "programme",
    "subject": "subject",
    "strand": "subject",
    "grade": "grade",
    "series": "series",
    "outcome": "outcome",
}
"""Keys with a code -> the vocabulary that it is of."""
KEYS_OF: Mapping[str, tuple[str, ...]] = {
    **{name: tuple(key for key, meant in VOCABULARY.items() if meant == name) for name in VOCABULARY.values()},
    # A number whose labels are a vocabulary.
    "week": ("week",),
}
"""Vocabulary -> the keys of a placement that hold its codes."""
FACETS: Mapping[str, tuple[str, ...]] = {
    "programme": ("programme",),
    "series": ("series",),
    "week": ("week",),
    "subject": ("subject", "strand"),
    "grade": ("grade",),
}
"""Facet of the index -> the keys that fill it. An outcome fills the topics that it belongs to."""
# Where no vocabulary holds the codes (yet), they are still fit to stand in a URL.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]{0,79}")


@dataclass(frozen=True, slots=True)
class Placed:
    """A placement of a resource. proposed: a machine's guess that nobody has confirmed; evidence: where it was read."""

    placement: Placement
    proposed: bool
    evidence: str


def of(revision: Revision) -> tuple[Placed, ...]:
    """The placements of a revision, confirmed ones first, in their order."""
    return of_values(revision.values)


def of_values(values: Iterable[Value]) -> tuple[Placed, ...]:
    """The same, of a revision that is known by its values alone."""
    found = [
        Placed(read(value.value), value.origin == "machine", value.where) for value in values if value.field == FIELD
    ]
    return tuple(sorted(found, key=lambda one: one.proposed))


def text(placement: Placement) -> str:
    """The form that is stored."""
    told = ((key, getattr(placement, key)) for key in KEYS)
    return ",".join(f"{key}={value}" for key, value in told if value)


def read(stored: str) -> Placement:
    """A stored placement; what cannot be understood is left out."""
    said: dict[str, str | int] = {}
    for part in stored.split(","):
        key, _, value = part.partition("=")
        if key in NUMBERS and _fits(key, value):
            said[key] = int(value)
        elif key in VOCABULARY and _CODE.fullmatch(value):
            said[key] = value
    return Placement(**said)  # type: ignore[arg-type]


def parse(cell: str, vocabularies: Vocabularies, *, where: str) -> tuple[Placement, ...]:
    """What somebody wrote: one placement or more, separated by `;`. Without a programme it is today's.

    where: place of the cell, for errors.
    Raises: PlacementKey: no `key=value` with a known key, or a key twice; PlacementNumber; UnknownTerm.
    """
    return tuple(_parsed(part, vocabularies, where) for part in filter(None, map(str.strip, cell.split(";"))))


def of_cells(cells: Mapping[str, str], vocabularies: Vocabularies, *, where: Callable[[str], str]) -> Placement:
    """The placement that cells say, each of its own key. where: place of a key's cell, for errors.

    Raises: PlacementNumber; UnknownTerm.
    """
    said: dict[str, str | int] = {"programme": TODAY}
    for key, cell in cells.items():
        place = where(key)
        said[key] = _number(key, cell, place) if key in NUMBERS else _code(key, cell, vocabularies, place)
    return Placement(**said)  # type: ignore[arg-type]


def _parsed(part: str, vocabularies: Vocabularies, where: str) -> Placement:
    said: dict[str, str | int] = {"programme": TODAY}
    seen: set[str] = set()
    for pair in part.split(","):
        name, separator, value = (piece.strip() for piece in pair.partition("="))
        key = _names().get(folded(name), "")
        if not (separator and key and value) or key in seen:
            raise PlacementKey(value=pair.strip()[:60], where=where)
        seen.add(key)
        said[key] = _number(key, value, where) if key in NUMBERS else _code(key, value, vocabularies, where)
    found = Placement(**said)  # type: ignore[arg-type]
    if not found.strand:
        return found
    above = vocabularies.ancestors("subject", found.strand)[1:]
    if not above or (found.subject and found.subject not in above):
        raise UnknownTerm(field=f"strand, {where}", value=found.strand)
    return replace(found, subject=found.subject or above[-1])


@cache
def _names() -> Mapping[str, str]:
    """What people may call a key -> the key."""
    called = {folded(sentence(f"placement-{key}", language)): key for language in LANGUAGES for key in KEYS}
    return called | {key: key for key in KEYS}


def _fits(key: str, value: str) -> bool:
    least, most = NUMBERS[key]
    return value.isascii() and value.isdigit() and len(value) < 6 and least <= int(value) <= most


def _number(key: str, value: str, where: str) -> int:
    if not _fits(key, value):
        least, most = NUMBERS[key]
        raise PlacementNumber(key=key, value=value[:60], least=least, most=most, where=where)
    return int(value)


def _code(key: str, value: str, vocabularies: Vocabularies, where: str) -> str:
    known = VOCABULARY[key] in vocabularies.terms
    code = vocabularies.resolve(VOCABULARY[key], value) if known else value
    if code is None or not _CODE.fullmatch(code):
        raise UnknownTerm(field=f"{key}, {where}", value=value[:60])
    return code


def completed(
    found: Iterable[Placement], vocabularies: Vocabularies, *, subjects: Sequence[str], grades: Sequence[str]
) -> tuple[Placement, ...]:
    """With the subject and grade of their resource where they say none and it has one.

    A resource may name a strand beside its subject (`toan`, `toan-dai-so`): then that is the placement's too.
    """
    roots = [code for code in subjects if not {*vocabularies.ancestors("subject", code)[1:]} & {*subjects}]
    strands = [code for code in subjects if code not in roots]
    made = []
    for one in found:
        if not one.subject and len(roots) == 1:
            one = replace(one, subject=roots[0], strand=strands[0] if len(strands) == 1 else "")
        if not one.grade and len(grades) == 1:
            one = replace(one, grade=grades[0])
        made.append(one)
    return tuple(made)


def terms(vocabularies: Vocabularies, revision: Revision) -> Iterator[tuple[str, str]]:
    """(facet, code) of everything a revision's placements say, with all ancestors.

    Codes of several placements stand side by side: a resource of grade 2 in week 5 and of grade 3 in week 19 is
    found by grade 2 and week 19 too.
    """
    for placed in of(revision):
        for facet, keys in FACETS.items():
            for value in filter(None, (getattr(placed.placement, key) for key in keys)):
                yield from ((facet, code) for code in vocabularies.ancestors(facet, str(value)))
        yield from _of_outcome(vocabularies, placed.placement.outcome)


def _of_outcome(vocabularies: Vocabularies, outcome: str) -> Iterator[tuple[str, str]]:
    """The topics of what pupils are to be able to do, and itself, so that whoever changes it finds who has it."""
    if outcome:
        yield from (("outcome", code) for code in vocabularies.ancestors("outcome", outcome))
        term = vocabularies.get("outcome", outcome)
        for topic in several(term.extra.get("topic", "")) if term else ():
            yield from (("topic", code) for code in vocabularies.path("topic", topic))


def topics(vocabularies: Vocabularies, values: Iterable[Value]) -> tuple[str, ...]:
    """The topics of a revision by its values: its own, and those of the outcomes that it stands at; none above them."""
    held = list(values)
    outcomes = (vocabularies.get("outcome", placed.placement.outcome) for placed in of_values(held))
    placed_at = (topic for term in outcomes if term for topic in several(term.extra.get("topic", "")))
    return tuple(dict.fromkeys((*(value.value for value in held if value.field == "topic"), *placed_at)))
