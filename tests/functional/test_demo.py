"""`make demo`: the sample goes through the real pipeline once, is served, and a taken port is one sentence.

What `docs/api.md` asks to be pasted is pasted here, against the library that a newcomer has.
"""

import os
import re
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def started(command: Sequence[str], **environment: str) -> Iterator[tuple["subprocess.Popen[str]", list[str]]]:
    """The process and the lines that it printed until it served; ended with Ctrl+C's signal."""
    process = subprocess.Popen(
        command,
        env={**os.environ, "HOCLIEU_LANGUAGE": "en", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    try:
        for line in process.stdout:
            lines.append(line.rstrip())
            if line.startswith("The library runs at"):
                break
        yield process, lines
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        process.stdout.close()


@contextmanager
def demo(home: Path, port: int) -> Iterator[list[str]]:
    with started([str(ROOT / "deploy/demo.sh")], HOCLIEU_HOME=str(home), PORT=str(port)) as (_, lines):
        yield lines


def paste(library: str, folder: Path) -> list[str]:
    """What each block of the session in `docs/api.md` prints, all of them in one shell that stops at a failure."""
    blocks = re.findall(r"^```sh\n(.*?)^```", (ROOT / "docs/api.md").read_text(encoding="utf-8"), re.S | re.M)
    assert blocks
    script = "\necho '====='\n".join(blocks)
    folder.mkdir()
    done = subprocess.run(
        ["sh", "-euc", script],
        env={**os.environ, "LIBRARY": library},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    printed = done.stdout.split("=====\n")
    assert len(printed) == len(blocks)
    return printed


def has_pasted(library: str, folder: Path) -> None:
    """The session of the docs shows what it says, in its order."""
    ready, found, narrowed, topics, record, inside, taken, cited, walked, exported, mistaken = paste(library, folder)
    assert '"status": "ready"' in ready
    assert '"title": "Hàm số bậc hai"' in found
    assert "<mark>" in found
    assert re.search(r"^\d+ toan Mathematics$", narrowed, re.M)
    assert len(re.findall(r"^[0-9a-z]{12} \S", narrowed, re.M)) > 1
    assert re.search(r"^\d+ toan-\S+ \S.*, below toan", topics, re.M)
    assert '"name": "' in record
    assert re.match(r"(?:page|section) \d+\n", inside)
    assert re.search(r"^(?:page|section) \d+: \S", record, re.M)
    assert taken == "304\n"
    assert (folder / "lesson").stat().st_size > 1000
    assert cited.startswith("@")
    titles = walked.splitlines()
    assert len(titles) > 5
    lines = (folder / "records.jsonl").read_text(encoding="utf-8").splitlines()
    assert exported.split() == [str(len(lines))]
    assert "null" not in walked
    assert '"code": "invalid"' in mistaken
    assert '"code": "not-found"' in mistaken
    assert "null" not in mistaken


def test_a_second_start_serves_the_same_library_and_loads_nothing_twice(tmp_path: Path) -> None:
    port = free_port()
    with demo(tmp_path / "home", port) as lines:
        assert any(line.startswith("Published: ") for line in lines), lines
        addresses = [word for line in lines for word in line.split() if word.startswith("http") and "q=" in word]
        assert len(addresses) == 3
        for address, place in zip(addresses, ("slide", "section", "t"), strict=True):
            with urllib.request.urlopen(address, timeout=30) as answer:
                page = unescape(answer.read().decode())
            # Every proposal to try must find something: a slide, a chapter, a second, which then opens.
            hits = re.findall(rf'<a href="([^"]+/read\?[^"]*{place}=\d+[^"]*)">', page)
            assert hits, address
            with urllib.request.urlopen(urljoin(address, hits[0]), timeout=30) as answer:
                assert answer.status == 200
        has_pasted(f"http://127.0.0.1:{port}", tmp_path / "pasted")
    with demo(tmp_path / "home", port) as lines:
        assert not any(line.startswith("Published: ") for line in lines), lines
        assert any(line.startswith("Duplicates of what is here: ") for line in lines), lines


def test_a_taken_port_is_said_before_any_work(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        result = subprocess.run(
            [ROOT / "deploy/demo.sh"],
            env={**os.environ, "HOCLIEU_HOME": str(tmp_path / "home"), "PORT": str(port)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert result.returncode != 0
    assert result.stdout == ""
    assert result.stderr.splitlines() == [result.stderr.strip()]
    assert f"Port {port}" in result.stderr
    assert "make demo PORT=" in result.stderr
    assert not (tmp_path / "home").exists()
