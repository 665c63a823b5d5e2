"""What lies in old folders besides files with plain names: names in other encodings and without end, links, devices."""

import os
import socket
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ingest.sandbox import Sandbox
from service.app import create
from service.library import project, sheet
from service.library.batch import Batch, Options
from service.library.dry_run import DryRun
from service.library.lanes import INDEXING, READING
from service.library.outcomes import Line
from service.library.services import Services
from service.library.sheet import Rows
from service.library.work import Worker
from service.model import OPERATOR, Value
from tests.functional.repository import library
from tests.sheets import read

LONG = "dài " * 1_250
LICENCE = Value("licence", "CC0-1.0", "person")


class Desk:
    def __init__(self, services: Services, worker: Worker, sandbox: Sandbox, folder: Path) -> None:
        self.services, self.worker, self.sandbox, self.folder = services, worker, sandbox, folder

    def take(self, rows: Rows | None = None, *, dry: bool = False) -> Mapping[str, Line]:
        """Lines by their path."""
        options = Options(publish=True, values=(LICENCE,), rows=rows or Rows())
        batch = (
            DryRun(self.services, OPERATOR, options, self.sandbox) if dry else Batch(self.services, OPERATOR, options)
        )
        finished: list[Line] = []
        batch.run([self.folder], finished=finished.append, healthy=self.worker.healthy)
        assert sorted(map(id, finished)) == sorted(map(id, batch.lines))
        return {line.path: line for line in batch.lines}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    services = library(tmp_path / "home")
    project.ensure(services)
    (tmp_path / "vào").mkdir()
    with Sandbox() as sandbox:
        worker = Worker(services, sandbox, lanes=READING + INDEXING)
        worker.start()
        yield Desk(services, worker, sandbox, tmp_path / "vào")
        worker.stop()
    services.catalogue.close()


def titles(desk: Desk, lines: Mapping[str, Line]) -> dict[str, tuple[str, str]]:
    """Path -> title and name of the file, as the API tells them; each page and each file of them opens."""
    told = {}
    with TestClient(create(desk.services), base_url="http://library.test") as client:
        for path, line in lines.items():
            record = client.get(f"/api/v1/resources/{line.resource}").json()
            assert client.get(f"/resources/{line.resource}").status_code == 200
            taken = client.get(f"/resources/{line.resource}/files/1")
            assert taken.status_code == 200
            # What proxies hold of an answer's head.
            assert sum(map(len, taken.headers.values())) < 4_000
            told[path] = (record["titles"][0]["value"], record["files"][0]["name"])
    return told


def test_names_of_every_encoding_and_length_become_titles(desk: Desk, tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", "Bài tập về nhà.txt")
    (desk.folder / apart).write_text("Một bài tập.", encoding="utf-8")
    (desk.folder / "Bµi tËp to¸n.txt").write_text("Hai bài tập.", encoding="utf-8")
    Path(os.fsdecode(os.fsencode(desk.folder) + b"/Gi\xb8o \xb8n l\xedp 5.txt")).write_text("Ba bài.", encoding="utf-8")
    with zipfile.ZipFile(desk.folder / "a.zip", "w") as packed:
        packed.writestr(f"{LONG}.txt", "Bốn bài tập.")
    # The sheet has its tones on their letters.
    rows = read(tmp_path, "Tệp,Môn học\nBài tập về nhà.txt,Toán\n")
    assert isinstance(rows, sheet.Rows)
    lines = desk.take(rows)
    assert {line.outcome for line in lines.values()} == {"published"}
    told = titles(desk, lines)
    assert told[apart][0] == "Bài tập về nhà"
    assert told["Bµi tËp to¸n.txt"][0] == "Bài tập toán"
    assert told["Gi\ufffdo \ufffdn l\ufffdp 5.txt"] == ("Giáo án lớp 5", "Giáo án lớp 5.txt")
    title, name = told[f"a.zip!/{LONG}.txt"]
    assert (title, len(name) <= 255, name.endswith(".txt")) == (LONG[:251].rstrip(), True, True)


def test_links_devices_sockets_and_what_nobody_can_open_are_told_and_never_opened(desk: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "ngoài"
    outside.mkdir()
    (outside / "bí mật.txt").write_text("Không được vào.", encoding="utf-8")
    (desk.folder / "liên kết.txt").symlink_to(outside / "bí mật.txt")
    (desk.folder / "thư mục").symlink_to(outside, target_is_directory=True)
    (desk.folder / "vòng").symlink_to(desk.folder, target_is_directory=True)
    (desk.folder / "không đâu.txt").symlink_to(tmp_path / "không có")
    # Whoever opens one waits for ever.
    os.mkfifo(desk.folder / "bài.srt")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(desk.folder / "cổng"))
    refused = {"liên kết.txt", "thư mục", "vòng", "không đâu.txt", "bài.srt", "cổng"}
    if os.geteuid() == 0:
        os.mknod(desk.folder / "thiết bị", 0o020666, os.makedev(1, 5))
        refused.add("thiết bị")
    (desk.folder / "bài.txt").write_text("Bài ở lại.", encoding="utf-8")
    deep = _deep(desk.folder)
    for dry in (True, False):
        lines = desk.take(dry=dry)
        told = {path: (line.outcome, (line.reason or {}).get("code")) for path, line in lines.items()}
        (unreadable,) = [path for path in told if path.startswith(deep)]
        assert told == {
            "bài.txt": ("published", None),
            unreadable: ("refused", "unreadable-path"),
            **dict.fromkeys(refused, ("refused", "no-regular-file")),
        }
        assert (lines[unreadable].reason or {})["text"].endswith(": đường dẫn quá dài.")


def _deep(folder: Path) -> str:
    """Folders in folders, more than 5,000 characters of them, with a file at the end. Returns: the first one's name."""
    name = "s" * 250
    at = os.open(folder, os.O_RDONLY)
    for _ in range(21):
        os.mkdir(name, dir_fd=at)
        below = os.open(name, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(os.open("bài.txt", os.O_CREAT | os.O_WRONLY, dir_fd=at))
    os.close(at)
    return name


def test_a_link_that_somebody_names_is_the_file_that_it_leads_to(desk: Desk, tmp_path: Path) -> None:
    (desk.folder / "thật.txt").write_text("Bài thật.", encoding="utf-8")
    (tmp_path / "tên khác.txt").symlink_to(desk.folder / "thật.txt")
    desk.folder = tmp_path / "tên khác.txt"
    (line,) = desk.take().values()
    assert (line.path, line.outcome) == ("tên khác.txt", "published")
