"""School shorthand and synonyms, ready for looking up by folded tokens.

`search_mappings` holds them as people write them; here they are analysed once
a process. `understand` asks; nothing here knows a subject's name.
"""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import search_mappings
from service.search.analysis import Analysis, analyse, fold

Tokens = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Written form (folded tokens) -> what it means.

    anywhere: shorthand and synonyms, both ways round; graded: only beside a grade's number.
    subjects: what a grade's number follows; longest: tokens of the longest written form.
    """

    anywhere: Mapping[Tokens, Analysis]
    graded: Mapping[Tokens, Analysis]
    subjects: frozenset[Tokens]
    grade_word: Analysis
    grades: frozenset[str]
    longest: int

    def meaning(self, written: Tokens, *, beside_grade: bool) -> Analysis | None:
        """What these tokens mean besides themselves, or None."""
        return self.anywhere.get(written) or (self.graded.get(written) if beside_grade else None)

    def takes_grade(self, written: Tokens) -> bool:
        """Whether "lớp" is understood between these tokens and a number."""
        return written in self.subjects or written in self.graded or written in self.anywhere

    def joins_grade(self, letters: str, digits: str) -> bool:
        """Whether these letters are written together with a grade: `vl10`, `toan10`, `lop10`."""
        return digits in self.grades and (self.takes_grade((letters,)) or [letters] == self.grade_word.fold)


def _keys(mapping: Mapping[str, str]) -> dict[Tokens, Analysis]:
    return {tuple(fold(written)): analyse(meaning) for written, meaning in mapping.items()}


@functools.cache
def words() -> Words:
    """The data of `search_mappings`, analysed."""
    data = search_mappings.load()
    back = {meaning: written for written, meaning in data.synonyms.items()}
    anywhere = _keys(back) | _keys(data.synonyms) | _keys(data.shorthand)
    graded = _keys(data.beside_grade)
    subjects = frozenset(tuple(fold(subject)) for subject in data.before_grade)
    return Words(
        anywhere=anywhere,
        graded=graded,
        subjects=subjects,
        grade_word=analyse(data.grade_word),
        grades=frozenset(data.grades),
        longest=max(map(len, (*anywhere, *graded, *subjects))),
    )


def beside_grade(tokens: Sequence[str], start: int, end: int) -> bool:
    """Whether a grade's number stands next to tokens[start:end], or one word ("lớp") further."""
    known = words()
    after = list(tokens[end : end + 2])
    before = tokens[start - 1] if start else ""
    if (after and after[0] in known.grades) or before in known.grades:
        return True
    return len(after) == 2 and after[:1] == known.grade_word.fold and after[1] in known.grades


def meanings(tokens: Sequence[str]) -> Iterator[tuple[int, int, Analysis]]:
    """Where shorthand or a synonym stands, the longest at each place, and what it means."""
    table = words()
    start = 0
    while start < len(tokens):
        for end in range(min(len(tokens), start + table.longest), start, -1):
            meaning = table.meaning(tuple(tokens[start:end]), beside_grade=beside_grade(tokens, start, end))
            if meaning is not None:
                yield start, end, meaning
                start = end - 1
                break
        start += 1
