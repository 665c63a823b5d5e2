"""Subjects, grades, topics, requirements, types, licences, languages, programmes, series, weeks: seeds as data.

Nothing in code knows a subject's name. A seed is `<field>.csv` beside this
file with the columns code, parent, vi, en, alternatives (separated by `|`)
and whatever a field adds (a licence's uri); `seeds.load()` reads them.
Use cases pass `Vocabularies` on.
"""

import hashlib
import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import NamedTuple

from service.vocabularies.reading import names_of, several
from service.vocabularies.shapes import ENDED, shape_of
from service.vocabularies.terms import Term, folded

__all__ = ["FIELDS", "Term", "Vocabularies", "folded"]

FIELDS = (
    "subject", "grade", "type", "licence", "language", "programme", "series", "week", "topic", "outcome", "period",
)  # fmt: skip
_BEYOND = "\U0010ffff"
# What texts mean is remembered: thousands of rows and records say the same few words.
_MOST_REMEMBERED, _LONGEST_REMEMBERED = 20_000, 200


@dataclass(frozen=True)
class Vocabularies:
    """All terms by field and code. Fields: those of `FIELDS`."""

    terms: Mapping[str, Mapping[str, Term]]
    _tables: dict[str, "_Names"] = field(default_factory=dict, init=False, repr=False, compare=False)
    _resolutions: dict[tuple[str, str], str | None] = field(default_factory=dict, init=False, repr=False, compare=False)
    _paths: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _beginnings: dict[str, "_Starts"] = field(default_factory=dict, init=False, repr=False, compare=False)

    def get(self, name: str, code: str) -> Term | None:
        return self.terms.get(name, {}).get(code)

    def label(self, name: str, code: str, language: str) -> str:
        """The label in a language, in Vietnamese where there is none, the code itself for an unknown one."""
        term = self.in_tree(name, code)
        return code if term is None else term.labels.get(language) or term.labels.get("vi") or code

    def label_alone(self, name: str, code: str, language: str) -> str:
        """The label where nothing around it says more: topics are called alike in several grades, so these stand
        behind them.
        """
        term, shape, label = self.get(name, code), shape_of(name), self.label(name, code, language)
        if term is None or not shape.below:
            return label
        columns = (column for column in shape.refers if column != shape.below)
        beside = [
            self.label(shape.refers[column], part, language)
            for column in columns
            for part in several(term.extra.get(column, ""))
        ]
        return f"{label} · {', '.join(beside)}" if beside else label

    def ancestors(self, name: str, code: str) -> tuple[str, ...]:
        """The code and all above it, nearest first; an unknown code has only itself."""
        path: list[str] = []
        while code and code not in path:
            path.append(code)
            term = self.get(name, code)
            code = (term.parent or "") if term else ""
        return tuple(path)

    def in_tree(self, name: str, code: str) -> Term | None:
        """The term of a code, also of one that stands above the roots of its vocabulary: a subject above topics."""
        shape = shape_of(name)
        return self.get(name, code) or (self.get(shape.refers[shape.below], code) if shape.below else None)

    def path(self, name: str, code: str) -> tuple[str, ...]:
        """The code and all above it in the tree that people choose from, nearest first: subjects above topics."""
        path = self._paths.get((name, code))
        if path is None:
            path = self._path(name, code)
            if self.get(name, code) is not None:
                # Of terms alone: what is no code may be anything.
                self._paths[name, code] = path
        return path

    def _path(self, name: str, code: str) -> tuple[str, ...]:
        shape = shape_of(name)
        own = self.ancestors(name, code)
        if not shape.below or not own:
            return own
        column, above = shape.below, shape.refers[shape.below]
        root = self.get(name, own[-1])
        meant = several(root.extra.get(column, "")) if root else own[-1:]
        return tuple(dict.fromkeys((*own, *(one for part in meant for one in self.ancestors(above, part)))))

    def above(self, name: str, code: str) -> str | None:
        """What stands directly above a code in that tree; None: it is a root there."""
        term = self.get(name, code)
        return term.parent if term and term.parent else next(iter(self.path(name, code)[1:]), None)

    def resolve(self, name: str, text: str, beside: Mapping[str, Sequence[str]] | None = None) -> str | None:
        """The code that a text means: a code, a URI, a label or an alternative of a field.

        Case, spaces and hyphens do not matter. A text with its tones is tried first; after it the
        text without them, where the first term of the seed wins ("hoa" is Hoá học). None: nobody's name.
        Terms that have ended come after all others. Of fields whose names stand below several terms, a name means
        one only where one is meant: beside, codes by field (subject, grade), says which are.
        """
        if (beside and shape_of(name).nested) or len(text) > _LONGEST_REMEMBERED:
            return self._resolved(name, text, beside)
        key = (name, text)
        if key not in self._resolutions:
            if len(self._resolutions) >= _MOST_REMEMBERED:
                self._resolutions.clear()
            self._resolutions[key] = self._resolved(name, text, None)
        return self._resolutions[key]

    def _resolved(self, name: str, text: str, beside: Mapping[str, Sequence[str]] | None) -> str | None:
        tables = self._names(name)
        nested = shape_of(name).nested
        for table, key in ((tables.exact, folded(text, tones=True)), (tables.bare, folded(text))):
            codes = self._meant(name, table.get(key, ()), beside or {}) if nested else table.get(key, ())
            if codes and not (nested and len(codes) > 1):
                return codes[0]
        return tables.uris.get(_uri_key(text))

    def _meant(self, name: str, codes: Sequence[str], beside: Mapping[str, Sequence[str]]) -> Sequence[str]:
        """Of several those that are in use and refer to one of the codes beside, of each field that it speaks of."""
        codes = [code for code in codes if not self.ended(name, code)] or codes
        for column, meant in shape_of(name).refers.items():
            if len(codes) > 1 and (said := beside.get(meant)):
                near = [code for code in codes if self._near(meant, said, self.terms[name][code].extra.get(column, ""))]
                codes = near or codes
        return codes

    def _near(self, name: str, codes: Sequence[str], cell: str) -> bool:
        """Whether a cell of references names one of the codes, something below it or something above it."""
        return any(
            part in self.ancestors(name, code) or code in self.ancestors(name, part)
            for code in codes
            for part in several(cell)
        )

    def ended(self, name: str, code: str) -> bool:
        """Whether a term is not to be chosen any more; what has it keeps it."""
        term = self.get(name, code)
        return term is not None and ENDED in term.extra

    def beginning(self, names: Sequence[str], typed: str) -> Iterator[tuple[str, str]]:
        """(field, code) of what has a label or alternative that begins so, or a word of one that does.

        names: of fields, whose order is kept, as is that of their terms; typed: `folded`.
        """
        typed = _words(typed)
        for name in names if typed else ():
            table = self._starts(name)
            first, last = bisect_left(table.starts, typed), bisect_left(table.starts, typed + _BEYOND)
            for place in sorted(set(table.places[first:last])):
                yield name, table.codes[place]

    def _starts(self, name: str) -> "_Starts":
        """Sorted: each letter that somebody types is looked up, and some vocabularies have thousands of terms."""
        if name not in self._beginnings:
            # What has ended is left out here, once: of a programme's topics thousands begin with the same two letters.
            codes = [code for code in self.terms.get(name, {}) if not self.ended(name, code)]
            rows = sorted(
                (" ".join(words[start:]), place)
                for place, code in enumerate(codes)
                for words in (_words(folded(label)).split(" ") for label in self.searchable(name, code))
                for start in range(len(words))
            )
            self._beginnings[name] = _Starts(codes, [start for start, _ in rows], [place for _, place in rows])
        return self._beginnings[name]

    def searchable(self, name: str, code: str) -> tuple[str, ...]:
        """Every label and alternative of a code, for the words an index searches; () for an unknown code."""
        term = self.get(name, code)
        return () if term is None else tuple(dict.fromkeys((*term.labels.values(), *term.alternatives)))

    def fingerprint(self) -> str:
        """16 hex digits that change with any code, name, parent or extra, or their order."""
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        """Summed once: thousands of terms take a tenth of a second, and each record that is rendered asks."""
        content = {name: [asdict(term) for term in terms.values()] for name, terms in self.terms.items()}
        return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]

    def _names(self, name: str) -> "_Names":
        """Made when first asked for: some vocabularies have thousands of terms that nobody names."""
        if name not in self._tables:
            made = _Names({}, {}, {})
            terms = self.terms.get(name, {})
            # One that has ended leaves its names to those that came after it.
            for code in sorted(terms, key=lambda code: ENDED in terms[code].extra):
                for text in names_of(terms[code]):
                    for table, key in ((made.exact, folded(text, tones=True)), (made.bare, folded(text))):
                        # Two of its names may be one when they are compared.
                        if code not in (codes := table.setdefault(key, []))[-1:]:
                            codes.append(code)
                if uri := terms[code].extra.get("uri"):
                    made.uris[_uri_key(uri)] = code
            self._tables[name] = made
        return self._tables[name]


class _Starts(NamedTuple):
    """codes: in the order of the seed. starts: every name from each of its words on, rising; places: of their codes."""

    codes: Sequence[str]
    starts: Sequence[str]
    places: Sequence[int]


class _Names(NamedTuple):
    """Codes by names with tones, by names without, a code by URI; the first term in the seed comes first."""

    exact: dict[str, list[str]]
    bare: dict[str, list[str]]
    uris: dict[str, str]


def _words(name: str) -> str:
    """A folded name without what nobody types: commas and brackets."""
    return re.sub(r"\W+", " ", name).strip()


def _uri_key(text: str) -> str:
    """http and https, a closing slash, and the page of a deed (`/deed.vi`, `/legalcode`) are one licence."""
    return re.sub(r"^https?://(www\.)?|/(deed|legalcode)(\.[\w-]+)?/?$|/$", "", text.strip().casefold()).rstrip("/")
