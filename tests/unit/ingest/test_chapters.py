"""Chapters of books and sections of pages as HTML: what is kept, what links and pictures become, how they are cut.

The module is long because one book is looked at from all its sides.
"""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from ingest import pipeline, registry
from ingest.document import Bundle
from ingest.errors import BrokenFile, TooExpensive
from ingest.illustrate import chapters
from ingest.illustrate.chapters import pieces, rules
from ingest.illustrate.chapters.shape import Chapter
from tests.chapters import SVG, embedded, picture, rich_book, rich_page
from tests.unit.ingest.books import make, page

EPUB, HTML = "application/epub+zip", "text/html"


@pytest.fixture
def set_as(tmp_path: Path) -> Callable[[str], str]:
    """A book's only chapter with this body, as one part."""

    def made(body: str) -> str:
        (part,) = chapters.chapter(make(tmp_path / "a.epub", [page(body)]), media_type=EPUB, section=1).parts
        return part

    return made


def _rich(tmp_path: Path, section: int = 1) -> Chapter:
    return chapters.chapter(rich_book(tmp_path / "rich.epub"), media_type=EPUB, section=section)


def test_every_part_keeps_to_the_rules_of_the_border(tmp_path: Path) -> None:
    for number in (1, 2):
        made = _rich(tmp_path, number)
        for part in made.parts:
            rules.check(part, pictures=len(made.pictures))


def test_emphasis_languages_lists_and_quotations_stay(tmp_path: Path) -> None:
    (html,) = _rich(tmp_path).parts
    assert "<em>nhỏ</em>" in html
    assert "<em>rì rào</em>" in html
    assert '<p lang="en">The stream runs through the <i>village</i>.</p>' in html
    assert '<ol type="a" start="3"><li>rồi ra biển</li></ol>' in html
    assert "<dl><dt>Suối</dt><dd>dòng nước nhỏ</dd></dl>" in html
    assert "<blockquote><p>Nước chảy đá mòn.</p></blockquote>" in html
    assert "  thẳng\n    cột" in html


def test_headings_begin_with_the_second_and_step_down_one_by_one(tmp_path: Path) -> None:
    (html,) = _rich(tmp_path).parts
    assert re.findall(r"<(h\d)[^>]*>([^<]+)", html) == [("h2", "Chương 1. Con suối"), ("h3", "Nước chảy")]


def test_a_table_keeps_its_heads_and_spans_and_an_empty_head_is_a_cell(tmp_path: Path) -> None:
    (html,) = _rich(tmp_path).parts
    assert "<caption>Mực nước</caption>" in html
    assert '<tr><td></td><th scope="col">Mùa mưa</th>' in html
    assert '<td colspan="2">3,5</td>' in html


def test_links_inside_the_book_are_places_and_links_out_of_it_are_marked(tmp_path: Path) -> None:
    (html,) = _rich(tmp_path).parts
    assert '<a data-to="2#in-goc-cay" rel="noopener nofollow">gốc cây</a>' in html
    assert '<a data-to="#in-mo-dau" rel="noopener nofollow">đầu chương</a>' in html
    assert '<a href="https://ngoai.test/a?b=1" rel="noopener nofollow">trang khác</a>' in html
    assert "chỗ này" in html
    assert "alert" not in html


def test_a_note_leads_there_and_back(tmp_path: Path) -> None:
    made = _rich(tmp_path)
    (html,) = made.parts
    assert re.search(r'<a (?=[^>]*id="in-r1")(?=[^>]*data-to="#in-n1")(?=[^>]*class="noteref")[^>]*>1</a>', html)
    assert re.search(r'<div (?=[^>]*id="in-n1")(?=[^>]*class="note")[^>]*><p>Suối Lê-nin\.', html)
    assert 'data-to="#in-r1"' in html
    assert made.anchors == {"in-mo-dau": 0, "in-r1": 0, "in-n1": 0}


def test_formulas_stay_with_their_words_and_old_fences_become_signs(tmp_path: Path) -> None:
    (html,) = _rich(tmp_path).parts
    assert '<math alttext="v=s/t"><mi>v</mi><mo>=</mo><mfrac><mi>s</mi><mi>t</mi></mfrac></math>' in html
    assert re.search(
        r'<math (?=[^>]*display="block")(?=[^>]*alttext="\(x\+1\)")[^>]*><mrow><mo [^>]*>\(</mo><mrow>', html
    )


