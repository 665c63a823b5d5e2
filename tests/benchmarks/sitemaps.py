"""Sitemaps and the feed of changes of a library of a million resources: time, size, memory.

Rows stand in SQLite as publishing leaves them, without files. Asked is the
application itself in this process, so that what crawlers cost is what it
costs the server: the index, every file, and `/atom` at its first page and far
behind.

    python -m tests.benchmarks.sitemaps [--resources 1000000]
"""

import argparse
import datetime
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from pyexpat import ParserCreate
from typing import cast
from xml.etree import ElementTree

import anyio
from starlette.requests import Request
from starlette.responses import StreamingResponse

from service import compose
from service.feeds.asked import Asked
from service.feeds.sitemaps import SIZE, Sitemaps
from service.http.counting import Counting
from service.http.door import Door
from service.http.limits import Limits
from service.library import syndicate
from service.library.services import Services
from service.model import ResourceId, ResourceKey
from service.ports import Listed
from service.settings import Settings
from tests.benchmarks.figures import Figure, figure, report

LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
BEGIN = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
# Of the protocol: an unpacked file, and what one may hold.
MOST_MB, MOST_PAGES = 50 * 1024**2 / 1e6, 50_000
MEMORY_MB = 60.0
PAGES = 50


def identifier(number: int) -> str:
    letters = ""
    for _ in range(12):
        number, rest = divmod(number, 32)
        letters += LETTERS[rest]
    return letters


def rows(count: int) -> Iterator[tuple[str, str]]:
    for key in range(1, count + 1):
        changed = BEGIN + datetime.timedelta(seconds=(key * 7919) % 20_000_000)
        yield identifier(key * 1_000_003), f"{changed:%Y-%m-%d %H:%M:%S}.000000"


def fill(path: Path, count: int) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.executemany(
            "INSERT INTO resources (id, owner, origin, visibility, access, published, created_at, modified_at,"
            " withdrawn_reason, row_version) VALUES (?1, 'default', 'local', 'live', 'public', 1, ?2, ?2, '', 1)",
            rows(count),
        )
    connection.close()


def request(path: str, **parameters: str) -> Request:
    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": b"", "headers": [],
        "server": ("library.test", 80), "scheme": "http", "path_params": parameters, "client": ("127.0.0.1", 1),
    }  # fmt: skip
    return Request(scope)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(services: Services, count: int) -> list[Figure]:
    door = Door(services, Counting(services), Limits(1_000_000))
    files = Sitemaps(door)

    began = time.perf_counter()
    told = files.index(Asked(request("/sitemap.xml"), door, "vi")).body
    index = time.perf_counter() - began
    parsed = ElementTree.fromstring(bytes(told))  # noqa: S314 - our own
    assert len(parsed.findall("{*}sitemap/{*}lastmod")) == len(files.blocks())
    before, taken = peak_mb(), []
    for block in files.blocks():
        asked = Asked(request("/", number=str(block.number)), door, "vi")
        taken.append(take(cast("StreamingResponse", files.file(asked))))
    grown = peak_mb() - before
    first, far = changes(services, count)
    return [
        figure("sitemaps-pages", sum(one.pages for one in taken), "pages", at_least=count),
        figure("sitemaps-files", len(taken), "files", at_most=MOST_PAGES),
        figure("sitemaps-pages of the fullest file", max(one.pages for one in taken), "pages", at_most=MOST_PAGES),
        figure("sitemaps-index", index, "s"),
        figure("sitemaps-file", statistics.median(one.seconds for one in taken), "s"),
        figure("sitemaps-file-unpacked", max(one.unpacked for one in taken) / 1e6, "MB", at_most=MOST_MB),
        figure("sitemaps-packed", sum(one.packed for one in taken) / 1e6, "MB for all"),
        figure("sitemaps-memory", grown, "MB more at the peak", at_most=MEMORY_MB),
        figure("changes-far", far, "ms", baseline=first, at_most=2.0),
    ]


@dataclass
class Taken:
    """A file as a crawler takes it, piece by piece. Sizes in bytes."""

    pages: int = 0
    packed: int = 0
    unpacked: int = 0
    seconds: float = 0.0


def take(answer: StreamingResponse) -> Taken:
    """What the answer sends, without a server between, and nothing of it kept. It must be well-formed."""
    taken, unpacker, began = Taken(), zlib.decompressobj(31), time.perf_counter()
    parser = ParserCreate()

    async def whole() -> None:
        async for piece in answer.body_iterator:
            text = unpacker.decompress(cast("bytes", piece))
            parser.Parse(text, False)
            taken.packed += len(piece)
            taken.unpacked += len(text)
            taken.pages += text.count(b"<url>")

    anyio.run(whole)
    parser.Parse(unpacker.flush(), True)
    taken.seconds = time.perf_counter() - began
    return taken


def changes(services: Services, count: int) -> tuple[float, float]:
    """Milliseconds of a page of changes, the first ones and those of the last tenth."""
    timed = []
    for place in (None, Listed(ResourceKey(count), ResourceId(""), BEGIN + datetime.timedelta(seconds=2_000_000))):
        took = []
        for _ in range(PAGES):
            began = time.perf_counter()
            with services.catalogue.reading() as work:
                assert len(work.changes.public({}, before=place, limit=51)) == 51
            took.append((time.perf_counter() - began) * 1000)
        timed.append(statistics.median(took))
    return timed[0], timed[1]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Sitemaps of a large library")
    parser.add_argument("--resources", type=int, default=1_000_000)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        services = compose.services(Settings(home=Path(scratch)))
        services.catalogue.migrate()
        began = time.monotonic()
        fill(Path(scratch) / "library.sqlite", asked.resources)
        print(f"filled in {time.monotonic() - began:.0f} s; files of {SIZE}", file=sys.stderr)
        assert syndicate.newest_change(services) > BEGIN
        figures = measure(services, asked.resources)
        services.catalogue.close()
    return report(figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
