"""Office files written part by part: what a test wants to say, in the least XML that says it.

Golden samples, the readers' tests and the benchmark make their files here.
No program writes them, so nothing but the part in question is in them.
"""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

_FORMATS = "http://schemas.openxmlformats.org"
A = f"{_FORMATS}/drawingml/2006/main"
R = f"{_FORMATS}/officeDocument/2006/relationships"
_SPACES = {
    "a": A,
    "r": R,
    "p": f"{_FORMATS}/presentationml/2006/main",
    "w": f"{_FORMATS}/wordprocessingml/2006/main",
    "s": f"{_FORMATS}/spreadsheetml/2006/main",
    "c": f"{_FORMATS}/drawingml/2006/chart",
    "dgm": f"{_FORMATS}/drawingml/2006/diagram",
    "m": f"{_FORMATS}/officeDocument/2006/math",
    "mc": f"{_FORMATS}/markup-compatibility/2006",
    "wp": f"{_FORMATS}/drawingml/2006/wordprocessingDrawing",
    "xdr": f"{_FORMATS}/drawingml/2006/spreadsheetDrawing",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "p14": "http://schemas.microsoft.com/office/powerpoint/2010/main",
    "a14": "http://schemas.microsoft.com/office/drawing/2010/main",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in _SPACES.items())
_CORE = f"{_FORMATS}/package/2006/metadata/core-properties"

Parts = Mapping[str, str | bytes]
Relations = Mapping[str, Sequence[tuple[str, str, str]]]
"""Part -> (id, kind, target) of what it points at."""


def xml(name: str, inside: str, attributes: str = "") -> str:
    """A root element with every namespace declared."""
    return f'<?xml version="1.0" encoding="UTF-8"?><{name} {_DECLARED} {attributes}>{inside}</{name}>'


def package(path: Path, parts: Parts, relations: Relations, *, main: str, content_type: str) -> Path:
    """Write a package whose main part has this content type."""
    everything: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="x">'
        f'<Override PartName="/{main}" ContentType="application/{content_type}.main+xml"/></Types>'
    }
    for part, rows in {"": [("main", "officeDocument", main)], **relations}.items():
        folder, _, name = part.rpartition("/")
        table = "".join(
            f'<Relationship Id="{identifier}" Type="{R}/{kind}" Target="{target}"'
            + (' TargetMode="External"' if "://" in target else "")
            + "/>"
            for identifier, kind, target in rows
        )
        where = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        everything[where] = f'<Relationships xmlns="{_FORMATS}/package/2006/relationships">{table}</Relationships>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in {**everything, **parts}.items():
            target.writestr(name, data)
    return path


def core(**values: str) -> str:
    """docProps/core.xml; `created` is a date, the others text."""
    tags = {"title": "dc:title", "creator": "dc:creator", "created": "dcterms:created", "keywords": "cp:keywords"}
    inside = "".join(f"<{tags[name]}>{value}</{tags[name]}>" for name, value in values.items())
    return (
        f'<cp:coreProperties xmlns:cp="{_CORE}" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' xmlns:dcterms="http://purl.org/dc/terms/">{inside}</cp:coreProperties>'
    )


def shape(text: str, kind: str = "") -> str:
    """A shape of a slide with a paragraph a line. kind: of a placeholder."""
    place = f'<p:ph type="{kind}"/>' if kind else ""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="1" name="x"/><p:cNvSpPr/><p:nvPr>{place}</p:nvPr></p:nvSpPr>'
        f"<p:txBody>{paragraphs(text)}</p:txBody></p:sp>"
    )


def paragraphs(text: str) -> str:
    return "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in text.split("\n"))


def frame(inside: str) -> str:
    """A frame on a slide, around a table or what stands for a chart or diagram."""
    return f"<p:graphicFrame><a:graphic><a:graphicData>{inside}</a:graphicData></a:graphic></p:graphicFrame>"


def slide(*shapes: str) -> str:
    return f"<p:cSld><p:spTree>{''.join(shapes)}</p:spTree></p:cSld>"


