"""What other processes do to an index in the contract tests; started by `spawn`, so importable by name.

`open_index` is handed over with the work, because only the engine's test
knows the class behind a place.
"""

import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.synchronize import Event

from ingest.document import Locator
from service.model import Access, IndexDocument, IndexPassage, ResourceId, ResourceKey
from service.ports import SearchIndex

Open = Callable[[str], SearchIndex]
GENERATION = "first"


def document(
    key: int,
    *texts: str,
    title: str = "Bài giảng",
    description: str = "",
    keywords: tuple[str, ...] = (),
    version: int = 1,
    day: int = 20_000,
    used: int = 0,
    audience: Access = "public",
    organisation: str = "default",
    file: int = 1,
    **facets: tuple[str, ...],
) -> IndexDocument:
    """A resource with a passage a page."""
    return IndexDocument(
        key=ResourceKey(key),
        id=ResourceId(f"r{key:011d}"),
        version=version,
        title=title,
        description=description,
        keywords=keywords,
        facets=facets,
        audience=audience,
        organisation=organisation,
        published_day=day,
        used=used,
        passages=tuple(IndexPassage(file, Locator("page", page), text) for page, text in enumerate(texts, 1)),
    )


def write_each(open_index: Open, place: str, first: int, count: int) -> None:
    """A commit a resource."""
    index = open_index(place)
    for key in range(first, first + count):
        index.write(GENERATION, [document(key, f"đoạn số {key}")], [])


def write_until_killed(open_index: Open, place: str, begun: Event, seconds: float) -> None:
    """Write resources of many passages, version after version, and be killed somewhere in it."""
    index = open_index(place)
    timer = threading.Timer(seconds, lambda: os.kill(os.getpid(), signal.SIGKILL))
    version = 0
    while True:
        version += 1
        texts = [f"phiên bản v{version} trang {page}" for page in range(200)]
        index.write(
            GENERATION, [document(key, *texts, version=version, title=f"v{version}") for key in range(1, 6)], []
        )
        if version == 1:
            begun.set()
            timer.start()


def write_after(open_index: Open, place: str, seconds: float, key: int, text: str) -> None:
    index = open_index(place)
    time.sleep(seconds)
    index.write(GENERATION, [document(key, text)], [])
