"""The catalogue for reading programs, OPDS 1.2 and 2.0: every document that its links lead to, valid and true.

The module is long because both forms are read into one value first, and each test then asks both.
"""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from PIL import Image
from starlette.testclient import TestClient

from service import compose
from service.feeds import opds
from service.library import project
from service.settings import Settings
from tests import schemas
from tests.functional import syndicated
from tests.functional.syndicated import MANY, OTHER, SCHOOL, Syndicated
from tests.functional.test_browsing import Away

HERE = "http://library.test"
NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "o": "http://a9.com/-/spec/opensearch/1.1/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "opds": "http://opds-spec.org/2010/catalog",
}
FACET = "http://opds-spec.org/facet"
OPEN_ACCESS, ACQUISITION = "http://opds-spec.org/acquisition/open-access", "http://opds-spec.org/acquisition"


@dataclass(frozen=True)
class Link:
    """A link of a document in either form."""

    rel: str
    href: str
    kind: str
    title: str = ""
    count: int | None = None
    active: bool = False
    group: str = ""


@dataclass(frozen=True)
class Document:
    """What a document says, whichever form it is in. publications: id -> its links."""

    links: tuple[Link, ...]
    ways: tuple[Link, ...]
    facets: tuple[Link, ...]
    publications: dict[str, tuple[Link, ...]]
    total: int | None

    def rel(self, rel: str) -> str | None:
        return next((one.href for one in self.links if one.rel == rel), None)


def atom_link(one: Any) -> Link:
    count = one.get(f"{{{NAMES['thr']}}}count")
    return Link(
        one.get("rel"),
        one.get("href"),
        one.get("type", ""),
        one.get("title", ""),
        int(count) if count else None,
        one.get(f"{{{NAMES['opds']}}}activeFacet") == "true",
        one.get(f"{{{NAMES['opds']}}}facetGroup", ""),
    )


def from_atom(data: bytes) -> Document:
    feed = etree.fromstring(data)
    links = [atom_link(one) for one in feed.xpath("a:link", namespaces=NAMES)]
    ways, publications = [], {}
    for entry in feed.xpath("a:entry", namespaces=NAMES):
        inside = tuple(atom_link(one) for one in entry.xpath("a:link", namespaces=NAMES))
        if any(one.rel.startswith(ACQUISITION) for one in inside):
            publications[entry.xpath("string(a:id)", namespaces=NAMES).rpartition(":")[2]] = inside
        else:
            (way,) = inside
            ways.append(replace(way, title=entry.xpath("string(a:title)", namespaces=NAMES)))
    total = feed.xpath("string(o:totalResults)", namespaces=NAMES)
    return Document(
        tuple(one for one in links if one.rel != FACET),
        tuple(ways),
        tuple(one for one in links if one.rel == FACET),
        publications,
        int(total) if total else None,
    )


def json_link(one: dict[str, Any], group: str = "") -> Link:
    rel = one.get("rel", "")
    count = one.get("properties", {}).get("numberOfItems")
    active = bool(group) and rel == "self"
    href = one["href"].replace("{?query}", "")
    return Link(rel, href, one.get("type", ""), one.get("title", ""), count, active, group)


def from_json(data: bytes) -> Document:
    feed = json.loads(data)
    return Document(
        tuple(json_link(one) for one in feed["links"]),
        tuple(json_link(one) for one in feed.get("navigation", ()) if one.get("rel") != "start"),
        tuple(json_link(one, group["metadata"]["title"]) for group in feed.get("facets", ()) for one in group["links"]),
        {
            one["metadata"]["identifier"].rpartition(":")[2]: tuple(json_link(link) for link in one["links"])
            for one in feed.get("publications", ())
        },
        feed["metadata"].get("numberOfItems"),
    )


def faults(documents: list[tuple[str, bytes]]) -> list[str]:
    """What the schemas have against documents, (media type, document)."""
    atom = [data for kind, data in documents if kind.startswith("application/atom+xml")]
    found = schemas.relaxng_faults("opds", atom) if atom else []
    for kind, data in documents:
        if "json" in kind:
            name = "publication" if "publication" in kind else "feed"
            found += [one.message for one in schemas.opds(name).iter_errors(json.loads(data))]
    return found


def read(client: TestClient, path: str) -> Document:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.text)
    return from_json(answer.content) if "json" in answer.headers["content-type"] else from_atom(answer.content)


