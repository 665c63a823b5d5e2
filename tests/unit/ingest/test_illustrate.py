"""Pictures of pages and the words that lie over them."""

from io import BytesIO
from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from ingest import illustrate, pipeline, registry
from ingest.document import Bundle
from ingest.errors import BrokenFile, NoReader

PDF = "application/pdf"
_ORANGE = (1, 0.5, 0)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """An upright page 200 × 400 with an orange square high on the left, and words beside and under it."""
    document = pymupdf.open()
    source = document.new_page(width=200, height=400)
    source.draw_rect((0, 0, 50, 50), color=_ORANGE, fill=_ORANGE)
    source.insert_text((60, 40), "first line here", fontsize=12)
    source.insert_htmlbox((20, 100, 190, 200), "<p>Phương trình bậc hai, hiệu quả ﬁnal</p>")
    path = tmp_path / "page.pdf"
    document.save(path)
    document.close()
    return path


def _turned(path: Path, degrees: int) -> Path:
    document = pymupdf.open(path)
    document[0].set_rotation(degrees)
    turned = path.with_name(f"turned-{degrees}.pdf")
    document.save(turned)
    document.close()
    return turned


def _image(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data)).convert("RGB")


def test_a_picture_is_webp_of_the_wanted_width(page: Path) -> None:
    data = illustrate.picture(page, media_type=PDF, page=1, width=320)
    assert data[8:12] == b"WEBP"
    image = _image(data)
    assert image.size == (320, 640)
    red, green, blue = image.getpixel((10, 10))  # type: ignore[misc]
    assert red > 200 > green > 80 > blue


def test_a_first_page_at_320_pixels_is_a_few_kilobytes(page: Path) -> None:
    assert len(illustrate.picture(page, media_type=PDF, page=1, width=320)) < 10_000


def test_an_endlessly_long_page_stays_within_what_webp_holds(tmp_path: Path) -> None:
    document = pymupdf.open()
    document.new_page(width=10, height=14_000)
    path = tmp_path / "long.pdf"
    document.save(path)
    document.close()
    width, height = _image(illustrate.picture(path, media_type=PDF, page=1, width=1440)).size
    assert height <= illustrate.MAX_SIDE
    assert width * height <= illustrate.MAX_PIXELS


def test_words_come_in_reading_order_spelt_as_in_the_text(page: Path) -> None:
    layer = illustrate.layer(page, media_type=PDF, page=1)
    words = " ".join(word[0] for line in layer["lines"] for word in line)
    document = pipeline.read(Bundle(page, page.name), registry.load())
    assert words == document.passages[0].text.replace("\n", " ")
    assert words == "first line here Phương trình bậc hai, hiệu quả final"


def test_boxes_are_fractions_of_the_page(page: Path) -> None:
    layer = illustrate.layer(page, media_type=PDF, page=1)
    assert layer["aspect"] == 0.5
    text, left, top, right, bottom = layer["lines"][0][0]
    assert text == "first"
    assert left == pytest.approx(60 / 200, abs=0.01)
    assert 28 / 400 - 0.02 < top < 40 / 400 < bottom < 50 / 400
    assert left < right < 0.5


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_boxes_lie_on_the_words_of_a_turned_page(page: Path, degrees: int) -> None:
    turned = _turned(page, degrees)
    layer = illustrate.layer(turned, media_type=PDF, page=1)
    image = _image(illustrate.picture(turned, media_type=PDF, page=1, width=800)).convert("L")
    assert layer["aspect"] == pytest.approx(image.width / image.height, abs=0.01)
    for line in layer["lines"]:
        for _, left, top, right, bottom in line:
            box = (left * image.width, top * image.height, right * image.width, bottom * image.height)
            darkest, _ = image.crop(tuple(round(side) for side in box)).getextrema()  # type: ignore[arg-type]
            assert darkest < 128


def test_a_page_that_is_not_there_is_said(page: Path) -> None:
    for number in (0, 2):
        with pytest.raises(BrokenFile) as raised:
            illustrate.picture(page, media_type=PDF, page=number, width=320)
        assert raised.value.parameters == {"page": number}


def test_kinds_without_pages_have_no_reader(page: Path) -> None:
    with pytest.raises(NoReader):
        illustrate.layer(page, media_type="video/mp4", page=1)
