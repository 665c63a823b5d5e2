"""Whatever comes in a URL: an answer or a 4xx with a sentence, never a 5xx; and the headers that guard readers."""

from urllib.parse import quote, urlencode

import pytest
from starlette.testclient import TestClient

from service.http.security import HEADERS
from tests.conftest import Shelf

QUERIES = {
    "empty": "",
    "spaces": "   ",
    "punctuation": "?!.,;:()[]{}+-*/\\^~|&%$#@",
    "quotes": "\"'`“”‘’«»",
    "control": "a\x00b\x01\x1f\x7f\x85",
    "line ends": "a\r\nSet-Cookie: x=1",
    "emoji": "🧮📚👩‍🏫",
    "sql": "'; DROP TABLE resources; --",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": "{{ 7*7 }} {% raw %} ${7*7}",
    "query syntax": 'title:a AND (b OR c) NOT "d e"~3 f^2 g* /h/ [i TO j]',
    "bidi": "abc‮def​‍",
    "nfd": "hàm số bậc hai",
    "thai and chinese": "คณิตศาสตร์ 数学",
    "path": "../../../../etc/passwd",
    "long word": "a" * 999,
    "many words": "a " * 499,
}
RAW = [
    "q=%00",
    "q=%ff%fe",
    "q=%C3",
    "q=%ED%A0%80",
    "q=%",
    "q=%zz",
    "&&&",
    "=",
    "q",
    "q=a&q=b&q=c",
    "q[]=1",
    "%71=a",
    "q=a;b=c",
]
PLACES = ["/search", "/en/search", "/api/v1/search"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", QUERIES)
def test_any_question_is_answered(client: TestClient, place: str, name: str) -> None:
    answer = client.get(f"{place}?{urlencode({'q': QUERIES[name]})}")
    assert answer.status_code == 200


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("raw", RAW)
def test_any_query_string_is_answered(client: TestClient, place: str, raw: str) -> None:
    assert client.get(f"{place}?{raw}").status_code == 200


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", ["a" * 10_000, "hàm số " * 1_429, "\x00" * 10 + "b" * 9_990])
def test_ten_thousand_characters_are_too_many_and_told_so(client: TestClient, place: str, text: str) -> None:
    answer = client.get(f"{place}?{urlencode({'q': text})}")
    assert answer.status_code == 400
    said = answer.json()["detail"] if "api" in place else answer.text
    assert "1000" in said or "1.000" in said or "1,000" in said


@pytest.mark.parametrize("query", ["page=-1", "page=x", "sort=x", "exact=2", "page=%00"], ids=lambda q: q)
def test_a_page_says_which_parameter_cannot_be_used(client: TestClient, query: str) -> None:
    answer = client.get(f"/search?{query}")
    if query == "page=%00":
        assert answer.status_code == 200
    else:
        assert answer.status_code == 400
        assert query.partition("=")[0] in answer.text


@pytest.mark.parametrize("facet", ["subject", "grade", "type", "language", "licence", "organisation", "source"])
def test_a_filter_nobody_has_is_told_to_people_and_refused_to_programs(client: TestClient, facet: str) -> None:
    for value in ("x", "' OR 1=1", "a" * 500, "\x00", "<b>"):
        for place in PLACES:
            answer = client.get(f"{place}?{urlencode({facet: value})}")
            # A control character alone is no value at all.
            refused = place.startswith("/api/") and value != "\x00"
            assert answer.status_code == (400 if refused else 200), (place, value)
            assert "<b>" not in answer.text or refused, "a page wrote what it was given as markup"


@pytest.mark.parametrize(
    "identifier", ["x", "..", "%00", "%2e%2e", "a%2fb", "đ", "a" * 5_000, "'", "0123456789ab", "%ff"]
)
def test_an_id_nobody_has_is_not_found(client: TestClient, identifier: str) -> None:
    for path in ("", "/read", "/v/1", "/files/1", "/thumbnail", "/files/1/pages/1", "/files/1/captions.vtt"):
        answer = client.get(f"/resources/{identifier}{path}")
        assert answer.status_code in (404, 200 if identifier == ".." else 404), path
    assert client.get(f"/api/v1/resources/{identifier}/passages").status_code == 404


@pytest.mark.parametrize("query", ["q=" + quote(text) for text in QUERIES.values()], ids=QUERIES)
def test_the_reader_takes_any_words(client: TestClient, library: Shelf, query: str) -> None:
    answer = client.get(f"/resources/{library.ids['parabola.pdf']}/read?page=2&text=1&{query}")
    assert answer.status_code == 200


@pytest.mark.parametrize("query", ["page=x", "page=1.5", "t=-1", "slide=99999999999", "file=0", "file=x", "text=2"])
def test_the_reader_says_which_place_cannot_be(client: TestClient, library: Shelf, query: str) -> None:
    assert client.get(f"/resources/{library.ids['parabola.pdf']}/read?{query}").status_code == 400


@pytest.mark.parametrize("query", ["slide=1", "t=5", "section=1", "item=x", "question=1"])
def test_a_place_of_another_kind_is_not_found(client: TestClient, library: Shelf, query: str) -> None:
    assert client.get(f"/resources/{library.ids['parabola.pdf']}/read?{query}").status_code == 404


@pytest.mark.parametrize("path", ["/", "/search", "/nope", "/api/v1/search", "/api/v1/nope", "/static/x/y", "/healthz"])
def test_every_answer_carries_the_guarding_headers(client: TestClient, path: str) -> None:
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/search", "/resources/0123456789ab", "/api/v1/search"])
def test_nothing_can_be_changed_here(client: TestClient, method: str, path: str) -> None:
    assert client.request(method, path).status_code == 405
