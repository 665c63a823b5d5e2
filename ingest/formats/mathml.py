"""MathML on one line, as somebody would type it: a/b, x^2, √(x+1).

HTML, EPUB and the formulas of OpenDocument hand over elements as they meet
them. A formula that only carries an annotation (TeX, StarMath) is that
annotation. Source: MathML Core, https://www.w3.org/TR/mathml-core/
"""

from typing import NamedTuple

# Deeper elements flow into their ancestor: a hostile formula must not cost the square of its depth.
_DEEPEST = 100
_SILENT = frozenset({"mphantom", "annotation-xml"})
_BETWEEN = {"mtable": "; ", "mtr": ", ", "mlabeledtr": ", ", "mfenced": ", "}


class _Frame(NamedTuple):
    tag: str
    parts: list[str]


class Formula:
    """One formula while it is read: `start`, `data` and `end` as elements come, then `text`."""

    def __init__(self, instead: str = "") -> None:
        """`instead`: what the formula says of itself where it has no elements to speak of (alttext)."""
        self._frames = [_Frame("math", [])]
        self._deeper = 0
        self._instead = instead

    def start(self, tag: str) -> None:
        """An element begins; `tag` without its namespace."""
        if len(self._frames) >= _DEEPEST:
            self._deeper += 1
        else:
            self._frames.append(_Frame(tag, []))

    def data(self, text: str) -> None:
        """Characters between tags."""
        if text := text.strip():
            self._frames[-1].parts.append(text)

    def end(self) -> None:
        """The element that began last ends."""
        if self._deeper:
            self._deeper -= 1
        elif len(self._frames) > 1:
            frame = self._frames.pop()
            if frame.tag == "annotation":
                self._instead = self._instead or " ".join(frame.parts)
            elif said := _said(frame):
                self._frames[-1].parts.append(said)

    def text(self) -> str:
        """The whole formula."""
        while len(self._frames) > 1:
            self._deeper = 0
            self.end()
        return "".join(self._frames[0].parts) or self._instead


def _said(frame: _Frame) -> str:
    tag, parts = frame
    if tag in _SILENT:
        return ""
    if tag == "mfenced":
        return f"({', '.join(parts)})"
    if tag == "msqrt":
        return f"√{_one(''.join(parts))}"
    if len(parts) == 2:
        base, other = _one(parts[0]), _one(parts[1])
        if tag == "mfrac":
            return f"{base}/{other}"
        if tag == "msup":
            return f"{base}^{other}"
        if tag == "msub":
            return f"{base}_{other}"
        if tag == "mroot":
            return f"{other}√{base}"
    if tag == "msubsup" and len(parts) == 3:
        return f"{_one(parts[0])}_{_one(parts[1])}^{_one(parts[2])}"
    return _BETWEEN.get(tag, "").join(parts)


def _one(part: str) -> str:
    """An operand that is more than one sign stands in parentheses."""
    return (
        part if part.isalnum() or len(part) < 2 or (part[0] == "(" and part.find(")") == len(part) - 1) else f"({part})"
    )
