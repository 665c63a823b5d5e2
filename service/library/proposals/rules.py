"""Read evidence out of names, headings and texts by the patterns of `rules.toml`.

A pattern is a regular expression on toneless words (`words.py`). `<subject>`
in it stands for any name of that vocabulary, `<subject:4>` for those of at
least four letters; what it meets is a code of the field. Other named groups
are numbers, constants stand under `gives`. Where a text is written with its
tones, a name must have its own: "an toàn" is no Toán, "Hoạ tiết hoa" no Hoá.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

from service.library.proposals.words import Words, toned, words
from service.model import SeenAt
from service.vocabularies import Vocabularies
from service.vocabularies.reading import names_of

FILE = Path(__file__).parent / "rules.toml"
# Not the names of groups, `(?P<week>…)`.
_PLACEHOLDER = re.compile(r"(?<!\?P)<([a-z]+)(?::([0-9]+))?>")
SEEN = get_args(SeenAt)


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that was seen: a field or a part of a placement, its value, the words, what they say by themselves."""

    field: str
    value: str
    where: SeenAt
    seen: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Rule:
    """match: a pattern with placeholders. where: place -> confidence. gives: field -> constant value."""

    match: str
    where: Mapping[SeenAt, float]
    gives: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Book:
    """`rules.toml`, read. media: (beginning of a media type, type, confidence); without: names that say nothing,
    by vocabulary; general: what a code with others below it is worth, by vocabulary; ignored: codes never proposed."""

    rules: tuple[Rule, ...]
    media: tuple[tuple[str, str, float], ...]
    without: Mapping[str, frozenset[str]]
    general: Mapping[str, float]
    ignored: Mapping[str, frozenset[str]]


@cache
def book() -> Book:
    """Raises: ValueError: a rule that names no place there is, or says nothing."""
    return read(tomllib.loads(FILE.read_text(encoding="utf-8")))


def read(data: Mapping[str, Any]) -> Book:
    rules = []
    for row in data["rule"]:
        places = {cast("SeenAt", name): float(row[name]) for name in row if name not in ("match", "gives")}
        says = _PLACEHOLDER.search(row["match"]) or "(?P<" in row["match"] or row.get("gives")
        if not places or not set(places) <= set(SEEN) or not says:
            raise ValueError(f"rules.toml: {row}")
        rules.append(Rule(row["match"], places, row.get("gives", {})))
    about = data.get("vocabulary", {})
    return Book(
        tuple(rules),
        tuple((row["begins"], row["type"], float(row["confidence"])) for row in data.get("media", ())),
        {name: frozenset(one.get("without", ())) for name, one in about.items()},
        {name: float(one["general"]) for name, one in about.items() if "general" in one},
        {name: frozenset(one.get("ignored", ())) for name, one in about.items()},
    )


