"""OpenDocument packages: the parts of one, whether zipped, flat or of OpenOffice.org 1.

Elements are called by short names (`text:p`), because three generations of
namespaces mean the same. Source: OASIS ODF 1.3,
https://docs.oasis-open.org/office/OpenDocument/v1.3/
"""

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ingest.document import Value, Warning
from ingest.errors import BrokenFile, EncryptedFile, TooExpensive
from ingest.formats import xml
from ingest.formats.dates import date_of
from ingest.formats.odf import sheets
from ingest.formats.odf.names import attribute, short
from ingest.formats.zip import Members

_MOST_BYTES = 128 * 1024**2
"""Of one XML part; its tree takes some six times as much memory."""
# Pictures inside flat files, which no reader of text wants and the XML parser refuses past 10 MB.
_BINARY = re.compile(rb"<office:binary-data>[^<]*</office:binary-data>")
_FIELDS = {
    "dc:title": "title", "dc:description": "description", "dc:subject": "description", "dc:language": "language",
    "dc:publisher": "publisher", "dc:rights": "rights", "meta:keyword": "keyword", "meta:initial-creator": "creator",
    "meta:creation-date": "created",
}  # fmt: skip


class Package:
    """Parts of one file.

    media_type: as the file says it, "" where it does not. content: the root that holds the body.
    warnings: parts beside the body that could not be read. cut: sheets that have more rows than are read.
    """

    def __init__(
        self, members: Members | None, content: Any, media_type: str, cut: Collection[Any] = frozenset()
    ) -> None:
        self.members = members
        self.content = content
        self.media_type = media_type
        self.cut = cut
        self.warnings: list[Warning] = []
        self.styles = self._beside("styles.xml")
        self.meta = self._beside("meta.xml")

    def _beside(self, name: str) -> Any:
        """The root of a part that may be missing; a flat file holds everything in one."""
        if self.members is None:
            return self.content
        if name not in self.members.names:
            return None
        try:
            return xml.parse(self.members.read(name, most=_MOST_BYTES))
        except BrokenFile:
            self.warnings.append(Warning("broken-metadata"))
            return None

    def embedded(self, reference: str) -> Any:
        """The root of an embedded document (a chart, a formula, a sheet); None: not in this file.

        Raises: BrokenFile: it is there and cannot be read.
        """
        name = posixpath.normpath(posixpath.join(reference, "content.xml"))
        if self.members is None or name not in self.members.names:
            return None
        return xml.parse(self.members.read(name, most=_MOST_BYTES))

    @property
    def body(self) -> Any:
        """The element that holds the text, slides or sheets. Raises: BrokenFile."""
        body = next((element for element in self.content if short(element.tag) == "office:body"), None)
        if body is None:
            raise BrokenFile(part="content")
        kinds = ("office:text", "office:presentation", "office:spreadsheet", "office:drawing")
        return next((element for element in body if short(element.tag) in kinds), body)


@contextmanager
def opened(path: Path) -> Iterator[Package]:
    """A package for reading. Raises: BrokenFile; EncryptedFile; TooExpensive."""
    with path.open("rb") as source:
        zipped = source.read(2) == b"PK"
    if not zipped:
        if path.stat().st_size > _MOST_BYTES:
            raise TooExpensive(limit="size")
        root = xml.parse(_BINARY.sub(b"", path.read_bytes()))
        yield Package(None, root, attribute(root, "office:mimetype"))
        return
    with Members(path) as members:
        if _is_encrypted(members):
            raise EncryptedFile
        media_type = members.beginning("mimetype", 100).decode("latin-1").strip()
        if "spreadsheet" in media_type:
            with members.open("content.xml") as stream:
                content, cut = sheets.content(stream)
            yield Package(members, content, media_type, cut)
            return
        yield Package(members, xml.parse(members.read("content.xml", most=_MOST_BYTES)), media_type)


def _is_encrypted(members: Members) -> bool:
    """A manifest tells which parts are; one of them stands for all. ODF 1.3 may wrap the whole package."""
    if "encrypted-package" in members.names:
        return True
    try:
        manifest = xml.parse(members.read("META-INF/manifest.xml", most=_MOST_BYTES))
    except BrokenFile:
        return False
    return any(
        attribute(entry, "manifest:full-path") == "content.xml"
        for data in manifest.iter("{*}encryption-data")
        if (entry := data.getparent()) is not None
    )


def values(package: Package) -> Iterator[Value]:
    """What meta.xml says of the document."""
    if package.meta is None:
        return
    found: dict[str, list[str]] = {}
    for element in package.meta.iter():
        name = short(element.tag)
        if name in (*_FIELDS, "dc:creator") and element.text and element.text.strip():
            found.setdefault(name, []).append(element.text)
        if name == "office:body":
            break
    # dc:creator is who saved it last: better than nobody.
    creators: Mapping[str, str] = {} if "meta:initial-creator" in found else {"dc:creator": "creator"}
    for name, field in {**_FIELDS, **creators}.items():
        for text in found.get(name, ()):
            if value := date_of(text) if field == "created" else text:
                yield Value(field, value, "meta")


def statistic(package: Package, name: str) -> int | None:
    """A count of meta:document-statistic (`meta:page-count`), where it is one."""
    if package.meta is None:
        return None
    element = next(package.meta.iter("{*}document-statistic"), None)
    text = "" if element is None else attribute(element, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 and int(text) else None
