"""Subjects, grades, types, licences, languages, programmes, textbook series, weeks: seeds as data, one frozen value.

Nothing in code knows a subject's name. A seed is `<field>.csv` beside this
file with the columns code, parent, vi, en, alternatives (separated by `|`)
and whatever a field adds (a licence's uri); `seeds.load()` reads them.
Use cases pass `Vocabularies` on.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property

FIELDS = ("subject", "grade", "type", "licence", "language", "programme", "series", "week")


@dataclass(frozen=True, slots=True)
class Term:
    """A code with its labels. `parent` is another code of the same field, or None."""

    code: str
    labels: Mapping[str, str]
    parent: str | None = None
    alternatives: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Vocabularies:
    """All terms by field and code. Fields: those of `FIELDS`."""

    terms: Mapping[str, Mapping[str, Term]]

    def get(self, name: str, code: str) -> Term | None:
        return self.terms.get(name, {}).get(code)

    def label(self, name: str, code: str, language: str) -> str:
        """The label in a language, in Vietnamese where there is none, the code itself for an unknown one."""
        term = self.get(name, code)
        return code if term is None else term.labels.get(language) or term.labels.get("vi") or code

    def ancestors(self, name: str, code: str) -> tuple[str, ...]:
        """The code and all above it, nearest first; an unknown code has only itself."""
        path: list[str] = []
        while code and code not in path:
            path.append(code)
            term = self.get(name, code)
            code = (term.parent or "") if term else ""
        return tuple(path)

    def resolve(self, name: str, text: str) -> str | None:
        """The code that a text means: a code, a URI, a label or an alternative of a field.

        Case, spaces and hyphens do not matter. A text with its tones is tried first; after it the
        text without them, where the first term of the seed wins ("hoa" is Hoá học). None: nobody's name.
        """
        exact, bare, uris = self._names.get(name, ({}, {}, {}))
        return exact.get(folded(text, tones=True)) or bare.get(folded(text)) or uris.get(_uri_key(text))

    def beginning(self, names: Sequence[str], typed: str) -> Iterator[tuple[str, str]]:
        """(field, code) of what has a label or alternative that begins so, or a word of one that does.

        names: of fields, whose order is kept; typed: `folded`.
        """
        for name in names:
            for code, words in self._words.get(name, ()):
                if any(word.startswith(typed) for word in words):
                    yield name, code

    @cached_property
    def _words(self) -> Mapping[str, list[tuple[str, list[str]]]]:
        """By field: codes, and each name of theirs from each of its words on."""
        tables: dict[str, list[tuple[str, list[str]]]] = {}
        for name, terms in self.terms.items():
            for code in terms:
                split = [folded(label).split(" ") for label in self.searchable(name, code)]
                words = [" ".join(label[start:]) for label in split for start in range(len(label))]
                tables.setdefault(name, []).append((code, words))
        return tables

    def searchable(self, name: str, code: str) -> tuple[str, ...]:
        """Every label and alternative of a code, for the words an index searches; () for an unknown code."""
        term = self.get(name, code)
        return () if term is None else tuple(dict.fromkeys((*term.labels.values(), *term.alternatives)))

    def fingerprint(self) -> str:
        """16 hex digits that change with any code, name, parent or extra, or their order."""
        content = {name: [asdict(term) for term in terms.values()] for name, terms in self.terms.items()}
        return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]

    @cached_property
    def _names(self) -> Mapping[str, tuple[dict[str, str], dict[str, str], dict[str, str]]]:
        """By field: names with tones, names without, URIs; the first term in the seed keeps a name."""
        tables = {}
        for name, terms in self.terms.items():
            exact: dict[str, str] = {}
            bare: dict[str, str] = {}
            uris: dict[str, str] = {}
            for code, term in terms.items():
                for text in (code, *term.labels.values(), *term.alternatives):
                    exact.setdefault(folded(text, tones=True), code)
                    bare.setdefault(folded(text), code)
                if uri := term.extra.get("uri"):
                    uris[_uri_key(uri)] = code
            tables[name] = (exact, bare, uris)
        return tables


def folded(text: str, *, tones: bool = False) -> str:
    """A name as names are compared: lower case, spaces and hyphens as one space, without tones and marks
    unless `tones`. (The analysis of `service/search` stands above this room, and splits words; names stay whole.)
    """
    plain = re.sub(r"[\s\-‐‑–_]+", " ", unicodedata.normalize("NFC", text)).strip().casefold().replace("ð", "đ")
    if tones:
        return plain
    marks_apart = unicodedata.normalize("NFD", plain.replace("đ", "d"))
    return "".join(char for char in marks_apart if not unicodedata.combining(char))


def _uri_key(text: str) -> str:
    """http and https, a closing slash, and the page of a deed (`/deed.vi`, `/legalcode`) are one licence."""
    return re.sub(r"^https?://(www\.)?|/(deed|legalcode)(\.[\w-]+)?/?$|/$", "", text.strip().casefold()).rstrip("/")
