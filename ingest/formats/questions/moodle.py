"""Moodle XML: questions of every type with their category, tags and pictures, one in memory at a time.

A type that is not known here (a plug-in's) is its text and its answers.
Source: https://docs.moodle.org/en/Moodle_XML_format, question/format/xml/format.php
"""

from collections.abc import Callable, Iterator, Mapping
from html import escape, unescape
from itertools import islice
from pathlib import Path
from typing import Any

from ingest.errors import BrokenFile, TooExpensive
from ingest.formats import xml
from ingest.formats.packages.lom import local
from ingest.formats.questions import cloze
from ingest.formats.questions.marking import marked
from ingest.formats.questions.numerals import around
from ingest.formats.questions.reading import category_of, true_or_false
from ingest.formats.questions.shape import MOST_CHOICES, RIGHT, About, Asked, Choice, Question
from ingest.formats.words import tidy

# Banks carry their pictures inside; larger ones are the backup of a course.
_MOST_BYTES = 256 * 1024**2
_REMARKS = ("generalfeedback", "graderinfo")


def questions(path: Path, about: About) -> Iterator[Question]:
    """The questions of a bank; those that its teachers have hidden are left out.

    Raises: BrokenFile(part="xml"): not one can be read; TooExpensive(limit="size").
    """
    if path.stat().st_size > _MOST_BYTES:
        raise TooExpensive(limit="size")
    category: tuple[str, ...] = ()
    found = 0
    with path.open("rb") as source:
        try:
            for element in xml.stream(source, "question"):
                if element.get("type") == "category":
                    category = category_of(_words(element, "category"))
                elif _plain(element, "hidden") != "1":
                    found += 1
                    yield _question(element, category)
        except BrokenFile:
            # What came before the fault is as good as ever.
            if not found:
                raise
            about.broken += 1


def _question(element: Any, category: tuple[str, ...]) -> Question:
    kind = element.get("type", "")
    stem, asked = _KINDS.get(kind, _any)(element, _text(element, "questiontext"))
    remarks = [_text(element, name) for name in _REMARKS]
    tags = (tidy(_words(tag)) for tags in _children(element, "tags") for tag in _children(tags, "tag"))
    return Question(
        stem,
        tidy(_words(element, "name")),
        asked,
        "".join(f"<div>{remark}</div>" for remark in remarks if remark),
        category,
        tuple(dict.fromkeys(filter(None, tags))),
        {
            name: data.text or ""
            for data in element.iter()
            if local(data) == "file" and data.get("encoding") == "base64" and (name := data.get("name"))
        },
    )


Made = tuple[str, tuple[Asked, ...]]


def _any(element: Any, stem: str) -> Made:
    """Choices, as far as there are any."""
    choices = _answers(element)
    return stem, (Asked(choices=choices),) if choices else ()


def _written(element: Any, stem: str) -> Made:
    return stem, (Asked(written=_answers(element)),)


def _essay(element: Any, stem: str) -> Made:  # noqa: ARG001 - whatever else it says is for its reader
    return stem, (Asked(),)


def _truth(element: Any, stem: str) -> Made:
    said = {unescape(choice.text).strip().lower(): choice for choice in _answers(element)}
    true, false = said.get("true", Choice("")), said.get("false", Choice(""))
    is_true = true.share > 0
    return stem, (true_or_false(is_true=is_true, stem=stem, if_true=true.remark, if_false=false.remark),)


def _numerical(element: Any, stem: str) -> Made:
    written = [
        Choice(escape(around(_words(one), _plain(one, "tolerance") or "0")), _share(one), _text(one, "feedback"))
        for one in islice(_children(element, "answer"), MOST_CHOICES)
    ]
    return stem, (Asked(written=tuple(written)),)


def _matching(element: Any, stem: str) -> Made:
    pairs = [
        (_marked(one), escape(tidy(_words(one, "answer")), quote=False))
        for one in islice(_children(element, "subquestion"), MOST_CHOICES)
    ]
    return stem, (Asked(pairs=tuple(pair for pair in pairs if any(pair))),)


def _ordering(element: Any, stem: str) -> Made:
    return stem, (Asked(order=tuple(choice.text for choice in _answers(element))),)


def _cloze(element: Any, stem: str) -> Made:  # noqa: ARG001 - all of it stands in the words
    return cloze.of_answers(stem)


def _gaps(element: Any, stem: str) -> Made:
    words = [
        escape(tidy(_words(one)), quote=False) if "<" not in _words(one) else _words(one)
        for one in islice((one for one in element if local(one) in ("dragbox", "selectoption")), MOST_CHOICES)
    ]
    opened, asked = cloze.of_numbers(stem, tuple(words))
    return opened, (asked,)


def _places(element: Any, stem: str) -> Made:
    """Words that are dragged onto a picture: where to is told by numbers of pixels, which nobody reads."""
    words = [escape(_words(one), quote=False) for one in islice(_children(element, "drag"), MOST_CHOICES)]
    return stem, (Asked(pairs=tuple(("", word) for word in words if word)),)


_KINDS: Mapping[str, Callable[[Any, str], Made]] = {
    "shortanswer": _written, "regexp": _written, "calculated": _numerical, "calculatedsimple": _numerical,
    "numerical": _numerical, "essay": _essay, "truefalse": _truth, "matching": _matching, "ddmatch": _matching,
    "ordering": _ordering, "cloze": _cloze, "multianswer": _cloze, "ddwtos": _gaps, "gapselect": _gaps,
    "ddimageortext": _places, "ddmarker": _places,
}  # fmt: skip


def _answers(element: Any) -> tuple[Choice, ...]:
    return tuple(
        Choice(_marked(one), _share(one), _text(one, "feedback"))
        for one in islice(_children(element, "answer"), MOST_CHOICES)
    )


def _share(element: Any) -> float:
    try:
        share = float(element.get("fraction", "0"))
    except ValueError:
        return 0.0
    # Also where it is not a number.
    return share if -RIGHT <= share <= RIGHT else 0.0


def _children(element: Any, name: str) -> Iterator[Any]:
    return (child for child in element if local(child) == name)


def _plain(element: Any, name: str) -> str:
    return next((child.text or "" for child in _children(element, name)), "").strip()


def _words(element: Any, name: str = "") -> str:
    """What stands in the `text` of an element, or of its first child of that name."""
    if name:
        element = next(_children(element, name), None)
        if element is None:
            return ""
    return next(("".join(text.itertext()) for text in _children(element, "text")), element.text or "").strip()


def _marked(element: Any) -> str:
    return marked(_words(element), element.get("format", ""))


def _text(element: Any, name: str) -> str:
    child = next(_children(element, name), None)
    return "" if child is None else _marked(child)
