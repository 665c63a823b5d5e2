"""What a phone can keep of a resource: the whole text, the addresses and their sizes, the worker that opens them."""

import json
import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from tests.conftest import PARABOLA, Shelf

PREFIXES = ("", "/en")


def offers(page: str) -> dict[str, tuple[list[str], list[str], int]]:
    """Name -> pages, files, bytes."""
    found = re.findall(r'data-offer="([\w-]+)" data-bytes="(\d+)" data-pages="([^"]*)" data-files="([^"]*)"', page)
    return {
        name: (json.loads(unescape(pages)), json.loads(unescape(files)), int(size))
        for name, size, pages, files in found
    }


def test_the_text_of_all_places_stands_on_one_page(client: TestClient, library: Shelf) -> None:
    page = client.get(f"/resources/{library.ids['parabola.pdf']}/text").text
    places = [page.index(f">Trang {number}</a>") for number in range(1, len(PARABOLA) + 1)]
    words = [page.index(text[:40]) for text in PARABOLA]
    assert sorted(places) == places
    assert all(place < word for place, word in zip(places, words, strict=True))
    # Only on paper is a picture shown, the code of its address.
    assert re.findall(r'(?<!<div class="paper source">)<img', page.partition("<main")[2]) == []


def test_a_long_text_is_cut_into_parts_that_lead_to_each_other(
    client: TestClient, library: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.web.prose.PART_CHARACTERS", 80)
    address = f"/resources/{library.ids['parabola.pdf']}"
    kept, _, size = offers(client.get(f"{address}/keep").text)["light"]
    assert len(kept) > 3
    assert size == pytest.approx(sum(len(client.get(one).content) for one in kept), rel=0.1)
    assert kept[0] == address
    said = "".join(client.get(one).text for one in kept[1:])
    assert all(text[:40] in said for text in PARABOLA)
    first = client.get(kept[1]).text
    assert f'rel="next" href="{kept[2]}"' in first
    # Beyond the end stands the last part, as in the reader.
    assert client.get(f"{address}/text?part=999").text.count('rel="next" href') == 0


@pytest.mark.parametrize("prefix", PREFIXES)
def test_everything_that_is_offered_can_be_fetched_and_is_as_large_as_said(
    client: TestClient, library: Shelf, prefix: str
) -> None:
    page = client.get(f"{prefix}/resources/{library.ids['parabola.pdf']}/keep").text
    found = offers(page)
    assert set(found) == {"light", "file"}
    for pages, files, size in found.values():
        answers = [client.get(one) for one in (*pages, *files)]
        assert all(answer.status_code == 200 for answer in answers)
        taken = sum(len(answer.content) for answer in answers)
        # What the phone then says of it is the same number.
        assert size == pytest.approx(taken, rel=0.01)
    for asset in json.loads(unescape(re.findall(r'data-assets="([^"]*)"', page)[0])):
        assert client.get(asset).status_code == 200
    # Without JavaScript: the text, and the file with its size.
    assert f"{prefix}/resources/{library.ids['parabola.pdf']}/text?part=1" in page.partition("data-unscripted")[2]


def test_what_has_no_text_is_kept_with_its_file(client: TestClient, library: Shelf) -> None:
    page = client.get(f"/resources/{library.ids['flash.swf']}/keep").text
    pages, files, _ = offers(page)["file"]
    assert pages == [f"/resources/{library.ids['flash.swf']}"]
    assert files[-1].endswith("/files/1")


def test_the_worker_knows_its_pages_and_is_asked_for_anew(client: TestClient) -> None:
    answer = client.get("/keeper.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["service-worker-allowed"] == "/"
    assert "worker-src 'self'" in answer.headers["content-security-policy"]
    told = json.loads(answer.text.partition("var TOLD = ")[2].partition(";\n")[0])
    assert told["lists"] == {"": "/kept", "/en": "/en/kept"}
    for address in (*told["lists"].values(), *told["assets"]):
        assert client.get(address).status_code == 200
    unchanged = client.get("/keeper.js", headers={"If-None-Match": answer.headers["etag"]})
    assert unchanged.status_code == 304
