"""Pages of an eXeLearning project, out of either of its two forms.

Source: the project's own reader of both,
https://github.com/exelearning/exelearning (doc/elpx-format, LegacyXmlParser)
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingest.formats import html
from ingest.formats.packages.lom import local
from ingest.formats.words import tidy

_PACKAGE = {
    "_title": "title", "_author": "creator", "_description": "description", "_lang": "language", "license": "rights",
}  # fmt: skip
_PROPERTIES = {
    "pp_title": "title", "pp_author": "creator", "pp_description": "description", "pp_lang": "language",
    "pp_license": "rights",
}  # fmt: skip
_NODE = "exe.engine.node.Node"
# What a block holds for people; each of its fields is stored three times, with paths, without, and as shown.
_FIELDS = ("content_w_resourcePaths", "_title", "title", "question", "option", "answer", "hint", "feedback", "caption")
_UNTITLED = frozenset({"free text", "texto libre", "text", "fpd - free text"})
# <!DOCTYPE ode SYSTEM "content.dtd"> as version 4 writes it: no entities of its own, and nothing is fetched.
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+ode\s+SYSTEM\s+\"[^\"<>]*\"\s*>")
_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Page:
    """identifier: the project's own; level counts from 1; text: a paragraph a line."""

    identifier: str
    title: str
    level: int
    text: str


def without_doctype(data: bytes) -> bytes:
    """The project without the harmless declaration that no parser of ours lets through."""
    return _DOCTYPE.sub(b"", data, count=1)


def read(root: Any) -> tuple[list[tuple[str, str]], list[Page]]:
    """([(field, value)], pages in reading order) of a project's root element."""
    if local(root) == "ode":
        return list(_properties(root)), list(_ode_pages(root))
    entries = _entries(root)
    metadata = [(field, text) for key, field in _PACKAGE.items() if (text := tidy(_text(entries.get(key))))]
    top = entries.get("_root", entries.get("root"))
    return metadata, list(_node_pages(top, 1)) if top is not None else []


def _properties(root: Any) -> Iterator[tuple[str, str]]:
    for one in root.iter():
        if local(one) == "odeproperty":
            parts = {local(child): child.text or "" for child in one}
            field = _PROPERTIES.get(parts.get("key", ""))
            if field and (text := tidy(parts.get("value", ""))):
                yield field, text


def _ode_pages(root: Any) -> Iterator[Page]:
    elements = [element for element in root.iter() if local(element) == "odenavstructure"]
    levels: dict[str, int] = {}
    for element in elements:
        parts = {local(child): tidy(child.text or "") for child in element}
        identifier = parts.get("odepageid", "")
        levels[identifier] = levels.get(parts.get("odeparentpageid", ""), 0) + 1
        texts = []
        for part in element.iter():
            if local(part) == "blockname" and part.text:
                texts.append(tidy(part.text))
            elif local(part) == "htmlview" and part.text:
                texts += _blocks(part.text)
        if identifier:
            yield Page(identifier, parts.get("pagename", ""), levels[identifier], _lines(texts))


def _node_pages(node: Any, level: int) -> Iterator[Page]:
    entries = _entries(node)
    title = tidy(_text(entries.get("_title")))
    identifier = _text(entries.get("_id")) or node.get("reference", "")
    texts = _lines(list(_fields(entries.get("idevices"))))
    if identifier:
        yield Page(identifier, title, level, texts)
    children = entries.get("children")
    if children is not None and level < _DEEPEST:
        for child in children:
            if child.get("class") == _NODE:
                yield from _node_pages(child, level + 1)


def _fields(element: Any) -> Iterator[str]:
    """Texts of blocks in document order, without what belongs to another page."""
    pending = [element] if element is not None else []
    while pending:
        one = pending.pop()
        if local(one) == "dictionary":
            for key, value in _pairs(one):
                if local(value) == "unicode" and key in _FIELDS:
                    yield from _blocks(value.get("value", ""))
        pending += [child for child in reversed(one) if child.get("class") != _NODE]


def _blocks(text: str) -> Iterator[str]:
    for block in html.read(text).blocks:
        if block.text.casefold() not in _UNTITLED:
            yield block.text


def _lines(texts: list[str]) -> str:
    return "\n".join(dict.fromkeys(texts))


def _entries(instance: Any) -> dict[str, Any]:
    """The dictionary of an instance: key -> element."""
    return next((dict(_pairs(child)) for child in instance if local(child) == "dictionary"), {})


def _pairs(dictionary: Any) -> Iterator[tuple[str, Any]]:
    children = list(dictionary)
    for number, child in enumerate(children[:-1]):
        if child.get("role") == "key":
            yield child.get("value", ""), children[number + 1]


def _text(element: Any) -> str:
    return "" if element is None else element.get("value") or element.text or ""
