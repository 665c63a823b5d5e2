"""What an office file says of itself: docProps/core.xml and docProps/app.xml.

Values come out as they stand, with their place; templates' and programs'
words are for `describe` to throw away.
"""

from collections.abc import Iterator

from ingest.document import Value
from ingest.formats.dates import date_of
from ingest.formats.ooxml.package import Package

_DC = "{http://purl.org/dc/elements/1.1/}"
_DCTERMS = "{http://purl.org/dc/terms/}"
_CORE = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_APP = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}"
_FIELDS = (
    (_DC + "title", "title"),
    (_DC + "creator", "creator"),
    (_DC + "description", "description"),
    (_DC + "subject", "keyword"),
    (_CORE + "keywords", "keyword"),
    (_CORE + "category", "keyword"),
    (_DC + "language", "language"),
    (_CORE + "language", "language"),
    (_DCTERMS + "created", "created"),
)


def read(package: Package) -> Iterator[Value]:
    """Values of the package's properties; a part that is broken says nothing and is counted by the package."""
    for part in package.related("", "core-properties"):
        root = package.tree(part)
        for tag, name in _FIELDS:
            for element in () if root is None else root.iter(tag):
                text = (element.text or "").strip()
                if text := date_of(text) if name == "created" else text:
                    yield Value(name, text, "core")
    for part in package.related("", "extended-properties", "extendedProperties"):
        root = package.tree(part)
        company = None if root is None else root.findtext(_APP + "Company")
        if company and company.strip():
            yield Value("publisher", company.strip(), "app")