def pptx(
    path: Path,
    slides: Sequence[str],
    *,
    notes: Mapping[int, str] | None = None,
    parts: Parts | None = None,
    relations: Relations | None = None,
    hidden: Iterable[int] = (),
    extra: str = "",
    kind: str = "vnd.openxmlformats-officedocument.presentationml.presentation",
) -> Path:
    """A presentation. slides: inside of each `p:sld`. notes: paragraphs by slide number. extra: of presentation.xml.

    The parts of slides are numbered backwards, because their names say nothing of their order.
    """
    count = len(slides)
    names = {number: f"ppt/slides/slide{count + 1 - number}.xml" for number in range(1, count + 1)}
    made: dict[str, str | bytes] = {}
    related = {part: list(rows) for part, rows in (relations or {}).items()}
    listed = "".join(f'<p:sldId id="{255 + number}" r:id="s{number}"/>' for number in names)
    made["ppt/presentation.xml"] = xml("p:presentation", f"<p:sldIdLst>{listed}</p:sldIdLst>{extra}")
    main = related.setdefault("ppt/presentation.xml", [])
    main += ((f"s{number}", "slide", name.removeprefix("ppt/")) for number, name in names.items())
    for number, name in names.items():
        made[name] = xml("p:sld", slides[number - 1], 'show="0"' if number in set(hidden) else "")
    for number, text in (notes or {}).items():
        body = f'<p:sp><p:nvSpPr><p:nvPr><p:ph type="body"/></p:nvPr></p:nvSpPr><p:txBody>{text}</p:txBody></p:sp>'
        made[f"ppt/notesSlides/n{number}.xml"] = xml("p:notes", slide(body, shape("7", "sldNum")))
        related.setdefault(names[number], []).append(("notes", "notesSlide", f"../notesSlides/n{number}.xml"))
    return package(path, {**made, **(parts or {})}, related, main="ppt/presentation.xml", content_type=kind)


def paragraph(text: str, *, style: str = "", properties: str = "", inside: str = "") -> str:
    """A paragraph of a document. inside: runs and other markup behind the text."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    run = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' if text else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{run}{inside}</w:p>"


STYLES = xml(
    "w:styles",
    "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/></w:style>'
        for level in (1, 2)
    )
    + '<w:style w:type="paragraph" w:styleId="Tiu"><w:name w:val="Title"/></w:style>',
)


def docx(
    path: Path,
    body: str,
    *,
    parts: Parts | None = None,
    relations: Sequence[tuple[str, str, str]] = (),
    kind: str = "vnd.openxmlformats-officedocument.wordprocessingml.document",
) -> Path:
    """A document with styles for a title and two levels of headings. relations: of its main part."""
    made = {"word/document.xml": xml("w:document", f"<w:body>{body}</w:body>"), "word/styles.xml": STYLES}
    related = {"word/document.xml": [("styles", "styles", "styles.xml"), *relations]}
    if parts and "docProps/core.xml" in parts:
        related[""] = [
            ("main", "officeDocument", "word/document.xml"),
            ("core", "core-properties", "docProps/core.xml"),
        ]
    return package(path, {**made, **(parts or {})}, related, main="word/document.xml", content_type=kind)


def cell(reference: str, value: str, kind: str = "str", style: int = 0) -> str:
    return f'<s:c r="{reference}" t="{kind}" s="{style}"><s:v>{value}</s:v></s:c>'


def xlsx(
    path: Path,
    sheets: Mapping[str, str],
    *,
    hidden: Iterable[str] = (),
    parts: Parts | None = None,
    relations: Relations | None = None,
    kind: str = "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
) -> Path:
    """A workbook. sheets: name -> rows as XML."""
    made: dict[str, str | bytes] = {}
    related = {part: list(rows) for part, rows in (relations or {}).items()}
    listed = ""
    for number, (name, rows) in enumerate(sheets.items(), start=1):
        state = ' state="hidden"' if name in set(hidden) else ""
        listed += f'<s:sheet name="{name}" sheetId="{number}" r:id="s{number}"{state}/>'
        made[f"xl/worksheets/sheet{number}.xml"] = xml("s:worksheet", f"<s:sheetData>{rows}</s:sheetData>")
        row = (f"s{number}", "worksheet", f"worksheets/sheet{number}.xml")
        related.setdefault("xl/workbook.xml", []).append(row)
    made["xl/workbook.xml"] = xml("s:workbook", f"<s:sheets>{listed}</s:sheets>")
    return package(path, {**made, **(parts or {})}, related, main="xl/workbook.xml", content_type=kind)
