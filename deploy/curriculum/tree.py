"""Topics and requirements with their codes, out of rows: what the two CSV files hold.

A code is made from subject, grade and the place in the tree: `toan-6-1-2`
is the second topic in the first part of grade 6, `toan-6-1-2.3` its third
requirement. Places are those of the programme's text, which does not change.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from deploy.curriculum.programme import Correction, Programme
from deploy.curriculum.walk import Row

Cells = dict[str, str]
# "chăm chỉ,trách nhiệm", "11.1:Thực hành"; not "0,ab".
PUNCTUATION = re.compile(
    r"((?<=[^\W\d_]{2})[,;]|(?<=\w{2}):|(?<=\d):|\.\.\.)(?=[^\W\d_]{2})"
    r"|((?<=[^\W\d_]{2})\.|(?<=\))\.)(?=[A-ZĐ][^\W\d_])|((?<=\s)\+)(?=\w{2})"
)
# "cho trước ."
APART = re.compile(r"\s+([.,;])(?=\s|$|\.\.)")


@dataclass(slots=True)
class Topic:
    code: str
    parent: str
    label: str
    remark: str
    grade: int
    page: int
    below: dict[str, "Topic"] = field(default_factory=dict)
    outcomes: list[tuple[int, str]] = field(default_factory=list)


def topics(rows: Sequence[Row], programme: Programme) -> list[Topic]:
    """Of all grades, each before those below it. Raises: ValueError: a correction that corrects nothing."""
    corrected = _Corrections(programme)
    roots: dict[int, Topic] = {}
    for row in rows:
        code = f"{programme.prefix}-{row.grade}"
        here = roots.setdefault(row.grade, Topic(code, "", "", "", row.grade, 0))
        for label in row.path:
            remark, words = _remark(corrected(label.text, label.page), programme)
            words = _written(words, programme).rstrip(". ")
            if words and words != here.label:
                here = _below(here, words, remark, label.page)
        left_out = programme.left_out
        read = [(page, corrected(text, page)) for page, text in row.items]
        here.outcomes += [(page, text) for page, text in read if text and not (left_out and text.startswith(left_out))]
    corrected.check()
    return [topic for grade in sorted(roots) for topic in _walk(roots[grade])]


def _below(above: Topic, words: str, remark: str, page: int) -> Topic:
    if words not in above.below:
        code = f"{above.code}-{len(above.below) + 1}"
        parent = above.code if above.label else ""
        above.below[words] = Topic(code, parent, words, remark, above.grade, page)
    return above.below[words]


def _walk(above: Topic) -> Iterator[Topic]:
    for topic in above.below.values():
        yield topic
        yield from _walk(topic)


def _written(words: str, programme: Programme) -> str:
    """Headings in capitals as they are written elsewhere; several contents of one cell one after the other."""
    if words.startswith("– "):
        return words.removeprefix("– ").replace(" – ", "; ")
    if words.isupper() and " " in words:
        return programme.names.get(words, words.capitalize())
    return words


def _remark(text: str, programme: Programme) -> tuple[str, str]:
    """("ICT", "Thực hành …"): what stands over a label, and the label."""
    for remark in programme.remarks:
        if text.startswith(f"{remark} "):
            return remark.rstrip(":"), text.removeprefix(remark).strip()
    return "", text


class _Corrections:
    """By hand what the reading gets wrong; each must find its place."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.used: set[Correction | str] = set()

    def __call__(self, text: str, page: int) -> str:
        text = PUNCTUATION.sub(lambda found: f"{found[0]} ", text)
        for word in set(re.findall(r"[^\W\d_]+", text)) & self.programme.glued.keys():
            text = re.sub(rf"\b{word}\b", self.programme.glued[word], text)
            self.used.add(word)
        for one in self.programme.corrections:
            if one.page == page and (text.startswith(one.old) if one.whole else one.old in text):
                text = one.new if one.whole else text.replace(one.old, one.new)
                self.used.add(one)
        return APART.sub(r"\1", text)

    def check(self) -> None:
        unused = {*self.programme.corrections, *self.programme.glued} - self.used
        if unused:
            raise ValueError(f"{self.programme.name}: nothing to correct: {sorted(map(str, unused))}")


def topic_rows(found: Sequence[Topic], programme: Programme) -> list[Cells]:
    return [
        {
            "code": topic.code,
            "parent": topic.parent,
            "vi": topic.label,
            "en": programme.english.get(topic.label, ""),
            "alternatives": "",
            "programme": programme.programme,
            "subject": programme.subjects[topic.grade],
            "grades": f"lop-{topic.grade}",
            "remark": topic.remark,
            "page": str(topic.page),
        }
        for topic in found
    ]


def outcome_rows(found: Sequence[Topic]) -> list[Cells]:
    return [
        {
            "code": f"{topic.code}.{number}",
            "parent": "",
            "vi": text,
            "en": "",
            "alternatives": "",
            "topic": topic.code,
            "grade": f"lop-{topic.grade}",
            "page": str(page),
        }
        for topic in found
        for number, (page, text) in enumerate(topic.outcomes, start=1)
    ]


def counts(found: Sequence[Topic]) -> Mapping[int, tuple[int, int]]:
    """Grade -> topics, requirements."""
    numbers: dict[int, tuple[int, int]] = {}
    for topic in found:
        before = numbers.get(topic.grade, (0, 0))
        numbers[topic.grade] = (before[0] + 1, before[1] + len(topic.outcomes))
    return numbers
