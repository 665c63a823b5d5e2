"""Pages: what they say, in both languages, and where their links lead."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from tests.conftest import MANY, PARABOLA, SCRIPT, Shelf

LANGUAGES = {"vi": "", "en": "/en"}


def links(page: str) -> list[str]:
    return [unescape(href) for href in re.findall(r'(?:href|src|srcset|action)="([^"]*)"', page)]


@pytest.mark.parametrize(("language", "prefix"), LANGUAGES.items())
@pytest.mark.parametrize("path", ["/", "/search", "/search?q=ham+so", "/search?q=zzzz", "/about", "/source"])
def test_a_page_is_html_in_its_language(client: TestClient, language: str, prefix: str, path: str) -> None:
    answer = client.get(prefix + path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert f'<html lang="{language}">' in answer.text


@pytest.mark.parametrize("prefix", LANGUAGES.values())
def test_every_link_of_the_main_pages_leads_somewhere(client: TestClient, library: Shelf, prefix: str) -> None:
    resource = f"{prefix}/resources/{library.ids['parabola.pdf']}"
    start = [f"{prefix}/", f"{prefix}/search?q=ham+so+bac+hai", resource, f"{resource}/read?q=parabol&text=1"]
    seen: set[str] = set()
    for page in start:
        seen |= set(links(client.get(page).text))
    own = {link.replace("http://library.test", "") for link in seen if not link.startswith("https://")}
    assert len(own) > 25
    for link in sorted(own):
        path = link.partition("#")[0]
        if "/read" in path and "text=1" not in path:
            # Without a worker here, a reader's page would wait two seconds for its picture.
            path += ("&" if "?" in path else "?") + "text=1"
        # Pictures of pages and printed forms are made by a worker too: 503 with Retry-After until then.
        if path and "/pages/" not in path:
            status = client.get(path).status_code
            assert status == 200 or (status == 503 and "/document.pdf" in path), link


def test_the_switch_leads_to_the_same_page_in_the_other_language(client: TestClient) -> None:
    assert "/en/search?q=h%C3%A0m+s%E1%BB%91" in links(client.get("/search?q=h%C3%A0m+s%E1%BB%91").text)
    assert "/search?q=h%C3%A0m" in links(client.get("/en/search?q=h%C3%A0m").text)


@pytest.mark.parametrize("path", ["//evil.example/x", "/%5Cevil.example/x", "/%09/evil.example/x", "///evil.example/x"])
@pytest.mark.parametrize("prefix", LANGUAGES.values())
def test_the_switch_of_a_wrong_address_stays_in_the_library(client: TestClient, prefix: str, path: str) -> None:
    answer = client.get(f"http://library.test{prefix}{path}")
    assert answer.status_code == 404
    switch = re.findall(r'href="([^"]*)" lang="(?:vi|en)" hreflang', answer.text)[0]
    assert re.match(r"/(en/)?evil\.example/x$|/(en/)?%", switch), switch


def test_browsing_in_another_order_does_not_order_the_next_search(client: TestClient) -> None:
    kept = '<input type="hidden" name="sort" value="newest">'
    assert kept not in client.get("/search?sort=newest").text
    assert kept in client.get("/search?q=cells&sort=newest").text


def test_the_start_page_offers_levels_examples_and_what_is_new(client: TestClient) -> None:
    page = client.get("/").text
    assert "autofocus" in page
    assert page.count('class="card"') == 6
    assert len(re.findall(r'class="examples".*?</p>', page, re.DOTALL)[0].split("<a ")) == 4


def test_the_examples_of_the_start_page_find_something(client: TestClient) -> None:
    examples = re.findall(r'class="examples".*?</p>', client.get("/").text, re.DOTALL)[0]
    for address in links(examples):
        assert 'class="card"' in client.get(address).text, address


def test_the_start_page_offers_each_type_of_which_there_are_several(client: TestClient) -> None:
    page = client.get("/").text.partition('id="by-type"')[2].partition("</section>")[0]
    offered = [address for address in links(page) if address.startswith("/search?type=")]
    assert len(offered) > 1
    for address in offered:
        assert 'class="card"' in client.get(address).text, address


def test_a_hit_leads_to_its_page_with_the_words(client: TestClient, library: Shelf) -> None:
    page = client.get("/search", params={"q": "truc doi xung parabol"}).text
    target = f"/resources/{library.ids['parabola.pdf']}/read?file=1&page=2&"
    # As it was searched, with its accents.
    assert target + urlencode({"q": "trục đối xứng parabol"}) in links(page)
    assert re.search(r"<mark>trục đối xứng</mark>", page)
    assert "Trang 2" in page


def test_the_search_box_keeps_the_question_and_the_filters(client: TestClient) -> None:
    page = client.get("/search?q=cells&language=en").text
    assert 'value="cells"' in page
    assert '<input type="hidden" name="language" value="en">' in page


def test_filters_are_links_and_chips_remove_them(client: TestClient) -> None:
    assert "/search?language=en" in links(client.get("/search").text)
    page = client.get("/search?language=en&language=vi&q=a").text
    assert "/search?q=a&language=vi" in links(page)
    assert 'aria-label="Bỏ bộ lọc Tiếng Anh"' in page


def test_results_have_pages_with_addresses_that_stay(client: TestClient) -> None:
    first = client.get("/search?q=daynhieu").text
    assert f"{MANY} học liệu" in first
    assert first.count('class="card"') == 20
    assert "/search?q=daynhieu&page=2" in links(first)
    second = client.get("/search?q=daynhieu&page=2").text
    assert second.count('class="card"') == MANY - 20
    assert 'aria-current="page">2<' in second


def test_a_filter_that_nothing_is_called_is_named_and_can_be_taken_off(client: TestClient) -> None:
    answer = client.get("/search?q=parabol&grade=nope&organisation=default")
    assert answer.status_code == 200
    assert "Cấp và lớp: thư viện không có mục nào tên là “nope”." in answer.text
    assert "/search?q=parabol&organisation=default" in links(answer.text)


def test_an_old_link_still_answers_with_what_its_other_filters_leave(client: TestClient) -> None:
    page = client.get("/search?language=vi&language=nope").text
    assert "Ngôn ngữ: thư viện không có mục nào tên là “nope”." in page
    assert 'class="card"' in page
    assert "không có mục nào" not in client.get("/search?language=vi&grade=lop-1").text


def test_nothing_found_says_what_to_do_next(client: TestClient) -> None:
    page = client.get("/search?q=parabol&language=en").text
    assert "Không có kết quả cho “parabol”" in unescape(page)
    assert "Bỏ bộ lọc “Tiếng Anh”" in unescape(page)
    assert "/search?q=parabol" in links(page)


def test_a_page_beyond_the_results_leads_back(client: TestClient) -> None:
    page = client.get("/search?q=daynhieu&page=9").text
    assert "/search?q=daynhieu" in links(page)
    assert "Về trang kết quả đầu tiên" in page


def test_a_landing_page_shows_how_to_open_and_take(client: TestClient, library: Shelf) -> None:
    resource = f"/resources/{library.ids['parabola.pdf']}"
    page = client.get(resource).text
    assert "<h1>Hàm số bậc hai và đồ thị</h1>" in page
    assert f"{resource}/read" in links(page)
    assert re.search(rf'href="{resource}/files/1" download>.*Tải về PDF · [\d,]+ [KM]B', page)
    assert "Tổ Toán" in page
    assert "CC BY 4.0" in page
    assert "4 trang" in page
    assert 'property="og:title" content="Hàm số bậc hai và đồ thị"' in page
    assert f'property="og:url" content="http://library.test{resource}"' in page


def test_a_revision_keeps_its_own_address(client: TestClient, library: Shelf) -> None:
    resource = f"/resources/{library.ids['parabola.pdf']}"
    answer = client.get(f"{resource}/v/1")
    assert answer.status_code == 200
    assert f"{resource}/v/1/files/1" in links(answer.text)
    assert client.get(f"{resource}/v/2").status_code == 404
    assert client.get(f"{resource}/v/x").status_code == 404


def test_an_id_in_capitals_leads_to_the_address_that_lasts(client: TestClient, library: Shelf) -> None:
    name = library.ids["parabola.pdf"]
    answer = client.get(f"/en/resources/{name.upper()}/read?page=2")
    assert answer.status_code == 301
    assert answer.headers["location"] == f"/en/resources/{name}/read?page=2"


def test_the_text_of_a_page_is_there_with_its_marks_and_neighbours(client: TestClient, library: Shelf) -> None:
    reader = f"/resources/{library.ids['parabola.pdf']}/read"
    page = client.get(f"{reader}?page=2&q=truc+doi+xung&text=1").text
    assert "<mark>trục đối xứng</mark>" in page
    assert f"{reader}?file=1&page=1&q=truc+doi+xung&text=1" in links(page)
    assert f"{reader}?file=1&page=3&q=truc+doi+xung&text=1" in links(page)
    assert f"{reader}?file=1&page=2&q=truc+doi+xung" in links(page)


def test_looking_inside_without_a_place_opens_the_best_one(client: TestClient, library: Shelf) -> None:
    page = client.get(f"/resources/{library.ids['parabola.pdf']}/read?q=bang+bien+thien&text=1").text
    assert 'value="3" inputmode="numeric"' in page
    assert "1 chỗ trong học liệu" in page


def test_the_reader_begins_at_the_first_page_and_knows_no_other(client: TestClient, library: Shelf) -> None:
    reader = f"/resources/{library.ids['parabola.pdf']}/read?text=1"
    assert PARABOLA[0][:20] in client.get(reader).text
    assert client.get(f"{reader}&page=5").status_code == 404
    assert client.get(f"{reader}&page=0").status_code == 400
    assert client.get(f"{reader}&file=9").status_code == 404


def test_a_kind_without_a_reader_can_be_taken(client: TestClient, library: Shelf) -> None:
    resource = f"/resources/{library.ids['flash.swf']}"
    page = client.get(resource).text
    assert f"{resource}/files/1" in links(page)
    assert f"{resource}/read" not in links(page)
    assert "Tải về" in client.get(f"{resource}/read").text


def test_what_people_put_in_never_becomes_markup(client: TestClient, library: Shelf) -> None:
    for path in ("/", "/search?q=taken", f"/resources/{library.ids['script.pdf']}"):
        page = client.get(path).text
        assert SCRIPT not in page
    assert SCRIPT not in client.get("/search", params={"q": SCRIPT}).text
    assert SCRIPT not in client.get(f"/resources/{library.ids['script.pdf']}/read?text=1&q=title").text
    assert "&lt;script&gt;" in client.get(f"/resources/{library.ids['script.pdf']}").text


def test_pages_carry_no_inline_style_or_script(client: TestClient, library: Shelf) -> None:
    for path in ("/", "/search?q=ham+so", f"/resources/{library.ids['parabola.pdf']}", "/about"):
        page = client.get(path).text
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", page)
        assert re.findall(r'<script(?! src=| type="application/ld\+json">)', page) == []


def test_assets_are_kept_for_ever_under_the_hash_of_their_bytes(client: TestClient) -> None:
    address = next(link for link in links(client.get("/").text) if link.endswith("look.css"))
    answer = client.get(address)
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    assert client.get(address, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert client.get("/static/0000000000000000/look.css").status_code == 404
    assert client.get(address.replace("look.css", "..%2frouting.py")).status_code == 404


def test_pages_are_small_and_compressed(client: TestClient) -> None:
    for path in ("/", "/search?q=daynhieu"):
        first_view = [path, *(link for link in links(client.get(path).text) if link.startswith("/static/"))]
        weights = []
        for address in first_view:
            with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
                assert answer.headers.get("content-encoding") == "gzip" or address.endswith(".svg")
                weights.append(sum(len(block) for block in answer.iter_raw()))
        assert sum(weights) <= 50_000, dict(zip(first_view, weights, strict=True))


def test_the_footer_leads_to_the_running_versions_source(client: TestClient) -> None:
    import io
    import tarfile

    page = client.get("/source").text
    archive = next(link for link in links(page) if link.endswith(".tar.gz"))
    answer = client.get(archive)
    assert answer.headers["content-type"] == "application/gzip"
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as packed:
        names = packed.getnames()
    for wanted in ("service/app.py", "service/web/templates/base.html", "ingest/document.py", "pyproject.toml"):
        assert any(name.endswith(f"/{wanted}") for name in names), wanted
    assert not any("/." in name or "__pycache__" in name or ".sqlite" in name for name in names)


def test_pages_behind_more_than_two_filters_are_closed_to_robots(client: TestClient) -> None:
    two = client.get("/search?language=vi&licence=CC-BY-4.0").text
    assert '<meta name="robots" content="noindex, follow">' in two
    # Whatever would add a third filter is not to be followed; what takes one away is.
    further = re.findall(r'<a href="(/search\?[^"]*)"( rel="nofollow")?', two)
    assert further
    for url, nofollow in further:
        filters = len(re.findall(r"(?:language|licence|type|organisation|subject|grade)=", url))
        assert bool(nofollow) == (filters > 2), url
    three = client.get("/en/search?language=vi&language=en&licence=CC-BY-4.0").text
    assert '<meta name="robots" content="noindex, nofollow">' in three


def allowed(rules: list[str], address: str) -> bool:
    """By RFC 9309: `*` is any run, a rule holds for what begins so."""
    return not any(re.match(".*".join(map(re.escape, rule.split("*"))), address) for rule in rules)


def test_robots_find_resources_and_not_the_pages_behind_many_filters(client: TestClient, library: Shelf) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    rules = re.findall(r"(?m)^Disallow: (.+)$", answer.text)
    for prefix in LANGUAGES.values():
        for open_ in (
            "/",
            "/search",
            "/search?language=vi&licence=CC-BY-4.0",
            f"/resources/{library.ids['cells.pdf']}",
        ):
            assert allowed(rules, prefix + open_), open_
        for closed in (
            "/search?language=vi&language=en&licence=CC-BY-4.0",
            "/search?q=a&language=vi&licence=CC-BY-4.0&type=other",
            f"/resources/{library.ids['cells.pdf']}/read?file=1&q=cell",
            f"/resources/{library.ids['cells.pdf']}/report",
        ):
            assert not allowed(rules, prefix + closed), closed
