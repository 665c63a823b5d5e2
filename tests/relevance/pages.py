"""Does a line of a page lead back to that page? `python -m tests.relevance.pages PATH… [--pages 200] [--seed 1]`

Loads the PDFs under PATH into a library of its own through the real pipeline,
then takes random pages, half of them Vietnamese, and from each eight
consecutive words that occur on one page only and stand outside the running
headers. Found means: its resource comes first, and its first hit is that page.
Vietnamese queries are asked toned and bare. Prints one JSON object a variant.

The words are taken with a bare PyMuPDF loop, not with the library's reader,
so that a reader who loses or breaks text is found out.
"""

import argparse
import json
import random
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.sandbox import Sandbox
from ingest.vietnamese.language import detect
from service import compose
from service.library import batch, discover, project, walking
from service.library.lanes import INDEXING, READING
from service.library.views import SearchRequest
from service.library.work import Worker
from service.model import OPERATOR, PUBLIC, Value
from service.search.analysis import dia, fold
from service.settings import Settings

WORDS = 8
# Eight words are this many tokens: "2x+3" is two, a dash is none.
SIZES = range(4, 17)
# The part of a page's height, above and below, where running headers and page numbers stand.
MARGIN = 0.1


@dataclass(frozen=True, slots=True)
class Page:
    path: str
    number: int
    lines: tuple[tuple[str, ...], ...]
    vietnamese: bool


def pages_of(root: Path) -> Iterator[Page]:
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    for path, name in walking.walk([root]):
        try:
            document = pymupdf.open(path)
            if document.needs_pass and not document.authenticate(""):
                continue
            for page in document:
                yield _page(page, name)
        except (RuntimeError, ValueError):
            continue


def _page(page: object, name: str) -> Page:
    height = page.rect.height  # type: ignore[attr-defined]
    lines: dict[tuple[int, int], list[str]] = {}
    for _, top, _, bottom, word, block, line, _ in page.get_text("words"):  # type: ignore[attr-defined]
        if MARGIN * height < top and bottom < (1 - MARGIN) * height:
            lines.setdefault((block, line), []).append(unicodedata.normalize("NFC", word))
    text = " ".join(word for line in lines.values() for word in line)
    return Page(name, page.number + 1, tuple(tuple(line) for line in lines.values()), detect(text) == "vi")  # type: ignore[attr-defined]


def runs(page: Page) -> Iterator[str]:
    for line in page.lines:
        for start in range(len(line) - WORDS + 1):
            yield " ".join(line[start : start + WORDS])


def stretches(page: Page) -> set[str]:
    """Every run of the page's folded tokens as long as a question's, across line ends too."""
    tokens = fold(" ".join(word for line in page.lines for word in line))
    return {" ".join(tokens[start : start + size]) for size in SIZES for start in range(len(tokens) - size + 1)}


def questions(pages: list[Page], count: int, rng: random.Random) -> list[tuple[Page, str]]:
    """Half Vietnamese where there are enough; a run counts once a page and must stand on one page only."""
    seen = Counter(key for page in pages for key in stretches(page))
    chosen: list[tuple[Page, str]] = []
    for vietnamese in (True, False):
        group = [page for page in pages if page.vietnamese == vietnamese]
        rng.shuffle(group)
        wanted = count // 2
        for page in group:
            unique = [run for run in runs(page) if seen[" ".join(fold(run))] == 1 and _worded(run)]
            if unique and wanted:
                chosen.append((page, rng.choice(unique)))
                wanted -= 1
    return chosen


def _worded(run: str) -> bool:
    """Eight words, not a row of numbers or dots."""
    return len([token for token in dia(run) if token.isalpha() and len(token) > 1]) >= WORDS - 2


def bare(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(character for character in plain if not unicodedata.combining(character))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.relevance.pages")
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", action="store_true", help="print what was not found")
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    pages = [page for root in asked.paths for page in pages_of(root)]
    chosen = questions(pages, asked.pages, rng)
    with tempfile.TemporaryDirectory() as folder:
        parts = compose.services(Settings(home=Path(folder)))
        parts.catalogue.migrate()
        project.ensure(parts)
        run = batch.Batch(
            parts, OPERATOR, batch.Options(publish=True, values=(Value("licence", "CC-BY-4.0", "person"),))
        )
        with Sandbox() as sandbox:
            worker = Worker(parts, sandbox, lanes=READING + INDEXING)
            worker.start()
            run.run(asked.paths, finished=lambda line: None, healthy=worker.healthy)
            worker.stop()
        ids = {line.path: line.resource for line in run.lines}
        for variant in ("toned", "bare", "other"):
            group = [(p, q) for p, q in chosen if p.vietnamese == (variant != "other")]
            good = 0
            for page, run_text in group:
                query = bare(run_text) if variant == "bare" else run_text
                found = discover.search(parts, PUBLIC, SearchRequest(text=query, size=3))
                first = found.items[0] if found.items else None
                hit = first.hits[0] if first and first.hits else None
                ok = bool(first and first.id == ids[page.path] and hit and hit.locator.value == page.number)
                good += ok
                if not ok and asked.misses:
                    print(
                        page.path,
                        page.number,
                        repr(query),
                        first and first.title,
                        hit and hit.locator.value,
                        file=sys.stderr,
                    )
            share = round(good / len(group), 4) if group else None
            print(json.dumps({"variant": variant, "pages": len(group), "found": good, "share": share}))
        parts.catalogue.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
