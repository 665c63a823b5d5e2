"""PDFs to be printed: all pages of a text, four pages of a PDF on one sheet, and what is no such file."""

from pathlib import Path

import pymupdf
import pytest

from ingest.errors import BrokenFile
from ingest.illustrate import printed
from tests.conftest import make_pdf
from tests.samples import flat, through_libreoffice

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def test_a_text_is_printed_whole(tmp_path: Path) -> None:
    lines = "".join(f"<text:p>Dòng thứ {number} của giáo án.</text:p>" for number in range(200))
    path = through_libreoffice(tmp_path / "giao-an.docx", flat("text", lines), "fodt")
    with pymupdf.open("pdf", printed(path, media_type=DOCX, sheet=1)) as made:
        assert made.page_count > 2
        assert "Dòng thứ 199" in made[made.page_count - 1].get_text()


@pytest.mark.parametrize(("pages", "sheets"), [(1, 1), (4, 1), (5, 2), (9, 3)])
def test_four_pages_lie_on_a_sheet_in_reading_order(tmp_path: Path, pages: int, sheets: int) -> None:
    path = make_pdf(tmp_path / "bai.pdf", [f"Nội dung trang {number}." for number in range(1, pages + 1)])
    with pymupdf.open("pdf", printed(path, media_type="application/pdf", sheet=4)) as made:
        assert made.page_count == sheets
        for number in range(pages):
            # Letters that come from another font are a box of their own.
            box = made[number // 4].search_for(f"Nội dung trang {number + 1}.")[0]
            assert (box.x0 > made[0].rect.width / 2) == (number % 2 == 1)
            assert (box.y0 > made[0].rect.height / 2) == (number % 4 >= 2)


def test_a_turned_page_keeps_its_shape(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "bai.pdf", ["Một trang quay ngang."])
    with pymupdf.open(path) as document:
        document[0].set_rotation(90)
        document.saveIncr()
    with pymupdf.open("pdf", printed(path, media_type="application/pdf", sheet=4)) as made:
        (drawn,) = (one["rect"] for one in made[0].get_drawings())
        assert drawn.width > drawn.height


@pytest.mark.parametrize(
    ("media_type", "sheet"), [("application/pdf", 1), ("application/pdf", 2), (DOCX, 4), (DOCX, 1)]
)
def test_what_is_not_offered_is_refused(tmp_path: Path, media_type: str, sheet: int) -> None:
    path = make_pdf(tmp_path / "bai.pdf", ["Một trang."])
    with pytest.raises(BrokenFile):
        printed(path, media_type=media_type, sheet=sheet)
