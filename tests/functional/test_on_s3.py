"""A library whose files lie in a bucket: the same commands, the same downloads, and what goes on without the store."""

import hashlib
import io
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3
from starlette.testclient import TestClient

from service import compose
from service.app import create
from service.library import checksums
from service.library.deposit import Offered, deposit
from service.library.services import Services
from service.model import OPERATOR, Value
from service.settings import Settings
from tests.conftest import CELLS, PARABOLA, Served, ingest, make_pdf
from tests.kinds import work_off
from tests.servers.s3 import ACCESS_KEY, SECRET_KEY, S3Server

BUCKET = "library"
STORED = "<!doctype html><title>x</title><script>document.title = 'taken over'</script>"


@dataclass(frozen=True)
class Library:
    home: Path
    server: S3Server
    ids: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        return self.server.environment(BUCKET)

    def client(self, *, redirect: bool = False) -> TestClient:
        return TestClient(create(self.services(redirect=redirect)), follow_redirects=False)

    def services(self, *, redirect: bool = False) -> Services:
        settings = Settings(
            home=self.home,
            objects_url=self.server.url(BUCKET),
            objects_access_key=ACCESS_KEY,  # type: ignore[arg-type]
            objects_secret_key=SECRET_KEY,  # type: ignore[arg-type]
            objects_redirect=redirect,
            public_url="http://testserver",
        )
        return compose.services(settings)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    root = tmp_path_factory.mktemp("on-s3")
    server = S3Server()
    try:
        server.start()
        server.client().make_bucket(BUCKET)
        make_pdf(root / "public/parabola.pdf", PARABOLA, title="Hàm số bậc hai")
        (root / "public/trang.html").write_text(STORED, encoding="utf-8")
        make_pdf(root / "drafts/draft.pdf", CELLS, title="Draft")
        with pytest.MonkeyPatch.context() as environment:
            for name, value in server.environment(BUCKET).items():
                environment.setenv(name, value)
            ids = ingest(root / "home", root / "public", "--publish", "--licence", "CC-BY-4.0")
            ids.update(ingest(root / "home", root / "drafts"))
        yield Library(root / "home", server, ids)
    finally:
        server.close()


def address(library: Library, name: str) -> str:
    return f"/resources/{library.ids[name]}/files/1"


def test_the_files_are_in_the_bucket_and_not_in_the_home_folder(library: Library) -> None:
    names = [entry.object_name or "" for entry in library.server.client().list_objects(BUCKET, recursive=True)]
    assert sum(name.startswith("blobs/") for name in names) == 3
    assert any(name.startswith("documents/") for name in names)
    assert not (library.home / "objects").exists()


def test_a_running_library_serves_files_with_ranges_and_tags(library: Library) -> None:
    http = urllib3.PoolManager()
    with Served(library.home, **library.environment) as url:
        whole = http.request("GET", url + address(library, "parabola.pdf"))
        assert whole.status == 200
        assert whole.data.startswith(b"%PDF-")
        assert whole.headers["etag"] == f'"{hashlib.sha256(whole.data).hexdigest()}"'
        part = http.request("GET", url + address(library, "parabola.pdf"), headers={"Range": "bytes=100-199"})
        assert (part.status, part.data) == (206, whole.data[100:200])
        held = http.request(
            "GET", url + address(library, "parabola.pdf"), headers={"If-None-Match": whole.headers["etag"]}
        )
        assert held.status == 304
        found = http.request("GET", url + "/api/v1/search?q=duong+parabol").json()
        assert found["total"] == 1
        picture = http.request("GET", f"{url}/resources/{library.ids['parabola.pdf']}/read?page=2")
        assert picture.status == 200


def test_a_lesson_of_several_files_is_one_zip_that_resumes(library: Library, tmp_path: Path) -> None:
    services = library.services()
    lesson = make_pdf(tmp_path / "bai.pdf", ["Một trang về núi đá vôi."], title="Núi đá vôi")
    large = tmp_path / "phim.bin"
    large.write_bytes(os.urandom(5_000_000))
    files = [Offered(lesson, "Bài.pdf"), Offered(large, "bài.PDF", "attachment")]
    values = [Value("licence", "CC0-1.0", "person")]
    made = deposit(services, OPERATOR, files, owner="default", values=values, publish=True).resource.id
    work_off(services)
    checksums.forget()
    # A reader is sent to the store for a file, but not for what only the library can put together.
    with library.client(redirect=True) as client:
        whole = client.get(f"/resources/{made}/files.zip")
        assert whole.status_code == 200
        assert int(whole.headers["content-length"]) == len(whole.content) > 5_000_000
        with zipfile.ZipFile(io.BytesIO(whole.content)) as read:
            assert read.testzip() is None
            assert {name: read.read(name) for name in read.namelist()} == {
                "Bài.pdf": lesson.read_bytes(),
                "bài (2).PDF": large.read_bytes(),
            }
        half = len(whole.content) // 2
        asked = {"Range": f"bytes={half}-", "If-Range": whole.headers["etag"]}
        rest = client.get(f"/resources/{made}/files.zip", headers=asked)
        assert (rest.status_code, rest.content) == (206, whole.content[half:])


