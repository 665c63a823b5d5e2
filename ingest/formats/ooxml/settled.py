"""Make the tree of a word processor's part say what it shows, before it is walked.

What was deleted goes, signs become text, and everything that stands apart
from the running text (text boxes, notes, comments, charts, diagrams,
descriptions, pictures) is hung behind the paragraph that holds it.
"""

from dataclasses import dataclass
from typing import Any

from ingest.formats.ooxml import drawing, equations, symbols
from ingest.formats.ooxml.graphics import GRAPHICS, graphic
from ingest.formats.ooxml.names import WP, A, M, O, R, V, W
from ingest.formats.ooxml.package import Package

PAGE = "\ufdd0"
"""Stands in text where a page begins: a noncharacter, which no text holds (Unicode, 23.7)."""

PARAGRAPH, SECTION = W + "p", W + "sectPr"
_SIGNS = {
    W + "tab": "\t", W + "ptab": "\t", W + "cr": "\n", W + "noBreakHyphen": "-", W + "lastRenderedPageBreak": PAGE
}  # fmt: skip
TEXTS = (W + "t", W + "br", W + "sym", *_SIGNS)
"""Elements whose text is what a paragraph shows, once it is settled."""

NOTES = {W + "footnoteReference": "footnotes", W + "endnoteReference": "endnotes", W + "commentReference": "comments"}
_OBJECT, _BOX, _WORD_ART, _DESCRIBED = O + "OLEObject", W + "txbxContent", V + "textpath", WP + "docPr"
_APART = (_BOX, _WORD_ART, _DESCRIBED, _OBJECT, SECTION, A + "blip", V + "imagedata", *NOTES, *GRAPHICS)
_GONE = (W + "del", W + "moveFrom")


@dataclass(frozen=True, slots=True)
class Found:
    """A part that stands at this place. kind: picture or embedded."""

    kind: str
    part: str


class Settled:
    """What hangs behind paragraphs of settled parts: containers of blocks, lines, found parts.

    hung: by paragraph. ends: the properties of the section that ends with a paragraph.
    """

    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self._notes = {kind: self._read_notes(main, kind) for kind in NOTES.values()}
        self.hung: dict[Any, list[Any]] = {}
        self.ends: dict[Any, Any] = {}

    def settle(self, root: Any, part: str) -> None:
        for gone in list(root.iter(*_GONE)):
            parent = gone.getparent()
            if parent is not None:
                parent.remove(gone)
        for sign in root.iter(W + "br", W + "sym", *_SIGNS):
            sign.text = _SIGNS.get(sign.tag) or _sign(sign)
        for reading in list(root.iter(W + "rt")):
            _behind(reading)
        if next(root.iter(M + "oMath"), None) is not None:
            equations.settle(root, W + "t")
        for element in list(root.iter(*_APART)):
            owner = next(element.iterancestors(PARAGRAPH), None)
            if owner is not None:
                self._hang(element, owner, part)

    def left(self) -> list[Any]:
        """Notes that nothing pointed at; they are text all the same."""
        return [note for kind in NOTES.values() for name in list(self._notes[kind]) for note in self._note(kind, name)]

    def _hang(self, element: Any, owner: Any, part: str) -> None:
        hung = self.hung.setdefault(owner, [])
        tag = element.tag
        if tag == _BOX:
            element.getparent().remove(element)
            hung.append(element)
        elif tag == SECTION:
            self.ends[owner] = element
        elif tag in NOTES:
            hung += self._note(NOTES[tag], element.get(W + "id", ""))
        elif tag in GRAPHICS:
            hung += graphic(self._package, part, element)
        elif tag == _WORD_ART:
            hung.append(element.get("string", ""))
        elif tag == _DESCRIBED:
            hung.append(drawing.description(element))
        else:
            name = self._package.target(part, element.get(R + "embed") or element.get(R + "id"))
            if name:
                hung.append(Found("embedded" if tag == _OBJECT else "picture", name))

    def _read_notes(self, main: str, kind: str) -> dict[str, tuple[str, Any]]:
        """Notes by id with the part they stand in, without the lines that separate them from the text."""
        found: dict[str, tuple[str, Any]] = {}
        for part in self._package.related(main, kind):
            root = self._package.tree(part)
            for note in () if root is None else root:
                if isinstance(note.tag, str) and "eparator" not in note.get(W + "type", ""):
                    found[note.get(W + "id", "")] = (part, note)
        return found

    def _note(self, kind: str, identifier: str) -> list[Any]:
        """A note's container, the first time it is asked for."""
        part, note = self._notes[kind].pop(identifier, ("", None))
        if note is None:
            return []
        self.settle(note, part)
        return [note]


def _behind(reading: Any) -> None:
    """How a word is read aloud is written above it, and stored before it: it follows in brackets."""
    texts = list(reading.iter(W + "t"))
    if texts:
        texts[0].text = f" ({texts[0].text or ''}"
        texts[-1].text = f"{texts[-1].text or ''}) "
        reading.getparent().append(reading)


def _sign(element: Any) -> str:
    if element.tag == W + "sym":
        return symbols.letter(element.get(W + "font", ""), element.get(W + "char", ""))
    return PAGE if element.get(W + "type") == "page" else "\n"
