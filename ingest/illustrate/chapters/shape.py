"""A chapter as it is handed on: cleaned HTML in parts, the pictures that stand in it, where its anchors are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self


@dataclass(frozen=True, slots=True)
class Source:
    """Where a picture's bytes are: a member of the zip, or the n-th `data:` address or drawing inside a page.

    number: from 1, 0 for a member. member: of the zip, the page itself for what stands in it; empty in a lone page.
    """

    kind: Literal["member", "data", "drawing"]
    number: int = 0
    member: str = ""

    def written(self) -> str:
        """As text, the inverse of `read`."""
        return f"{self.kind}:{self.number}:{self.member}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises: ValueError: not written by `written`."""
        kind, number, member = text.split(":", 2)
        if kind not in ("member", "data", "drawing"):
            raise ValueError(kind)
        return cls(kind, int(number), member)  # type: ignore[arg-type]  # it is one of the three


@dataclass(frozen=True, slots=True)
class Inside:
    """A picture of the chapter. source: of `Source.written`; width and height in pixels, as the file has it."""

    source: str
    width_pixels: int
    height_pixels: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """One section of a book or page.

    parts: HTML that keeps to `rules`, several where it is very long. language: as its root says.
    pictures: what `data-picture` counts, from 1. anchors: id -> index of the part that has it.
    """

    parts: tuple[str, ...]
    language: str | None
    pictures: tuple[Inside, ...]
    anchors: Mapping[str, int]
