"""Small honest packages as {member: bytes}, for attacks to change one member of; and zips that no library would write."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MEBIBYTE = 1024**2
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def relations(*entries: tuple[str, str, str], external: bool = False) -> bytes:
    """A .rels part from (id, type, target)."""
    mode = ' TargetMode="External"' if external else ""
    rows = "".join(
        f'<Relationship Id="{id}" Type="{_LINKS}/{type}" Target="{target}"{mode}/>' for id, type, target in entries
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{HEAD}<Relationships xmlns="{space}">{rows}</Relationships>'.encode()


def _ooxml(main: str, content_type: str, xml: str) -> dict[str, bytes]:
    types = (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{_OFFICE}{content_type}.main+xml"/></Types>'
    )
    return {
        "[Content_Types].xml": types.encode(),
        "_rels/.rels": relations(("r1", "officeDocument", main)),
        main: f"{HEAD}{xml}".encode(),
    }


def docx(body: str = "<w:p><w:r><w:t>Bài học</w:t></w:r></w:p>") -> dict[str, bytes]:
    space = f'xmlns:w="{_WORD}" xmlns:r="{_LINKS}" xmlns:a="{_DRAWING}"'
    xml = f"<w:document {space}><w:body>{body}</w:body></w:document>"
    return _ooxml("word/document.xml", "wordprocessingml.document", xml)


def xlsx(rows: str = '<row r="1"><c r="A1"><v>1</v></c></row>', before: str = "") -> dict[str, bytes]:
    book = (
        f'<workbook xmlns="{_SHEETS}" xmlns:r="{_LINKS}"><sheets><sheet name="Bảng" sheetId="1" r:id="r1"/></sheets>'
        "</workbook>"
    )
    sheet = f'{HEAD}<worksheet xmlns="{_SHEETS}">{before}<sheetData>{rows}</sheetData></worksheet>'
    return {
        **_ooxml("xl/workbook.xml", "spreadsheetml.sheet", book),
        "xl/_rels/workbook.xml.rels": relations(("r1", "worksheet", "worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": sheet.encode(),
    }


def pptx(shapes: str = "", extra: str = "") -> dict[str, bytes]:
    shapes = shapes or "<p:sp><p:txBody><a:bodyPr/><a:p><a:r><a:t>Bài học</a:t></a:r></a:p></p:txBody></p:sp>"
    space = f'xmlns:p="{_SLIDES}" xmlns:a="{_DRAWING}" xmlns:r="{_LINKS}"'
    show = f'<p:presentation {space}><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>'
    slide = f"{HEAD}<p:sld {space}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>{extra}</p:sld>"
    return {
        **_ooxml("ppt/presentation.xml", "presentationml.presentation", show),
        "ppt/_rels/presentation.xml.rels": relations(("r1", "slide", "slides/slide1.xml")),
        "ppt/slides/slide1.xml": slide.encode(),
    }


def odt(body: str = "<text:p>Bài học</text:p>") -> dict[str, bytes]:
    names = "urn:oasis:names:tc:opendocument:xmlns"
    space = (
        f'xmlns:office="{names}:office:1.0" xmlns:text="{names}:text:1.0" xmlns:draw="{names}:drawing:1.0"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink"'
    )
    xml = f"<office:document-content {space}><office:body><office:text>{body}</office:text></office:body>"
    return {
        "mimetype": b"application/vnd.oasis.opendocument.text",
        "content.xml": f"{HEAD}{xml}</office:document-content>".encode(),
        "META-INF/manifest.xml": b'<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
    }


def epub(chapter: str = "<p>Chương một</p>", spine: str = '<itemref idref="c1"/>') -> dict[str, bytes]:
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    book = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Sách</dc:title></metadata><manifest>'
        '<item id="c1" href="c1.xhtml" media-type="application/xhtml+xml"/></manifest>'
        f"<spine>{spine}</spine></package>"
    )
    page = f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Chương</title></head><body>{chapter}</body></html>'
    return {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": f"{HEAD}{container}".encode(),
        "book.opf": f"{HEAD}{book}".encode(),
        "c1.xhtml": f"{HEAD}{page}".encode(),
    }


def scorm(page: str = "<p>Bài học</p>", items: str = "") -> dict[str, bytes]:
    items = items or '<item identifier="i1" identifierref="r1"><title>Bài</title></item>'
    manifest = (
        '<manifest identifier="m" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"'
        ' xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"><organizations default="o"><organization'
        f' identifier="o"><title>Khoá học</title>{items}</organization></organizations><resources>'
        '<resource identifier="r1" type="webcontent" adlcp:scormtype="sco" href="i.html"/></resources></manifest>'
    )
    return {"imsmanifest.xml": f"{HEAD}{manifest}".encode(), "i.html": f"<html><body>{page}</body></html>".encode()}


def h5p(content: bytes = b'{"text":"B\xc3\xa0i"}') -> dict[str, bytes]:
    about = b'{"title":"B\xc3\xa0i","language":"vi","mainLibrary":"H5P.Text","preloadedDependencies":[]}'
    return {"h5p.json": about, "content/content.json": content}


def geogebra(construction: str = '<element type="text" label="t"/>') -> dict[str, bytes]:
    xml = f'{HEAD}<geogebra format="5.0"><construction title="Hình">{construction}</construction></geogebra>'
    return {"geogebra.xml": xml.encode()}


def simulation(page: str = "<p>Mô phỏng</p>") -> dict[str, bytes]:
    return {"index.html": f"<html><head><title>Mô phỏng</title></head><body>{page}</body></html>".encode()}


def qti(refs: str = "") -> dict[str, bytes]:
    """A package of QTI 2.1: a test, with more references where they are given, and an item."""
    manifest = (
        f'{HEAD}<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><metadata><schema>imsqti</schema></metadata>'
        '<resources><resource identifier="t" type="imsqti_test_xmlv2p1" href="test.xml"/><resource identifier="i" '
        'type="imsqti_item_xmlv2p1" href="item.xml"/></resources></manifest>'
    )
    return {
        "imsmanifest.xml": manifest.encode(),
        "test.xml": f"<assessmentTest><testPart>{refs}<assessmentItemRef href='item.xml'/></testPart></assessmentTest>".encode(),
        "item.xml": "<assessmentItem><itemBody><p>Câu hỏi</p></itemBody></assessmentItem>".encode(),
    }


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else method)
    return target.getvalue()


@dataclass(frozen=True)
class Entry:
    """An entry as it is written down, true or not. at: offset of its local header; None: a header of its own."""

    name: bytes
    data: bytes = b"x"
    method: int = 0
    size: int | None = None
    mode: int = 0o100644
    flags: int = 0
    at: int | None = None


def crafted(entries: Iterable[Entry]) -> bytes:
    """A zip with exactly these entries, whatever they are called and wherever they lie."""
    body, directory, number = bytearray(), bytearray(), 0
    for entry in entries:
        number += 1
        at = len(body) if entry.at is None else entry.at
        size = len(entry.data) if entry.size is None else entry.size
        common = struct.pack(
            "<HHHHHIIIHH", 20, entry.flags, entry.method, 0, 0x21, zlib.crc32(entry.data) if not entry.method else 0,
            len(entry.data), size, len(entry.name), 0,
        )  # fmt: skip
        if entry.at is None:
            body += b"PK\x03\x04" + common + entry.name + entry.data
        directory += b"PK\x01\x02\x14\x03" + common + struct.pack("<HHHII", 0, 0, 0, entry.mode << 16, at) + entry.name
    end = struct.pack("<HHHHIIH", 0, 0, min(number, 65535), min(number, 65535), len(directory), len(body), 0)
    return bytes(body + directory) + b"PK\x05\x06" + end


def inflating(size_bytes: int, unit: bytes = b" ") -> bytes:
    """Raw deflate of `size_bytes` of one thing again and again: one packed mebibyte, repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(unit * (_MEBIBYTE // len(unit))) + packer.flush(zlib.Z_FULL_FLUSH)
    return piece * (size_bytes // _MEBIBYTE) + b"\x03\0"


def inflating_zlib(size_bytes: int, unit: bytes = b" ") -> bytes:
    """The same with zlib's head and checksum, as PDF and PNG have it."""
    piece, checksum = unit * (_MEBIBYTE // len(unit)), 1
    for _ in range(size_bytes // _MEBIBYTE):
        checksum = zlib.adler32(piece, checksum)
    return b"\x78\xda" + inflating(size_bytes, unit) + struct.pack(">I", checksum)
