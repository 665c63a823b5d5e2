"""EPUB: chapters by their place, metadata, contents, and books that are not as they should be."""

import io
from pathlib import Path

import PIL.Image
import pytest

from ingest import pipeline, registry
from ingest.document import Bundle, Document
from ingest.errors import BrokenFile, EncryptedFile
from ingest.extractors import epub
from tests.unit.ingest.books import make, page

_NAV = '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
_NCX = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
_THREE = [page("<h1>Một</h1><p>Dế Mèn ra đời.</p>"), page("<p>Hai</p>"), page("<p>Ba</p>")]


def _read(path: Path) -> Document:
    return pipeline.read(Bundle(path, path.name), registry.load())


def _texts(document: Document) -> list[tuple[int | str, str]]:
    return [(passage.locator.value, passage.text) for passage in document.passages]


def _picture(width: int, height: int) -> bytes:
    data = io.BytesIO()
    PIL.Image.new("RGB", (width, height)).save(data, "PNG")
    return data.getvalue()


def test_a_passage_stands_for_each_chapter(tmp_path: Path) -> None:
    document = _read(make(tmp_path / "a.epub", _THREE))
    assert document.media_type == "application/epub+zip"
    assert _texts(document) == [(1, "Một\nDế Mèn ra đời."), (2, "Hai"), (3, "Ba")]
    assert {passage.locator.kind for passage in document.passages} == {"section"}


def test_the_book_says_what_it_is(tmp_path: Path) -> None:
    values = {value.field: (value.value, value.where) for value in _read(make(tmp_path / "a.epub", _THREE)).metadata}
    assert values == {
        "title": ("Truyện kể", "opf"),
        "creator": ("Tô Hoài", "opf"),
        "language": ("vi", "opf"),
        "created": ("2021-03-04", "opf"),
        "accessibility": ("accessMode: textual", "opf"),
    }


def test_the_main_title_goes_before_the_others(tmp_path: Path) -> None:
    titles = (
        '<dc:title id="a">Phụ</dc:title><dc:title id="b">Chính</dc:title>'
        '<meta refines="#b" property="title-type">main</meta>'
    )
    assert _read(make(tmp_path / "a.epub", _THREE, metadata=titles)).metadata[0].value == "Chính"


def test_navigation_leads_to_chapters_with_levels(tmp_path: Path) -> None:
    nav = page(
        '<nav epub:type="landmarks"><ol><li><a href="text/c2.xhtml">no</a></li></ol></nav><nav epub:type="toc"><ol><li>'
        '<a href="text/c1.xhtml">Phần <b>đầu</b></a><ol><li><a href="text/c3.xhtml#x">Cuối</a></li></ol></li>'
        '<li><a href="gone.xhtml">no</a></li></ol></nav>'
    )
    made = make(tmp_path / "a.epub", _THREE, manifest=_NAV, extra={"OEBPS/nav.xhtml": nav.encode()})
    entries = [(entry.title, entry.level, entry.locator.value) for entry in _read(made).contents]
    assert entries == [("Phần đầu", 1, 1), ("Cuối", 2, 3)]


def test_an_ncx_is_the_contents_of_an_older_book(tmp_path: Path) -> None:
    ncx = b"""<?xml version="1.0"?><!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://x.test/ncx-2005-1.dtd">
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>A</text></navLabel>
<content src="text/c1.xhtml"/><navPoint><navLabel><text>B</text></navLabel><content src="text/c2.xhtml#p"/></navPoint>
</navPoint></navMap></ncx>"""
    made = make(tmp_path / "a.epub", _THREE, manifest=_NCX, toc=' toc="ncx"', extra={"OEBPS/toc.ncx": ncx})
    entries = [(entry.title, entry.level, entry.locator.value) for entry in _read(made).contents]
    assert entries == [("A", 1, 1), ("B", 2, 2)]


def test_a_missing_chapter_costs_itself_and_keeps_its_number(tmp_path: Path) -> None:
    document = _read(make(tmp_path / "a.epub", _THREE, without=["OEBPS/text/c2.xhtml"]))
    assert _texts(document) == [(1, "Một\nDế Mèn ra đời."), (3, "Ba")]
    assert [(warning.code, warning.parameters) for warning in document.warnings] == [("broken-parts", {"parts": 1})]


