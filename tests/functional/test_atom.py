"""`/atom`: what changed last, for readers who come again and again."""

import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import etree
from starlette.testclient import TestClient

from service.feeds import atom
from service.library import curate
from service.model import OPERATOR
from tests import schemas
from tests.functional import syndicated
from tests.functional.syndicated import BOOK, HOSTILE, MANY, MOMENT, OTHER, SCHOOL, Syndicated

NAMES = {"a": "http://www.w3.org/2005/Atom", "d": "http://purl.org/dc/terms/"}
HERE = "http://library.test"


def read(answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    return etree.fromstring(answer.content)


def ids(feed: Any) -> list[str]:
    return [str(one).rpartition(":")[2] for one in feed.xpath("a:entry/a:id/text()", namespaces=NAMES)]


def link(feed: Any, rel: str) -> str | None:
    found = feed.xpath(f"a:link[@rel='{rel}']/@href", namespaces=NAMES)
    return str(found[0]) if found else None


def path_of(address: str) -> str:
    return address.removeprefix(HERE)


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atom, "ENTRIES", 4)


def walk(client: TestClient, path: str, rel: str = "next") -> Iterator[Any]:
    for _ in range(20):
        feed = read(client.get(path))
        yield feed
        following = link(feed, rel)
        if following is None:
            return
        path = path_of(following)
    raise AssertionError("it never ends")


@schemas.needed
@pytest.mark.parametrize("path", ["/atom", "/en/atom", "/atom?grade=lop-10&subject=toan", "/atom?grade=lop-1"])
def test_it_is_valid(reader: TestClient, short_pages: None, path: str) -> None:
    feeds = list(walk(reader, path))
    assert schemas.relaxng_faults("atom", [etree.tostring(feed) for feed in feeds]) == []
    for feed in feeds:
        # What the schema's rules for Schematron say.
        assert feed.xpath("a:author", namespaces=NAMES)
        assert not feed.xpath("a:entry[not(a:link[@rel='alternate'])]", namespaces=NAMES)


def test_the_last_change_comes_first_and_nobody_sees_what_is_not_public(reader: TestClient, shared: Syndicated) -> None:
    answer = reader.get("/atom")
    assert answer.headers["content-type"] == "application/atom+xml"
    feed = read(answer)
    assert ids(feed) == shared.public
    assert feed.xpath("string(a:updated)", namespaces=NAMES) == "2026-03-01T23:30:05Z"
    assert feed.xpath("string(a:entry[1]/a:updated)", namespaces=NAMES) == "2026-03-01T23:30:05Z"


def test_pages_are_whole_forwards_and_back(reader: TestClient, shared: Syndicated, short_pages: None) -> None:
    pages = list(walk(reader, "/atom"))
    assert [one for page in pages for one in ids(page)] == shared.public
    assert [len(ids(page)) for page in pages] == [4, 4, 2]
    assert link(pages[0], "previous") is None
    back = [ids(page) for page in walk(reader, path_of(link(pages[-1], "self") or ""), "previous")]
    assert back == [ids(page) for page in reversed(pages)]
    assert {link(page, "first") for page in pages} == {f"{HERE}/atom"}
    # One feed in pages has one name (RFC 5005).
    assert len({page.xpath("string(a:id)", namespaces=NAMES) for page in pages}) == 1


def test_a_walk_goes_on_where_it_was_when_something_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atom, "ENTRIES", 4)
    made = syndicated.build(tmp_path)
    with syndicated.asking(made.services) as client:
        first = read(client.get("/atom"))
        # The very resource that the place names goes away, and one that was to come moves to the front.
        curate.withdraw(made.services, OPERATOR, ids(first)[-1], reason="Thử.")
        syndicated.change(made.services, made.public[6], modified_at=MOMENT.replace(year=2027))
        rest = [one for page in walk(client, path_of(link(first, "next") or "")) for one in ids(page)]
    made.services.catalogue.close()
    assert rest == [one for one in made.public[4:] if one != made.public[6]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("subject=ngu-van", ["edu"]),
        ("subject=toan&grade=lop-10", ["book", *(f"many-{number}" for number in reversed(range(MANY)))]),
        ("grade=thpt&type=e-textbook", ["book"]),
        (f"organisation={OTHER}&organisation=default", ["book", "hostile", "edu"]),
        ("grade=lop-1", []),
    ],
)
def test_it_is_narrowed_as_a_search_is(reader: TestClient, shared: Syndicated, query: str, names: list[str]) -> None:
    feed = read(reader.get(f"/atom?{query}"))
    assert ids(feed) == [shared.ids[name] for name in names]
    assert link(feed, "alternate") == f"{HERE}/search?{query}&sort=newest"