def test_pictures_have_numbers_sizes_and_the_words_the_book_gives_them(tmp_path: Path) -> None:
    made = _rich(tmp_path)
    (html,) = made.parts
    found = [(one.source, one.width_pixels, one.height_pixels) for one in made.pictures]
    assert found == [
        ("member:0:OEBPS/img/suoi.png", 1600, 900),
        ("member:0:OEBPS/img/khong-loi.jpg", 120, 80),
        ("drawing:1:OEBPS/text/c1.xhtml", 60, 40),
    ]
    assert '<img width="1600" height="900" data-picture="1" alt="Con suối trong rừng">' in html
    assert '<img width="120" height="80" data-picture="2">' in html
    assert '<span class="missing">Hình đã mất</span>' in html
    assert (
        '<a class="missing" href="https://ngoai.test/theo-doi.png" rel="noopener nofollow">Ảnh của trang khác</a>'
        in html
    )
    assert "src=" not in html


@pytest.mark.parametrize(
    ("number", "colour", "width"), [(1, (10, 106, 102), 640), (2, (168, 32, 26), 120), (3, (255, 128, 0), 120)]
)
def test_a_picture_is_drawn_anew_and_never_larger_than_it_is(
    tmp_path: Path, number: int, colour: tuple[int, int, int], width: int
) -> None:
    made = _rich(tmp_path)
    data = chapters.inside(tmp_path / "rich.epub", media_type=EPUB, source=made.pictures[number - 1].source, width=640)
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.width) == ("WEBP", width)
    seen = image.convert("RGB").getpixel((5, 5))
    assert isinstance(seen, tuple)
    assert all(abs(one - two) < 12 for one, two in zip(seen, colour, strict=True))


@pytest.mark.parametrize(
    "source",
    ["member:0:OEBPS/book.opf", "member:0:../../etc/passwd", "data:9:OEBPS/text/c1.xhtml", "drawing:0:x", "x", "y:1:z"],
)
def test_what_is_no_picture_of_the_book_is_not_drawn(tmp_path: Path, source: str) -> None:
    with pytest.raises(BrokenFile):
        chapters.inside(rich_book(tmp_path / "a.epub"), media_type=EPUB, source=source, width=640)


def test_pictures_of_other_kinds_are_told_by_their_words(tmp_path: Path) -> None:
    body = '<p>x <img src="a.tif" alt="bản quét"/><img src="b.png" alt="giả"/><img src="c.bmp"/></p>'
    extra = {
        "OEBPS/text/a.tif": picture(9, 9, "TIFF"),
        "OEBPS/text/b.png": b"<html>no</html>",
        "OEBPS/text/c.bmp": picture(9, 9, "BMP"),
    }
    made = chapters.chapter(make(tmp_path / "a.epub", [page(body)], extra=extra), media_type=EPUB, section=1)
    assert made.pictures == ()
    assert made.parts == ('<p>x <span class="missing">bản quét</span><span class="missing">giả</span></p>',)


def test_a_picture_is_shown_as_large_as_the_book_wants_it_and_upright(tmp_path: Path) -> None:
    turned = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (60, 40)).save(turned, "JPEG", exif=exif)
    body = '<p>x<img src="a.jpg" width="20"/></p>'
    made = chapters.chapter(
        make(tmp_path / "a.epub", [page(body)], extra={"OEBPS/text/a.jpg": turned.getvalue()}),
        media_type=EPUB,
        section=1,
    )
    assert (made.pictures[0].width_pixels, made.pictures[0].height_pixels) == (40, 60)
    assert 'width="20" height="30"' in made.parts[0]


def test_a_cover_in_a_drawing_is_the_picture_itself(set_as: Callable[[str], str], tmp_path: Path) -> None:
    body = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>Bìa</title><image xlink:href="b.png"/></svg>'
    )
    made = chapters.chapter(
        make(tmp_path / "b.epub", [page(body)], extra={"OEBPS/text/b.png": picture(30, 40)}), media_type=EPUB, section=1
    )
    assert made.parts == ('<img width="30" height="40" data-picture="1" alt="Bìa">',)


