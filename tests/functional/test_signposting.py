"""Typed links: from a resource's page to what belongs to it, from a file back; and what Accept gets."""

import json
import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from service.library.records import CROSSWALKS
from service.model import FileEntry
from service.web import signposting
from tests.functional.syndicated import Syndicated

HERE = "http://library.test"
LINK = re.compile(r'<([^>]*)>((?:; *[\w-]+="[^"]*")*)(?:, *\n?|\n?$)')
Links = list[tuple[str, dict[str, str]]]


def parsed(header: str) -> Links:
    """RFC 8288, as far as the library writes it; nothing may be left over."""
    found = list(LINK.finditer(header))
    assert "".join(one[0] for one in found) == header
    return [(one[1], dict(re.findall(r'([\w-]+)="([^"]*)"', one[2]))) for one in found]


def targets(links: Links, rel: str) -> list[str]:
    return [target for target, told in links if told["rel"] == rel]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_page_leads_to_what_belongs_to_it(reader: TestClient, shared: Syndicated, prefix: str) -> None:
    resource = shared.ids["book"]
    links = parsed(reader.get(f"{prefix}/resources/{resource}").headers["link"])
    assert targets(links, "cite-as") == [f"{HERE}/resources/{resource}"]
    assert targets(links, "type") == ["https://schema.org/AboutPage", "https://schema.org/Book"]
    assert targets(links, "license") == ["https://creativecommons.org/licenses/by/4.0/"]
    assert targets(links, "author") == ["https://orcid.org/0000-0002-1825-0097"]
    for rel in ("describedby", "item", "linkset"):
        for target, told in links:
            if told["rel"] == rel:
                answer = reader.get(target.removeprefix(HERE))
                assert answer.headers["content-type"].partition(";")[0] == told["type"], target
    assert len(targets(links, "describedby")) == len(CROSSWALKS)
    assert targets(links, "item") == [f"{HERE}/resources/{resource}/files/1"]


def test_a_revision_leads_to_its_own(reader: TestClient, shared: Syndicated) -> None:
    page = f"{HERE}/resources/{shared.ids['book']}/v/1"
    links = parsed(reader.get(page.removeprefix(HERE)).headers["link"])
    for rel, there in (("cite-as", ""), ("item", "/files/1"), ("describedby", "/metadata/oai_dc")):
        assert targets(links, rel)[0] == page + there


@pytest.mark.parametrize("middle", ["", "/v/1"])
def test_a_file_leads_back(reader: TestClient, shared: Syndicated, middle: str) -> None:
    page = f"/resources/{shared.ids['book']}{middle}"
    for method in ("GET", "HEAD"):
        links = parsed(reader.request(method, f"{page}/files/1").headers["link"])
        assert targets(links, "collection") == [HERE + page]
        assert targets(links, "license") == ["https://creativecommons.org/licenses/by/4.0/"]
        assert targets(links, "linkset") == [f"{HERE}{page}/linkset", f"{HERE}{page}/linkset.json"]


@pytest.mark.parametrize("middle", ["", "/v/1"])
def test_both_linksets_say_what_the_headers_say(reader: TestClient, shared: Syndicated, middle: str) -> None:
    page = f"/resources/{shared.ids['book']}{middle}"
    listed = reader.get(f"{page}/linkset")
    assert listed.headers["content-type"] == "application/linkset"
    told = {(at["anchor"], at["rel"], target, at.get("type")) for target, at in parsed(listed.text)}
    document = reader.get(f"{page}/linkset.json")
    assert document.headers["content-type"] == "application/linkset+json"
    as_json = {
        (context["anchor"], rel, link["href"], link.get("type"))
        for context in json.loads(document.text)["linkset"]
        for rel, links in context.items()
        if rel != "anchor"
        for link in links
    }
    assert told == as_json
    head = {
        (HERE + page, at["rel"], target, at.get("type"))
        for target, at in parsed(reader.get(page).headers["link"])
        if at["rel"] != "linkset"
    }
    assert head <= told
    assert (f"{HERE}{page}/files/1", "collection", HERE + page, "text/html") in told
    assert (f"{HERE}{page}/metadata/lom", "describes", HERE + page, "text/html") in told
    again = reader.get(f"{page}/linkset", headers={"If-None-Match": listed.headers["etag"]})
    assert again.status_code == 304


def test_many_files_do_not_fill_a_proxy_s_buffer(shared: Syndicated) -> None:
    from service.library import look
    from service.links import Links as Addresses
    from service.model import PUBLIC

    view = look.resource(shared.services, PUBLIC, shared.ids["book"])
    many = tuple(FileEntry(number, "0" * 64, 5, "application/pdf", f"{number}.pdf") for number in range(1, 300))
    view = replace(view, revision=replace(view.revision, files=many))
    links = Addresses("https://hoclieu.example-province.gov.vn")
    header = signposting.header(shared.services, links, view, None)
    assert len(header) < 4096 - 512
    assert len(targets(parsed(header), "item")) == signposting.ITEMS_IN_HEADER
    assert len(signposting.of_page(shared.services, links, view, None)) > 300


def test_what_nobody_may_see_has_no_links(reader: TestClient, shared: Syndicated) -> None:
    for ending in ("", ".json"):
        assert reader.get(f"/resources/{shared.ids['draft']}/linkset{ending}").status_code == 404
        assert reader.get(f"/resources/{shared.ids['withdrawn']}/linkset{ending}").status_code == 410


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_who_accepts_nothing_that_there_is_reads_what_there_is(
    reader: TestClient, shared: Syndicated, prefix: str
) -> None:
    page = f"{prefix}/resources/{shared.ids['book']}"
    answer = reader.get(page, headers={"Accept": "application/pdf, image/png"})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "Accept" in answer.headers["vary"]
    said, *forms = answer.text.splitlines()
    assert said == (
        "None of the forms that were asked for. The library has:"
        if prefix
        else "Không có dạng nào trong những dạng được yêu cầu. Thư viện có:"
    )
    offered = dict(form.split("\t") for form in forms)
    assert set(offered) == {"text/html", *(one.FORMAT.accepts[0] for one in CROSSWALKS)}
    for media_type, address in offered.items():
        taken = reader.get(address.removeprefix(HERE), headers={"Accept": media_type})
        assert taken.status_code == 200
        assert taken.headers["content-type"].startswith(media_type.partition(";")[0])


def test_head_negotiates_as_get_does(reader: TestClient, shared: Syndicated) -> None:
    page = f"/resources/{shared.ids['book']}"
    for accept in ("text/html", "application/x-bibtex", "application/pdf"):
        got, head = (reader.request(method, page, headers={"Accept": accept}) for method in ("GET", "HEAD"))
        assert head.content == b""
        assert (head.status_code, head.headers["content-type"]) == (got.status_code, got.headers["content-type"])
        assert "Accept" in head.headers["vary"]


def test_the_page_names_its_other_language(reader: TestClient, shared: Syndicated) -> None:
    page = reader.get(f"/en/resources/{shared.ids['book']}").text
    for language, prefix in (("vi", ""), ("en", "/en")):
        address = f"{HERE}{prefix}/resources/{shared.ids['book']}"
        assert f'<link rel="alternate" hreflang="{language}" href="{address}">' in page
