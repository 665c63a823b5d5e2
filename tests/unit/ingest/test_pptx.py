"""What the reader of presentations makes of slides that are not quite as they should be."""

from pathlib import Path

import pytest

from ingest import pipeline, registry
from ingest.document import Bundle, Document
from ingest.errors import BrokenFile
from tests.ooxml import frame, paragraphs, pptx, shape, slide, xml


def _read(path: Path) -> Document:
    return pipeline.read(Bundle(path, path.name), registry.load())


def _texts(document: Document) -> list[tuple[object, str]]:
    return [(passage.locator.value, passage.text) for passage in document.passages]


def _warned(document: Document) -> list[tuple[str, dict[str, str | int]]]:
    return [(warning.code, dict(warning.parameters)) for warning in document.warnings]


@pytest.mark.parametrize(
    ("content_type", "media_type"),
    [
        ("vnd.openxmlformats-officedocument.presentationml.slideshow", ""),
        ("vnd.openxmlformats-officedocument.presentationml.template", ""),
        ("vnd.ms-powerpoint.presentation.macroEnabled", ".12"),
        ("vnd.ms-powerpoint.slideshow.macroEnabled", ".12"),
        ("vnd.ms-powerpoint.template.macroEnabled", ".12"),
    ],
)
def test_every_variant_is_read(content_type: str, media_type: str, tmp_path: Path) -> None:
    document = _read(pptx(tmp_path / "a", [slide(shape("Bài học"))], kind=content_type))
    assert document.media_type == f"application/{content_type}{media_type}"
    assert document.passages[0].text == "Bài học"


def test_macros_are_told_and_left_alone(tmp_path: Path) -> None:
    document = _read(pptx(tmp_path / "a.pptm", [slide(shape("x"))], parts={"ppt/vbaProject.bin": b"\xd0\xcf"}))
    assert _warned(document) == [("macros", {})]


def test_slides_come_in_the_order_they_are_shown(tmp_path: Path) -> None:
    document = _read(pptx(tmp_path / "a.pptx", [slide(shape(text)) for text in ("một", "hai", "ba")]))
    assert _texts(document) == [
        (1, "một"),
        (2, "hai"),
        (3, "ba"),
    ]
    assert document.extent.pages == 3


def test_a_broken_slide_leaves_the_others(tmp_path: Path) -> None:
    path = pptx(tmp_path / "a.pptx", [slide(shape("một")), "<broken>", slide(shape("ba"))])
    document = _read(path)
    assert _texts(document) == [(1, "một"), (3, "ba")]
    assert _warned(document) == [("broken-parts", {"parts": 1})]
    assert document.extent.pages == 3


def test_slides_none_of_which_can_be_read_are_a_broken_file(tmp_path: Path) -> None:
    with pytest.raises(BrokenFile):
        _read(pptx(tmp_path / "a.pptx", ["<broken>"]))


def test_a_missing_part_is_told(tmp_path: Path) -> None:
    relations = {"ppt/slides/slide1.xml": [("c", "chart", "../charts/gone.xml"), ("n", "notesSlide", "../gone.xml")]}
    path = pptx(tmp_path / "a.pptx", [slide(shape("còn lại"), frame('<c:chart r:id="c"/>'))], relations=relations)
    document = _read(path)
    assert document.passages[0].text == "còn lại"
    assert document.warnings[0].parameters == {"parts": 2}


def test_a_presentation_without_slides_is_empty_and_well(tmp_path: Path) -> None:
    document = _read(pptx(tmp_path / "a.pptx", []))
    assert (document.passages, document.warnings, document.extent.pages) == ((), (), 0)


def _png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big")


