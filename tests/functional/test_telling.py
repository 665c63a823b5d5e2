"""A resource's metadata: by address, by Accept, in the page."""

import json
import re

import pytest
from lxml import etree
from starlette.testclient import TestClient

from service.crosswalks import Crosswalk
from service.library.records import CROSSWALKS
from tests import schemas
from tests.conftest import SCRIPT, Shelf

BROWSERS = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "text/html, application/xhtml+xml, image/jxr, */*",
    "*/*",
    "",
    "application/json, text/plain, */*",
)
VALID = {"oai_dc": "oai/oai_dc.xsd", "lom": "lom/lomLoose.xsd", "mods": "mods/mods-3-8.xsd"}


@pytest.mark.parametrize("crosswalk", CROSSWALKS, ids=lambda one: one.FORMAT.name)
def test_a_format_is_taken_by_its_address(client: TestClient, library: Shelf, crosswalk: Crosswalk) -> None:
    resource, told = library.ids["parabola.pdf"], crosswalk.FORMAT
    answer = client.get(f"/resources/{resource}/metadata/{told.name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(told.accepts[0])
    assert answer.headers["content-disposition"] == f'attachment; filename="{resource}{told.extension}"'
    assert answer.headers["link"] == f'<http://library.test/resources/{resource}>; rel="describes"; type="text/html"'
    assert f"http://library.test/resources/{resource}" in answer.text
    assert "Hàm số bậc hai và đồ thị" in answer.text
    again = client.get(answer.url, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("crosswalk", CROSSWALKS, ids=lambda one: one.FORMAT.name)
def test_the_page_s_address_answers_in_the_format_that_is_preferred(
    client: TestClient, library: Shelf, crosswalk: Crosswalk, prefix: str
) -> None:
    resource, told = library.ids["parabola.pdf"], crosswalk.FORMAT
    by_address = client.get(f"/resources/{resource}/metadata/{told.name}")
    for media_type in told.accepts:
        answer = client.get(f"{prefix}/resources/{resource}", headers={"Accept": f"text/html;q=0.5, {media_type}"})
        assert answer.content == by_address.content
        assert answer.headers["content-location"] == str(by_address.url)
        assert "Accept" in answer.headers["vary"]
        assert "content-disposition" not in answer.headers


@pytest.mark.parametrize(
    "accept", [*BROWSERS, "text/html, application/xml", "application/xml;q=x", "application/xml;q=nan"]
)
def test_whoever_takes_a_page_gets_the_page(client: TestClient, library: Shelf, accept: str) -> None:
    answer = client.get(f"/resources/{library.ids['parabola.pdf']}", headers={"Accept": accept})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Accept" in answer.headers["vary"]


def test_an_unknown_profile_gets_the_format_without_one(client: TestClient, library: Shelf) -> None:
    accept = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"'
    answer = client.get(f"/resources/{library.ids['parabola.pdf']}", headers={"Accept": accept})
    assert answer.json()["@context"] == "https://schema.org"


def test_a_pinned_revision_tells_its_own_addresses(client: TestClient, library: Shelf) -> None:
    resource = library.ids["parabola.pdf"]
    answer = client.get(f"/resources/{resource}/v/1/metadata/jsonld").json()
    assert answer["url"] == f"http://library.test/resources/{resource}/v/1"
    assert answer["encoding"][0]["contentUrl"] == f"http://library.test/resources/{resource}/v/1/files/1"
    accepted = client.get(f"/resources/{resource}/v/1", headers={"Accept": "application/ld+json"})
    assert accepted.json() == answer


@schemas.needed
@pytest.mark.parametrize(("name", "schema"), VALID.items())
def test_what_people_uploaded_is_valid(client: TestClient, library: Shelf, name: str, schema: str) -> None:
    for file in ("parabola.pdf", "script.pdf", "flash.swf", "picture.svg"):
        answer = client.get(f"/resources/{library.ids[file]}/metadata/{name}")
        assert schemas.xsd(schema).validate(etree.fromstring(answer.content)), file


@schemas.needed
def test_what_people_uploaded_is_valid_amb(client: TestClient, library: Shelf) -> None:
    for file in ("parabola.pdf", "script.pdf", "flash.swf", "picture.svg"):
        told = client.get(f"/resources/{library.ids[file]}/metadata/amb").json()
        assert [one.message for one in schemas.amb().iter_errors(told)] == []


def test_oai_lom_is_another_name_of_the_same_bytes(client: TestClient, library: Shelf) -> None:
    resource = f"/resources/{library.ids['parabola.pdf']}/metadata"
    assert client.get(f"{resource}/oai_lom").content == client.get(f"{resource}/lom").content


def test_what_there_is_not_is_not_found(client: TestClient, library: Shelf) -> None:
    resource = f"/resources/{library.ids['parabola.pdf']}"
    for path in (f"{resource}/metadata/word", f"{resource}/v/9/metadata/lom", "/resources/zzzzzzzzzzzz/metadata/lom"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(("file", "status"), [("gone.pdf", 410), ("draft.pdf", 404)])
def test_what_may_not_be_seen_is_told_in_no_format(client: TestClient, library: Shelf, file: str, status: int) -> None:
    resource = f"/resources/{library.ids[file]}"
    assert client.get(f"{resource}/metadata/lom").status_code == status
    assert client.get(resource, headers={"Accept": "application/ld+json"}).status_code == status


def embedded(page: str) -> str:
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return str(found)


def test_the_page_holds_its_json_ld_under_the_policy_of_all_pages(client: TestClient, library: Shelf) -> None:
    resource = library.ids["parabola.pdf"]
    page = client.get(f"/resources/{resource}")
    told = json.loads(embedded(page.text))
    assert told == client.get(f"/resources/{resource}/metadata/jsonld").json()
    assert (told["name"], told["@type"][0]) == ("Hàm số bậc hai và đồ thị", "LearningResource")
    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert page.headers["content-security-policy"] == client.get("/about").headers["content-security-policy"]


def test_nothing_in_a_title_ends_the_block(client: TestClient, library: Shelf) -> None:
    block = embedded(client.get(f"/resources/{library.ids['script.pdf']}").text)
    assert not set(block) & set("<>&")
    assert json.loads(block)["name"] == SCRIPT


def test_the_page_offers_every_format_to_people_and_to_programs(client: TestClient, library: Shelf) -> None:
    resource = library.ids["parabola.pdf"]
    page = client.get(f"/en/resources/{resource}")
    for one in CROSSWALKS:
        assert (
            f'<a href="/resources/{resource}/metadata/{one.FORMAT.name}" download>{one.FORMAT.label}</a>' in page.text
        )
        address = f"<http://library.test/resources/{resource}/metadata/{one.FORMAT.name}>"
        assert f'{address}; rel="describedby"' in page.headers["link"]
