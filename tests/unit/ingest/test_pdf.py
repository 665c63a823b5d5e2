"""What the PDF reader makes of files that are not quite as they should be."""

from pathlib import Path
from typing import Any

import pymupdf
import pytest

from ingest import pipeline, registry
from ingest.document import Bundle, Document
from ingest.errors import BrokenFile
from ingest.formats.dates import date_of


def _read(path: Path) -> Document:
    return pipeline.read(Bundle(path, path.name), registry.load())


def _saved(document: Any, path: Path) -> Path:
    document.save(path)
    document.close()
    return path


def _words(path: Path, *pages: str) -> Path:
    document = pymupdf.open()
    for text in pages:
        document.new_page().insert_text((72, 200), text)
    return _saved(document, path)


def test_a_file_without_its_table_of_objects_is_repaired_and_says_so(tmp_path: Path) -> None:
    path = _words(tmp_path / "a.pdf", "Still here")
    path.write_bytes(path.read_bytes().partition(b"startxref")[0].replace(b"xref", b"xxxx"))
    document = _read(path)
    assert [warning.code for warning in document.warnings] == ["repaired"]
    assert document.passages[0].text == "Still here"


def test_rubbish_behind_a_header_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing of a kind")
    with pytest.raises(BrokenFile):
        _read(path)


def test_a_passage_stands_for_each_page_with_text(tmp_path: Path) -> None:
    document = _read(_words(tmp_path / "a.pdf", "one", "", "three"))
    assert [(passage.locator.value, passage.text) for passage in document.passages] == [(1, "one"), (3, "three")]
    assert document.extent.pages == 3


def test_broken_xmp_is_a_warning(tmp_path: Path) -> None:
    source = pymupdf.open()
    source.new_page().insert_text((72, 72), "text")
    source.set_xml_metadata("<x:xmpmeta><broken")
    document = _read(_saved(source, tmp_path / "a.pdf"))
    assert [warning.code for warning in document.warnings] == ["broken-metadata"]


def test_titles_in_xmp_are_read_with_their_place(tmp_path: Path) -> None:
    source = pymupdf.open()
    source.new_page()
    source.set_xml_metadata(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        "<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title><rdf:Alt>"
        "<rdf:li xml:lang='x-default'>Bài học</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    document = _read(_saved(source, tmp_path / "a.pdf"))
    assert [(value.value, value.where) for value in document.metadata] == [("Bài học", "xmp")]


def test_the_same_picture_on_many_pages_is_one_picture(tmp_path: Path) -> None:
    source = pymupdf.open()
    logo = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 120, 40), False)
    logo.clear_with(90)
    xref = 0
    for _ in range(3):
        page = source.new_page()
        xref = page.insert_image((10, 10, 130, 50), pixmap=logo, xref=xref)
        page.insert_text((72, 200), "text")
    pictures = _read(_saved(source, tmp_path / "a.pdf")).pictures
    assert [(picture.locator.value, picture.width_pixels, picture.height_pixels) for picture in pictures] == [
        (1, 120, 40)
    ]


def test_a_body_set_in_one_size_gives_no_title(tmp_path: Path) -> None:
    document = _read(_words(tmp_path / "ten_bai.pdf", "A line like all others"))
    assert [(value.value, value.where) for value in document.metadata] == [("ten bai", "name")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("D:20181227151540+07'00'", "2018-12-27"),
        ("2018-12-27T15:15:40+07:00", "2018-12-27"),
        ("20181227", "2018-12-27"),
        ("D:2018", ""),
        ("hôm qua", ""),
    ],
)
def test_dates_are_days(text: str, day: str) -> None:
    assert date_of(text) == day
