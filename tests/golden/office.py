"""Sample office files, made here part by part: what the golden documents of PPTX, DOCX and XLSX are read from."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.ooxml import cell, core, docx, frame, paragraph, paragraphs, pptx, shape, slide, xlsx, xml

CHART = xml(
    "c:chartSpace",
    "<c:chart><c:title><c:tx><c:rich>" + paragraphs("Sản lượng lúa theo năm") + "</c:rich></c:tx></c:title><c:plotArea>"
    "<c:barChart><c:ser><c:tx><c:strRef><c:strCache><c:pt idx='0'><c:v>Đông xuân</c:v></c:pt></c:strCache></c:strRef>"
    "</c:tx><c:cat><c:numRef><c:numCache><c:pt idx='0'><c:v>2021</c:v></c:pt><c:pt idx='1'><c:v>2022</c:v></c:pt>"
    "</c:numCache></c:numRef></c:cat><c:val><c:numRef><c:numCache><c:pt idx='0'><c:v>20.3</c:v></c:pt></c:numCache>"
    "</c:numRef></c:val></c:ser></c:barChart><c:valAx><c:title><c:tx><c:rich>" + paragraphs("Triệu tấn") + "</c:rich>"
    "</c:tx></c:title></c:valAx></c:plotArea></c:chart>",
)


def _point(name: str, text: str, kind: str = "node") -> str:
    return f'<dgm:pt modelId="{name}" type="{kind}"><dgm:t>{paragraphs(text) if text else ""}</dgm:t></dgm:pt>'


def _link(above: str, below: str, order: int) -> str:
    return f'<dgm:cxn modelId="{above}{below}" srcId="{above}" destId="{below}" srcOrd="{order}"/>'


DIAGRAM = xml(
    "dgm:dataModel",
    "<dgm:ptLst>"
    + _point("2", "Ngưng tụ")
    + _point("1", "Bay hơi")
    + _point("3", "Mặt trời làm nóng nước")
    + _point("0", "", "doc")
    + _point("9", "Bay hơi", "pres")
    + "</dgm:ptLst><dgm:cxnLst>"
    + _link("0", "2", 1)
    + _link("0", "1", 0)
    + _link("1", "3", 0)
    + "</dgm:cxnLst>",
)
_FRACTION = (
    "<m:oMath><m:r><m:t>S = </m:t></m:r><m:f><m:num><m:r><m:t>a×h</m:t></m:r></m:num>"
    "<m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
)


def _row(*cells: str) -> str:
    return "<a:tr>" + "".join(f"<a:tc><a:txBody>{paragraphs(text)}</a:txBody></a:tc>" for text in cells) + "</a:tr>"


def _bytes(make: Callable[[Path], Path]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return make(Path(folder) / "x").read_bytes()


def slides(path: Path) -> None:
    """A lecture: parts, notes, a chart, a diagram, a table, an equation, footers, a hidden slide, a workbook inside."""
    workbook = _bytes(
        lambda inner: xlsx(inner, {"Số liệu": f"<s:row>{cell('A1', 'Mưa')}{cell('B1', '1800 mm')}</s:row>"})
    )
    equation = f"<mc:AlternateContent><mc:Choice Requires='a14'><a14:m>{_FRACTION}</a14:m></mc:Choice>"
    choice = f"{equation}<mc:Fallback><a:r><a:t>hình công thức</a:t></a:r></mc:Fallback></mc:AlternateContent>"
    footer, number = shape("Trường THCS Nguyễn Du", "ftr"), shape("3", "sldNum")
    sections = "".join(
        f'<p14:section name="{name}"><p14:sldIdLst>{ids}</p14:sldIdLst></p14:section>'
        for name, ids in (
            ("Khởi động", '<p14:sldId id="256"/>'),
            ("Khám phá", '<p14:sldId id="257"/><p14:sldId id="258"/><p14:sldId id="259"/>'),
        )
    )
    pptx(
        path,
        [
            slide(shape("Vòng tuần hoàn của nước", "ctrTitle"), shape("Khoa học 4"), footer),
            slide(
                shape("Sơ đồ", "title"),
                frame('<dgm:relIds r:dm="d"/>'),
                frame(f"<a:tbl>{_row('Thể', 'Ví dụ')}{_row('Rắn', 'Nước đá')}</a:tbl>"),
                footer,
                number,
            ),
            slide(shape("Biểu đồ", "title"), frame('<c:chart r:id="c"/>'), footer, number),
            slide(
                shape("Dành cho giáo viên", "title"),
                f"<p:sp><p:nvSpPr/><p:txBody><a:p>{choice}</a:p></p:txBody></p:sp>",
                footer,
            ),
        ],
        hidden=[4],
        notes={1: paragraphs("Hỏi học sinh: nước mưa từ đâu đến?")},
        extra=f"<p:extLst><p:ext><p14:sectionLst>{sections}</p14:sectionLst></p:ext></p:extLst>",
        parts={
            "ppt/charts/chart1.xml": CHART,
            "ppt/diagrams/data1.xml": DIAGRAM,
            "ppt/embeddings/book.xlsx": workbook,
            "ppt/comments/comment1.xml": xml("p:cmLst", "<p:cm><p:text>Thêm tranh ở đây.</p:text></p:cm>"),
            "docProps/core.xml": core(
                title="PowerPoint Presentation", creator="Lê Văn An", created="2022-10-03T01:00:00Z"
            ),
        },
        relations={
            "": [("main", "officeDocument", "ppt/presentation.xml"), ("core", "core-properties", "docProps/core.xml")],
            "ppt/slides/slide3.xml": [("d", "diagramData", "../diagrams/data1.xml")],
            "ppt/slides/slide2.xml": [
                ("c", "chart", "../charts/chart1.xml"),
                ("w", "package", "../embeddings/book.xlsx"),
                ("k", "comments", "../comments/comment1.xml"),
            ],
        },
    )


def _levels(*formats: tuple[str, str]) -> str:
    return "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (kind, text) in enumerate(formats)
    )


def _numbered(depth: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr>'


def _note(root: str, name: str, text: str) -> str:
    separator = f'<w:{name} w:id="-1" w:type="separator">{paragraph("———")}</w:{name}>'
    return xml(f"w:{root}", f'{separator}<w:{name} w:id="1">{paragraph(text)}</w:{name}>')


def lesson(path: Path) -> None:
    """A lesson plan: headings, numbers, notes, a comment, a box, a table, changes, an equation, header and footer."""
    box = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline><wp:docPr id='1' name='x' "
        "descr='Sơ đồ lá cây cắt ngang'/><w:txbxContent>" + paragraph("Ghi nhớ trong khung") + "</w:txbxContent>"
        "</wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>"
        + paragraph("Ghi nhớ trong khung")
        + "</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    changes = (
        "<w:del><w:r><w:delText>đã xoá</w:delText></w:r></w:del><w:ins><w:r><w:t>mới thêm</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>đã chuyển đi</w:t></w:r></w:moveFrom>"
    )
    marks = '<w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:commentReference w:id="1"/></w:r>'
    table = "".join(
        "<w:tr>" + "".join(f"<w:tc>{inside}</w:tc>" for inside in cells) + "</w:tr>"
        for cells in (
            (paragraph("Hoạt động của GV"), paragraph("Hoạt động của HS")),
            (paragraph("Giao nhiệm vụ.") + paragraph("Quan sát."), paragraph("Thảo luận nhóm.")),
        )
    )
    body = (
        paragraph("Bài 23. Quang hợp ở thực vật", style="Tiu")
        + paragraph("Mục tiêu", style="Heading1", properties=_numbered(0))
        + paragraph("Nêu được khái niệm quang hợp.", properties=_numbered(1), inside=marks)
        + paragraph("Vẽ được sơ đồ quang hợp.", properties=_numbered(1), inside=box)
        + paragraph("Tiến trình", style="Heading1", properties=_numbered(0))
        + f"<w:tbl>{table}</w:tbl>"
        + paragraph("Phần này ", inside=changes)
        + paragraph("Diện tích: ", inside=_FRACTION)
        + paragraph("", inside='<w:r><w:drawing><wp:inline><c:chart r:id="chart"/></wp:inline></w:drawing></w:r>')
        + paragraph(
            "Góc ", inside='<w:r><w:sym w:font="Symbol" w:char="F061"/></w:r><w:r><w:t> là góc tới.</w:t></w:r>'
        )
        + '<w:sectPr><w:headerReference w:type="default" r:id="top"/><w:footerReference w:type="first" r:id="once"/>'
        "<w:titlePg/></w:sectPr>"
    )
    numbering = (
        f'<w:abstractNum w:abstractNumId="0">{_levels(("upperRoman", "%1."), ("decimal", "%2."))}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    docx(
        path,
        body,
        parts={
            "word/numbering.xml": xml("w:numbering", numbering),
            "word/footnotes.xml": _note("footnotes", "footnote", "Theo sách giáo khoa."),
            "word/comments.xml": _note("comments", "comment", "Nên thêm ví dụ."),
            "word/header1.xml": xml("w:hdr", paragraph("Kế hoạch bài dạy – KHTN 7")),
            "word/footer1.xml": xml("w:ftr", paragraph("Tổ chuyên môn đã duyệt.")),
            "word/charts/chart1.xml": CHART,
            "docProps/core.xml": core(creator="Admin", keywords="quang hợp; lá cây"),
        },
        relations=[
            ("n", "numbering", "numbering.xml"),
            ("f", "footnotes", "footnotes.xml"),
            ("c", "comments", "comments.xml"),
            ("top", "header", "header1.xml"),
            ("once", "footer", "footer1.xml"),
            ("chart", "chart", "charts/chart1.xml"),
        ],
    )


def marks(path: Path) -> None:
    """Marks of a class: shared strings, dates, a formula's result, a hidden sheet, a comment; a header to repeat."""
    head = f"<s:row>{cell('A1', '0', 's')}</s:row><s:row>{cell('A2', '1', 's')}{cell('B2', '2', 's')}</s:row>"
    rows = "".join(
        f'<s:row r="{number}">{cell(f"A{number}", f"Bài kiểm tra thường xuyên số {number}, chương trình cơ bản")}'
        f"{cell(f'B{number}', str(44_800 + number), 'n', 1)}</s:row>"
        for number in range(3, 60)
    )
    strings = "".join(f"<s:si><s:t>{text}</s:t></s:si>" for text in ("Lịch kiểm tra lớp 7A", "Nội dung", "Ngày"))
    total = "<s:c r='D1' t='n'><s:f>SUM(A1)</s:f><s:v>4.2999999999999998</s:v></s:c>"
    xlsx(
        path,
        {
            "Lịch": head + rows,
            "Sheet2": f"<s:row>{cell('A1', '9.5', 'n')}{total}</s:row>",
        },
        hidden=["Sheet2"],
        parts={
            "xl/sharedStrings.xml": xml("s:sst", strings),
            "xl/styles.xml": xml(
                "s:styleSheet",
                '<s:numFmts><s:numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></s:numFmts>'
                '<s:cellXfs><s:xf numFmtId="0"/><s:xf numFmtId="164"/></s:cellXfs>',
            ),
            "xl/comments1.xml": xml(
                "s:comments",
                "<s:commentList><s:comment><s:text><s:t>Lùi một tuần.</s:t></s:text></s:comment></s:commentList>",
            ),
        },
        relations={
            "xl/workbook.xml": [("t", "sharedStrings", "sharedStrings.xml"), ("y", "styles", "styles.xml")],
            "xl/worksheets/sheet1.xml": [("k", "comments", "../comments1.xml")],
        },
    )


SAMPLES: dict[str, Callable[[Path], None]] = {"slides.pptx": slides, "lesson.docx": lesson, "marks.xlsx": marks}
