"""Sample books, OpenDocument files, RTF, Markdown and HTML, made here."""

from collections.abc import Callable
from pathlib import Path

from tests.unit.ingest import books, packages_of_odf

_STORY = "Dế Mèn sống độc lập từ thuở bé, ăn uống điều độ và làm việc có chừng mực."


def book(path: Path) -> None:
    """EPUB 3: a title page, a chapter with a table and a formula, a chapter that is missing, navigation."""
    chapters = [
        books.page("<h1>Truyện kể</h1><p>Tô Hoài</p>"),
        books.page(
            f"<h2 id='c'>Chương 1</h2><p>{_STORY}<br/>Hết đoạn.</p><table><tr><th>Ngày</th><th>Việc</th></tr><tr>"
            "<td>1</td><td><p>đào hang</p></td></tr></table><p>Nhanh hơn <math xmlns='http://www.w3.org/1998/Math/MathML'><mfrac>"
            "<mn>1</mn><mn>2</mn></mfrac></math> lần.</p><img src='gone.png' alt='Dế Mèn'/><script>no()</script>"
        ),
        "",
    ]
    nav = books.page(
        '<nav epub:type="toc"><ol><li><a href="text/c1.xhtml">Trang tên</a></li>'
        '<li><a href="text/c2.xhtml#c">Chương 1</a></li></ol></nav>'
    )
    item = '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
    extra = {"OEBPS/nav.xhtml": nav.encode()}
    books.make(path, chapters, manifest=item, extra=extra, without=["OEBPS/text/c3.xhtml"])


def lesson_text(path: Path) -> None:
    """ODT: numbered items, a note, a comment, a text box, a table, a chart inside, header and footer."""
    styles = (
        "<text:list-style style:name='L'><text:list-level-style-number text:level='1' style:num-format='1'"
        " style:num-suffix='.'/></text:list-style>"
    )
    items = "".join(f"<text:list-item><text:p>{each}</text:p></text:list-item>" for each in ("Đọc bài", "Trả lời"))
    body = (
        "<text:p>Trường THCS Nguyễn Du</text:p><text:h text:outline-level='1'>Quang hợp</text:h><text:p>Cây xanh"
        " dùng ánh sáng<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>"
        "Ánh sáng mặt trời.</text:p></text:note-body></text:note> để tạo chất hữu cơ.</text:p>"
        f"<text:list text:style-name='L'>{items}</text:list>"
        "<text:h text:outline-level='2'>Số liệu</text:h><table:table><table:table-row><table:table-cell><text:p>Giờ"
        "</text:p></table:table-cell><table:table-cell><text:p>Bọt khí</text:p></table:table-cell></table:table-row>"
        "</table:table><text:p>Xem<draw:frame><draw:object xlink:href='./Object 1'/></draw:frame><office:annotation>"
        "<dc:creator>An</dc:creator><text:p>Kiểm tra lại</text:p></office:annotation></text:p>"
    )
    margins = packages_of_odf.part(
        "office:document-styles",
        "<office:master-styles><style:master-page><style:header><text:p>Tổ Sinh học</text:p></style:header>"
        "</style:master-page></office:master-styles>",
    )
    title = "<chart:chart><chart:title><text:p>Bọt khí theo giờ</text:p></chart:title></chart:chart>"
    chart = packages_of_odf.content("chart", title)
    packages_of_odf.make(
        path, "text", body, styles=styles, extra={"styles.xml": margins, "Object 1/content.xml": chart}
    )


def slides(path: Path) -> None:
    """ODP: titles, notes, a hidden slide."""
    hidden = (
        "<style:style style:name='h'><style:drawing-page-properties presentation:visibility='hidden'/></style:style>"
    )
    title = (
        "<draw:frame presentation:class='title'><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>".format
    )
    body = (
        f"<draw:page>{title('Âm thanh')}<presentation:notes><draw:frame><draw:text-box><text:p>Gõ trống cho lớp nghe."
        "</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>"
        f"<draw:page draw:style-name='h'>{title('Đáp án')}</draw:page>"
    )
    packages_of_odf.make(path, "presentation", body, styles=hidden)


def sheets(path: Path) -> None:
    """ODS: two sheets, a value without its text, an empty sheet between."""
    row = "<table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell>{}</table:table-row>".format
    text, number = "<table:table-cell><text:p>mm</text:p></table:table-cell>", "<table:table-cell office:value='320'/>"
    body = (
        f"<table:table table:name='Mưa'>{row('Tháng', text)}{row('7', number)}</table:table>"
        f"<table:table table:name='x'/><table:table table:name='Nắng'>{row('Không có', '')}</table:table>"
    )
    packages_of_odf.make(path, "spreadsheet", body)


def rich_text(path: Path) -> None:
    """RTF: a heading by its style, code page 1258, a note, a table, a header, hidden text, metadata."""
    path.write_bytes(
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset163 Arial;}}{\stylesheet{\s1\outlinelevel0 heading 1;}}"
        rb"{\info{\title K\u7871? ho\u7841?ch}{\author Lan}{\creatim\yr2021\mo4\dy5}}{\header Tr\u432?\u7901?ng A\par}"
        rb"\pard\s1 K\u7871? ho\u7841?ch b\u224?i d\u7841?y\par\pard\f0 Ho\'f2c sinh \'f0o\'f2c ba\'cci"
        rb"{\footnote Trang 5}{\v an}.\par\trowd\intbl a\cell b\cell\row\pard}"
    )


def markdown(path: Path) -> None:
    """Markdown: front matter, headings in both forms, a list, code."""
    path.write_text(
        "---\ntitle: Ghi chép\nauthor: Hà\n---\nLời đầu.\n\n# Mục một\n\n- ý a\n- ý b\n\nMục hai\n-------\n\n`x = 1`\n",
        encoding="utf-8",
    )


def web_page(path: Path) -> None:
    """HTML in windows-1258 that says it is something else, with parts that are not shown."""
    text = "Ho\u0323c sinh quan sa\u0301t hi\u0300nh ve\u0303"
    page = f"<html lang=vi><meta charset=iso-8859-1><title>{text}</title><p hidden>no<h2>{text}</h2><p>{text}."
    path.write_bytes(page.encode("cp1258"))


SAMPLES: dict[str, Callable[[Path], None]] = {
    "book.epub": book,
    "lesson-text.odt": lesson_text,
    "slides.odp": slides,
    "sheets.ods": sheets,
    "rich-text.rtf": rich_text,
    "markdown.md": markdown,
    "web-page.html": web_page,
}
