"""Drawings: their words are read, what runs or loads is gone before anything is drawn."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from ingest import illustrate, pipeline, registry
from ingest.document import Bundle, Document
from ingest.errors import BrokenFile
from ingest.formats.images import svg

SVG = "image/svg+xml"
_HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="100">'


def _file(folder: Path, body: str, head: str = _HEAD) -> Path:
    path = folder / "hình.svg"
    path.write_text(f"{head}{body}</svg>", encoding="utf-8")
    return path


def _read(path: Path) -> Document:
    return pipeline.read(Bundle(path, path.name), registry.load())


def _drawn(path: Path) -> Image.Image:
    return Image.open(BytesIO(illustrate.picture(path, media_type=SVG, page=1, width=200))).convert("RGB")


def test_texts_title_and_description_are_read(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "<title>Tam giác vuông</title><desc>Hình vẽ định lí Pythagore</desc><g><title>một phần</title>"
        "<text x='1' y='9'>Cạnh <tspan>huyền</tspan></text><text>Góc vuông ở đỉnh A của tam giác</text></g>",
    )
    document = _read(path)
    assert [(value.field, value.value) for value in document.metadata] == [
        ("title", "Tam giác vuông"),
        ("description", "Hình vẽ định lí Pythagore"),
    ]
    assert document.passages[0].text == "Cạnh huyền\nGóc vuông ở đỉnh A của tam giác"
    assert document.language == "vi"
    assert (document.extent.width_pixels, document.extent.height_pixels) == (200, 100)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="10cm" height="5cm"', (378, 189)),
        ('viewBox="0 0 640 480"', (640, 480)),
        ('width="100%" height="100%" viewBox="0,0,32,16"', (32, 16)),
        ("", None),
    ],
)
def test_the_size_is_told_by_attributes_or_the_view_box(attributes: str, size: tuple[int, int] | None) -> None:
    assert svg.size(svg.parse(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode())) == size


def test_style_sheets_are_drawn(tmp_path: Path) -> None:
    image = _drawn(_file(tmp_path, '<style>.a { fill: #ff8000 }</style><rect class="a" width="200" height="100"/>'))
    red, green, blue = image.getpixel((50, 50))  # type: ignore[misc]
    assert red > 230 > 150 > green > 100 > blue


def test_a_document_type_without_declarations_is_no_obstacle(tmp_path: Path) -> None:
    doctype = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
    assert _read(_file(tmp_path, "<text>chữ</text>", doctype + _HEAD)).passages[0].text == "chữ"


def test_entities_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("điều bí mật")
    doctype = f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file://{secret}">]>'
    path = _file(tmp_path, "<text>&x;</text>", doctype + _HEAD)
    with pytest.raises(BrokenFile):
        svg.parse(path.read_bytes())
    with pytest.raises(BrokenFile):
        _drawn(path)
    with pytest.raises(BrokenFile):
        _read(path)


def test_nothing_that_runs_or_loads_is_left_in_the_copy(tmp_path: Path) -> None:
    red = tmp_path / "red.png"
    Image.new("RGB", (10, 10), "red").save(red)
    body = (
        f'<script>alert(1)</script><image xlink:href="{red}" width="200" height="100"/>'
        '<image href="http://127.0.0.1/x.png" width="9" height="9"/><use href="http://127.0.0.1/x.svg#a"/>'
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><iframe src="x"/></body></foreignObject>'
        '<rect onclick="alert(2)" width="9" height="9" style="fill:url(http://127.0.0.1/y)"/>'
        '<style>@import url(http://127.0.0.1/z.css);</style><a href="javascript:alert(3)"><text>x</text></a>'
    )
    tame = svg.tame(svg.parse(f"{_HEAD}{body}</svg>".encode()))
    for wild in (b"script", b"127.0.0.1", b"foreign", b"iframe", b"onclick", b"red.png", b"@import"):
        assert wild not in tame
    assert _drawn(_file(tmp_path, body)).getpixel((150, 50)) == (255, 255, 255)


@pytest.mark.parametrize("levels", [10, 30])
def test_copies_of_copies_do_not_multiply(levels: int, tmp_path: Path) -> None:
    body = '<g id="l0"><rect width="1" height="1"/></g>' + "".join(
        f'<g id="l{n}">' + f'<use xlink:href="#l{n - 1}"/>' * 10 + "</g>" for n in range(1, levels)
    )
    with pytest.raises(BrokenFile):
        _drawn(_file(tmp_path, body))


def test_copies_in_a_circle_end(tmp_path: Path) -> None:
    with pytest.raises(BrokenFile):
        _drawn(_file(tmp_path, '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'))


def test_a_few_honest_copies_are_drawn(tmp_path: Path) -> None:
    body = '<g id="a"><rect width="40" height="100"/></g><use href="#a" x="100"/>'
    assert _drawn(_file(tmp_path, body)).getpixel((120, 50)) == (0, 0, 0)