def test_slides_that_are_pictures_are_told_and_pictures_counted_once(tmp_path: Path) -> None:
    picture = (
        '<p:pic><p:nvPicPr><p:cNvPr id="2" name="x"/></p:nvPicPr><p:blipFill><a:blip r:embed="i"/></p:blipFill></p:pic>'
    )
    names = ("ppt/slides/slide1.xml", "ppt/slides/slide2.xml")
    path = pptx(
        tmp_path / "a.pptx",
        [slide(picture), slide(picture)],
        parts={"ppt/media/a.png": _png(640, 480)},
        relations={name: [("i", "image", "../media/a.png")] for name in names},
    )
    document = _read(path)
    assert [(found.locator.value, found.width_pixels, found.height_pixels) for found in document.pictures] == [
        (1, 640, 480)
    ]
    assert _warned(document) == [("no-text-layer", {"pages": 2, "total": 2})]


def test_hidden_slides_are_read_and_named(tmp_path: Path) -> None:
    path = pptx(tmp_path / "a.pptx", [slide(shape(f"trang {n}")) for n in range(1, 7)], hidden=[2, 4, 5, 6])
    document = _read(path)
    assert len(document.passages) == 6
    assert document.warnings[0].parameters == {"count": 4, "total": 6, "slides": "2, 4–6"}


def test_text_that_a_layout_draws_on_every_slide_is_marginal(tmp_path: Path) -> None:
    layout = xml("p:sldLayout", slide(shape("Sở GD&amp;ĐT Cao Bằng"), shape("Click to edit", "body")))
    names = ("ppt/slides/slide1.xml", "ppt/slides/slide2.xml")
    path = pptx(
        tmp_path / "a.pptx",
        [slide(shape("một")), slide(shape("hai"))],
        parts={"ppt/slideLayouts/l.xml": layout},
        relations={name: [("l", "slideLayout", "../slideLayouts/l.xml")] for name in names},
    )
    passages = _read(path).passages
    assert [(passage.text, passage.marginal) for passage in passages] == [
        ("một", "Sở GD&ĐT Cao Bằng"), ("hai", "Sở GD&ĐT Cao Bằng"),
    ]  # fmt: skip


def test_a_footer_of_one_slide_is_text(tmp_path: Path) -> None:
    document = _read(pptx(tmp_path / "a.pptx", [slide(shape("một"), shape("Nguồn: SGK", "ftr")), slide(shape("hai"))]))
    assert (document.passages[0].text, document.passages[0].marginal) == ("một\nNguồn: SGK", "")


def test_numbers_that_a_list_counts_are_read(tmp_path: Path) -> None:
    def item(text: str, counted: str, level: int = 0) -> str:
        return f'<a:p><a:pPr lvl="{level}"><a:buAutoNum type="{counted}"/></a:pPr><a:r><a:t>{text}</a:t></a:r></a:p>'

    body = (
        item("một", "arabicPeriod") + item("con", "alphaLcParenR", 1) + item("con", "alphaLcParenR", 1)
        + item("hai", "arabicPeriod") + item("con", "alphaLcParenR", 1) + paragraphs("hết")
    )  # fmt: skip
    document = _read(pptx(tmp_path / "a.pptx", [slide(f"<p:sp><p:nvSpPr/><p:txBody>{body}</p:txBody></p:sp>")]))
    assert document.passages[0].text.split("\n") == ["1. một", "a) con", "b) con", "2. hai", "a) con", "hết"]


@pytest.mark.parametrize(
    ("description", "text"),
    [
        ("Con mèo trèo cây cau", "Con mèo trèo cây cau"),
        (r"C:\Users\HP\Desktop\hinh 1.jpg", ""),
        ("A picture containing tree. Description automatically generated", ""),
        ("Picture 3", ""),
    ],
)
def test_what_somebody_wrote_to_describe_a_picture_is_read(description: str, text: str, tmp_path: Path) -> None:
    picture = f'<p:pic><p:nvPicPr><p:cNvPr id="2" name="x" descr="{description}"/><p:nvPr/></p:nvPicPr></p:pic>'
    grouped = f"<p:grpSp>{picture}</p:grpSp>"
    document = _read(pptx(tmp_path / "a.pptx", [slide(shape("Trang"), grouped)]))
    assert document.passages[0].text.split("\n")[1:] == ([text] if text else [])