def test_an_entry_says_what_it_is(reader: TestClient, shared: Syndicated) -> None:
    feed = read(reader.get("/en/atom?type=e-textbook"))
    (entry,) = feed.xpath("a:entry", namespaces=NAMES)

    def said(path: str) -> list[str]:
        return [str(one) for one in entry.xpath(path, namespaces=NAMES)]

    resource = shared.ids["book"]
    assert said("a:id/text()") == [f"oai:hoclieu.example:{resource}"]
    assert said("a:title/text()") == [BOOK]
    assert said("a:author/a:name/text()")[0] == "Tổ Toán"
    assert said("a:author/a:uri/text()") == ["https://orcid.org/0000-0002-1825-0097"]
    assert said("a:summary/text()") == ["Sách của tổ.\n\nCó bài tập."]
    assert said("a:rights/text()") == ["CC BY 4.0 (ghi công)"]
    assert said("a:link[@rel='license']/@href") == ["https://creativecommons.org/licenses/by/4.0/"]
    assert said("a:link[@rel='alternate']/@href") == [f"{HERE}/en/resources/{resource}"]
    assert said("a:category/@term") == ["toan-dai-so", "lop-10", "e-textbook"]
    (address,) = said("a:link[@rel='enclosure']/@href")
    taken = reader.get(path_of(address))
    assert said("a:link[@rel='enclosure']/@length") == [taken.headers["content-length"]]
    assert said("a:link[@rel='enclosure']/@type") == [taken.headers["content-type"]]


@pytest.mark.parametrize(("prefix", "lengths"), [("", {"1 trang", "2 trang"}), ("/en", {"1 page", "2 pages"})])
def test_lengths_are_told_in_the_language_of_the_feed(client: TestClient, prefix: str, lengths: set[str]) -> None:
    said = {length for path in ("/atom", "/opds/publications?q=cells") for length in _lengths(client, prefix + path)}
    assert lengths <= said
    assert all(length.endswith((" trang",) if not prefix else (" page", " pages")) for length in said)


def _lengths(client: TestClient, path: str) -> list[str]:
    feed = read(client.get(path))
    return [str(one) for one in feed.xpath("a:entry/d:extent/text()", namespaces=NAMES)]


def test_what_people_wrote_stays_text(reader: TestClient) -> None:
    feed = read(reader.get("/atom"))
    titles = [str(one) for one in feed.xpath("a:entry/a:title/text()", namespaces=NAMES)]
    assert " ".join(HOSTILE.replace("\x03", " ").replace("\ufffe", "\ufffd").split()) in titles
    assert not feed.xpath("//*[local-name()='b']")


def test_who_has_it_is_told_so(reader: TestClient) -> None:
    answer = reader.get("/atom")
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert parsedate_to_datetime(answer.headers["last-modified"]) == MOMENT.replace(microsecond=0)
    tagged = reader.get("/atom", headers={"If-None-Match": answer.headers["etag"]})
    dated = reader.get("/atom", headers={"If-Modified-Since": answer.headers["last-modified"]})
    for again in (tagged, dated):
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == answer.headers["etag"]
    earlier = {"If-Modified-Since": "Sun, 01 Mar 2026 23:30:04 GMT"}
    assert reader.get("/atom", headers=earlier).status_code == 200
    # A tag counts before a date, and a date that is none counts for nothing.
    both = {"If-None-Match": '"other"', "If-Modified-Since": answer.headers["last-modified"]}
    assert reader.get("/atom", headers=both).status_code == 200
    assert reader.get("/atom", headers={"If-Modified-Since": "yesterday"}).status_code == 200


def test_head_says_what_get_says(reader: TestClient) -> None:
    got, head = reader.get("/atom"), reader.head("/atom")
    assert head.content == b""
    same = ("etag", "last-modified", "content-type", "cache-control", "access-control-allow-origin")
    assert [head.headers[name] for name in same] == [got.headers[name] for name in same]


def test_a_withdrawal_changes_tag_and_date(tmp_path: Path) -> None:
    made = syndicated.build(tmp_path)
    with syndicated.asking(made.services) as client:
        before = client.get("/atom")
        curate.withdraw(made.services, OPERATOR, made.public[-1], reason="Thử.")
        after = client.get("/atom", headers={"If-Modified-Since": before.headers["last-modified"]})
        assert ids(read(after)) == made.public[:-1]
        assert after.headers["etag"] != before.headers["etag"]
        # What changed a moment ago may change again within the second of its date.
        assert "last-modified" not in after.headers
    made.services.catalogue.close()


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "before=1-zzzzzzzzzzzz",
        "after=-",
        "before=99999999999999999999-x",
        "grade=nope",
        "before=%00%ff",
        "after=٣-x",
    ],
)
def test_what_cannot_be_meant_is_refused_for_programs(reader: TestClient, query: str) -> None:
    answer = reader.get(f"/atom?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/atom", "/sitemap.xml", "/opds", "/opds/publications"])
def test_times_are_utc_wherever_the_server_stands(
    reader: TestClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    here = reader.get(path)
    try:
        monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
        time.tzset()
        there = reader.get(path)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert there.content == here.content
    assert there.headers.get("last-modified") == here.headers.get("last-modified")


def test_a_school_follows_its_own(reader: TestClient) -> None:
    feed = read(reader.get(f"/atom?organisation={SCHOOL}"))
    assert feed.xpath("string(a:title)", namespaces=NAMES) == "Học liệu mở: Trường THCS Na Hang, mới và vừa sửa"
    assert urlsplit(link(feed, "self") or "").query == f"organisation={SCHOOL}"