FORMS = ["/opds", "/opds/v2"]
roots = pytest.mark.parametrize("root", FORMS)


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opds, "ENTRIES", 3)
    monkeypatch.setattr(opds, "LAST_BY_NUMBER", 2)


def own(document: Document) -> Iterator[Link]:
    yield from (one for one in document.links if one.rel not in ("search", "alternate"))
    yield from document.ways
    yield from document.facets
    for links in document.publications.values():
        yield from (one for one in links if "opds" in one.kind and one.rel in ("self", "alternate"))


@schemas.needed
@pytest.mark.parametrize("prefix", ["", "/en"])
@roots
def test_every_document_is_valid_and_of_the_type_that_its_link_says(
    reader: TestClient, short_pages: None, root: str, prefix: str
) -> None:
    kind = (
        "application/opds+json" if root.endswith("v2") else "application/atom+xml;profile=opds-catalog;kind=navigation"
    )
    documents: list[tuple[str, bytes]] = []
    waiting, seen = [Link("start", f"{HERE}{prefix}{root}", kind)], set()
    while waiting:
        link = waiting.pop()
        # Facets combine without end; two deep shows all kinds of them.
        if link.href in seen or link.href.count("=") > 3:
            continue
        seen.add(link.href)
        answer = reader.get(link.href.removeprefix(HERE))
        assert answer.status_code == 200, link
        assert answer.headers["content-type"] == link.kind
        documents.append((link.kind, answer.content))
        if "type=entry" not in link.kind and "publication" not in link.kind:
            found = from_json(answer.content) if "json" in link.kind else from_atom(answer.content)
            waiting.extend(own(found))
    assert len(seen) > 60
    assert faults(documents) == []
    assert {one.removeprefix(HERE).startswith(prefix + root) for one in seen} == {True}


@roots
def test_the_start_leads_by_grade_and_subject_to_the_resources(
    reader: TestClient, shared: Syndicated, root: str
) -> None:
    start = read(reader, root)
    titles = [one.title for one in start.ways]
    assert titles == ["Mới nhất", "Dùng nhiều", "Sách", "Theo cấp và lớp", "Theo môn học", "Theo loại học liệu"]

    def step(document: Document, title: str, count: int | None = None) -> Document:
        (way,) = [one for one in document.ways if one.title == title]
        assert way.count == count
        return read(reader, way.href.removeprefix(HERE))

    many = [shared.ids[f"many-{number}"] for number in reversed(range(MANY))]
    level = step(step(start, "Theo cấp và lớp"), "Trung học phổ thông", MANY + 1)
    subject = step(step(level, "Lớp 10", MANY + 1), "Toán", MANY + 1)
    assert sorted(subject.publications) == sorted([*many, shared.ids["book"]])
    grade = step(step(step(start, "Theo môn học"), "Ngữ văn", 1), "Lớp 6", 1)
    assert list(grade.publications) == [shared.ids["edu"]]
    topic = step(step(step(start, "Theo môn học"), "Toán", MANY + 1), "Số và Đại số", 1)
    assert topic.ways[0].title == "Tất cả: Số và Đại số"
    assert list(step(topic, "Lớp 10", 1).publications) == [shared.ids["book"]]
    assert list(step(start, "Sách").publications) == [shared.ids["book"]]
    assert list(step(step(start, "Theo loại học liệu"), "Sách điện tử, giáo trình", 1).publications) == [
        shared.ids["book"]
    ]


@roots
def test_crawling_finds_each_public_resource_once_and_nothing_else(
    reader: TestClient, shared: Syndicated, short_pages: None, root: str
) -> None:
    path = read(reader, root).rel("http://opds-spec.org/crawlable")
    found: list[str] = []
    pages = 0
    while path is not None:
        document = read(reader, path.removeprefix(HERE))
        assert document.total == len(shared.public)
        found += document.publications
        path, pages = document.rel("next"), pages + 1
    assert sorted(found) == sorted(shared.public)
    # Four pages, of which only two have numbers.
    assert pages == 4


@roots
def test_pages_lead_to_each_other(reader: TestClient, short_pages: None, root: str) -> None:
    base = f"{HERE}{root}/publications"
    first, second = read(reader, f"{root}/publications"), read(reader, f"{root}/publications?page=2")
    assert [first.rel(rel) for rel in ("self", "first", "previous", "next", "last")] == [
        base, base, None, f"{base}?page=2", f"{base}?page=2",
    ]  # fmt: skip
    assert [second.rel(rel) for rel in ("self", "first", "previous")] == [f"{base}?page=2", base, base]
    beyond = second.rel("next") or ""
    assert beyond.startswith(f"{base}?cursor=")
    third = read(reader, beyond.removeprefix(HERE))
    assert third.rel("self") == beyond
    assert third.rel("previous") == f"{base}?page=2"
    assert not set(first.publications) & set(third.publications)


