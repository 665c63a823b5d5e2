"""What travels when a link is passed on: a QR code that says the address, a card that messengers take."""

import io

import pytest
from PIL import Image
from starlette.testclient import TestClient

from service.library import pictures
from service.web.sharing import MOST_BYTES
from tests.conftest import Shelf


@pytest.fixture
def pictured(library: Shelf) -> str:
    """A resource whose thumbnail is there; noise, which packs worst."""
    resource = library.ids["cells.pdf"]
    with library.services.catalogue.reading() as work:
        found = work.resources.get(resource)
        assert found is not None
        revision = work.resources.revision(found.key, 1)
    assert revision is not None
    drawn = io.BytesIO()
    Image.effect_noise((320, 453), 90).convert("RGB").save(drawn, "WEBP", quality=95)
    key = pictures.picture_key(revision.main_files[0].sha256, 1, pictures.THUMBNAIL_WIDTH)
    library.services.objects.put(key, drawn.getvalue())
    return resource


def test_a_code_holds_the_address_of_the_page(client: TestClient, library: Shelf) -> None:
    import segno

    resource = library.ids["parabola.pdf"]
    answer = client.get(f"/resources/{resource}/qr.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "style=" not in answer.text
    assert "<script" not in answer.text
    address = f"http://library.test/resources/{resource}"
    drawn = io.BytesIO()
    segno.make(address, micro=False, error="m").save(drawn, kind="svg", xmldecl=False, omitsize=True, light="white")
    path = drawn.getvalue().decode().partition(' d="')[2].rpartition('"')[0]
    assert path.rpartition(' d="')[2] in answer.text
    assert client.get(f"/en/resources/{resource}/qr.svg").text != answer.text


def test_a_card_is_a_small_jpeg_of_the_size_that_the_page_says(client: TestClient, pictured: str) -> None:
    page = client.get(f"/resources/{pictured}").text
    assert f'<meta property="og:image" content="http://library.test/resources/{pictured}/card.jpg">' in page
    answer = client.get(f"/resources/{pictured}/card.jpg")
    assert answer.headers["content-type"] == "image/jpeg"
    assert len(answer.content) <= MOST_BYTES
    with Image.open(io.BytesIO(answer.content)) as card:
        assert card.size == (600, 315)
    assert 'property="og:image:width" content="600"' in page
    assert 'property="og:image:height" content="315"' in page


def test_what_has_no_picture_has_a_card_all_the_same(
    client: TestClient, library: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = library.ids["flash.swf"]
    # A worker of another test may have drawn one by now.
    monkeypatch.setattr(pictures, "thumbnail", lambda *_, **__: None)
    assert client.get(f"/resources/{resource}/thumbnail").status_code == 404
    assert f"/resources/{resource}/card.jpg" in client.get(f"/resources/{resource}").text
    answer = client.get(f"/resources/{resource}/card.jpg")
    with Image.open(io.BytesIO(answer.content)) as card:
        assert card.size == (600, 315)
        assert len(card.convert("L").getcolors() or ()) > 2
    assert len(answer.content) <= MOST_BYTES


def test_what_was_taken_away_has_neither_code_nor_card(client: TestClient, library: Shelf) -> None:
    for what in ("qr.svg", "card.jpg"):
        assert client.get(f"/resources/{library.ids['gone.pdf']}/{what}").status_code == 410
        assert client.get(f"/resources/{library.ids['draft.pdf']}/{what}").status_code == 404