def test_a_redirected_reader_gets_the_same_bytes_from_the_store_under_the_same_name(library: Library) -> None:
    with library.client() as direct, library.client(redirect=True) as client:
        whole = direct.get(address(library, "parabola.pdf"))
        answer = client.get(address(library, "parabola.pdf"))
        assert answer.status_code == 302
        assert answer.headers["cache-control"] == "no-store"
        there = answer.headers["location"]
        assert there.startswith(f"http://{library.server.host}/{BUCKET}/blobs/")
        assert "X-Amz-Expires=300" in there
        fetched = urllib3.request("GET", there)
        assert (fetched.status, fetched.data) == (200, whole.content)
        assert fetched.headers["content-type"] == "application/pdf"
        assert fetched.headers["content-disposition"] == whole.headers["content-disposition"]
        part = urllib3.request("GET", there, headers={"Range": "bytes=-50"})
        assert (part.status, part.data) == (206, whole.content[-50:])
        # Of another object, or without its signature, the same address is worth nothing.
        assert urllib3.request("GET", there.replace("/blobs/", "/documents/")).status == 403
        assert urllib3.request("GET", there.partition("?")[0]).status == 403


def test_heads_validators_and_impossible_ranges_are_answered_here(library: Library) -> None:
    with library.client(redirect=True) as client:
        head = client.head(address(library, "parabola.pdf"))
        assert head.status_code == 200
        tag, size = head.headers["etag"], int(head.headers["content-length"])
        assert client.get(address(library, "parabola.pdf"), headers={"If-None-Match": tag}).status_code == 304
        beyond = client.get(address(library, "parabola.pdf"), headers={"Range": f"bytes={size}-"})
        assert beyond.status_code == 416
        assert client.get(address(library, "parabola.pdf"), headers={"Range": "bytes=0-9"}).status_code == 302


def test_what_could_run_script_is_an_attachment_without_its_type_there_too(library: Library) -> None:
    with library.client(redirect=True) as client:
        fetched = urllib3.request("GET", client.get(address(library, "trang.html")).headers["location"])
    assert fetched.data == STORED.encode()
    assert fetched.headers["content-disposition"].startswith("attachment;")
    assert fetched.headers["content-type"] == "application/octet-stream"


def test_an_unpublished_file_has_no_address(library: Library) -> None:
    with library.client(redirect=True) as client:
        answer = client.get(address(library, "draft.pdf"))
        assert answer.status_code == 404
        assert "location" not in answer.headers


def test_pages_let_the_store_show_pictures_and_recordings_and_nothing_else(library: Library) -> None:
    with library.client() as direct, library.client(redirect=True) as client:
        origin = f"http://{library.server.host}"
        policy = client.get("/").headers["content-security-policy"]
        allowed = {part.split()[0] for part in policy.split(";") if origin in part}
        assert allowed == {"img-src", "media-src"}
        assert origin not in direct.get("/").headers["content-security-policy"]


def test_what_is_kept_on_a_phone_comes_through_the_library(library: Library) -> None:
    with library.client() as direct, library.client(redirect=True) as client:
        whole = direct.get(address(library, "parabola.pdf"))
        answer = client.get(f"{address(library, 'parabola.pdf')}?here=1")
        assert (answer.status_code, answer.content) == (200, whole.content)
        assert answer.headers["etag"] == whole.headers["etag"]
        assert client.get(f"{address(library, 'draft.pdf')}?here=1").status_code == 404
        policy = client.get("/keeper.js").headers["content-security-policy"]
        assert f"connect-src 'self' http://{library.server.host};" in policy
        assert "connect-src 'self';" in direct.get("/keeper.js").headers["content-security-policy"]
        assert "connect-src 'self';" in client.get("/").headers["content-security-policy"]


def test_without_the_store_search_and_pages_go_on_and_come_back_with_it(library: Library) -> None:
    page, file = f"/resources/{library.ids['parabola.pdf']}", address(library, "parabola.pdf")
    for redirect in (False, True):
        with library.client(redirect=redirect) as client:
            library.server.kill()
            try:
                assert client.get("/search?q=parabol").status_code == 200
                assert client.get("/api/v1/search?q=parabol").json()["total"] == 1
                assert client.get(page).status_code == 200
                for gone in (file, f"{page}/thumbnail"):
                    answer = client.get(gone)
                    assert answer.status_code == 503
                    assert answer.headers["retry-after"] == "10"
            finally:
                library.server.start()
            deadline = time.monotonic() + 30
            while (answer := client.get(file)).status_code == 503 and time.monotonic() < deadline:
                time.sleep(0.1)
            assert answer.status_code == (302 if redirect else 200)


def test_a_command_says_that_the_store_is_gone_and_ends_with_code_2(library: Library) -> None:
    environment = {**os.environ, **library.environment, "HOCLIEU_HOME": str(library.home), "HOCLIEU_LANGUAGE": "en"}
    environment["HOCLIEU_OBJECTS_URL"] = f"s3+http://127.0.0.1:9/{BUCKET}"
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", "serve", "--port", "0"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("The S3 store at 127.0.0.1:9, which HOCLIEU_OBJECTS_URL names, does not answer")