@roots
def test_facets_count_what_they_lead_to(reader: TestClient, root: str) -> None:
    document = read(reader, f"{root}/publications?subject=toan")
    groups = {one.group for one in document.facets}
    assert {"Sắp xếp", "Môn học", "Cấp và lớp", "Loại", "Đơn vị"} <= groups
    for facet in document.facets:
        led = read(reader, facet.href.removeprefix(HERE))
        assert facet.count in (None, led.total), facet
    for group in groups:
        assert sum(one.active for one in document.facets if one.group == group) <= 1
    (active,) = [one for one in document.facets if one.active and one.group == "Môn học"]
    assert (active.title, active.count) == ("Toán", MANY + 1)
    (all_subjects,) = [one for one in document.facets if one.title == "Tất cả"]
    assert all_subjects.href == f"{HERE}{root}/publications"
    names = {one.title for one in document.facets if one.group == "Đơn vị"}
    assert "Trường THCS Na Hang" in names


@roots
def test_a_search_finds_what_the_pages_find(reader: TestClient, shared: Syndicated, root: str) -> None:
    words = "sach dien tu bac hai"
    document = read(reader, f"{root}/publications?q={words.replace(' ', '+')}")
    found = reader.get("/api/v1/search", params={"q": words}).json()
    assert list(document.publications) == [item["id"] for item in found["items"]]
    assert document.total == found["total"]
    assert shared.ids["book"] in document.publications
    # The word of OPDS 2.0's template.
    assert read(reader, f"{root}/publications?query={words.replace(' ', '+')}").publications == document.publications
    search = read(reader, root).rel("search") or ""
    assert search == (f"{HERE}/opensearch.xml" if root == "/opds" else f"{HERE}{root}/publications")


@roots
def test_files_are_offered_as_what_they_are(reader: TestClient, shared: Syndicated, root: str) -> None:
    answer = reader.get(f"{root}/publications")
    document = read(reader, f"{root}/publications")
    for name in ("book", "edu"):
        links = document.publications[shared.ids[name]]
        (taken,) = [one for one in links if one.rel.startswith(ACQUISITION)]
        assert taken.rel == (OPEN_ACCESS if name == "book" else ACQUISITION)
        file = reader.get(taken.href.removeprefix(HERE))
        size = file.headers["content-length"]
        assert f'length="{size}"' in answer.text or f'"size":{size}' in answer.text
        assert [one.href for one in links if one.rel == "license"] == [
            "https://creativecommons.org/licenses/by/4.0/"
            if name == "book"
            else "http://rightsstatements.org/vocab/InC-EDU/1.0/"
        ]
    pdf = [one for one in document.publications[shared.ids["book"]] if one.rel == OPEN_ACCESS]
    assert pdf[0].kind == "application/pdf"


def test_covers_are_jpeg_of_the_size_that_is_said(reader: TestClient, shared: Syndicated) -> None:
    book = shared.ids["book"]
    one = reader.get(f"/opds/v2/resources/{book}").json()
    cover = one["images"][0]
    answer = reader.get(cover["href"].removeprefix(HERE))
    assert answer.headers["content-type"] == cover["type"] == "image/jpeg"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    with Image.open(io.BytesIO(answer.content)) as drawn:
        assert (drawn.format, drawn.width) == ("JPEG", cover["width"])
    entry = reader.get(f"/opds/resources/{book}").text
    assert f'rel="http://opds-spec.org/image/thumbnail" href="{cover["href"]}" type="image/jpeg"' in entry
    assert reader.get(f"/resources/{shared.ids['withdrawn']}/cover.jpg").status_code == 410


def test_the_start_answers_in_json_to_who_prefers_it(reader: TestClient) -> None:
    asked = reader.get("/opds", headers={"Accept": "application/opds+json, application/atom+xml;q=0.5"})
    assert asked.headers["content-type"] == "application/opds+json"
    assert asked.content == reader.get("/opds/v2").content
    for accept in ("*/*", "", "application/atom+xml, application/opds+json", "text/html"):
        assert reader.get("/opds", headers={"Accept": accept}).headers["content-type"].startswith("application/atom")
    assert "Accept" in reader.get("/opds").headers["vary"]