@dataclass
class Rules:
    """The rules over the vocabularies of a library; made once for each state of them."""

    vocabularies: Vocabularies
    rules: Book = field(default_factory=book)

    def __post_init__(self) -> None:
        self._names = {name: self._named(name) for name in self._asked()}
        self._patterns = [(re.compile(rf"\b(?:{self._expanded(rule.match)})\b"), rule) for rule in self.rules.rules]
        self._general = {
            name: frozenset(term.parent for term in self.vocabularies.terms[name].values() if term.parent)
            for name in self._names
        }

    def signs(self, where: SeenAt, text: str) -> Iterator[Sign]:
        """Everything the rules see in a piece of text at this place."""
        here = words(text)
        if not here.spans:
            return
        for pattern, rule in self._patterns:
            if (confidence := rule.where.get(where)) is None:
                continue
            for found in pattern.finditer(here.folded):
                yield from self._of(found, rule, where, here, confidence)

    def of_media(self, media_type: str) -> Iterator[Sign]:
        for begins, code, confidence in self.rules.media:
            if media_type.startswith(begins) and self.vocabularies.get("type", code):
                yield Sign("type", code, "media-type", media_type, confidence)
                return

    def _of(self, found: re.Match[str], rule: Rule, where: SeenAt, here: Words, confidence: float) -> Iterator[Sign]:
        groups = [(name, name.rstrip("0123456789")) for name, text in found.groupdict().items() if text]
        made: list[Sign] = []
        for group, name in groups:
            value, worth = found[group], confidence
            seen = here.at(*found.span())
            if name in self._names:
                code = self._code(name, found, group, here, [other for other, _ in groups])
                if code is None:
                    # The words mean something else, so the whole pattern does.
                    return
                if code in self.rules.ignored.get(name, ()):
                    continue
                if code in self._general[name]:
                    worth *= self.rules.general.get(name, 1.0)
                value = code
            elif value.isdigit():
                value = str(int(value))
            made.append(Sign(name, value, where, seen, worth))
        for name, value in rule.gives.items():
            if self.vocabularies.get(name, value) or name not in self.vocabularies.terms:
                made.append(Sign(name, value, where, here.at(*found.span()), confidence))
        yield from made

    def _code(self, name: str, found: re.Match[str], group: str, here: Words, groups: Sequence[str]) -> str | None:
        """The code that a group means; with a number behind it where that is a name too ("Vật lí 8")."""
        table = self._names[name]
        start, end = found.span(group)
        for other in groups:
            longer = f"{found[group]} {found[other]}"
            if other != group and found.start(other) > start and longer in table:
                return table[longer][0][0]
        exact = here.line(start)
        told = None if exact.isascii() else toned(here.at(start, end))
        codes = [code for code, known in table.get(found[group], ()) if told is None or known == told]
        return codes[0] if codes else None

    def _asked(self) -> set[str]:
        return {name for rule in self.rules.rules for name, _ in _PLACEHOLDER.findall(rule.match)}

    def _named(self, name: str) -> dict[str, list[tuple[str, str]]]:
        """Toneless name -> (code, the name with its tones), in the order of the vocabulary's rows."""
        table: dict[str, list[tuple[str, str]]] = {}
        without = self.rules.without.get(name, frozenset())
        for code, term in self.vocabularies.terms[name].items():
            if self.vocabularies.ended(name, code):
                continue
            for called in names_of(term):
                key = words(called).folded
                if key and key not in without and (code, toned(called)) not in table.get(key, ()):
                    table.setdefault(key, []).append((code, toned(called)))
        return table

    def _expanded(self, match: str) -> str:
        """The pattern with names in the place of its placeholders; a second one of a kind gets a number."""
        used: dict[str, int] = {}

        def put(found: re.Match[str]) -> str:
            name, least = found[1], int(found[2] or 1)
            used[name] = used.get(name, 0) + 1
            group = name if used[name] == 1 else f"{name}{used[name]}"
            names = [key for key in self._names[name] if len(key) >= least]
            # Where a library's vocabulary has no such name the pattern never matches.
            return f"(?<![a-z0-9])(?P<{group}>{alternatives(names) or '(?!)'})(?![a-z0-9])"

        return _PLACEHOLDER.sub(put, match)


def alternatives(names: Iterable[str]) -> str:
    """A pattern that matches the longest of some words at once: they share their beginnings, as in a tree."""
    tree: dict[str, Any] = {}
    for name in names:
        here = tree
        for letter in name:
            here = here.setdefault(letter, {})
        here[""] = {}
    return _branch(tree)


def _branch(tree: Mapping[str, Any]) -> str:
    after = [re.escape(letter) + _branch(below) for letter, below in tree.items() if letter]
    if not after:
        return ""
    joined = after[0] if len(after) == 1 and "" not in tree else f"(?:{'|'.join(after)})"
    # A name ends with a word, and a longer one is tried before it.
    return joined + (r"?(?![a-z0-9])" if "" in tree else "")