def test_a_chapter_that_is_a_drawing_is_shown_as_one(tmp_path: Path) -> None:
    manifest = '<item id="d" href="text/d.svg" media-type="image/svg+xml"/>'
    made = make(tmp_path / "a.epub", [page("x")], manifest=manifest, extra={"OEBPS/text/d.svg": SVG.encode()})
    package = '<spine><itemref idref="d"/>'
    with zipfile.ZipFile(made) as source:
        members = {name: source.read(name) for name in source.namelist()}
    with zipfile.ZipFile(made, "w") as target:
        for name, data in members.items():
            target.writestr(name, data.replace(b"<spine>", package.encode()))
    read = chapters.chapter(made, media_type=EPUB, section=1)
    assert (read.parts, read.pictures[0].source) == (
        ('<img width="60" height="40" data-picture="1">',), "member:0:OEBPS/text/d.svg",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("<ul><p>lạc</p><li>một</li>hai</ul>", "<ul><li><p>lạc</p></li><li>một</li><li>hai</li></ul>"),
        ("<li>mồ côi</li>", "<div>mồ côi</div>"),
        ("<dl><dd>chỉ có nghĩa</dd></dl>", "<div>chỉ có nghĩa</div>"),
        ("<h2></h2><h4>Sâu</h4>", "<h2>Sâu</h2>"),
        ("<p></p><p>x</p>", "<p>x</p>"),
        ('<a href="https://a.test"></a><a id="b"></a>x', '<span id="in-b"></span>x'),
        ('<p id="a">1</p><p id="a">2</p>', '<p id="in-a">1</p><p>2</p>'),
        ('<p id="mục 1/2">x</p>', '<p id="in-mục_1_2">x</p>'),
        ("<a href='https://a.test'>x <a href='https://b.test'>y</a></a>", None),
        ('<nav epub:type="page-list"><ol><li>1</li></ol></nav>x', "x"),
        ('<p hidden="">không</p><p style="display:none">không</p><p>có</p>', "<p>có</p>"),
        ("<o:p>của Word</o:p><font color=red>đỏ</font>", "của Word<span>đỏ</span>"),
        ('<span class="katex"><math><mi>x</mi></math><span aria-hidden="true">x</span></span>', None),
    ],
)  # fmt: skip
def test_what_is_not_as_it_should_be_is_put_right(set_as: Callable[[str], str], body: str, html: str | None) -> None:
    made = set_as(body)
    rules.check(made, pictures=0)
    if html is not None:
        assert made == html


def test_books_that_offer_a_formula_twice_show_it_once(set_as: Callable[[str], str]) -> None:
    body = (
        '<epub:switch><epub:case required-namespace="http://www.w3.org/1998/Math/MathML"><math><msup><mi>a</mi><mn>2</mn>'
        "</msup></math></epub:case><epub:default><p>bình phương</p></epub:default></epub:switch>"
    )
    made = set_as(body)
    assert "<msup>" in made
    assert "bình phương" not in made


def test_sections_of_a_page_are_those_its_passages_name(tmp_path: Path) -> None:
    path = rich_page(tmp_path / "a.html")
    document = pipeline.read(Bundle(path, path.name), registry.load())
    numbers = [passage.locator.value for passage in document.passages]
    assert numbers == [1, 2, 3]
    for passage in document.passages:
        made = chapters.chapter(path, media_type=HTML, section=int(passage.locator.value))
        words = "".join(re.sub(r"<[^>]*>", " ", part) for part in made.parts)
        assert "".join(passage.text.replace("ô xanh", "").split()) == "".join(words.split())


def test_links_of_a_page_lead_to_the_section_that_has_the_place(tmp_path: Path) -> None:
    path = rich_page(tmp_path / "a.html")
    first, _, third = (chapters.chapter(path, media_type=HTML, section=number) for number in (1, 2, 3))
    assert 'data-to="2#in-hai"' in first.parts[0]
    assert 'data-to="3#in-ba"' in first.parts[0]
    assert "other.html" not in first.parts[0]
    assert 'data-to="1#in-dau"' in third.parts[0]
    assert first.language == "vi"


def test_pictures_inside_a_page_are_counted_over_all_of_it(tmp_path: Path) -> None:
    path = rich_page(tmp_path / "a.html")
    third = chapters.chapter(path, media_type=HTML, section=3)
    assert [(one.source, one.width_pixels) for one in third.pictures] == [("data:2:", 50)]
    image = Image.open(io.BytesIO(chapters.inside(path, media_type=HTML, source="data:2:", width=640)))
    assert image.size == (50, 20)
    assert image.convert("RGB").getpixel((2, 2))[0] > 200  # type: ignore[index]


