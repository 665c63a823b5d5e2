"""A question as lines of a passage, and its answer as lines of the margin."""

import re
from collections.abc import Iterable, Iterator

from ingest.formats import html
from ingest.formats.questions import laying
from ingest.formats.questions.laying import Block, Item
from ingest.formats.questions.shape import Question
from ingest.formats.words import tidy

# What programs call a question by themselves.
_NAMELESS = re.compile(r"(?:q|question|item|câu|câu hỏi)?[\s._-]*\d*", re.IGNORECASE)


class Lines:
    """Reads the questions of a file with one parser."""

    def __init__(self) -> None:
        self._pages = html.Reader()

    def title(self, one: Question) -> str:
        """What teachers call it, empty where the question begins so anyway, as Moodle names what has no name.

        Pupils never see it in Moodle, and often it is the answer: "Bà Triệu" of "Who led the uprising of 248?".
        """
        said = "" if _NAMELESS.fullmatch(one.title) else one.title.rstrip(".… ").casefold()
        begins = " ".join(self._read(one.stem)[:1]).casefold() if said else ""
        return "" if begins.startswith(said) else one.title

    def seen(self, one: Question) -> list[str]:
        """Its words, and what there is to choose."""
        return [*self._lines(laying.question(one))]

    def answer(self, one: Question) -> list[str]:
        """Its title, what is right and why; nothing where it says neither of the two."""
        said = [*self._lines(laying.answer(one))]
        title = self.title(one) if said else ""
        return [title, *said] if title else said

    def _lines(self, blocks: Iterable[Block]) -> Iterator[str]:
        for block in blocks:
            for item in block.items:
                if block.way == "words":
                    yield from self._read(item.html)
                elif text := self._text(item):
                    yield f"{label(block.way, item.number)} {text}"

    def _text(self, item: Item) -> str:
        text, then = (" ".join(self._read(one)).replace("\n", " ") for one in (item.html, item.then))
        return f"{text}{item.after}{then}"

    def _read(self, fragment: str) -> list[str]:
        if "<" not in fragment and "&" not in fragment:
            said = tidy(fragment)
            return [said] if said else []
        return [block.text for block in self._pages.read(fragment).blocks]


def label(way: str, number: int) -> str:
    """`B.`, `b.`, `2.` or a dash; letters end with the alphabet."""
    if way in "Aa":
        return f"{chr(ord(way) + number - 1)}." if number <= 26 else f"{number}."
    return f"{number}." if way == "1" else "–"
