"""Files that may be the parts of one lesson: by their folder and their names, offered in the report.

Nothing is joined by this. `Bài 5 - phần 1.pptx` and `Bài 5 - phần 2.pptx`, a
plan, slides and a worksheet of the same name, the parts that fill a folder:
whoever described them together would have made one resource, and is told of
it once, with the resources that there are now.
"""

import posixpath
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from service.library.outcomes import Line
from service.search.analysis import TOKEN, both, fold

# What people call the kinds of things that make up a lesson, and its parts; longer ones are tried first.
_KINDS = (
    "kế hoạch bài dạy", "khbd", "giáo án điện tử", "giáo án", "bài giảng điện tử", "bài giảng", "bài trình chiếu",
    "trình chiếu", "powerpoint", "slide", "slides", "phiếu học tập", "phiếu bài tập", "bài tập", "đáp án", "hướng dẫn",
    "video", "audio", "ghi âm", "lesson plan", "worksheet", "answers", "ppt", "pptx", "word", "doc", "docx", "pdf",
)  # fmt: skip
_PARTS = ("phần", "tiết", "part", "đoạn")
_JOINED = re.compile(r"([a-z]+)(\d{1,2})$")
_NUMBER = re.compile(r"\d{1,2}$|[ivx]{1,4}$|[a-d]$")
_IN = ("published", "draft", "duplicate")


@dataclass(frozen=True, slots=True)
class Group:
    """name: what they have in common. files: paths of the report; resources: public ids, in the order of the files."""

    name: str
    files: tuple[str, ...]
    resources: tuple[str, ...]


def grouped(lines: Iterable[Line]) -> list[Group]:
    """Of the files that are in, those that look like parts of one lesson, in the order in which they came."""
    found: dict[tuple[str, tuple[str, ...]], list[Line]] = defaultdict(list)
    names: dict[tuple[str, tuple[str, ...]], str] = {}
    for line in lines:
        if line.resource is None or not line.is_file or line.outcome not in _IN:
            continue
        folder, name = posixpath.split(line.path)
        written, folded = _lesson(name)
        # "Phần 1.pptx" says nothing by itself: then the folder is the lesson.
        key = (folder, folded)
        title = " ".join(written) or posixpath.basename(folder)
        if title:
            found[key].append(line)
            names.setdefault(key, title)
    groups = []
    for key, own in found.items():
        resources = tuple(dict.fromkeys(line.resource for line in own if line.resource))
        if len(resources) > 1:
            groups.append(Group(names[key], tuple(line.path for line in own), resources))
    return groups


def as_json(groups: Sequence[Group]) -> list[dict[str, object]]:
    """As the report has them."""
    return [{"name": one.name, "files": list(one.files), "resources": list(one.resources)} for one in groups]


def _lesson(name: str) -> tuple[list[str], tuple[str, ...]]:
    """What is left of a file's name without its ending, kinds and parts: as it was written, and folded."""
    stem = unicodedata.normalize("NFC", posixpath.splitext(name)[0]).replace("_", " ")
    written = TOKEN.findall(stem)
    folded = [both(token)[1] for token in written]
    while cut := _marked(folded):
        start, end = cut
        del written[start:end], folded[start:end]
    return written, tuple(folded)


def _marked(folded: Sequence[str]) -> tuple[int, int] | None:
    """The first run of tokens that names a kind, at the beginning or the end, or a part, anywhere behind a word."""
    for words in _kinds():
        if tuple(folded[: len(words)]) == words:
            return 0, len(words)
        if tuple(folded[-len(words) :]) == words:
            return len(folded) - len(words), len(folded)
    for place, token in enumerate(folded):
        joined = _JOINED.match(token)
        if joined and joined[1] in _parts():
            return place, _past_numbers(folded, place + 1)
        if token in _parts() and (end := _past_numbers(folded, place + 1)) > place + 1:
            return place, end
    return None


def _past_numbers(folded: Sequence[str], place: int) -> int:
    """`tiết 1, 2` and `phần 1-3` name several."""
    while place < len(folded) and _NUMBER.match(folded[place]):
        place += 1
    return place


@cache
def _kinds() -> tuple[tuple[str, ...], ...]:
    return tuple(sorted({tuple(fold(kind)) for kind in _KINDS}, key=lambda words: (-len(words), words)))


@cache
def _parts() -> frozenset[str]:
    return frozenset(fold(part)[0] for part in _PARTS)
