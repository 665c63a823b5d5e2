"""What search knows as data: how text becomes tokens, and the words schools write short.

`index` adds how a cluster's index is laid out. A leaf: `service/search` and the index adapters read it through `load`.
`fingerprint` is part of an index generation's own, because an index whose
tokens were made by another analysis does not answer this one's queries.
"""

import functools
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class Mappings:
    """Both files. Pairs are (written, becomes).

    tone_placement, letters, final_y: pairs of one or two letters; final_y_after: beginnings of a token.
    shorthand, beside_grade, synonyms: written -> meaning, as people write them.
    """

    tone_placement: tuple[tuple[str, str], ...]
    letters: tuple[tuple[str, str], ...]
    final_y_after: tuple[str, ...]
    final_y: tuple[tuple[str, str], ...]
    grade_word: str
    grades: tuple[str, ...]
    before_grade: tuple[str, ...]
    shorthand: Mapping[str, str]
    beside_grade: Mapping[str, str]
    synonyms: Mapping[str, str]


def text(name: str) -> str:
    """A data file of this package."""
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


def _pairs(lines: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple((written, becomes) for written, becomes in (line.split() for line in lines))


@functools.cache
def load() -> Mappings:
    """The data of `analysis.toml` and `words.toml`."""
    analysis = tomllib.loads(text("analysis.toml"))
    words = tomllib.loads(text("words.toml"))
    return Mappings(
        tone_placement=_pairs(analysis["tone_placement"]),
        letters=_pairs(analysis["letters"]),
        final_y_after=tuple(analysis["final_y_after"]),
        final_y=_pairs(analysis["final_y"]),
        grade_word=words["grade_word"],
        grades=tuple(words["grades"]),
        before_grade=tuple(words["before_grade"]),
        shorthand=words["shorthand"],
        beside_grade=words["beside_grade"],
        synonyms=words["synonyms"],
    )


@functools.cache
def fingerprint() -> str:
    """Of the analysis, hex. Words are left out: they are read when asking and need no new index."""
    return hashlib.sha256(text("analysis.toml").encode()).hexdigest()
