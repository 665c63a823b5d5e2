"""The only place where XML is parsed: no entities, no DTD, no network, no huge trees.

Uploaded XML is hostile until proven otherwise (XXE, entity bombs). Every
reader that meets XML calls `parse`, or `stream` where a file may be larger
than its tree should be, and handles lxml elements from there.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from io import RawIOBase
from typing import IO, Any

from ingest.errors import BrokenFile

_CHUNK_BYTES = 256 * 1024
# A type that is only named, as in every NCX and old OpenOffice file. It would not be loaded; cut, it cannot be.
_NAMED_TYPE = re.compile(rb"<!DOCTYPE\s[^<>\[\]]*>")
_TYPE_WITHIN = 4096


def parse(data: bytes) -> Any:
    """The root element of an XML text.

    Raises: BrokenFile: not well-formed, or it declares a document type of its own (with which entities come).
    """
    # Here, because only extraction children load lxml.
    from lxml import etree  # type: ignore[import-untyped]

    try:
        root = etree.fromstring(_without_named_type(data), _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BrokenFile(part="xml") from error
    return _without_types(root)


def stream(source: IO[bytes] | RawIOBase, *tags: str) -> Iterator[Any]:
    """The elements of these names as their end is read, each forgotten when the next is asked for: flat memory.

    Everything that stands before an element is forgotten with it, so `tags` must name all that is wanted.
    Raises: as `parse`, and what reading `source` raises.
    """
    from lxml import etree

    parser = etree.XMLPullParser(events=("end",), tag=tags, **_options())
    checked, broken = False, None
    while broken is None and (chunk := source.read(_CHUNK_BYTES)):
        try:
            parser.feed(chunk)
        except (etree.XMLSyntaxError, ValueError) as error:
            # What came before the fault is as good as ever.
            broken = error
        for _, element in parser.read_events():
            if not checked:
                _without_types(element)
                checked = True
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    try:
        parser.close()
    except (etree.XMLSyntaxError, ValueError) as error:
        broken = broken or error
    if broken is not None:
        raise BrokenFile(part="xml") from broken


def trimmed(source: IO[bytes] | RawIOBase, tag: str, surplus: Callable[[Any], bool]) -> Any:
    """The root element, without the elements of this name that `surplus` says when their end is read.

    Its tree is as large as what stays. One empty element may stay of each row of surplus ones.
    Raises: as `parse`, and what reading `source` raises.
    """
    from lxml import etree

    parser = etree.XMLPullParser(events=("end",), tag=tag, **_options())
    last: Any = None
    read_any = False
    try:
        while chunk := source.read(_CHUNK_BYTES):
            parser.feed(chunk if read_any else _without_named_type(chunk))
            read_any = True
            for _, element in parser.read_events():
                if not surplus(element):
                    continue
                # Not the element itself: what follows its end is still to be hung on it.
                if last is not None and element.getprevious() is last:
                    element.getparent().remove(last)
                element.clear()
                last = element
        root = parser.close()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BrokenFile(part="xml") from error
    return _without_types(root)


def _without_named_type(data: bytes) -> bytes:
    named = _NAMED_TYPE.search(data, 0, _TYPE_WITHIN)
    return data[: named.start()] + data[named.end() :] if named else data


@cache
def _parser() -> Any:
    """One for all: a presentation has a thousand parts, and making a parser takes as long as reading a small one."""
    from lxml import etree

    return etree.XMLParser(**_options())


def _options() -> dict[str, bool]:
    return {
        "resolve_entities": False,
        "load_dtd": False,
        "no_network": True,
        "dtd_validation": False,
        "huge_tree": False,
        "remove_pis": True,
        "remove_comments": True,
        # A table of all ids costs a third of the time and nobody asks for it.
        "collect_ids": False,
    }


def _without_types(root: Any) -> Any:
    if root.getroottree().docinfo.internalDTD is not None:
        raise BrokenFile(part="xml")
    return root
