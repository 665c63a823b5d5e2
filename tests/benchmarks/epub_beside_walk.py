"""An extractor for the benchmark of books: inside one child, a bare walk over a book and our reading of it by turns.

Loaded into the sandbox beside the house's own; its document carries nothing
but the two times. Both are processor time: the child has one thread, and what
else runs on the machine is not its business.
"""

import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from ingest import pipeline, registry
from ingest.document import Bundle, Document, Warning

VERSION = "1"
MEDIA_TYPES = {"application/epub+zip": 1000}
_TURNS = 5


def bare(path: Path) -> int:
    """All characters of all chapters, parsed as the XML that they are."""
    from lxml import etree

    with zipfile.ZipFile(path) as book:
        chapters = [book.read(name) for name in book.namelist() if name.endswith((".xhtml", ".html"))]
    return sum(len("".join(etree.fromstring(chapter).itertext())) for chapter in chapters)


def extract(bundle: Bundle) -> Document:
    """A document whose warnings are `bare` and `read`, each with the best of its turns in microseconds."""
    readers = registry.load()
    turns = [
        (microseconds(lambda: bare(bundle.main)), microseconds(lambda: pipeline.read(bundle, readers)))
        for _ in range(_TURNS)
    ]
    best = {"bare": min(walk for walk, _ in turns), "read": min(read for _, read in turns)}
    return Document(
        "application/epub+zip", warnings=tuple(Warning(name, {"microseconds": taken}) for name, taken in best.items())
    )


def microseconds(act: Callable[[], object]) -> int:
    began = time.process_time()
    act()
    return round((time.process_time() - began) * 1e6)
