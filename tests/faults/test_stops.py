"""Ctrl+C and a supervisor's SIGTERM: commands end within seconds, in order, and leave neither processes nor files."""

import json
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from service.library.deposit import Offered, deposit
from service.model import OPERATOR
from tests.faults.library import Library, acknowledged, examine, make_pdf
from tests.process_tree import children, left, tree

FILES = 30
ENDS_SECONDS = 8.0
SIGNALS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])


@pytest.fixture
def scratch(library: Library, tmp_path: Path) -> Path:
    """Where the commands put their temporary files: whatever is left over is seen."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    library.environment |= {"TMPDIR": str(folder), "HOCLIEU_LANGUAGE": "en"}
    return folder


def stop(process: subprocess.Popen[bytes], number: int) -> tuple[int, list[int]]:
    """Send the signal. Returns the exit code and what of the process's tree still runs."""
    family = list(tree(process.pid))
    process.send_signal(number)
    code = process.wait(ENDS_SECONDS)
    return code, left(family, seconds=2)


def until_reading(process: subprocess.Popen[bytes], *, below: int) -> None:
    """Wait until the process has that many levels of processes below it: a warm parent, and a child of it."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        level = [process.pid]
        for _ in range(below):
            level = [child for pid in level for child in children(pid)]
        if level:
            return
        time.sleep(0.02)
    raise AssertionError("nothing was read")


@SIGNALS
def test_a_batch_that_is_stopped_says_so_and_is_completed_by_the_next_run(
    library: Library, scratch: Path, tmp_path: Path, number: int
) -> None:
    tokens = {f"{file}.pdf": f"z{'bcdghklmn'[file // 9]}a{'bcdghklmn'[file % 9]}oru" for file in range(FILES)}
    for name, token in tokens.items():
        make_pdf(tmp_path / "in" / name, token)
    report = tmp_path / "report.json"
    batch = library.ingest(tmp_path / "in", report)
    assert batch.stdout is not None
    assert batch.stderr is not None
    first = batch.stdout.readline()
    code, running = stop(batch, number)
    output, errors = first + batch.stdout.read(), batch.stderr.read().decode()
    batch.stdout.close()
    batch.stderr.close()
    assert (code, running) == (1, [])
    assert (
        errors == "Stopped on demand before the end. What was acknowledged is safe; run the command again to go on.\n"
    )
    assert list(scratch.iterdir()) == []
    assert list((library.home / "objects/.incoming").iterdir()) == []
    said = acknowledged(output)
    assert 0 < len(said) < FILES
    assert {line["resource"] for line in json.loads(report.read_text())["files"]} >= set(said.values())

    done = library.run("ingest", str(tmp_path / "in"), "--publish", "--licence", "CC0-1.0")
    assert done.returncode == 0, done.stderr
    parts = library.open()
    examine(parts, tokens, said)
    parts.catalogue.close()


@SIGNALS
def test_serve_ends_with_its_worker_and_the_readers_of_that(
    library: Library, scratch: Path, tmp_path: Path, number: int
) -> None:
    make_pdf(tmp_path / "in/one.pdf", "zabora")
    assert library.run("ingest", str(tmp_path / "in"), "--publish", "--licence", "CC0-1.0").returncode == 0
    serve = library.serve()
    address = library.address(serve)
    with urllib.request.urlopen(f"{address}/api/v1/search?q=zabora", timeout=20) as answer:
        resource = json.load(answer)["items"][0]["id"]
    with urllib.request.urlopen(f"{address}/resources/{resource}/read?page=1", timeout=20) as answer:
        answer.read()
    until_reading(serve, below=2)
    code, running = stop(serve, number)
    assert (code, running) == (0, [])
    assert list(scratch.iterdir()) == []


@SIGNALS
def test_a_worker_ends_and_gives_back_what_it_held(
    library: Library, scratch: Path, tmp_path: Path, number: int
) -> None:
    make_pdf(tmp_path / "one.pdf", "zabora")
    assert library.run("ingest", str(tmp_path / "one.pdf")).returncode == 0
    parts = library.open()
    for file in range(FILES):
        path = make_pdf(tmp_path / "in" / f"{file}.pdf", f"zabora{file}")
        deposit(parts, OPERATOR, [Offered(path, path.name)], owner="default")
    parts.catalogue.close()
    worker = library.work()
    until_reading(worker, below=2)
    code, running = stop(worker, number)
    assert (code, running) == (0, [])
    assert list(scratch.iterdir()) == []
    parts = library.open()
    with parts.catalogue.reading() as work:
        numbers = work.jobs.numbers()
    parts.catalogue.close()
    assert numbers[("read", "queued")] > 0
    assert ("read", "leased") not in numbers