def test_a_section_that_is_not_there_is_no_section(tmp_path: Path) -> None:
    for path, kind in ((rich_page(tmp_path / "a.html"), HTML), (rich_book(tmp_path / "a.epub"), EPUB)):
        with pytest.raises(BrokenFile):
            chapters.chapter(path, media_type=kind, section=99)


def test_a_chapter_of_ten_megabytes_comes_in_parts_with_its_anchors_and_numbers(tmp_path: Path) -> None:
    items = "".join(f'<li id="i{n}">Mục {n}: {"chữ " * 500}</li>' for n in range(5_000))
    made = chapters.chapter(
        make(tmp_path / "a.epub", [page(f"<div><h1>Dài</h1><ol>{items}</ol><h4>Cuối</h4></div>")]),
        media_type=EPUB,
        section=1,
    )
    assert sum(map(len, made.parts)) > 10_000_000
    assert max(map(len, made.parts)) < pieces.HARD_CHARACTERS
    for number, part in enumerate(made.parts):
        rules.check(part, pictures=0)
        first = re.search(r'<li id="in-i(\d+)">', part)
        if first is None:
            assert number == len(made.parts) - 1
            break
        assert made.anchors[f"in-i{first[1]}"] == number
        start = re.search(r'<ol start="(\d+)">', part)
        assert (int(start[1]) if start else 1) == int(first[1]) + 1
    assert "<h2>Cuối</h2>" in made.parts[-1]


def test_one_paragraph_of_megabytes_is_cut_where_it_must_be(set_as: Callable[[str], str], tmp_path: Path) -> None:
    path = make(tmp_path / "a.epub", [page(f"<p><b>{'dài ' * 500_000}</b></p>")])
    made = chapters.chapter(path, media_type=EPUB, section=1)
    assert len(made.parts) > 10
    assert all(part.startswith("<p><b>") and part.endswith("</b></p>") for part in made.parts)
    assert sum(part.count("dài") for part in made.parts) == 500_000


def test_a_chapter_beyond_measure_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooExpensive):
        chapters.chapter(make(tmp_path / "a.epub", [page("a" * 70_000_000)]), media_type=EPUB, section=1)


def test_a_picture_that_is_a_bomb_is_not_drawn(tmp_path: Path) -> None:
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    made = chapters.chapter(
        make(tmp_path / "a.epub", [page('<p>x<img src="b.png"/></p>')], extra={"OEBPS/text/b.png": bomb.getvalue()}),
        media_type=EPUB, section=1,
    )  # fmt: skip
    with pytest.raises(TooExpensive):
        chapters.inside(tmp_path / "a.epub", media_type=EPUB, source=made.pictures[0].source, width=640)


@pytest.mark.parametrize(
    "data",
    [
        "<p>Mùa đông &nbsp; lạnh".encode("utf-16"),
        b"\xef\xbb\xbf" + "<html><body><p>Mùa đông &nbsp; lạnh</html>".encode(),
        '<?xml version="1.0" encoding="utf-8"?><html><p>Mùa đông <br>&nbsp;<b>lạnh</p></b>'.encode(),
        '<meta charset="windows-1258"><p>Mùa đông lạnh'.encode(),
        "<p>Mu\u0300a đông la\u0323nh".encode("cp1258"),
    ],
)
def test_broken_xhtml_and_wrong_encodings_are_read_as_search_reads_them(tmp_path: Path, data: bytes) -> None:
    path = make(tmp_path / "a.epub", [page("x")], extra={"OEBPS/text/c1.xhtml": data})
    made = chapters.chapter(path, media_type=EPUB, section=1)
    assert " ".join(re.sub(r"<[^>]*>", " ", made.parts[0]).replace("&nbsp;", " ").split()) == "Mùa đông lạnh"


def test_a_picture_by_its_own_address_is_read_whatever_it_calls_itself(tmp_path: Path) -> None:
    path = make(tmp_path / "a.epub", [page(f'<p>x<img src="{embedded(7, 5).replace("image/png", "text/html")}"/></p>')])
    made = chapters.chapter(path, media_type=EPUB, section=1)
    assert [(one.source, one.width_pixels, one.height_pixels) for one in made.pictures] == [
        ("data:1:OEBPS/text/c1.xhtml", 7, 5)
    ]
