"""What has no file here, in every feed: what was harvested from another library, and what a sheet only describes.

It is led to where it lies, by links that reading programs open and that claim nothing; it is told in every format and
listed in sitemaps; and each document is valid all the same.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from lxml import etree
from starlette.testclient import TestClient

from service.library import describing, project
from service.model import HARVESTED, OPERATOR, Value
from tests import schemas
from tests.functional import syndicated
from tests.functional.test_harvesting import Library, Web
from tests.functional.test_oai_handing_on import table
from tests.functional.test_opds import ACQUISITION, Link, faults, from_atom, from_json
from tests.functional.test_signposting import parsed, targets
from tests.functional.test_telling import embedded

FILM = "https://phim.example.vn/bai?a=1&b=2"
HERE = "https://b.example.vn"
NAMES = {"a": "http://www.w3.org/2005/Atom"}


@dataclass(frozen=True)
class Linked:
    """A library that holds no file. links: public id -> where it lies."""

    client: TestClient
    library: Library
    links: dict[str, str]
    harvested: str
    described: str


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Linked]:
    homes = tmp_path_factory.mktemp("linked")
    (homes / "a").mkdir()
    (homes / "b").mkdir()
    a, b = Library(homes / "a", "a"), Library(homes / "b", "b")
    for one in (a, b):
        one.services.catalogue.migrate()
    source = a.publish("Bài & <dấu>", subject="toan", grade="lop-10", creator="Tổ Toán", description="Một mô tả.")
    a.settle()
    project.ensure(b.services)
    b.follow(Web(a, b), a)
    said = {"title": "Phim phép cộng", "licence": "CC-BY-4.0", "type": "video", "language": "vi", "link": FILM}
    values = tuple(Value(field, value, "sheet") for field, value in said.items())
    (taken,) = describing.describe_all(
        b.services, OPERATOR, [describing.Description(FILM, values)], owner="default", publish=True
    )
    assert isinstance(taken, describing.Taken)
    assert taken.resource
    b.settle()
    (harvested,) = b.harvested()
    links = {harvested: f"{a.url}/resources/{source}", taken.resource: FILM}
    project.write(b.services, list(links))
    with syndicated.asking(b.services) as client:
        yield Linked(client, b, links, harvested, taken.resource)
    for one in (a, b):
        one.client.close()
        one.services.catalogue.close()


def get(linked: Linked, path: str, **headers: str) -> Any:
    answer = linked.client.get(path.removeprefix(HERE), headers=headers)
    assert answer.status_code == 200, (path, answer.text)
    return answer


def acquired(links: tuple[Link, ...]) -> Link:
    (one,) = [link for link in links if link.rel.startswith(ACQUISITION)]
    return one


@schemas.needed
@pytest.mark.parametrize("root", ["/opds", "/opds/v2"])
def test_a_catalogue_leads_to_where_it_lies_and_promises_nothing(linked: Linked, root: str) -> None:
    documents = []
    for path in (f"{root}/publications", f"/en{root}/publications"):
        answer = get(linked, path)
        documents.append((answer.headers["content-type"], answer.content))
        found = (from_json if root.endswith("v2") else from_atom)(answer.content)
        assert found.publications.keys() == linked.links.keys()
        assert found.total == len(linked.links)
        for id, links in found.publications.items():
            taken = acquired(links)
            # Nobody here knows what is asked for there: no open access, no size, no type but that of a page.
            assert (taken.rel, taken.href, taken.kind) == (ACQUISITION, linked.links[id], "text/html")
            assert taken.title.startswith("Open at " if path.startswith("/en") else "Mở tại ")
            pages = [one.href for one in links if one.rel == "alternate" and one.kind == "text/html"]
            assert pages == [f"{HERE}{'/en' if path.startswith('/en') else ''}/resources/{id}"]
            assert [one.href for one in links if one.rel == "via"] == [linked.links[id]]
        assert "length=" not in answer.text
        assert '"size"' not in answer.text
    for id in linked.links:
        answer = get(linked, f"{root}/resources/{id}")
        documents.append((answer.headers["content-type"], answer.content))
    assert faults(documents) == []


@schemas.needed
def test_news_hold_what_is_ours_and_lead_to_its_page(linked: Linked) -> None:
    answer = get(linked, "/atom")
    assert schemas.relaxng_faults("atom", [answer.content]) == []
    (entry,) = etree.fromstring(answer.content).xpath("a:entry", namespaces=NAMES)
    led = {one.get("rel"): one.get("href") for one in entry.xpath("a:link", namespaces=NAMES)}
    assert led["alternate"] == f"{HERE}/resources/{linked.described}"
    assert led["via"] == FILM
    assert "enclosure" not in led


def test_every_page_is_in_the_sitemap_and_has_a_card(linked: Linked) -> None:
    index = get(linked, "/sitemap.xml").text
    files = [one.split("</loc>")[0] for one in index.split("<loc>")[1:]]
    listed = gzip.decompress(get(linked, files[1]).content).decode()
    for id in linked.links:
        page = f"{HERE}/resources/{id}"
        assert f"<loc>{page}</loc>" in listed
        told = get(linked, f"/oembed?url={page}").json()
        assert told["title"]
        assert ("thumbnail_url" in told) is ("thumbnail_width" in told)
        frame = etree.fromstring(told["html"])
        assert frame.get("src") == f"{HERE}/embed/resources/{id}"
        assert get(linked, frame.get("src")).text.count(page) == 1


def test_a_page_is_cited_where_it_lies_and_has_no_items(linked: Linked) -> None:
    for id, address in linked.links.items():
        links = parsed(get(linked, f"/resources/{id}").headers["link"])
        assert targets(links, "cite-as") == [address]
        assert targets(links, "item") == []
        described = targets(links, "describedby")
        assert len(described) == 8
        assert all(get(linked, one).content for one in described)
        contexts = get(linked, f"/resources/{id}/linkset.json").json()["linkset"]
        assert {one["anchor"] for one in contexts} == {f"{HERE}/resources/{id}", *described}


@schemas.needed
def test_a_record_is_valid_in_every_format_whoever_asks_how(linked: Linked) -> None:
    for id, address in linked.links.items():
        for media_type, schema in (
            ("application/xml", "oai/oai_dc.xsd"),
            ("application/lom+xml", "lom/lomLoose.xsd"),
            ("application/mods+xml", "mods/mods-3-8.xsd"),
        ):
            answer = get(linked, f"/resources/{id}", Accept=f"{media_type}, text/html;q=0.5")
            assert schemas.xsd(schema).validate(etree.fromstring(answer.content)), media_type
            assert address.replace("&", "&amp;") in answer.text
        told = get(linked, f"/resources/{id}/metadata/amb").json()
        assert [one.message for one in schemas.amb().iter_errors(told)] == []
        for media_type in ("application/x-bibtex", "application/x-research-info-systems", "application/ld+json"):
            assert get(linked, f"/resources/{id}", Accept=media_type).headers["content-type"].startswith(media_type)
        page = json.loads(embedded(get(linked, f"/resources/{id}").text))
        assert (page["@id"], page["url"]) == (address, address)
        assert "encoding" not in page


def test_the_inventory_tells_what_lists_without_a_set_hold(linked: Linked) -> None:
    listed = table(get(linked, "/about/harvest/inventory.tsv.gz").content)
    whole = linked.library.harvest().records
    assert set(listed) == {one.identifier for one in whole} == {linked.library.oai_id(linked.described)}
    (foreign,) = linked.library.harvest(set=HARVESTED).records
    assert foreign.identifier == linked.library.oai_id(linked.harvested)


def test_the_export_holds_what_is_ours_and_goes_on_behind_what_is_not(linked: Linked) -> None:
    (line,) = [json.loads(line) for line in get(linked, "/api/v1/export.jsonl").text.splitlines()]
    assert (line["id"], line["files"], line["source_url"]) == (linked.described, [], FILM)
    behind = get(linked, f"/api/v1/export.jsonl?after={linked.harvested}").text.splitlines()
    assert [json.loads(one)["id"] for one in behind] == [linked.described]
    # Its own address still answers, as its page does.
    assert get(linked, f"/api/v1/resources/{linked.harvested}").json()["source_url"] == linked.links[linked.harvested]
