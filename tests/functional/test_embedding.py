"""Frames for pages elsewhere: small, without scripts and cookies, and only they may be framed."""

import html
import re
from dataclasses import replace

import pytest
from lxml import etree
from starlette.testclient import TestClient

from tests.functional import syndicated
from tests.functional.syndicated import MANY, OTHER, SCHOOL, Syndicated
from tests.functional.test_browsing import Away

MOST_BYTES = 20_000
HERE = "http://library.test"


def policy(answer: object) -> dict[str, str]:
    said = answer.headers["content-security-policy"].split("; ")  # type: ignore[attr-defined]
    return dict(one.partition(" ")[::2] for one in said)


@pytest.mark.parametrize(
    "path", ["/embed/new", f"/en/embed/new?organisation={SCHOOL}&size=20", "/embed/resources/{book}"]
)
def test_a_frame_may_stand_anywhere_and_runs_nothing(reader: TestClient, shared: Syndicated, path: str) -> None:
    answer = reader.get(path.format(**shared.ids))
    assert answer.status_code == 200
    assert "x-frame-options" not in answer.headers
    assert "set-cookie" not in answer.headers
    said = policy(answer)
    assert said["frame-ancestors"] == "*"
    assert {said[name] for name in ("default-src", "script-src", "form-action", "connect-src", "base-uri")} == {
        "'none'"
    }
    assert "<script" not in answer.text
    assert " style=" not in answer.text
    weight = len(answer.content)
    for address in re.findall(r'<link rel="stylesheet" href="([^"]+)"', answer.text):
        weight += len(reader.get(address).content)
    assert weight <= MOST_BYTES


@pytest.mark.parametrize("path", ["/", "/embed", "/resources/{book}", "/about", "/embed/nothing"])
def test_no_other_page_may_be_framed(reader: TestClient, shared: Syndicated, path: str) -> None:
    answer = reader.get(path.format(**shared.ids))
    assert answer.headers["x-frame-options"] == "DENY"
    assert policy(answer)["frame-ancestors"] == "'none'"


@pytest.mark.parametrize(("prefix", "heading"), [("", "Học liệu mới của "), ("/en", "New resources of ")])
def test_what_is_new_of_a_school(reader: TestClient, shared: Syndicated, prefix: str, heading: str) -> None:
    page = reader.get(f"{prefix}/embed/new?organisation={SCHOOL}").text
    assert f"<h1>{heading}Trường THCS Na Hang</h1>" in page
    led = re.findall(r'class="line" href="([^"]+)" target="(\w+)" rel="noopener"', page)
    newest = [shared.ids[f"many-{number}"] for number in range(MANY - 1, MANY - 6, -1)]
    assert led == [(f"{HERE}{prefix}/resources/{one}", "_blank") for one in newest]
    everything = html.unescape(re.findall(r'class="all"><a href="([^"]+)"', page)[0])
    assert everything == f"{HERE}{prefix}/search?organisation={SCHOOL}&sort=newest"


def test_it_is_narrowed_and_sized_and_leads_to_the_top(reader: TestClient, shared: Syndicated) -> None:
    page = reader.get("/embed/new?subject=toan&grade=lop-10&size=2&target=_top").text
    assert re.findall(r'class="line" href="[^"]+/resources/(\w+)" target="(\w+)"', page) == [
        (shared.ids["book"], "_top"),
        (shared.ids[f"many-{MANY - 1}"], "_top"),
    ]
    assert f'<img src="/resources/{shared.ids["book"]}/thumbnail' in page
    # A name that is no target, a size beyond all.
    other = reader.get('/embed/new?target="><script>&size=999').text
    assert "<script" not in other
    assert other.count('class="line"') == len(shared.public)


def test_a_school_that_there_is_not_has_nothing_new(reader: TestClient) -> None:
    answer = reader.get("/embed/new?organisation=nope")
    assert answer.status_code == 200
    assert "Chưa có học liệu nào." in answer.text


def test_it_needs_no_index(shared: Syndicated) -> None:
    with syndicated.asking(replace(shared.services, index=Away())) as client:  # type: ignore[arg-type]
        assert client.get("/embed/new").text.count('class="line"') == 5


def test_what_was_taken_away_says_so_inside_the_frame(reader: TestClient, shared: Syndicated) -> None:
    for name, status in (("withdrawn", 410), ("draft", 404), ("embargoed", 404)):
        answer = reader.get(f"/embed/resources/{shared.ids[name]}")
        assert answer.status_code == status
        assert policy(answer)["frame-ancestors"] == "*"
        assert answer.headers["cache-control"] == "no-store"
        assert "Bài" not in answer.text.partition("<main>")[2]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_code_to_copy_is_the_frame_that_is_shown(reader: TestClient, prefix: str) -> None:
    page = reader.get(f"{prefix}/embed?organisation={OTHER}&grade=lop-6").text
    snippet = html.unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[0])
    frame = etree.fromstring(snippet)
    assert len(frame) == 0
    assert frame.get("title").endswith('Trường THPT "Đồng Văn" & <b> · ' + ("Grade 6" if prefix else "Lớp 6"))
    assert "allow-scripts" not in frame.get("sandbox")
    address = frame.get("src")
    assert address == f"{HERE}{prefix}/embed/new?grade=lop-6&organisation={OTHER}"
    assert "Tập làm văn" in reader.get(address.removeprefix(HERE)).text
    assert f'<option value="{OTHER}" selected>' in page
    # Only who has shared something stands in the list.
    assert f'<option value="{SCHOOL}">' in page