def test_a_missing_picture_is_a_warning_and_the_cover_comes_first(tmp_path: Path) -> None:
    body = page('<p>Có hình</p><img src="../i/a.png"/><img src="../i/gone.png"/><img src="http://x.test/b.png"/>')
    cover = '<item id="k" href="i/cover.png" properties="cover-image" media-type="image/png"/>'
    extra = {"OEBPS/i/a.png": _picture(64, 48), "OEBPS/i/cover.png": _picture(300, 400)}
    document = _read(make(tmp_path / "a.epub", [page("<p>x</p>"), body], manifest=cover, extra=extra))
    pictures = [(picture.locator.value, picture.width_pixels, picture.height_pixels) for picture in document.pictures]
    assert pictures == [(1, 300, 400), (2, 64, 48)]
    assert [(warning.code, warning.parameters) for warning in document.warnings] == [
        ("missing-pictures", {"pictures": 1})
    ]


def test_a_book_of_pictures_says_that_nothing_in_it_is_found(tmp_path: Path) -> None:
    path = make(tmp_path / "a.epub", [page('<img src="../i/a.png"/>')], extra={"OEBPS/i/a.png": _picture(640, 480)})
    assert [(one.code, dict(one.parameters)) for one in _read(path).warnings] == [
        ("no-text-layer", {"pages": 1, "total": 1})
    ]


def test_names_with_escapes_and_other_capitals_are_found(tmp_path: Path) -> None:
    package = (
        '<package><manifest><item id="x" href="Text/Ch%C6%B0%C6%A1ng%201.xhtml" media-type="application/xhtml+xml"/>'
        '</manifest><spine><itemref idref="x"/></spine></package>'
    )
    extra = {"OEBPS/book.opf": package.encode(), "OEBPS/text/Chương 1.xhtml": page("<p>Có đây</p>").encode()}
    assert _texts(_read(make(tmp_path / "a.epub", [], extra=extra))) == [(1, "Có đây")]


def _encryption(algorithm: str, uri: str) -> dict[str, bytes]:
    return {
        "META-INF/encryption.xml": f"""<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"
xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:EncryptionMethod Algorithm="{algorithm}"/>
<enc:CipherData><enc:CipherReference URI="{uri}"/></enc:CipherData></enc:EncryptedData></encryption>""".encode()
    }


def test_encrypted_chapters_are_encrypted(tmp_path: Path) -> None:
    extra = _encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OEBPS/text/c1.xhtml")
    with pytest.raises(EncryptedFile):
        _read(make(tmp_path / "a.epub", _THREE, extra=extra))


def test_mangled_fonts_are_no_encryption(tmp_path: Path) -> None:
    extra = _encryption("http://www.idpf.org/2008/embedding", "OEBPS/font.otf")
    assert len(_read(make(tmp_path / "a.epub", _THREE, extra=extra)).passages) == 3


@pytest.mark.parametrize("missing", ["OEBPS/book.opf", "OEBPS/text/c1.xhtml"])
def test_a_book_without_package_or_chapters_is_broken(missing: str, tmp_path: Path) -> None:
    with pytest.raises(BrokenFile):
        _read(make(tmp_path / "a.epub", _THREE[:1], without=[missing]))


def test_a_truncated_book_is_broken(tmp_path: Path) -> None:
    path = make(tmp_path / "a.epub", _THREE)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(BrokenFile):
        epub.extract(Bundle(path, path.name))


def test_a_book_whose_package_declares_entities_is_broken(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><package>&b;</package>'
    with pytest.raises(BrokenFile):
        _read(make(tmp_path / "a.epub", _THREE, extra={"OEBPS/book.opf": bomb}))


def test_scripts_of_a_book_are_not_text(tmp_path: Path) -> None:
    document = _read(make(tmp_path / "a.epub", [page("<p>chữ</p><script>steal()</script>", "<script src='x.js'/>")]))
    assert _texts(document) == [(1, "chữ")]


def test_nesting_without_end_is_read(tmp_path: Path) -> None:
    document = _read(make(tmp_path / "a.epub", [page("<div>" * 100_000 + "đáy")]))
    assert _texts(document) == [(1, "đáy")]


def test_a_damaged_navigation_leaves_the_text(tmp_path: Path) -> None:
    made = make(tmp_path / "a.epub", _THREE, manifest=_NCX, extra={"OEBPS/toc.ncx": b"<ncx><navMap>"})
    document = _read(made)
    assert len(document.passages) == 3
    assert [warning.code for warning in document.warnings] == ["broken-metadata"]
