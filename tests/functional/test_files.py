"""Stored bytes over HTTP: ranges, validators, names, and no script on the library's origin."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.app import create
from service.errors import Unavailable
from service.ports import ObjectStore, blob_key
from tests.conftest import ODD_NAME, Shelf


@pytest.fixture
def pdf(library: Shelf) -> str:
    return f"/resources/{library.ids['parabola.pdf']}/files/1"


@pytest.fixture
def whole(client: TestClient, pdf: str) -> bytes:
    return client.get(pdf).content


def test_a_file_comes_whole_with_its_hash_as_its_tag(client: TestClient, pdf: str) -> None:
    answer = client.get(pdf)
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith('inline; filename="')
    assert "content-encoding" not in answer.headers


def test_the_address_of_a_revision_is_immutable(client: TestClient, pdf: str, whole: bytes) -> None:
    answer = client.get(pdf.replace("/files/", "/v/1/files/"))
    assert answer.content == whole
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_head_says_the_same_without_the_bytes(client: TestClient, pdf: str, whole: bytes) -> None:
    answer = client.head(pdf)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(whole))


@pytest.mark.parametrize(
    ("wanted", "start", "end"), [("bytes=0-99", 0, 100), ("bytes=100-", 100, None), ("bytes=-50", -50, None)]
)
def test_a_range_is_that_part(
    client: TestClient, pdf: str, whole: bytes, wanted: str, start: int, end: int | None
) -> None:
    answer = client.get(pdf, headers={"Range": wanted})
    assert answer.status_code == 206
    assert answer.content == whole[start:end]
    first = start if start >= 0 else len(whole) + start
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(answer.content) - 1}/{len(whole)}"
    assert answer.headers["content-length"] == str(len(answer.content))


def test_a_range_beyond_the_file_says_how_long_it_is(client: TestClient, pdf: str, whole: bytes) -> None:
    answer = client.get(pdf, headers={"Range": f"bytes={len(whole)}-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(whole)}"


def test_a_range_holds_only_for_the_file_somebody_began(client: TestClient, pdf: str, whole: bytes) -> None:
    tag = client.head(pdf).headers["etag"]
    assert client.get(pdf, headers={"Range": "bytes=0-9", "If-Range": tag}).status_code == 206
    other = client.get(pdf, headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert (other.status_code, other.content) == (200, whole)


@pytest.mark.parametrize("form", ["{}", "W/{}", '"x", {}', "*"])
def test_what_somebody_holds_is_not_sent_again(client: TestClient, pdf: str, form: str) -> None:
    tag = client.head(pdf).headers["etag"]
    answer = client.get(pdf, headers={"If-None-Match": form.format(tag)})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == tag


@pytest.mark.parametrize("name", [ODD_NAME, "picture.svg"])
def test_what_could_run_script_is_taken_and_not_shown(client: TestClient, library: Shelf, name: str) -> None:
    for middle in ("", "/v/1"):
        answer = client.get(f"/resources/{library.ids[name]}{middle}/files/1")
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "sandbox"
        assert "html" not in answer.headers["content-type"]


def test_a_name_from_outside_stays_one_header(client: TestClient, library: Shelf) -> None:
    header = client.get(f"/resources/{library.ids[ODD_NAME]}/files/1").headers["content-disposition"]
    assert "%E2%80%AE" not in header
    assert "filename*=UTF-8''%C4%90%E1%BB%81" in header
    assert header.count('"') == 2


def test_a_file_that_is_not_there_is_not_found(client: TestClient, library: Shelf) -> None:
    resource = f"/resources/{library.ids['parabola.pdf']}"
    for path in ("/files/2", "/files/x", "/files/0", "/files/99999999999999", "/v/9/files/1", "/files/1/pages/9"):
        assert client.get(resource + path).status_code == 404, path
    assert client.get(f"{resource}/files/1/pages/1?width=5").status_code == 404


def test_a_lost_object_is_an_answer_and_not_half_of_one(client: TestClient, library: Shelf) -> None:
    file = f"/resources/{library.ids['cells.pdf']}/files/1"
    digest = client.head(file).headers["etag"].strip('"')
    with library.services.objects.local(blob_key(digest)) as stored:
        hidden = stored.with_name("hidden")
        stored.rename(hidden)
        try:
            answer = client.get(file)
        finally:
            hidden.rename(stored)
    assert answer.status_code == 503
    assert digest not in answer.text
    assert "retry-after" in answer.headers


def test_pictures_of_a_page_are_made_when_somebody_looks(client: TestClient, library: Shelf, running: str) -> None:
    assert running
    resource = f"/resources/{library.ids['parabola.pdf']}"
    for width in (720, 1440):
        answer = client.get(f"{resource}/files/1/pages/2?width={width}")
        while answer.status_code == 404:
            # The worker of `running` may still be starting; a test that hangs is ended from outside.
            answer = client.get(f"{resource}/files/1/pages/2?width={width}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/webp"
        assert answer.content[8:12] == b"WEBP"
        held = {"If-None-Match": answer.headers["etag"]}
        assert client.get(f"{resource}/files/1/pages/2?width={width}", headers=held).status_code == 304
    reader = client.get(f"{resource}/read?page=2&q=truc+doi+xung").text
    assert '<rect class="hit"' in reader
    assert "<tspan" in reader


class GoesAwayAfterTheHead:
    """A store that is killed while a document is read: its first two reads come, the next ones do not."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self.reads = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def open(self, key: str, **span: Any) -> Iterator[bytes]:
        self.reads += 1
        if self.reads > 2:
            raise Unavailable(part="objects")
        return self._store.open(key, **span)


@pytest.mark.parametrize("path", ["", "/read?text=1"])
def test_a_page_goes_on_when_the_store_dies_while_it_is_read(library: Shelf, path: str) -> None:
    store = GoesAwayAfterTheHead(library.services.objects)
    client = TestClient(create(replace(library.services, objects=store)), raise_server_exceptions=False)
    assert client.get(f"/resources/{library.ids['parabola.pdf']}{path}").status_code == 200
    assert store.reads > 2
