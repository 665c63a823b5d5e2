"""The first page of an EPUB as a picture."""

import io
from pathlib import Path

import pytest
from PIL import Image

from ingest import illustrate
from ingest.errors import BrokenFile
from tests.samples import make_book, make_zip

EPUB = "application/epub+zip"


def test_the_first_page_is_drawn_at_its_width(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book.epub")
    made = Image.open(io.BytesIO(illustrate.picture(book, media_type=EPUB, page=1, width=320)))
    assert made.size[0] == 320
    assert made.convert("L").getextrema()[0] < 100
    with pytest.raises(BrokenFile):
        illustrate.picture(book, media_type=EPUB, page=2, width=320)


def test_a_book_of_nothing_is_broken(tmp_path: Path) -> None:
    empty = make_zip(tmp_path / "empty.epub", [("mimetype", EPUB)])
    with pytest.raises(BrokenFile):
        illustrate.picture(empty, media_type=EPUB, page=1, width=320)