def test_the_start_of_opds_2_shows_what_is_new(reader: TestClient, shared: Syndicated) -> None:
    (group,) = reader.get("/opds/v2").json()["groups"]
    shown = [one["metadata"]["identifier"].rpartition(":")[2] for one in group["publications"]]
    assert shown == shared.public[: opds.NEWEST]


@pytest.mark.parametrize("path", ["", "/browse/grade", "/publications?subject=toan"])
@roots
def test_documents_are_kept_and_asked_again(reader: TestClient, root: str, path: str) -> None:
    answer = reader.get(root + path)
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in answer.headers
    again = reader.get(root + path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert reader.head(root + path).headers["etag"] == answer.headers["etag"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/publications?grade=nope", 400),
        ("/publications?page=0", 400),
        ("/publications?page=999999", 400),
        ("/publications?sort=x", 400),
        ("/publications?cursor=x", 400),
        ("/publications?q=" + "x" * 1001, 400),
        ("/browse/grade?parent=nope", 400),
        ("/browse/organisation", 404),
        ("/resources/zzzzzzzzzzzz", 404),
        ("/resources/x%00", 404),
    ],
)
@roots
def test_what_cannot_be_meant_is_refused_for_programs(reader: TestClient, root: str, path: str, status: int) -> None:
    for prefix in ("", "/en"):
        answer = reader.get(prefix + root + path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


@roots
def test_what_nobody_may_see_is_in_no_document(reader: TestClient, shared: Syndicated, root: str) -> None:
    hidden = ["hidden", "signed-in", "organisation", "embargoed", "draft", "in-copyright"]
    for name in hidden:
        assert reader.get(f"{root}/resources/{shared.ids[name]}").status_code == 404
    assert reader.get(f"{root}/resources/{shared.ids['withdrawn']}").status_code == 410
    listed = read(reader, f"{root}/publications?subject=toan").publications
    assert not {shared.ids[name] for name in (*hidden, "withdrawn")} & set(listed)


@roots
def test_ways_open_while_the_index_is_away(shared: Syndicated, root: str) -> None:
    with syndicated.asking(replace(shared.services, index=Away())) as client:  # type: ignore[arg-type]
        for path in ("", "/browse/grade", "/browse/grade?parent=thpt", f"/resources/{shared.ids['book']}"):
            assert client.get(root + path).status_code == 200, path
        answer = client.get(f"{root}/publications")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")


@schemas.needed
@roots
def test_an_empty_library_has_valid_documents(tmp_path: Path, root: str) -> None:
    services = compose.services(Settings(home=tmp_path))
    services.catalogue.migrate()
    project.ensure(services)
    documents = []
    with syndicated.asking(services) as client:
        for path in (root, f"{root}/browse/grade", f"{root}/browse/type", f"{root}/publications", "/atom"):
            answer = client.get(path)
            assert answer.status_code == 200
            documents.append((answer.headers["content-type"], answer.content))
    assert faults(documents) == []
    services.catalogue.close()


def test_one_address_may_not_ask_without_end(shared: Syndicated) -> None:
    held = replace(shared.services, settings=shared.services.settings.model_copy(update={"searches_per_minute": 10}))
    with syndicated.asking(held) as client:
        statuses = [client.get("/opds/publications").status_code for _ in range(12)]
        assert statuses[:10] == [200] * 10
        assert statuses[-1] == 429
        refused = client.get("/opds/publications")
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.headers["cache-control"] == "no-store"


def test_facets_name_schools_as_they_are_called(reader: TestClient) -> None:
    told = reader.get(f"/opds/v2/publications?organisation={OTHER}").json()
    assert told["metadata"]["title"] == 'Trường THPT "Đồng Văn" & <b>'
    assert etree.fromstring(reader.get(f"/opds/publications?organisation={SCHOOL}").content) is not None


@schemas.needed
def test_the_schemas_find_what_is_wrong(reader: TestClient) -> None:
    """Guards the tests above: a judge that takes everything would pass for ever."""
    atom = reader.get("/opds/publications").content.replace(b"<updated>", b"<updated>x", 1)
    assert len(faults([("application/atom+xml", atom)])) == 1
    feed = reader.get("/opds/v2/publications").json()
    del feed["metadata"]["title"]
    feed["publications"][0]["links"] = []
    assert len(faults([("application/opds+json", json.dumps(feed).encode())])) == 2
