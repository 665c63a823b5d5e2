"""PDF, office files, books: locked, cut off, without text, without end."""

import zipfile
from pathlib import Path

import pymupdf

from tests.bad_input.case import Case, said
from tests.faults.hostile.images import png
from tests.faults.hostile.office import ole
from tests.golden import pdfs, texts
from tests.ooxml import cell, docx, paragraph, pptx, shape, slide, xlsx
from tests.unit.ingest import books
from tests.unit.ingest.packages_of_odf import make as odf
from tests.unit.ingest.packages_of_odf import part

_ROWS = 30_000


def _pdf(path: Path, text: str = "Bai hoc ve quang hop", pages: int = 1, **how: object) -> Path:
    with pymupdf.open() as document:
        for number in range(1, pages + 1):
            document.new_page().insert_text((72, 300), [text, f"Trang {number}", "Mot dong chu nua"])
        document.save(path, **how)
    return path


def cut(path: Path, share: float) -> None:
    """Leave only the first part of a file, as a copy that was broken off does."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])


def _without(path: Path, name: str) -> None:
    """Take a member out of a package."""
    with zipfile.ZipFile(path) as source:
        members = {each: source.read(each) for each in source.namelist() if each != name}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for each, data in members.items():
            target.writestr(each, data)


def _locked_pdf(path: Path) -> None:
    _pdf(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="bimat", owner_pw="chu")


def _owned_pdf(path: Path) -> None:
    _pdf(path, "Duoc doc nhung khong duoc in", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="", owner_pw="chu")


def _cut_pdf(path: Path) -> None:
    cut(_pdf(path, "Mot cuon sach tai ve do dang", pages=40), 0.7)


def _tailless_pdf(path: Path) -> None:
    cut(_pdf(path, "Chi thieu phan cuoi tep", pages=9), 0.97)


def _unmarked_slides(path: Path) -> None:
    frame = "<draw:frame><draw:image xlink:href='Pictures/a.png'/></draw:frame>"
    odf(path, "presentation", f"<draw:page>{frame}</draw:page>" * 2, extra={"Pictures/a.png": png(99, 99)})


def _beheaded_pdf(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"\0" * 5_000)


def _cut_docx(path: Path) -> None:
    cut(docx(path, paragraph("Một giáo án chép dở")), 0.6)


def _docx_without_text(path: Path) -> None:
    docx(path, paragraph("Có chữ"))
    _without(path, "word/document.xml")


def _macros(path: Path) -> None:
    docx(
        path,
        paragraph("Giáo án có macro"),
        parts={"word/vbaProject.bin": b"x"},
        kind="vnd.ms-word.document.macroEnabled",
    )


def _only_pictures(path: Path) -> None:
    shown = slide('<p:pic><p:nvPicPr/><p:blipFill><a:blip r:embed="p"/></p:blipFill></p:pic>')
    relations = {f"ppt/slides/slide{n}.xml": [("p", "image", f"../media/{n}.png")] for n in (1, 2, 3)}
    pptx(path, [shown] * 3, parts={f"ppt/media/{n}.png": png(90 + n, 99) for n in (1, 2, 3)}, relations=relations)


def _hidden(path: Path) -> None:
    pptx(path, [slide(shape("Câu hỏi")), slide(shape("Đáp án của cô"))], hidden=[2])


def _missing_slide(path: Path) -> None:
    pptx(path, [slide(shape("Trang còn")), slide(shape("Trang mất"))])
    _without(path, "ppt/slides/slide1.xml")


def _long_workbook(path: Path) -> None:
    xlsx(path, {"Đo": "".join(f"<s:row>{cell(f'A{n}', f'độ ẩm {n}')}</s:row>" for n in range(1, _ROWS))})


def _long_ods(path: Path) -> None:
    row = "<table:table-row><table:table-cell><text:p>lượng mưa {}</text:p></table:table-cell></table:table-row>".format
    odf(path, "spreadsheet", f"<table:table table:name='Mưa'>{''.join(map(row, range(_ROWS)))}</table:table>")


def _repeating_ods(path: Path) -> None:
    row = (
        "<table:table-row table:number-rows-repeated='1048576'><table:table-cell><text:p>nhiệt độ lặp lại</text:p>"
        "</table:table-cell></table:table-row>"
    )
    odf(path, "spreadsheet", f"<table:table table:name='Lặp'>{row}</table:table>")


def _locked_odt(path: Path) -> None:
    entry = "<manifest:file-entry manifest:full-path='content.xml'><manifest:encryption-data/></manifest:file-entry>"
    odf(path, "text", "<text:p>x</text:p>", extra={"META-INF/manifest.xml": part("manifest:manifest", entry)})


def _cut_odt(path: Path) -> None:
    cut(odf(path, "text", "<text:p>Một văn bản chép dở</text:p>"), 0.5)


def _broken_odp(path: Path) -> None:
    odf(path, "presentation", "<draw:page><text:p>Chưa đóng thẻ")


def _cut_rtf(path: Path) -> None:
    texts.rich_text(path)
    cut(path, 0.8)


def _gap_in_book(path: Path) -> None:
    chapters = [books.page(f"<h1>Chương {n}</h1><p>Chuyện kể {n}</p>") for n in (1, 2, 3)]
    books.make(path, chapters, without=["OEBPS/text/c2.xhtml"])


def _locked_book(path: Path) -> None:
    locked = (
        b'<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
        b'<e:EncryptedData><e:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/><e:CipherData>'
        b'<e:CipherReference URI="OEBPS/text/c1.xhtml"/></e:CipherData></e:EncryptedData></encryption>'
    )
    books.make(path, [books.page("<p>x</p>")], extra={"META-INF/encryption.xml": locked})


def _cut_book(path: Path) -> None:
    books.make(path, [books.page(f"<p>{'Chuyện dài. ' * 400}</p>")])
    cut(path, 0.5)


CASES = (
    Case("PDF", "de-thi.pdf", "a password is needed to open it", _locked_pdf, "draft", says=(said("encrypted-file"),)),
    Case("PDF", "khong-in.pdf", "opens without a password, printing is forbidden", _owned_pdf, "published"),
    Case("PDF", "tai-do.pdf", "a download broken off after two thirds", _cut_pdf, "published", says=(said("broken-pages", pages=7, total=40), said("repaired"))),
    Case("PDF", "mat-duoi.pdf", "a download broken off just before its end", _tailless_pdf, "published", says=(said("repaired"),)),
    Case("PDF", "rong-ruot.pdf", "nothing but zeros behind its first line", _beheaded_pdf, "draft", says=(said("broken-file"),)),
    Case("PDF", "scan.pdf", "scanned pages without a text layer", pdfs.scanned, "published", says=(said("no-text-layer", pages=1, total=5), said("watermark-only", pages=3, total=5))),
    Case("PDF", "khong.pdf", "no bytes: a copy that never happened", Path.touch, "refused", says=(said("empty-file"),)),
    Case("PDF", "that-ra-word.pdf", "a document of Word that was renamed", lambda path: docx(path, paragraph("Bài đổi đuôi")), "published", says=(said("wrong-extension", extension="pdf", media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document"),)),
    Case("Office", "mat-khau.docx", "a password is needed to open it", lambda path: path.write_bytes(ole("EncryptionInfo", "EncryptedPackage")), "draft", says=(said("encrypted-file"),)),
    Case("Office", "chep-do.docx", "a copy broken off", _cut_docx, "draft", says=(said("broken-file"),)),
    Case("Office", "mat-than.docx", "a package without its text", _docx_without_text, "draft", says=(said("broken-file"),)),
    Case("Office", "macro.docm", "it holds macros", _macros, "published", says=(said("macros"),)),
    Case("Office", "giao-an.doc", "a document of Word 97–2003", lambda path: path.write_bytes(ole("WordDocument")), "published", says=(said("no-reader", media_type="application/msword"),)),
    Case("Office", "anh.pptx", "slides without text", _only_pictures, "published", says=(said("no-text-layer", pages=3, total=3),)),
    Case("Office", "dap-an.pptx", "a hidden slide", _hidden, "published", says=(said("hidden-slides", count=1, slides="2", total=2),)),
    Case("Office", "thieu.pptx", "one of its slides is missing", _missing_slide, "published", says=(said("broken-parts", parts=1),)),
    Case("Office", "so-lieu.xlsx", "a sheet of more rows than are read", _long_workbook, "published", says=(said("sheets-cut", count=1, sheets="1"),)),
    Case("OpenDocument", "so-lieu.ods", "a sheet of more rows than are read", _long_ods, "published", says=(said("sheets-cut", count=1, sheets="1"),)),
    Case("OpenDocument", "lap.ods", "a row that is repeated a million times", _repeating_ods, "published"),
    Case("OpenDocument", "anh.odp", "slides without text", _unmarked_slides, "published", says=(said("no-text-layer", pages=2, total=2),)),
    Case("OpenDocument", "mat-khau.odt", "a password is needed to open it", _locked_odt, "draft", says=(said("encrypted-file"),)),
    Case("OpenDocument", "chep-do.odt", "a copy broken off", _cut_odt, "draft", says=(said("broken-file"),)),
    Case("OpenDocument", "hong.odp", "its XML is not closed", _broken_odp, "draft", says=(said("broken-file"),)),
    Case("RTF", "chep-do.rtf", "a copy broken off", _cut_rtf, "published", says=(said("repaired"),)),
    Case("EPUB", "thieu-chuong.epub", "one of its chapters is missing", _gap_in_book, "published", says=(said("broken-parts", parts=1),)),
    Case("EPUB", "khoa.epub", "chapters locked by a shop", _locked_book, "draft", says=(said("encrypted-file"),)),
    Case("EPUB", "chep-do.epub", "a copy broken off", _cut_book, "draft", says=(said("broken-file"),)),
)  # fmt: skip
