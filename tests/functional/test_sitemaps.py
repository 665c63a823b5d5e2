"""Sitemaps: every public page once, in files that keep their pages, made while they are sent."""

import datetime
import gzip
import threading
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from starlette.testclient import TestClient

from service.feeds import sitemaps
from service.http.counting import Counting
from service.http.door import Door
from service.http.limits import Limits
from service.library import curate, syndicate
from service.model import OPERATOR
from tests.functional import syndicated
from tests.functional.syndicated import Syndicated

HERE = "http://library.test"
NAMES = {"s": sitemaps.NAMESPACE, "x": sitemaps.XHTML}


def texts(document: Any, path: str) -> list[str]:
    return [str(one) for one in document.xpath(path, namespaces=NAMES)]


def unpacked(client: TestClient, address: str) -> Any:
    answer = client.get(address.removeprefix(HERE))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in answer.headers
    data = gzip.decompress(answer.content)
    # Of the protocol: an unpacked file.
    assert len(data) < 50_000_000
    document = etree.fromstring(data)
    assert document.tag == f"{{{sitemaps.NAMESPACE}}}urlset"
    # Of the protocol's schema: what stands in a page, in this order; an address has 12 to 2,048 characters.
    for url in document:
        told = [one.tag.replace(f"{{{sitemaps.NAMESPACE}}}", "").replace(f"{{{sitemaps.XHTML}}}", "x:") for one in url]
        assert told in (["loc", "lastmod", "x:link", "x:link"], ["loc", "x:link", "x:link"])
        assert 12 <= len(url[0].text) <= 2048
    for changed in texts(document, "s:url/s:lastmod/text()"):
        assert datetime.datetime.fromisoformat(changed).tzinfo is datetime.UTC
    return document


def files(client: TestClient) -> list[str]:
    answer = client.get("/sitemap.xml")
    assert answer.headers["content-type"] == "application/xml"
    return texts(etree.fromstring(answer.content), "s:sitemap/s:loc/text()")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "SIZE", 4)
    monkeypatch.setattr(syndicate, "WALKED", 3)


def test_each_public_page_stands_in_one_file(reader: TestClient, shared: Syndicated, small: None) -> None:
    named = files(reader)
    assert named[0] == f"{HERE}/sitemap-pages.xml.gz"
    found: list[str] = []
    for address in named[1:]:
        pages = texts(unpacked(reader, address), "s:url/s:loc/text()")
        assert 0 < len(pages) <= 4
        found += pages
    assert sorted(found) == sorted(f"{HERE}/resources/{one}" for one in shared.public)
    # A file tells of addresses below its own folder only ("Sitemap file location").
    for address in named:
        folder = address[: address.rindex("/") + 1]
        assert all(page.startswith(folder) for page in texts(unpacked(reader, address), "s:url/s:loc/text()"))


def test_a_page_is_named_in_each_language_with_its_last_change(reader: TestClient, shared: Syndicated) -> None:
    (address,) = files(reader)[1:]
    document = unpacked(reader, address)
    newest = f"{HERE}/resources/{shared.public[0]}"
    (url,) = document.xpath(f"s:url[s:loc='{newest}']", namespaces=NAMES)
    assert texts(url, "s:lastmod/text()") == ["2026-03-01T23:30:05Z"]
    assert texts(url, "x:link/@hreflang") == ["vi", "en"]
    assert texts(url, "x:link/@href") == [newest, newest.replace("/resources", "/en/resources")]
    for link in texts(url, "x:link/@href"):
        assert reader.get(link.removeprefix(HERE)).status_code == 200
    index = etree.fromstring(reader.get("/sitemap.xml").content)
    assert texts(index, "s:sitemap[2]/s:lastmod/text()") == ["2026-03-01T23:30:05Z"]


def test_the_pages_that_are_no_resource_s_open(reader: TestClient) -> None:
    pages = texts(unpacked(reader, files(reader)[0]), "s:url/s:loc/text()")
    assert f"{HERE}/search?grade=lop-10" in pages
    assert len(pages) > 10
    for page in pages:
        assert reader.get(page.removeprefix(HERE)).status_code == 200, page


