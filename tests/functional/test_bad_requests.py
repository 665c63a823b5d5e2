"""Bad input at the doors: ids, numbers, ranges and validators that people, crawlers and scanners send.

Over pages in both languages, the API and files. A wrong address is an answer
with a sentence, and says nothing of what is not for everybody.

The module is long because most of it is tables of what is sent.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.app import create
from service.errors import ObjectDamaged
from service.ports import ObjectStore, blob_key
from service.telemetry import metrics
from tests.functional import states
from tests.functional.states import CLOSED, NEVER, REASON, UNSAID, States, lost
from tests.functional.test_lexicons import Store

PAGES = ["", "/v/1", "/read", "/read?page=1&text=1", "/text", "/keep", "/report", "/qr.svg", "/card.jpg"]
FILES = [
    "/files/1", "/v/1/files/1", "/files/1/pages/1", "/files/1/document.pdf", "/files/1/text.txt",
    "/files/1/lighter/film.mp4", "/files/2/captions.vtt", "/files.zip", "/v/1/files.zip", "/thumbnail",
    "/metadata/lom", "/v/1/metadata/bibtex",
]  # fmt: skip
EVERYWHERE = [
    *(f"{prefix}/resources/{{id}}{path}" for prefix in ("", "/en") for path in PAGES),
    *(f"/resources/{{id}}{path}" for path in FILES),
    "/api/v1/resources/{id}",
    "/api/v1/resources/{id}/passages",
]
LISTS = [
    "/", "/en", f"/search?q={UNSAID}", f"/en/search?q={UNSAID}", f"/api/v1/search?q={UNSAID}&size=100",
    "/api/v1/search?size=100", f"/suggest?q={UNSAID}", "/suggest?q=%C4%90%E1%BB%81", "/api/v1/export.jsonl",
]  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[States]:
    yield from states.build(tmp_path_factory.mktemp("states"))


@pytest.fixture(scope="module")
def client(library: States) -> Iterator[TestClient]:
    app = create(library.services)
    with TestClient(app, base_url="http://library.test", raise_server_exceptions=False, follow_redirects=False) as made:
        yield made


# --- ids -----------------------------------------------------------------------


@pytest.mark.parametrize("address", EVERYWHERE)
@pytest.mark.parametrize("state", CLOSED)
def test_what_is_not_for_everybody_is_told_from_nothing_at_all(
    client: TestClient, library: States, state: str, address: str
) -> None:
    asked = client.get(address.format(id=library.ids[state]))
    never = client.get(address.format(id=NEVER))
    assert asked.status_code == never.status_code == 404
    assert UNSAID not in asked.text + str(asked.headers)

    def bare(answer: Any, identifier: str) -> str:
        text: str = answer.text.replace(identifier, "ID")
        return text.replace(answer.headers["x-request-id"], "")

    assert bare(asked, library.ids[state]) == bare(never, NEVER)
    kept = {"content-length", "x-request-id"}
    assert {k: v for k, v in asked.headers.items() if k not in kept} == {
        k: v for k, v in never.headers.items() if k not in kept
    }


@pytest.mark.parametrize("address", EVERYWHERE)
def test_what_was_withdrawn_says_why_and_nothing_else(client: TestClient, library: States, address: str) -> None:
    for headers in ({}, {"If-None-Match": "*"}, {"Range": "bytes=0-9"}):
        answer = client.get(address.format(id=library.ids["withdrawn"]), headers=headers)
        assert answer.status_code == 410
        assert REASON in answer.text
        assert UNSAID not in answer.text + str(answer.headers)
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("address", EVERYWHERE)
def test_a_retired_id_leads_to_what_took_its_place(client: TestClient, library: States, address: str) -> None:
    answer = client.get(address.format(id=library.ids["retired"]))
    own = client.get(address.format(id=library.ids["here"]))
    if answer.status_code == 301:
        assert answer.headers["location"] == address.format(id=library.ids["here"])
    elif own.status_code == 200:
        assert (answer.status_code, answer.content) == (200, own.content)
    else:
        # Such as a file of a former revision, whose number is not in use any more.
        assert answer.status_code == own.status_code == 404


@pytest.mark.parametrize("address", LISTS)
def test_no_list_names_what_is_not_for_everybody(client: TestClient, library: States, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    # The question itself stands in the box, and in the answer's `query`.
    said = answer.text.replace(f'"query":"{UNSAID}"', "")
    for state in (*CLOSED, "withdrawn"):
        assert library.ids[state] not in said
        assert f"{UNSAID} {state}" not in said
        assert f"{UNSAID}-{state}" not in said


@pytest.mark.parametrize("address", ["/api/v1/resources/{id}", "/api/v1/resources/{id}/passages"])
def test_programs_are_told_by_codes(client: TestClient, library: States, address: str) -> None:
    told = {
        state: client.get(address.format(id=identifier)).json().get("code")
        for state, identifier in {**library.ids, "never": NEVER}.items()
        if state in (*CLOSED, "never", "withdrawn")
    }
    assert told == {**dict.fromkeys((*CLOSED, "never"), "not-found"), "withdrawn": "withdrawn"}


# --- numbers -------------------------------------------------------------------

LARGE = 10**9
NUMBERS = [
    ("/search?page=-1", 400), ("/en/search?page=1.5", 400), ("/search?page=0", 200), ("/search?page=501", 200),
    (f"/search?page={LARGE}", 200),
    ("/api/v1/search?page=0", 400), (f"/api/v1/search?page={LARGE}", 400), ("/api/v1/search?page=-1", 400),
    ("/api/v1/search?size=0", 400), (f"/api/v1/search?size={LARGE}", 400), ("/api/v1/search?page=101&size=100", 400),
]  # fmt: skip
IN_A_RESOURCE = [
    ("/read?page=0", 400), (f"/read?page={LARGE}", 404), ("/read?page=-1", 400), ("/read?t=-1", 400),
    ("/read?slide=0", 400), ("/read?section=-1", 400), ("/read?sheet=99999999999", 400), ("/read?question=0", 400),
    ("/read?file=0", 400), (f"/read?file={LARGE}", 404), ("/read?page=1&part=0", 400),
    (f"/read?page=1&part={LARGE}", 200), ("/read?t=1", 404), ("/read?item=" + "x" * 5000, 404),
    ("/text?part=0", 400), (f"/text?part={LARGE}", 200), (f"/text?file={LARGE}", 404), ("/text?file=-1", 400),
    ("/v/0", 404), (f"/v/{LARGE}", 404), ("/v/-1", 404), ("/v/3", 404), ("/v/1x", 404),
]  # fmt: skip
OF_FILES = [
    ("/files/0", 404), (f"/files/{LARGE}", 404), ("/files/-1", 404), ("/files/9999999999999999999999", 404),
    ("/v/0/files/1", 404), (f"/v/{LARGE}/files/1", 404), ("/files/3/pages/0", 404), (f"/files/3/pages/{LARGE}", 404),
    ("/files/3/pages/1?width=0", 400), (f"/files/3/pages/1?width={LARGE}", 404), ("/files/3/document.pdf?sheet=0", 400),
    (f"/files/3/document.pdf?sheet={LARGE}", 404), ("/v/9/files.zip", 404), ("/v/9/metadata/lom", 404),
    ("/metadata/nope", 404), ("/files/3/lighter/nope", 404), (f"/files/{LARGE}/captions.vtt", 404),
    (f"/files/{LARGE}/text.txt", 404),
]  # fmt: skip
OF_PASSAGES = [
    ("?start=-1", 400), (f"?start={LARGE}", 200), ("?start=9999999999", 400), ("?file=0", 400), ("?file=-1", 400),
    (f"?file={LARGE}", 404), ("?file=x", 400), ("?start=1.5", 400),
]  # fmt: skip


@pytest.mark.parametrize(("address", "status"), NUMBERS)
def test_a_page_of_results_that_cannot_be_is_refused(client: TestClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert "page" in answer.text if "page" in address else "size" in answer.text


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(("number", "shown"), [("0", "1"), ("501", "500"), (str(LARGE), "500"), ("9" * 5_000, "500")])
def test_people_get_the_nearest_page_of_results(client: TestClient, prefix: str, number: str, shown: str) -> None:
    def found(page: str) -> str:
        answer = client.get(f"{prefix}/search?q=bai&page={page}")
        assert answer.status_code == 200
        return answer.text.partition("<main")[2]

    assert found(number) == found(shown)


@pytest.mark.parametrize(("typed", "led"), [("0", "1"), ("3", "2"), ("99999999999", "2")])
def test_a_number_typed_into_the_reader_leads_to_the_nearest_place(
    client: TestClient, library: States, typed: str, led: str
) -> None:
    read = f"/resources/{library.ids['here']}/read"
    form = client.get(f"{read}?page=2&text=1&q=trang").text.partition('class="jump"')[2].partition("</form>")[0]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    sent = {**hidden, "page": typed}
    answer = client.get(f"/en{read}", params=sent)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/en{read}?file={sent['file']}&page={led}&q=trang&text=1"
    assert client.get(f"/en{read}", params={**sent, "page": "2"}).status_code == 200
    assert client.get(f"/en{read}", params={**sent, "page": "x"}).status_code == 400


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(("path", "status"), IN_A_RESOURCE)
def test_a_place_that_cannot_be_is_told_so(
    client: TestClient, library: States, prefix: str, path: str, status: int
) -> None:
    answer = client.get(f"{prefix}/resources/{library.ids['here']}{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(("path", "status"), OF_FILES)
def test_a_file_that_cannot_be_is_told_so(client: TestClient, library: States, path: str, status: int) -> None:
    assert client.get(f"/resources/{library.ids['here']}{path}").status_code == status


@pytest.mark.parametrize(("query", "status"), OF_PASSAGES)
def test_passages_that_cannot_be_are_told_so(client: TestClient, library: States, query: str, status: int) -> None:
    answer = client.get(f"/api/v1/resources/{library.ids['here']}/passages{query}")
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["passages"] == []
        assert answer.json()["next"] is None
    else:
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_second_before_the_first_is_refused_and_one_behind_the_last_is_the_last(
    client: TestClient, library: States, prefix: str
) -> None:
    spoken = f"{prefix}/resources/{library.ids['spoken']}/read"
    assert client.get(f"{spoken}?t=-1").status_code == 400
    assert client.get(f"{spoken}?t=1.5").status_code == 400
    assert client.get(f"{spoken}?t={LARGE}").status_code == 200
    assert client.get(f"{spoken}?t={LARGE}0").status_code == 400
    assert client.get(f"{spoken}?page=1").status_code == 404


def test_a_file_number_belongs_to_its_revision(client: TestClient, library: States) -> None:
    resource, api = f"/resources/{library.ids['here']}", f"/api/v1/resources/{library.ids['here']}/passages"
    gone = [
        f"{resource}{path}"
        for path in (
            "/files/1", "/files/1/pages/1", "/files/1/text.txt", "/files/1/document.pdf", "/files/1/captions.vtt",
            "/files/1/lighter/film.mp4", "/read?file=1", "/text?file=1", "/v/1/files/3", "/v/2/files/1",
        )
    ]  # fmt: skip
    assert {path: client.get(path).status_code for path in (*gone, f"{api}?file=1")} == dict.fromkeys(
        (*gone, f"{api}?file=1"), 404
    )
    there = [f"{resource}{path}" for path in ("/files/3", "/files/2", "/v/1/files/1", "/v/1/files/2", "/v/2/files/3")]
    assert {path: client.get(path).status_code for path in there} == dict.fromkeys(there, 200)
    assert client.get(f"{resource}/v/1/files/1").content != client.get(f"{resource}/files/3").content


# --- ranges and validators -----------------------------------------------------


def many(count: int, step: int = 2) -> str:
    return "bytes=" + ",".join(f"{at * step}-{at * step + 1}" for at in range(count))


WHOLE = [
    "bytes=0-99,50-149", "bytes=0-0,-1", "bytes=0-0,0-0", many(1000), many(1000, step=0), "bytes=5-2", "bytes=",
    "bytes=-", "bytes=--5", "bytes=a-b", "items=0-5", "0-5", "bytes=0-5-9", "bytes=0-99999999999999999999",
    "bytes=99999999999999999999-", "bytes=999999-,9999999-", "bytes=1 - 2", ",", "bytes=0x0-0x5", "bytes=٠-٩",
]  # fmt: skip
"""Several ranges, and what is none: the whole file answers, which RFC 9110 (14.2) allows."""
RANGED = ["/files/3", "/v/1/files/1", "/files.zip", "/files/3/document.pdf"]


@pytest.mark.parametrize("path", RANGED)
@pytest.mark.parametrize("wanted", WHOLE, ids=lambda wanted: wanted[:24])
def test_several_ranges_and_broken_ones_give_the_whole(
    client: TestClient, library: States, path: str, wanted: str
) -> None:
    address = f"/resources/{library.ids['here']}{path}"
    answer = client.get(address, headers=[(b"Range", wanted.encode())])
    assert answer.status_code == 200
    assert answer.content == client.get(address).content
    assert "content-range" not in answer.headers


@pytest.mark.parametrize("path", RANGED)
@pytest.mark.parametrize("wanted", ["bytes=99999999-", "bytes=99999999-999999999", "bytes=-0"])
def test_a_range_beyond_the_end_says_where_the_end_is(
    client: TestClient, library: States, path: str, wanted: str
) -> None:
    address = f"/resources/{library.ids['here']}{path}"
    size = len(client.get(address).content)
    answer = client.get(address, headers={"Range": wanted})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{size}"
    # Ranges are defined for GET alone (RFC 9110, 14.2).
    head = client.head(address, headers={"Range": wanted})
    assert (head.status_code, head.headers["content-length"]) == (200, str(size))


@pytest.mark.parametrize("path", RANGED)
def test_a_range_that_ends_beyond_the_end_is_cut(client: TestClient, library: States, path: str) -> None:
    address = f"/resources/{library.ids['here']}{path}"
    whole = client.get(address).content
    for wanted, part in (("bytes=5-999999999", whole[5:]), ("bytes=-999999999", whole), ("bytes=0-0", whole[:1])):
        answer = client.get(address, headers={"Range": wanted})
        assert (answer.status_code, answer.content) == (206, part)


VALIDATED = [
    "/resources/{id}/files/3", "/resources/{id}/v/1/files/1", "/resources/{id}/files.zip",
    "/resources/{id}/files/3/document.pdf", "/resources/{id}/files/3/text.txt", "/resources/{id}/qr.svg",
    "/en/resources/{id}/qr.svg", "/resources/{id}/metadata/lom", "/resources/{id}/thumbnail",
    "/resources/{id}/card.jpg", "/keeper.js", "/favicon.ico",
]  # fmt: skip
HELD = ['"x", {}', "W/{}", 'W/"x",W/{}', " ,, {} ,", "*", '"a","b","c",{},"d"', ",".join(['"x"'] * 1000) + ",{}"]
NOT_HELD = ['"x"', "", 'W/"*"', '"*"', "W/*", "x", ",", '"', ",".join(['"x"'] * 1000)]


@pytest.mark.parametrize("path", VALIDATED)
def test_lists_of_validators_are_read_whole_and_compared_weakly(client: TestClient, library: States, path: str) -> None:
    address = path.format(id=library.ids["here"])
    fresh = client.get(address)
    tag = fresh.headers["etag"]
    for method in ("GET", "HEAD"):
        for form in HELD:
            answer = client.request(method, address, headers={"If-None-Match": form.format(tag)})
            assert (answer.status_code, answer.content) == (304, b""), form[:40]
            assert answer.headers["etag"] == tag
            assert answer.headers["cache-control"] == fresh.headers["cache-control"]
        for form in NOT_HELD:
            assert client.request(method, address, headers={"If-None-Match": form}).status_code == 200, form[:40]
        lines = [("If-None-Match", '"x"'), ("If-None-Match", tag)]
        assert client.request(method, address, headers=lines).status_code == 304


def test_a_validator_wins_over_a_range(client: TestClient, library: States) -> None:
    address = f"/resources/{library.ids['here']}/files/3"
    tag = client.head(address).headers["etag"]
    held = client.get(address, headers={"If-None-Match": tag, "Range": "bytes=99999999-"})
    assert (held.status_code, held.content) == (304, b"")
    for weak in (f"W/{tag}", f'{tag}, "x"', "Sat, 29 Oct 1994 19:43:31 GMT"):
        # If-Range is compared strongly, and holds one validator (RFC 9110, 13.1.5).
        assert client.get(address, headers={"If-Range": weak, "Range": "bytes=0-9"}).status_code == 200


# --- a file that is missing in the store -----------------------------------------


def document_of(library: States, state: str) -> str:
    with library.services.catalogue.reading() as work:
        found = work.resources.get(library.ids[state])
        assert found is not None
        assert found.published
        revision = work.resources.revision(found.key, found.published)
        assert revision is not None
        readings = work.readings.newest([revision.main_files[0].sha256])
    (reading,) = readings.values()
    assert reading.document_key
    return reading.document_key


def missing() -> float:
    return float(metrics.instruments().objects_missing._value.get())


ORIGINAL = ["/files/1", "/v/1/files/1", "/files.zip", "/v/1/files.zip", "/files/1/document.pdf"]
TEXT = ["/resources/{id}/files/1/text.txt", "/resources/{id}/text", "/en/resources/{id}/text", "/resources/{id}/keep",
        "/api/v1/resources/{id}/passages"]  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ORIGINAL)
@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-9"}, {"Range": "bytes=-9"}], ids=str)
def test_a_lost_file_is_a_sentence_and_an_alarm(
    library: States, caplog: pytest.LogCaptureFixture, path: str, method: str, headers: dict[str, str]
) -> None:
    # What nobody foresaw would be raised here.
    client = TestClient(create(library.services), base_url="http://library.test")
    address = f"/resources/{library.ids['spoken']}{path}"
    if "document.pdf" in path or ".zip" in path:
        address = address.replace(library.ids["spoken"], library.ids["here"]).replace("/files/1/", "/files/3/")
    key = _blob(library, address)
    before = missing()
    with lost(library.services, key), caplog.at_level(logging.ERROR):
        answer = client.request(method, address, headers=headers)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["cache-control"] == "no-store"
    if method == "GET":
        assert "chưa" in answer.text or "không" in answer.text.lower()
        assert key.rpartition("/")[2] not in answer.text
        assert "Traceback" not in answer.text
    (told,) = [one for one in caplog.records if one.getMessage() == "unanswered"]
    assert told.__dict__["code"] == "object-missing"
    assert told.__dict__["key"] == key
    assert told.exc_info is None
    assert missing() == before + 1


def _blob(library: States, address: str) -> str:
    """The object of the file that is lost: the main one, or of a zip the last member."""
    client = TestClient(create(library.services))
    resource = address.split("/files")[0].split("/v/")[0]
    if address.endswith(".zip"):
        number = "/v/1/files/2" if "/v/1" in address else "/files/2"
    elif "/v/1" in address:
        number = "/v/1/files/1"
    else:
        number = "/files/3" if "/files/3" in address else "/files/1"
    return blob_key(client.head(f"{resource}{number}").headers["etag"].strip('"'))


@pytest.mark.parametrize("path", TEXT)
def test_a_lost_text_is_a_sentence_and_an_alarm(library: States, caplog: pytest.LogCaptureFixture, path: str) -> None:
    client = TestClient(create(library.services), base_url="http://library.test")
    before = missing()
    with lost(library.services, document_of(library, "spoken")), caplog.at_level(logging.ERROR):
        answer = client.get(path.format(id=library.ids["spoken"]))
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert missing() == before + 1
    assert [one.__dict__["code"] for one in caplog.records if one.getMessage() == "unanswered"] == ["object-missing"]
    if path.startswith("/api/"):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "file-missing"


@pytest.mark.parametrize("path", ["", "/read?page=1"])
def test_a_page_goes_on_without_a_lost_text_and_raises_the_alarm(library: States, path: str) -> None:
    client = TestClient(create(library.services), base_url="http://library.test")
    before = missing()
    with lost(library.services, document_of(library, "here")):
        assert client.get(f"/resources/{library.ids['here']}{path}").status_code == 200
    assert missing() > before


@pytest.mark.parametrize("path", ["/read", "/read?t=1", "/en/read"])
def test_a_lost_text_without_pictures_is_a_sentence_and_an_alarm(library: States, path: str) -> None:
    client = TestClient(create(library.services), base_url="http://library.test")
    prefix, _, place = path.partition("/read")
    address = f"{prefix}/resources/{library.ids['spoken']}"
    before = missing()
    with lost(library.services, document_of(library, "spoken")):
        answer = client.get(f"{address}/read{place}")
        assert (answer.status_code, missing()) == (503, before + 1)
        assert client.get(address).status_code == 200
    assert missing() == before + 2


def test_while_the_store_is_away_a_place_in_text_is_away_and_not_unknown(library: States) -> None:
    away = replace(library.services, objects=Store(library.services.objects, "documents/"))  # type: ignore[arg-type]
    client = TestClient(create(away), base_url="http://library.test")
    before = missing()
    address = f"/resources/{library.ids['spoken']}"
    for place in ("", "?t=1", "?t=1&text=1"):
        answer = client.get(f"{address}/read{place}")
        assert answer.status_code == 503
        assert "Thư viện tạm thời không lấy được dữ liệu." in answer.text
        assert "doctor" not in answer.text
    assert client.get(address).status_code == 200
    # It is pictures that a PDF's pages are.
    assert client.get(f"/resources/{library.ids['here']}/read?page=1").status_code == 200
    assert client.get(f"/resources/{library.ids['here']}/read?page=9").status_code == 404
    assert missing() == before


class BreaksOff:
    """A store whose objects turn out damaged behind their first block."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def open(self, key: str, **span: Any) -> Iterator[bytes]:
        yield next(iter(self._store.open(key, **span)))[:100]
        raise ObjectDamaged(key=key)


def test_a_file_that_breaks_off_is_cut_and_told_in_one_line(library: States, caplog: pytest.LogCaptureFixture) -> None:
    broken = replace(library.services, objects=BreaksOff(library.services.objects))
    client = TestClient(create(broken), base_url="http://library.test")
    before = missing()
    with caplog.at_level(logging.ERROR):
        answer = client.get(f"/resources/{library.ids['here']}/files/3")
    # The length that was promised does not come, which closes the connection.
    assert len(answer.content) < int(answer.headers["content-length"])
    (told,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert (told.getMessage(), told.__dict__["code"], told.exc_info) == ("cut-off", "object-damaged", None)
    assert missing() == before + 1
