"""What the search for personal data adds to the reading of a book, in the same process and run.

    python -m tests.benchmarks.privacy

Two books of 300 pages, one of plain prose, one full of writers and dates as a
reader of literature is; and, told only, a class register, which few libraries
hold and none shows. Ratio: the search's time over that of everything else.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pymupdf

from ingest import pipeline, privacy, registry
from ingest.document import Bundle
from tests.benchmarks.figures import Figure, figure, report
from tests.privacy.layouts import pdf_of_table
from tests.privacy.lessons import HEROES, PROSE, WRITERS
from tests.privacy.registers import register

PAGES = 300
MAX_SHARE = 0.05
_TURNS = 5
_READERS = registry.load()


def _prose(chance: random.Random) -> str:
    return " ".join(chance.choices(PROSE, k=24))


def _literature(chance: random.Random) -> str:
    """About two writers a page with their dates, and a few more names."""
    lines = [
        f"{name} ({born} – {died}) viết {work} khi {chance.choice(HEROES)} còn trẻ. {_prose(chance)}"
        for name, born, died, work in chance.sample(WRITERS, k=2)
    ]
    return "</p><p>".join(lines)


def _book(path: Path, page: Callable[[random.Random], str]) -> Path:
    chance = random.Random(PAGES)
    story = pymupdf.Story("".join(f"<p>{page(chance)}</p>" for _ in range(PAGES + 60)))
    writer = pymupdf.DocumentWriter(str(path))
    more, number = 1, 0
    while more and number < PAGES:
        device = writer.begin_page(pymupdf.paper_rect("a4"))
        more, _ = story.place(pymupdf.Rect(60, 70, 540, 780))
        story.draw(device)
        writer.end_page()
        number += 1
    writer.close()
    return path


def _share(name: str, path: Path, *, at_most: float | None) -> Figure:
    whole, search = [], []
    for _ in range(_TURNS):
        began = time.perf_counter()
        document = pipeline.read(Bundle(path, path.name), _READERS)
        whole.append(time.perf_counter() - began)
        began = time.perf_counter()
        privacy.find(document, path.name)
        search.append(time.perf_counter() - began)
    rest = min(whole) - min(search)
    return figure(f"privacy, {name}", min(search) * 1000, "ms", baseline=rest * 1000, at_most=at_most)


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        roll = pdf_of_table(register(random.Random(1), "class", 400), folder / "register.pdf")
        return report(
            [
                _share(f"{PAGES} pages of prose", _book(folder / "prose.pdf", _prose), at_most=MAX_SHARE),
                _share(f"{PAGES} pages of literature", _book(folder / "poets.pdf", _literature), at_most=MAX_SHARE),
                _share("a register of 400 pupils", roll, at_most=None),
            ]
        )


if __name__ == "__main__":
    sys.exit(main())
