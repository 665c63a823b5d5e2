"""Metadata of a PDF with the place each value stands in: Info, XMP, the catalogue's language.

Values come out as the file has them; which of them are worth anything is for
`describe` to say.
"""

import re
from collections.abc import Iterator
from typing import Any

from ingest.document import Value, Warning
from ingest.errors import BrokenFile
from ingest.formats import xml

_DC = "{http://purl.org/dc/elements/1.1/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_RIGHTS = "{http://ns.adobe.com/xap/1.0/rights/}"
_CC = "{http://creativecommons.org/ns#}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_INFO = (
    ("title", "title"),
    ("author", "creator"),
    ("subject", "description"),
    ("keywords", "keyword"),
    ("creationDate", "created"),
)
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
)
_DATE = re.compile(r"(?:D:)?(\d{4})-?(\d\d)-?(\d\d)")
# XMP of 20 MB exists (edit histories); no more of it is parsed.
_MAX_XMP_CHARACTERS = 2_000_000


def read(pdf: Any) -> tuple[list[Value], list[Warning]]:
    """All values of an open document, Info first, then XMP, then the catalogue's /Lang."""
    values = [
        Value(name, date_of(text) if name == "created" else text, "info")
        for key, name in _INFO
        if (text := (pdf.metadata or {}).get(key) or "")
    ]
    warnings: list[Warning] = []
    if packet := pdf.get_xml_metadata()[:_MAX_XMP_CHARACTERS].strip("\x00 \t\r\n\ufeff"):
        try:
            values += _xmp(packet)
        except BrokenFile:
            # Broken XMP is common and harms nothing else.
            warnings.append(Warning("broken-metadata"))
    kind, language = pdf.xref_get_key(pdf.pdf_catalog(), "Lang")
    if kind == "string" and language:
        values.append(Value("language", language, "catalogue"))
    return [value for value in values if value.value], warnings


def date_of(text: str) -> str:
    """The day of a PDF or XMP date as YYYY-MM-DD; empty where there is none."""
    match = _DATE.match(text.strip())
    return "-".join(match.groups()) if match else ""


def _xmp(packet: str) -> Iterator[Value]:
    root = xml.parse(packet.encode("utf-8", "replace"))
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
