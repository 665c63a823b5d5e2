"""A page's nodes in the library's own terms: elements that are known, links and pictures by number, nothing else.

What a book dresses up is undressed (sections, frames, styles), what it says
with them is kept where HTML has a word for it: emphasis, notes, lists, tables,
formulas, languages, the text that stands for a picture. Lists and tables are
put right, so that they are read aloud as they are seen.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress

from ingest.errors import IngestError
from ingest.illustrate.chapters import formulas, rules
from ingest.illustrate.chapters.files import Files
from ingest.illustrate.chapters.pictures import HEAD_BYTES, is_drawing, size_of
from ingest.illustrate.chapters.shape import Inside, Source
from ingest.illustrate.chapters.terms import (
    allowed,
    anchor_of,
    emphasised,
    into,
    kinds,
    outside_of,
    own,
    own_nodes,
    scaled,
    shows,
)
from ingest.illustrate.chapters.tree import Child, Node, address

MOST_PICTURES = 2000
"""Of one section; what comes after them is told by its words alone."""

_DIVISIONS = "section article main header footer nav aside address center details summary fieldset hgroup search form"
_BECOMES = {
    **dict.fromkeys(_DIVISIONS.split(), "div"),
    **dict.fromkeys(("dir", "menu"), "ul"), **dict.fromkeys(("listing", "xmp", "plaintext"), "pre"),
    "legend": "p", "strike": "s", "acronym": "abbr", "tt": "code", "font": "span",
}  # fmt: skip
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_CALLED_NOTES = "footnote footnotes endnote endnotes rearnote rearnotes note doc-footnote doc-endnotes"
_NOTES = frozenset(_CALLED_NOTES.split())
_REFERENCES = frozenset(("noteref", "doc-noteref"))
_MACHINES = frozenset(("landmarks", "page-list"))
# These end a drawing, wherever they stand in it. Source: HTML, 13.2.6.5
_BREAKING = frozenset(("p", "div", "table", "ul", "ol", "dl", "pre", "blockquote", *_HEADINGS))
# As browsers do it before they look for a scheme.
_UNSEEN = re.compile(r"[\t\n\r]")
_AROUND = "".join(map(chr, range(33)))
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
# Dots that lay a page out.
_SPACER_PIXELS = 3


class Setting:
    """Sets the nodes of one section. pictures: those that were met, by `data-picture`."""

    def __init__(self, files: Files) -> None:
        self.pictures: list[Inside] = []
        self._files = files
        self._numbers: dict[Source, int] = {}
        self._sizes: dict[Source, tuple[int, int] | None] = {}
        self._ids: set[str] = set()
        self._in_link = False

    def content(self, node: Node) -> list[Child]:
        """What stands inside an element."""
        made: list[Child] = []
        for child in node.children:
            made += [child] if isinstance(child, str) else self._set(child)
        return made

    def _set(self, node: Node) -> list[Child]:
        if (special := _SPECIAL.get(node.tag)) is not None:
            return special(self, node)
        if node.tag in _HEADINGS:
            return self._heading(node)
        tag = _BECOMES.get(node.tag, node.tag)
        if tag not in rules.ELEMENTS or tag in rules.MATH:
            return self.content(node)
        attributes = {**self._common(node), **own(tag, node)}
        content = emphasised(tag, node, self.content(node))
        if tag == "div" and kinds(node) & _NOTES:
            attributes["class"] = "note"
        if tag in ("p", "span") and not attributes and not shows(content):
            return []
        return [Node(tag, attributes, content)]

    def _common(self, node: Node) -> dict[str, str]:
        made = {}
        identifier = node.attributes.get("id") or (node.attributes.get("name") if node.tag == "a" else None)
        if identifier and (anchor := anchor_of(identifier)) not in self._ids:
            self._ids.add(anchor)
            made["id"] = anchor
        language = node.attributes.get("lang") or node.attributes.get("xml:lang") or ""
        return {**made, **allowed("p", {"lang": language, "dir": node.attributes.get("dir", "").lower()})}

    def _heading(self, node: Node) -> list[Child]:
        content = self.content(node)
        if not shows(content):
            return content
        return [Node(node.tag, self._common(node), content)]

    def _nav(self, node: Node) -> list[Child]:
        return [] if kinds(node) & _MACHINES else [Node("div", self._common(node), self.content(node))]

    def _list(self, node: Node) -> list[Child]:
        tag = "ol" if node.tag == "ol" else "ul"
        attributes = {**self._common(node), **own(tag, node)}
        items: list[Child] = []
        for child in node.children:
            if isinstance(child, Node) and child.tag == "li":
                items.append(Node("li", {**self._common(child), **own("li", child)}, self.content(child)))
            else:
                into(items, [child] if isinstance(child, str) else self._set(child), "li")
        return [Node(tag, attributes, items)] if items else []

    def _orphan(self, node: Node) -> list[Child]:
        """An item outside of any list."""
        return [Node("div", self._common(node), self.content(node))]

    def _definitions(self, node: Node) -> list[Child]:
        items: list[Child] = []
        # HTML lets groups stand in divisions.
        for child in node.children:
            inner = child.children if isinstance(child, Node) and child.tag == "div" else [child]
            for one in inner:
                if isinstance(one, Node) and one.tag in ("dt", "dd"):
                    items.append(Node(one.tag, self._common(one), self.content(one)))
                else:
                    into(items, [one] if isinstance(one, str) else self._set(one), "dd")
        tags = [item.tag for item in items if isinstance(item, Node)]
        if set(tags) == {"dt", "dd"} and tags[0] == "dt" and tags[-1] == "dd":
            return [Node("dl", self._common(node), items)]
        return [Node("div", one.attributes, one.children) for one in items if isinstance(one, Node)]

    def _header_cell(self, node: Node) -> list[Child]:
        content = self.content(node)
        tag = "th" if shows(content) else "td"
        return [Node(tag, {**self._common(node), **own(tag, node)}, content)]

    def _link(self, node: Node) -> list[Child]:
        common = self._common(node)
        nested, self._in_link = self._in_link, True
        content = emphasised("a", node, self.content(node))
        self._in_link = nested
        to = {} if nested or not shows(content) else self._target(node.attributes.get("href", ""))
        if not to:
            return [Node("span", common), *content] if common else content
        if kinds(node) & _REFERENCES:
            common["class"] = "noteref"
        return [Node("a", {**common, **to}, content)]

    def _target(self, reference: str) -> dict[str, str]:
        reference = _UNSEEN.sub("", reference).strip(_AROUND)
        if outside := outside_of(reference):
            return {"href": outside}
        if _SCHEME.match(reference) or reference.startswith("//"):
            return {}
        place = self._files.place(reference)
        if place is None:
            return {}
        section, anchor = place
        to = f"{section or ''}{f'#{anchor_of(anchor)}' if anchor else ''}"
        return {"data-to": to} if to else {}

    def _picture(self, node: Node) -> list[Child]:
        reference = _UNSEEN.sub("", address(node.attributes)).strip(_AROUND)
        if node.number:
            source: Source | None = Source("data", node.number, self._files.page)
        else:
            source = None if _SCHEME.match(reference) or reference[:2] == "//" else self._files.picture(reference)
        return self._shown(node, source, node.attributes.get("alt"), reference)

    def _drawing(self, node: Node) -> list[Child]:
        """A drawing that stands in the page: often it only holds a picture, as most covers do."""
        if any(one.tag in _BREAKING for one in own_nodes(node)):
            # It was never closed: to a browser it ends there.
            return self.content(node)
        pictures = [one for one in node.walk() if one.tag == "image"]
        title = next((one.text() for one in node.walk() if one.tag in ("title", "desc")), "")
        said = " ".join((title or node.attributes.get("aria-label", "")).split()) or None
        if pictures:
            for one in pictures:
                one.attributes = {**one.attributes, **({"alt": said} if said else {})}
            return [child for one in pictures for child in self._picture(one)]
        words = " ".join(one.text() for one in node.walk() if one.tag == "text")
        source = Source("drawing", node.number, self._files.page) if node.number else None
        return self._shown(node, source, said or " ".join(words.split()) or None, "")

    def _shown(self, node: Node, source: Source | None, said: str | None, reference: str) -> list[Child]:
        common = self._common(node)
        size = self._size(source) if source else None
        if source is None or size is None:
            return self._missing(said, reference)
        if max(size) <= _SPACER_PIXELS:
            return []
        number = self._numbers.setdefault(source, len(self.pictures) + 1)
        if number > len(self.pictures):
            self.pictures.append(Inside(source.written(), *size))
        width, height = scaled(node, size)
        attributes = {**common, "width": str(width), "height": str(height), "data-picture": str(number)}
        if said is not None:
            attributes["alt"] = " ".join(said.split())[:1000]
        return [Node("img", attributes)]

    def _size(self, source: Source) -> tuple[int, int] | None:
        if source not in self._sizes:
            self._sizes[source] = None
            if len(self._sizes) <= MOST_PICTURES:
                # Missing, broken or of a kind that is not shown: its words stand for it.
                with suppress(IngestError):
                    self._sizes[source] = self._measured(source)
        return self._sizes[source]

    def _measured(self, source: Source) -> tuple[int, int] | None:
        """By its first bytes where they say it: a book's photographs are megabytes each."""
        head = self._files.head(source, HEAD_BYTES)
        size = None if is_drawing(head) else size_of(head)
        return size or size_of(self._files.data(source))

    def _missing(self, said: str | None, reference: str) -> list[Child]:
        """What stands for a picture that is not shown: its words, and the way to it where it is somebody else's."""
        outside = outside_of(reference)
        words = " ".join((said or outside or "").split())[:200]
        if not words:
            return []
        if outside and not self._in_link:
            return [Node("a", {"class": "missing", "href": outside}, [words])]
        return [Node("span", {"class": "missing"}, [words])]

    def _outside(self, node: Node) -> list[Child]:
        """A frame or a recording of somebody else: the address instead of what it would load."""
        outside = outside_of(address(node.attributes))
        # Our parser takes <embed> for an element that holds what follows it.
        after = self.content(node) if node.tag == "embed" else []
        if not outside or self._in_link:
            return after
        return [Node("a", {"class": "missing", "href": outside}, [node.attributes.get("title") or outside]), *after]

    def _formula(self, node: Node) -> list[Child]:
        return formulas.formula(node)

    def _switch(self, node: Node) -> list[Child]:
        """Books offer a formula as MathML or as a picture of it."""
        cases = [one for one in node.children if isinstance(one, Node)]
        able = [one for one in cases if one.tag == "epub:case" and "MathML" in str(one.attributes)]
        fallback = [one for one in cases if one.tag == "epub:default"]
        return self.content((able or fallback or cases)[0]) if cases else []


_SPECIAL: Mapping[str, Callable[[Setting, Node], list[Child]]] = {
    "a": Setting._link, "img": Setting._picture, "image": Setting._picture, "svg": Setting._drawing,
    "math": Setting._formula, "ul": Setting._list, "ol": Setting._list, "dir": Setting._list, "menu": Setting._list,
    "li": Setting._orphan, "dt": Setting._orphan, "dd": Setting._orphan, "dl": Setting._definitions,
    "th": Setting._header_cell, "nav": Setting._nav, "epub:switch": Setting._switch,
    **dict.fromkeys(("iframe", "embed", "video", "audio"), Setting._outside),
}  # fmt: skip
