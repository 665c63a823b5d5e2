"""One real library a test run: PDFs made here, taken in by the real command, looked at by every suite of the doors.

`library` is read only. A test that changes something restores it, or makes a library of its own with `build`.
"""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from service import compose
from service.library.services import Services
from service.settings import Settings
from tests.servers.opensearch import OpenSearchServer, opensearch
from tests.servers.postgresql import PostgresServer
from tests.servers.s3 import S3Server, s3

# How long an example takes says how busy the machine is, and a test is no clock.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

SCRIPT = "<script>document.title = 'taken over'</script>"
PARABOLA = [
    "Trang một mở đầu bằng chiếc cổng chào của bản.",
    "Đồ thị của hàm số bậc hai là một đường parabol có đỉnh và trục đối xứng. Hàm số bậc hai có hệ số a khác không.",
    "Bảng biến thiên cho biết khoảng đồng biến và khoảng nghịch biến của hàm số.",
    "Luyện tập: vẽ đồ thị hàm số bậc hai qua năm điểm.",
]
CELLS = ["The cell is the smallest unit of life.", "Plant cells have a wall; animal cells have none."]
ODD_NAME = 'Đề "thi" lớp 9; bản‮ cuối.html'

MANY = 23
"""Short resources that fill a second page of results; each holds the word `daynhieu`."""


@dataclass(frozen=True)
class Shelf:
    """A library in a folder. ids: name of the file that went in -> public id."""

    home: Path
    services: Services
    ids: dict[str, str]


def make_pdf(path: Path, pages: list[str], *, title: str = "", author: str = "") -> Path:
    """A PDF of A5 pages, one paragraph each, with an outline of its pages."""
    import pymupdf

    path.parent.mkdir(parents=True, exist_ok=True)
    with pymupdf.open() as document:
        for number, text in enumerate(pages, start=1):
            page = document.new_page(width=420, height=595)
            page.insert_htmlbox((40, 60, 380, 400), f"<h2>Phần {number}</h2><p>{text}</p>")
        document.set_toc([[1, f"Phần {number}", number] for number in range(1, len(pages) + 1)])
        document.set_metadata({"title": title, "author": author})
        document.save(path)
    return path


def ingest(home: Path, folder: Path, *options: str) -> dict[str, str]:
    """Run the real command. Returns name -> public id of what was stored."""
    report = home.parent / f"{folder.name}.json"
    subprocess.run(
        [sys.executable, "-m", "service.cli", "ingest", str(folder), *options, "--report", str(report)],
        env={**os.environ, "HOCLIEU_HOME": str(home)},
        check=True,
        capture_output=True,
        timeout=120,
    )
    lines = json.loads(report.read_text(encoding="utf-8"))["files"]
    return {Path(line["path"]).name: line["resource"] for line in lines if line["resource"]}


def build(root: Path) -> Shelf:
    """The library of the tests: published, unpublished and withdrawn things, and what somebody hostile uploads."""
    home, public, drafts = root / "home", root / "public", root / "drafts"
    make_pdf(public / "parabola.pdf", PARABOLA, title="Hàm số bậc hai và đồ thị", author="Tổ Toán")
    make_pdf(public / "cells.pdf", CELLS, title="Cells of plants and animals")
    make_pdf(public / "gone.pdf", ["Một tài liệu sẽ được thu hồi."], title="Tài liệu sẽ thu hồi")
    make_pdf(public / "script.pdf", [f"Chữ {SCRIPT.replace('<', '&lt;')} trong trang."], title=SCRIPT)
    (public / ODD_NAME).write_text(f"<!doctype html><html><body>{SCRIPT}</body></html>", encoding="utf-8")
    (public / "picture.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{SCRIPT}</svg>', encoding="utf-8"
    )
    # Never run, so never read: 10 frames a second of nothing.
    (public / "flash.swf").write_bytes(b"FWS\x05\x15\0\0\0\x40\0\0\x0a\x01\0\x40\0\0\0\0\0\0")
    make_pdf(drafts / "draft.pdf", ["Bản nháp bimatchuacongbo."], title="Bản nháp")
    for number in range(MANY):
        make_pdf(public / f"many-{number:02}.pdf", [f"Bài daynhieu số {number}."], title=f"Bài đọc thêm {number}")
    ids = ingest(home, public, "--publish", "--licence", "CC-BY-4.0", "--organisation", "default")
    ids.update(ingest(home, drafts))
    services = compose.services(Settings(home=home))
    # The command, not the use case alone: it returns when the index has followed.
    subprocess.run(
        [sys.executable, "-m", "service.cli", "withdraw", ids["gone.pdf"], "--reason", "Tác giả yêu cầu."],
        env={**os.environ, "HOCLIEU_HOME": str(home)},
        check=True,
        capture_output=True,
        timeout=120,
    )
    return Shelf(home, services, ids)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    shelf = build(tmp_path_factory.mktemp("library"))
    yield shelf
    shelf.services.catalogue.close()


@pytest.fixture(scope="session")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """A library of one resource of every kind that the reader shows."""
    # It stands on this module.
    from tests.kinds import build as build_kinds

    shelf = build_kinds(tmp_path_factory.mktemp("kinds"))
    yield shelf
    shelf.services.catalogue.close()


@pytest.fixture(scope="session")
def running(library: Shelf) -> Iterator[str]:
    """The address of a real `serve` on the library, worker and all."""
    with Served(library.home) as address:
        yield address


class Served:
    """`hoclieu serve` as a process of its own; gives its address, ends it."""

    def __init__(self, home: Path, *arguments: str, log: Path | None = None, **environment: str) -> None:
        self._arguments = arguments
        self._log = log
        self._environment = {**os.environ, "HOCLIEU_HOME": str(home), **environment}

    def __enter__(self) -> str:
        with (self._log or Path(os.devnull)).open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "service.cli", "serve", "--port", "0", *self._arguments],
                env=self._environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        return next(word for word in self._process.stdout.readline().split() if word.startswith("http"))

    @property
    def pid(self) -> int:
        return self._process.pid

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)
        if self._process.stdout:
            self._process.stdout.close()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresServer]:
    """A real server for the whole run."""
    server = PostgresServer().start()
    yield server
    server.close()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: PostgresServer) -> str:
    """The name of a migrated database, copied for each test: migrating takes longer than most of them."""
    settings = Settings(database_url=postgresql_server.create("fresh"))
    catalogue = compose.services(settings).catalogue
    catalogue.migrate()
    catalogue.close()
    return "fresh"


@pytest.fixture
def postgresql_database(postgresql_server: PostgresServer, postgresql_template: str) -> Iterator[str]:
    """The URL of a database of a test's own."""
    name = f"test_{secrets.token_hex(6)}"
    yield postgresql_server.create(name, postgresql_template)
    postgresql_server.drop(name)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """A real S3 server, one for the run."""
    with s3() as server:
        yield server


@pytest.fixture
def bucket(s3_server: S3Server) -> Iterator[str]:
    """A bucket of its own for a test."""
    name = f"test-{secrets.token_hex(8)}"
    s3_server.client().make_bucket(name)
    yield name
    s3_server.clear(name)


@pytest.fixture(scope="session")
def opensearch_server() -> Iterator[OpenSearchServer]:
    """A real OpenSearch of one node, one for the run."""
    with opensearch(quick=True) as server:
        yield server


@pytest.fixture
def index_name(opensearch_server: OpenSearchServer) -> Iterator[str]:
    """What the indexes of a test begin with; they go with it."""
    name = f"test-{secrets.token_hex(8)}"
    yield name
    opensearch_server.drop(name)
