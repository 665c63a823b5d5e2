"""XMP: what programs of Adobe and others write about a file, as RDF inside it. PDF and pictures carry it.

Source: ISO 16684-1.
"""

from collections.abc import Iterator
from typing import Any

from ingest.document import Value
from ingest.formats import xml
from ingest.formats.dates import date_of

_DC = "{http://purl.org/dc/elements/1.1/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_RIGHTS = "{http://ns.adobe.com/xap/1.0/rights/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_CC = "{http://creativecommons.org/ns#}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_PROPERTIES = (
    (_DC + "title", "title"),
    (_DC + "creator", "creator"),
    (_DC + "description", "description"),
    (_DC + "subject", "keyword"),
    (_DC + "publisher", "publisher"),
    (_DC + "language", "language"),
    (_DC + "rights", "rights"),
    (_RIGHTS + "WebStatement", "rights"),
    (_CC + "license", "rights"),
    (_XMP + "CreateDate", "created"),
    (_PHOTOSHOP + "DateCreated", "created"),
)
# XMP of 20 MB exists (edit histories); no more of it is parsed.
_MAX_CHARACTERS = 2_000_000


def read(packet: str) -> list[Value]:
    """All values of a packet. Raises: BrokenFile: no sound XML."""
    text = packet[:_MAX_CHARACTERS].strip("\x00 \t\r\n\ufeff")
    return [value for value in _values(xml.parse(text.encode("utf-8", "replace"))) if value.value] if text else []


def _values(root: Any) -> Iterator[Value]:
    for description in root.iter(_RDF + "Description"):
        for tag, name in _PROPERTIES:
            short = description.get(tag)
            if short:
                yield _value(name, short, None)
            for element in description.findall(tag):
                items = list(element.iter(_RDF + "li"))
                for item in items or [element]:
                    text = item.text or item.get(_RDF + "resource") or ""
                    if text.strip():
                        yield _value(name, text, item.get(_LANG))


def _value(name: str, text: str, language: str | None) -> Value:
    return Value(
        name, date_of(text) if name == "created" else text, "xmp", None if language == "x-default" else language
    )
