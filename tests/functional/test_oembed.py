"""oEmbed and the description of the search: what other programs read of a page."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import etree
from starlette.testclient import TestClient

from tests.functional.syndicated import BOOK, HOSTILE, Syndicated

HERE = "http://library.test"
# https://oembed.com, 2.3.4: what every answer, a rich one and a thumbnail must say.
REQUIRED = {"type", "version", "html", "width", "height", "thumbnail_url", "thumbnail_width", "thumbnail_height"}
OPEN_SEARCH = {"s": "http://a9.com/-/spec/opensearch/1.1/"}


def test_a_page_names_where_its_card_is_asked_for(reader: TestClient, shared: Syndicated) -> None:
    page = reader.get(f"/resources/{shared.ids['book']}").text
    found = re.findall(r'<link rel="alternate" type="([^"]+)\+oembed" href="([^"]+)"', page)
    assert [kind for kind, _ in found] == ["application/json", "text/xml"]
    for kind, address in found:
        answer = reader.get(html.unescape(address).removeprefix(HERE))
        assert answer.headers["content-type"].startswith(kind)


def test_a_card_in_both_forms(reader: TestClient, shared: Syndicated) -> None:
    url = f"{HERE}/resources/{shared.ids['book']}"
    told = reader.get("/oembed", params={"url": url}).json()
    assert set(told) >= REQUIRED
    assert (told["type"], told["version"], told["title"]) == ("rich", "1.0", BOOK)
    assert reader.get(told["thumbnail_url"].removeprefix(HERE)).headers["content-type"] == "image/jpeg"
    assert (told["thumbnail_width"], told["thumbnail_height"]) == (320, 453)
    answer = reader.get("/oembed", params={"url": url, "format": "xml"})
    document = etree.fromstring(answer.content)
    assert document.tag == "oembed"
    assert {one.tag: one.text for one in document} == {name: str(value) for name, value in told.items()}


@pytest.mark.parametrize("place", ["", "/", "/v/1", "/read?page=2", "/text"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_of_a_resource_has_the_card(reader: TestClient, shared: Syndicated, prefix: str, place: str) -> None:
    url = f"{HERE}{prefix}/resources/{shared.ids['book']}{place}"
    told = reader.get("/oembed", params={"url": url}).json()
    frame = etree.fromstring(told["html"].replace("allowfullscreen", ""))
    assert frame.get("src") == f"{HERE}{prefix}/embed/resources/{shared.ids['book']}"
    assert frame.get("sandbox")
    assert "allow-scripts" not in frame.get("sandbox")
    assert reader.get(frame.get("src").removeprefix(HERE)).status_code == 200


def test_what_people_wrote_ends_no_attribute(reader: TestClient, shared: Syndicated) -> None:
    told = reader.get("/oembed", params={"url": f"{HERE}/resources/{shared.ids['hostile']}"}).json()
    frame = etree.fromstring(told["html"])
    assert len(frame) == 0
    assert frame.get("title") == " ".join(HOSTILE.replace("\x03", " ").replace("\ufffe", "\ufffd").split())


def test_it_fits_into_the_room_that_there_is(reader: TestClient, shared: Syndicated) -> None:
    url = f"{HERE}/resources/{shared.ids['book']}"
    told = reader.get("/oembed", params={"url": url, "maxwidth": "300", "maxheight": "150"}).json()
    assert (told["width"], told["height"]) == (300, 150)
    assert 'width="300" height="150"' in told["html"]
    # A provider must respect both, and so must the thumbnail, however small the room is.
    assert not {name for name in told if name.startswith("thumbnail")}
    for room in ({"maxwidth": "90"}, {"maxheight": "50"}, {"maxwidth": "1", "maxheight": "1"}):
        told = reader.get("/oembed", params={"url": url, **room}).json()
        assert told["width"] <= int(room.get("maxwidth", told["width"]))
        assert told["height"] <= int(room.get("maxheight", told["height"]))
        assert f'width="{told["width"]}" height="{told["height"]}"' in told["html"]
        assert "thumbnail_url" not in told
    wide = reader.get("/oembed", params={"url": url, "maxwidth": "4000", "maxheight": "4000"}).json()
    assert (wide["width"], wide["height"], wide["thumbnail_width"]) == (480, 240, 320)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("url=", 400),
        ("url=http://[", 400),
        ("url=http://elsewhere.test/resources/{book}", 404),
        ("url=javascript:alert(1)", 404),
        ("url=http://library.test/search", 404),
        ("url=http://library.test/resources/zzzzzzzzzzzz", 404),
        ("url=http://library.test/resources/{draft}", 404),
        ("url=http://library.test/resources/{embargoed}", 404),
        ("url=http://library.test/resources/{withdrawn}", 410),
        ("url=http://library.test/resources/{book}&format=yaml", 501),
        ("url=http://library.test/resources/{book}&maxwidth=x", 400),
    ],
)
def test_what_has_no_card(reader: TestClient, shared: Syndicated, query: str, status: int) -> None:
    answer = reader.get(f"/oembed?{query.format(**shared.ids)}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["remedy"]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_description_of_the_search_holds(reader: TestClient, prefix: str) -> None:
    page = reader.get(f"{prefix}/about").text
    (address,) = re.findall(r'<link rel="search" type="application/opensearchdescription\+xml" href="([^"]+)"', page)
    answer = reader.get(address)
    assert answer.headers["content-type"] == "application/opensearchdescription+xml"
    document = etree.fromstring(answer.content)

    def said(path: str) -> list[str]:
        return [str(one) for one in document.xpath(path, namespaces=OPEN_SEARCH)]

    (short,), (about,) = said("s:ShortName/text()"), said("s:Description/text()")
    assert len(short) <= 16
    assert len(about) <= 1024
    assert said("s:Language/text()") == ["en" if prefix else "vi"]
    templates = dict(zip(said("s:Url/@type"), said("s:Url/@template"), strict=True))
    assert templates["text/html"] == f"{HERE}{prefix}/search?q={{searchTerms}}"
    for kind, template in templates.items():
        asked = template.replace("{searchTerms}", "parabol").replace("{startPage?}", "1")
        led = reader.get(asked.removeprefix(HERE))
        assert led.status_code == 200
        assert led.headers["content-type"].partition(";")[0] == kind.partition(";")[0]
        assert parse_qs(urlsplit(asked).query).get("q") in (["parabol"], None)


def test_the_browser_s_own_box_gets_suggestions(reader: TestClient) -> None:
    answer = reader.get("/opensearch/suggestions?q=ham+so")
    assert answer.headers["content-type"] == "application/x-suggestions+json"
    assert answer.json() == ["ham so", [BOOK]]
    assert reader.get("/opensearch/suggestions").json() == ["", []]
