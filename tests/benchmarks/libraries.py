"""Small libraries behind a real `serve` for the benchmarks of servers, and what reads them over HTTP."""

import http.client
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pymupdf

from service.settings import Settings
from tests.benchmarks.memory import busy

LINES = (
    "Hàm số bậc hai có đồ thị là một đường parabol với đỉnh và trục đối xứng.",
    "Quá trình trao đổi chất và chuyển hoá năng lượng ở sinh vật.",
    "Các bước giải phương trình bậc hai bằng công thức nghiệm.",
    "Vận dụng kiến thức đã học để giải quyết vấn đề trong thực tiễn đời sống.",
)
PICTURE_PIXELS = 400
PATIENCE_SECONDS = 120.0


def write(folder: Path, count: int) -> None:
    """PDFs of three pages with words that searches find and half a megabyte that does not compress."""
    folder.mkdir(parents=True)
    for number in range(count):
        pixels = os.urandom(3 * PICTURE_PIXELS * PICTURE_PIXELS)
        picture = pymupdf.Pixmap(pymupdf.csRGB, PICTURE_PIXELS, PICTURE_PIXELS, pixels, False)
        with pymupdf.open() as document:
            for page_number in range(1, 4):
                page = document.new_page()
                text = f"<p>Bài {number}, trang {page_number}.</p>" + f"<p>{LINES[number % len(LINES)]}</p>" * 8
                page.insert_htmlbox(pymupdf.Rect(50, 50, 545, 500), text)
            page.insert_image(pymupdf.Rect(50, 510, 350, 810), pixmap=picture)
            document.set_metadata({"title": f"Bài {number}. {LINES[number % len(LINES)]}"})
            document.subset_fonts()
            document.save(folder / f"{number}.pdf", deflate=True)


def ingest(folder: Path, home: Path, environment: dict[str, str]) -> list[str]:
    """The real command. Returns: public ids, in the order of names."""
    told = home.parent / f"{home.name}.json"
    words = ["ingest", str(folder), "--publish", "--licence", "CC-BY-4.0", "--report", str(told)]
    subprocess.run(
        [sys.executable, "-m", "service.cli", *words],
        env={**os.environ, "HOCLIEU_HOME": str(home), **environment},
        check=True,
        stdout=sys.stderr,
    )
    lines = json.loads(told.read_text(encoding="utf-8"))["files"]
    assert all(line["outcome"] == "published" for line in lines), lines
    return [line["resource"] for line in sorted(lines, key=lambda line: line["path"])]


class Reader:
    """One reader with one connection."""

    def __init__(self, address: str, timeout_seconds: float = 60.0) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=timeout_seconds)

    def get(self, path: str) -> tuple[float, int, int]:
        """Seconds from asking to the last byte; status; bytes."""
        began = time.perf_counter()
        self._connection.request("GET", path)
        with self._connection.getresponse() as answer:
            size = sum(len(block) for block in iter(lambda: answer.read(1 << 16), b""))
            return time.perf_counter() - began, answer.status, size

    def close(self) -> None:
        self._connection.close()


def wait_until_idle(settings: Settings) -> None:
    """Until the worker has nothing to do: what it draws for new resources is not what is measured."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while busy(settings):
        if time.monotonic() > deadline:
            raise TimeoutError("the worker does not come to an end")
        time.sleep(0.2)
