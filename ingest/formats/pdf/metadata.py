"""Metadata of a PDF with the place each value stands in: Info, XMP, the catalogue's language.

Values come out as the file has them; which of them are worth anything is for
`describe` to say.
"""

from typing import Any

from ingest.document import Value, Warning
from ingest.errors import BrokenFile
from ingest.formats import xmp
from ingest.formats.dates import date_of

_INFO = (
    ("title", "title"),
    ("author", "creator"),
    ("subject", "description"),
    ("keywords", "keyword"),
    ("creationDate", "created"),
)


def read(pdf: Any) -> tuple[list[Value], list[Warning]]:
    """All values of an open document, Info first, then XMP, then the catalogue's /Lang."""
    values = [
        Value(name, date_of(text) if name == "created" else text, "info")
        for key, name in _INFO
        if (text := (pdf.metadata or {}).get(key) or "")
    ]
    warnings: list[Warning] = []
    try:
        values += xmp.read(pdf.get_xml_metadata())
    except BrokenFile:
        # Broken XMP is common and harms nothing else.
        warnings.append(Warning("broken-metadata"))
    kind, language = pdf.xref_get_key(pdf.pdf_catalog(), "Lang")
    if kind == "string" and language:
        values.append(Value("language", language, "catalogue"))
    return [value for value in values if value.value], warnings