def test_a_change_moves_only_its_own_file(tmp_path: Path, small: None) -> None:
    made = syndicated.build(tmp_path)
    with syndicated.asking(made.services) as client:
        before = {address: client.get(address.removeprefix(HERE)) for address in files(client)[1:]}
        curate.withdraw(made.services, OPERATOR, made.ids["many-0"], reason="Thử.")
        changed = []
        for address, answer in before.items():
            for header, name in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified")):
                again = client.get(address.removeprefix(HERE), headers={header: answer.headers[name]})
                assert again.status_code in (200, 304)
                if again.status_code == 200:
                    changed.append(address)
    made.services.catalogue.close()
    assert changed == [f"{HERE}/sitemap-1.xml.gz"] * 2


def test_the_same_pages_are_the_same_bytes(reader: TestClient) -> None:
    address = files(reader)[1].removeprefix(HERE)
    first, second = reader.get(address), reader.get(address)
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]
    assert first.headers["cache-control"] == "public, max-age=3600"
    assert reader.head(address).headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize("name", ["0", "9", "x", "1.5", "99999999999999999999"])
def test_a_file_that_there_is_not_is_not_found(reader: TestClient, name: str) -> None:
    answer = reader.get(f"/sitemap-{name}.xml.gz")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_file_is_sent_before_it_is_whole() -> None:
    """What was read before is gone when the next piece is read."""
    read, sent = [0], []

    def lines() -> Iterator[bytes]:
        for number in range(1, 11):
            read[0] = number
            yield b"".join(f"<url><loc>{number * key * 7919:012x}</loc></url>\n".encode() for key in range(5_000))

    unpacker = zlib.decompressobj(31)
    whole = 0
    for piece in sitemaps.packed(lines()):
        sent.append((read[0], len(piece)))
        whole += unpacker.decompress(piece).count(b"<url>")
    assert whole == 50_000
    assert {number for number, _ in sent} >= set(range(1, 11))
    assert max(size for _, size in sent) < 100_000


def test_a_walk_reads_a_piece_at_a_time(shared: Syndicated, small: None) -> None:
    walk = syndicate.walk(shared.services, 1, 10)
    assert [one.key for one in next(walk)] == [1, 2, 3]
    assert [one.key for piece in walk for one in piece] == [4, 5, 6, 7, 8, 9, 10]


def test_nobody_waits_while_somebody_counts_anew(shared: Syndicated, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "KEPT_SECONDS", -1.0)
    files = sitemaps.Sitemaps(Door(shared.services, Counting(shared.services), Limits(100)))
    known, count = files.blocks(), syndicate.blocks
    asked, answered, meanwhile = threading.Event(), threading.Event(), []

    def counting(*told: Any) -> Any:
        asked.set()
        answered.wait(10)
        return count(*told)

    monkeypatch.setattr(syndicate, "blocks", counting)
    counter = threading.Thread(target=files.blocks)
    counter.start()
    assert asked.wait(10)
    asker = threading.Thread(target=lambda: meanwhile.append(files.blocks()))
    asker.start()
    asker.join(5)
    got = [*meanwhile]
    answered.set()
    counter.join()
    asker.join()
    assert got == [known]


def test_robots_are_told_where_it_is(reader: TestClient, shared: Syndicated) -> None:
    assert f"\nSitemap: {HERE}/sitemap.xml\n" in reader.get("/robots.txt").text
    settings = shared.services.settings.model_copy(update={"public_url": "https://hoclieu.example/thu-vien"})
    with syndicated.asking(replace(shared.services, settings=settings)) as client:
        assert "\nSitemap: https://hoclieu.example/thu-vien/sitemap.xml\n" in client.get("/robots.txt").text
        index = etree.fromstring(client.get("/sitemap.xml").content)
        assert texts(index, "s:sitemap/s:loc/text()")[0].startswith("https://hoclieu.example/thu-vien/sitemap-")
