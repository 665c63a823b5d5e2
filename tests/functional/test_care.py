"""The commands of whoever looks after a library, as processes: a watched folder, a disk, quotas, sweeps, fixity."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service import compose
from service.settings import Settings
from tests.conftest import Shelf, make_pdf

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "HOCLIEU_HOME": str(tmp_path / "home"), "HOCLIEU_LANGUAGE": "en"}


@pytest.fixture
def watching(tmp_path: Path, environment: dict[str, str]) -> Iterator[Start]:
    """`hoclieu watch` on tmp_path/in, as often as it is called; all end with the test."""
    running: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "service.cli", "watch", str(tmp_path / "in")]
        options = ["--publish", "--licence", "CC-BY-4.0", "--settle", "0.3"]
        process = subprocess.Popen(
            [*command, *options], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def heard(process: subprocess.Popen[str]) -> subprocess.Popen[str]:
    """It has begun: from here on it can be told to stop."""
    assert process.stdout is not None
    assert "Watching" in process.stdout.readline()
    return process


def until(met: Callable[[], bool], seconds: float = 60.0) -> None:
    ends = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_what_is_dropped_is_taken_once_though_watchers_die_and_are_two(
    tmp_path: Path, watching: Start, environment: dict[str, str]
) -> None:
    folder = tmp_path / "in"
    (folder / "toan").mkdir(parents=True)
    first = heard(watching())
    make_pdf(folder / "toan" / "bai 1.pdf", ["Hàm số bậc hai."], title="Hàm số bậc hai")
    (folder / "rong.pdf").write_bytes(b"")
    (folder / "hong.pdf").write_bytes(b"%PDF-1.7\n" + b"rubbish " * 50)
    (folder / "ra ngoai.pdf").symlink_to(make_pdf(tmp_path / "ngoai.pdf", ["Ở ngoài."]))
    until(lambda: (folder / "done" / "toan" / "bai 1.pdf").exists())
    first.kill()
    first.wait()
    second, third = (heard(process) for process in [watching(), watching()])
    make_pdf(folder / "bai 2.pdf", ["Tam giác đồng dạng."], title="Tam giác đồng dạng")
    make_pdf(folder / "toan" / "bai 1.pdf", ["Hàm số bậc ba."], title="Hàm số bậc ba")
    until(
        lambda: (
            not [
                path
                for path in folder.rglob("*.pdf")
                if path.relative_to(folder).parts[0] in ("toan", ".hoclieu", path.name)
            ]
        )
    )
    for process in (second, third):
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        assert "Traceback" not in errors
    kept = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*") if not path.is_dir())
    assert kept == [
        "done/bai 2.pdf", "done/hong.pdf", "done/hong.pdf.txt", "done/toan/bai 1 (2).pdf", "done/toan/bai 1.pdf",
        "refused/ra ngoai.pdf", "refused/ra ngoai.pdf.txt", "refused/rong.pdf", "refused/rong.pdf.txt",
    ]  # fmt: skip
    assert "rong.pdf was not taken into the library." in (folder / "refused/rong.pdf.txt").read_text("utf-8-sig")
    parts = compose.services(Settings(home=tmp_path / "home"))
    with parts.catalogue.reading() as work:
        resources = work.resources.after(0, 100)
        titles = sorted(work.resources.revisions(one.key)[-1].first("title") or "" for one in resources)
    assert titles == ["Hàm số bậc ba", "Hàm số bậc hai", "Tam giác đồng dạng", "hong"]
    assert sum(bool(one.published) for one in resources) == 3
    parts.catalogue.close()


def test_a_disk_is_told_and_the_library_that_stands_there_has_most_of_it(library: Shelf, tmp_path: Path) -> None:
    make_pdf(tmp_path / "disk" / "new.pdf", ["Bài mới."], title="Bài mới")
    data = (library.home.parent / "public" / "cells.pdf").read_bytes()
    for name in ("cells.pdf", "again.pdf"):
        (tmp_path / "disk" / name).write_bytes(data)
    environment = {**os.environ, "HOCLIEU_HOME": str(library.home), "HOCLIEU_LANGUAGE": "en"}
    command = [sys.executable, "-m", "service.cli", "disk-report", str(tmp_path / "disk")]
    said = subprocess.run([*command, "--json"], env=environment, capture_output=True, text=True, check=True)
    found = json.loads(said.stdout)
    assert (found["everything"]["files"], found["already_here"]["files"], found["new"]["files"]) == (3, 2, 1)
    assert found["read"]["pdf"]["readable"] == 3
    # Without a library none is made.
    elsewhere = {**environment, "HOCLIEU_HOME": str(tmp_path / "nowhere")}
    told = subprocess.run([*command, "--sample", "0"], env=elsewhere, capture_output=True, text=True, check=True)
    assert "PDF: 3 files" in told.stdout
    assert "More than once on the disk: 1 copy" in told.stdout
    assert not (tmp_path / "nowhere").exists()


def test_quotas_sweeps_and_readings_are_commands(tmp_path: Path, environment: dict[str, str]) -> None:
    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "service.cli", *arguments]
        return subprocess.run(
            command, env={**environment, **settings}, capture_output=True, text=True, timeout=120, check=False
        )

    make_pdf(tmp_path / "in" / "a.pdf", ["Một."])
    assert run("organisations", "quota", "default", "1kB").stdout == "default uses 0 MB of 1 MB.\n"
    refused = run("ingest", str(tmp_path / "in"))
    assert refused.returncode == 0
    assert "The organisation default uses 0 MB of the 1 MB that it may store" in refused.stderr
    assert run("organisations", "quota", "default", "lots").returncode == 2
    assert "as much as it likes" in run("organisations", "quota", "default", "none").stdout
    wrong = [run("organisations", "quota", *told) for told in (("default", "5x"), ("no-school", "5GB"))]
    assert [one.returncode for one in wrong] == [2, 2]
    assert "“5x” is no size. Write 50GB," in wrong[0].stderr
    assert "There is no organisation with the code no-school." in wrong[1].stderr
    low = run("ingest", str(tmp_path / "in"), HOCLIEU_KEEP_FREE_GIGABYTES="1000000")
    assert low.returncode == 1
    assert "there is no room for new files. Reading goes on." in low.stderr
    assert run("ingest", str(tmp_path / "in")).returncode == 0
    swept = run("trash-sweep", "--dry-run")
    assert (swept.returncode, swept.stdout) == (0, "There is nothing to take away.\n")
    read = run("fixity", "--now")
    assert (read.returncode, "1 file," in read.stdout) == (0, True)
    (blob,) = (tmp_path / "home" / "objects" / "blobs").glob("*/*/*")
    blob.write_bytes(b"\0" + blob.read_bytes()[1:])
    found = run("fixity", "--now")
    assert (found.returncode, f"damaged\tblobs/{blob.name}" in found.stdout) == (1, True)
    assert "Only a backup has their bytes" in found.stderr
    assert run("fixity", "--mend").returncode == 2
