"""What tests of workers share: a reader of texts that misbehaves where a name asks for it, and how they wait."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ingest.document import Bundle, Document, Extent, Locator, Passage
from ingest.errors import BrokenFile
from service.library import discover
from service.library.deposit import Offered, deposit
from service.library.services import Services
from service.library.views import SearchRequest
from service.model import OPERATOR, PUBLIC, Value

LICENCE = Value("licence", "CC0-1.0", "person")


class Reader:
    """Reads text files; raises or waits where a name asks for it. Stands for the sandbox."""

    def __init__(self) -> None:
        self.hold = threading.Event()
        self.reading: list[str] = []

    def read(self, bundle: Bundle) -> Document:
        self.reading.append(bundle.name)
        if bundle.name.startswith("poison"):
            raise RuntimeError("a fault of ours")
        if bundle.name.startswith("broken"):
            raise BrokenFile
        if bundle.name.startswith("slow"):
            self.hold.wait(20)
        text = bundle.main.read_text(encoding="utf-8")
        return Document("text/plain", (), "vi", (Passage(Locator("page", 1), text, "vi"),), extent=Extent(pages=1))

    def picture(self, path: Path, *, media_type: str, page: int, width: int) -> bytes:
        raise AssertionError("no pictures are asked for here")

    def layer(self, path: Path, *, media_type: str, page: int) -> dict[str, Any]:
        raise AssertionError("no pictures are asked for here")


def hand_in(parts: Services, path: Path, text: str) -> str:
    """A file with this text, to be published. Returns: id of its resource."""
    path.write_text(text, encoding="utf-8")
    done = deposit(parts, OPERATOR, [Offered(path, path.name)], owner="default", values=[LICENCE], publish=True)
    return done.resource.id


def until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def total(parts: Services, text: str) -> int:
    return discover.search(parts, PUBLIC, SearchRequest(text=text)).total
