"""Sample PDFs, made here from text."""

from collections.abc import Callable
from pathlib import Path

import pymupdf

_HEADER = "Trường THCS Nguyễn Du – Tổ Khoa học tự nhiên"
_LESSONS = (
    "Quang hợp là quá trình cây xanh dùng ánh sáng để tạo chất hữu cơ. Lá cây là cơ quan quang hợp chính.",
    "Hô hấp tế bào phân giải chất hữu cơ và giải phóng năng lượng. Quá trình này diễn ra trong ti thể.",
    "Trao đổi khí ở thực vật diễn ra qua khí khổng. Khí khổng mở khi tế bào hạt đậu trương nước.",
)


def lesson(path: Path) -> None:
    """Vietnamese: a heading, running header and page numbers, an outline, Info and XMP that disagree on the title."""
    document = pymupdf.open()
    for number, text in enumerate(_LESSONS, start=1):
        page = document.new_page()
        page.insert_htmlbox((60, 20, 540, 50), f"<p style='font-size:9px'>{_HEADER}</p>")
        if number == 1:
            page.insert_htmlbox((60, 90, 540, 150), "<p style='font-size:26px'>Trao đổi chất ở thực vật</p>")
        page.insert_htmlbox((60, 160, 540, 700), f"<p>{text}</p><p>- Mục một</p><p>- Mục hai</p>")
        page.insert_htmlbox((280, 800, 340, 830), f"<p style='font-size:9px'>{number}</p>")
    document.set_toc([[1, "Quang hợp", 1], [1, "Hô hấp", 2], [2, "Trao đổi khí", 3]])
    document.set_metadata(
        {
            "title": "Microsoft Word - giaoan.doc",
            "author": "Nguyễn Thị Hoa",
            "keywords": "quang hợp; hô hấp; Quang hợp",
            "creationDate": "D:20230905071500+07'00'",
        }
    )
    document.set_xml_metadata(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        "<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:xmp='http://ns.adobe.com/xap/1.0/'"
        " xmp:CreateDate='1904-01-01T00:00:00Z'>"
        "<dc:publisher><rdf:Bag><rdf:li>Trường THCS Nguyễn Du</rdf:li></rdf:Bag></dc:publisher>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    document.save(path)
    document.close()


def english(path: Path) -> None:
    """English: words broken at line ends, a compound that keeps its hyphen, two columns, one long page."""
    document = pymupdf.open()
    page = document.new_page()
    left = ["The well-known lesson on photo-", "synthesis is for the whole class and", "its well-", "known teacher."]
    right = ["In the second column there is more", "about the effi-", "cient use of light by the leaf."]
    page.insert_text((60, 100), left)
    page.insert_text((320, 100), right)
    page = document.new_page()
    sentence = "This is sentence number {} of the long page and it ends here."
    page.insert_text((40, 60), [sentence.format(number) for number in range(1, 71)], fontsize=8)
    document.set_metadata({"title": "Light and leaves", "subject": "A reader for grade six"})
    document.save(path)
    document.close()


def scanned(path: Path) -> None:
    """Four pages that are pictures, three of them with nothing but a stamp; a fifth with text."""
    document = pymupdf.open()
    picture = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 64, 90), False)
    picture.clear_with(200)
    for number in range(4):
        page = document.new_page()
        page.insert_image(page.rect, pixmap=picture)
        if number:
            page.insert_text((200, 400), "example.edu.vn")
    document.new_page().insert_text((72, 300), "Only the last page has a text of its own, and it is in English.")
    document.save(path)
    document.close()


SAMPLES: dict[str, Callable[[Path], None]] = {"lesson.pdf": lesson, "english.pdf": english, "scanned.pdf": scanned}
