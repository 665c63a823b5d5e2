"""Text of DrawingML: paragraphs of shapes, rows of tables, descriptions of pictures.

Slides are made of it; charts, diagrams and the drawings of sheets hold it.
"""

import re
from collections.abc import Iterator
from typing import Any

from ingest.formats.numerals import of_kind
from ingest.formats.ooxml import equations
from ingest.formats.ooxml.names import A, M, R, V, integer

_PARAGRAPH, _TEXTS = A + "p", (A + "t", A + "br")
_COUNTED = A + "buAutoNum"
# What programs write by themselves where a description should stand: a file's name, a guess, an address.
_JUNK_DESCRIPTION = re.compile(
    r".*\.(?:jpe?g|png|gif|bmp|tiff?|wmf|emf|svg|webp|wdp)\b.*|https?://.*|.*automatically generated.*"
    r"|.*được tạo tự động.*|(?:picture|image|hình(?: ảnh)?|related image)\s*\d*|[\W\d]*",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_DESCRIPTION = 500


def settle(root: Any) -> None:
    """Line breaks and equations of a part become text."""
    for line_break in root.iter(A + "br"):
        line_break.text = "\n"
    if next(root.iter(M + "oMath"), None) is not None:
        equations.settle(root, A + "t")


def lines(element: Any) -> list[str]:
    """The paragraphs under an element, in order; numbers that the program counts stand before them."""
    if next(element.iter(_COUNTED), None) is not None:
        return list(_numbered(element))
    found: list[str] = []
    paragraph: list[str] = []
    for piece in element.iter(_PARAGRAPH, *_TEXTS):
        if piece.tag == _PARAGRAPH:
            found.append("".join(paragraph))
            paragraph = []
        elif text := piece.text:
            paragraph.append(text)
    found.append("".join(paragraph))
    return [text for text in found if text and not text.isspace()]


def _numbered(element: Any) -> Iterator[str]:
    counts: dict[int, int] = {}
    for paragraph in element.iter(_PARAGRAPH):
        text = "".join([piece.text or "" for piece in paragraph.iter(*_TEXTS)])
        if text and not text.isspace():
            yield _number(paragraph, counts) + text


def rows(table: Any) -> Iterator[list[list[str]]]:
    """Rows of a table: cells, each a list of paragraphs."""
    for row in table.iter(A + "tr"):
        yield [lines(cell) for cell in row.iter(A + "tc")]


def description(properties: Any) -> str:
    """What somebody wrote to describe a picture or shape (`cNvPr`, `docPr`); empty where a program wrote it."""
    text = properties.get("descr", "").strip()
    return "" if not text or len(text) > _LONGEST_DESCRIPTION or _JUNK_DESCRIPTION.fullmatch(text) else text


def picture_ids(root: Any) -> Iterator[tuple[Any, str]]:
    """(element, relation id) of every picture under an element."""
    for element in root.iter(A + "blip", V + "imagedata"):
        identifier = element.get(R + "embed") or element.get(R + "id")
        if identifier:
            yield element, identifier


def _number(paragraph: Any, counts: dict[int, int]) -> str:
    """The number a program shows before a paragraph. counts: per level, of the shape so far."""
    properties = paragraph[0] if len(paragraph) else None
    if properties is None or properties.tag != A + "pPr":
        counts.clear()
        return ""
    level = integer(properties.get("lvl"))
    counted = properties.find(_COUNTED)
    for deeper in [other for other in counts if other > level or (other == level and counted is None)]:
        del counts[deeper]
    if counted is None:
        return ""
    counts[level] = counts.get(level, integer(counted.get("startAt"), 1) - 1) + 1
    kind = counted.get("type", "")
    number = of_kind(counts[level], kind)
    if kind.endswith("ParenBoth"):
        return f"({number}) "
    return f"{number}) " if kind.endswith("ParenR") else f"{number}. "
