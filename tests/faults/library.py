"""What the fault tests share: a library in a folder driven through real processes, and its files."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from service import compose
from service.library import discover, look, project
from service.library.services import Services
from service.library.views import SearchRequest
from service.model import OPERATOR, PUBLIC
from service.settings import Settings

PAGES = 12


def make_pdf(path: Path, token: str, pages: int = PAGES) -> Path:
    """A PDF whose every page holds `token`; it occurs nowhere else, so that it finds exactly this file."""
    import pymupdf

    path.parent.mkdir(parents=True, exist_ok=True)
    with pymupdf.open() as document:
        for number in range(1, pages + 1):
            page = document.new_page()
            page.insert_text((72, 100), f"Tai lieu {token} trang {number} noi ve ham so bac hai")
        document.save(path)
    return path


class Library:
    """Commands run as processes of their own; `open` gives the parts beside them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {**os.environ, "HOCLIEU_HOME": str(home), "HOCLIEU_LEASE_SECONDS": "2"}
        # Its disks may be smaller than what a library keeps free.
        self.environment |= {"HOCLIEU_KEEP_FREE_PERCENT": "0", "HOCLIEU_KEEP_FREE_GIGABYTES": "0"}
        self._running: list[subprocess.Popen[bytes]] = []
        self._addresses: dict[int, str] = {}

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "service.cli", *arguments]

    def serve(self) -> subprocess.Popen[bytes]:
        """A running `serve`; its first line of output is the address, printed when it listens."""
        process = subprocess.Popen(
            self.command("serve", "--port", "0"),
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._running.append(process)
        assert process.stdout is not None
        said = process.stdout.readline().decode()
        self._addresses[process.pid] = next(word for word in said.split() if word.startswith("http"))
        return process

    def work(self) -> subprocess.Popen[bytes]:
        """A running `work`, ended with the library."""
        process = subprocess.Popen(self.command("work"), env=self.environment, stdout=subprocess.DEVNULL)
        self._running.append(process)
        return process

    def address(self, process: subprocess.Popen[bytes]) -> str:
        return self._addresses[process.pid]

    def ingest(self, folder: Path, report: Path | None = None) -> subprocess.Popen[bytes]:
        options = ["--report", str(report)] if report else []
        command = self.command("ingest", str(folder), "--publish", "--licence", "CC0-1.0", *options)
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments), env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )

    def open(self) -> Services:
        return compose.services(Settings(home=self.home))

    def close(self) -> None:
        for process in self._running:
            if process.poll() is None:
                process.terminate()
                process.wait(30)
            if process.stdout is not None:
                process.stdout.close()


def acknowledged(output: bytes) -> dict[str, str]:
    """Path -> resource id of each whole line that `ingest` printed before it ended."""
    lines: Sequence[list[str]] = [line.split("\t") for line in output.decode().splitlines() if line.count("\t") == 2]
    return {path: id for outcome, path, id in lines if outcome == "published"}


def examine(parts: Services, tokens: dict[str, str], said: dict[str, str]) -> None:
    """Every file is there once, found by its token, whole, under the id that was acknowledged."""
    assert not project.compare(parts, project.live(parts))
    for name, token in tokens.items():
        found = discover.search(parts, PUBLIC, SearchRequest(text=token))
        assert [item.title for item in found.items] == [name.removesuffix(".pdf")], (name, token)
        item = found.items[0]
        assert item.id == said.get(name, item.id)
        assert item.hits[0].locator.kind == "page"
        assert look.resource(parts, OPERATOR, item.id).readings[1].passages == PAGES
        assert sum(1 for _ in look.passages(parts, PUBLIC, item.id)) == PAGES
        opened = look.open_file(parts, PUBLIC, item.id, 1)
        assert sum(len(block) for block in parts.objects.open(opened.key)) == opened.entry.size_bytes
