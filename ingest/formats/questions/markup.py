"""XHTML inside XML as HTML without namespaces, with something else in the place of elements that ask.

lxml would write prefixes and declarations that a reader of pages takes for
names. The depth is that of `ingest.formats.xml`: 256.
"""

import re
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

Instead = Callable[[Any], str | None]
"""HTML that stands for an element with all that is in it; None: it is written as it is."""

_NAME = re.compile(r"[A-Za-z][\w.-]{0,60}", re.ASCII)
_VOID = frozenset(("br", "hr", "img", "wbr", "col", "input", "source", "track", "area", "link", "meta", "param"))


def name(element: Any) -> str:
    """The name of an element of QTI 1 to 3 in one spelling: `qti-simple-choice` is `simplechoice`."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2].lower().removeprefix("qti-").replace("-", "")


def outermost(element: Any, *kinds: str) -> Iterator[Any]:
    """The elements of these names below one, in order, without those inside of another such: each is read once."""
    waiting = [*reversed(element)]
    while waiting:
        one = waiting.pop()
        if name(one) in kinds:
            yield one
        else:
            waiting += reversed(one)


def inner(element: Any, instead: Instead | None = None) -> str:
    """What stands in an element."""
    parts: list[str] = []
    _children(element, instead, parts)
    return "".join(parts).strip()


def _children(element: Any, instead: Instead | None, parts: list[str]) -> None:
    parts.append(escape(element.text or "", quote=False))
    for child in element:
        if isinstance(child.tag, str):
            made = instead(child) if instead is not None else None
            if made is None:
                _element(child, instead, parts)
            else:
                parts.append(made)
        parts.append(escape(child.tail or "", quote=False))


def _element(element: Any, instead: Instead | None, parts: list[str]) -> None:
    tag = element.tag.rpartition("}")[2].lower()
    if not _NAME.fullmatch(tag):
        _children(element, instead, parts)
        return
    named = ((key.rpartition("}")[2].lower(), value) for key, value in element.attrib.items())
    written = "".join(f' {key}="{escape(value)}"' for key, value in named if _NAME.fullmatch(key))
    parts.append(f"<{tag}{written}>")
    if tag not in _VOID:
        _children(element, instead, parts)
        parts.append(f"</{tag}>")
