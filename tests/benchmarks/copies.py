"""A check for near copies in a library of 100,000, on SQLite: `python -m tests.benchmarks.copies`.

Sketches are drawn, not read: 500 series of 200 lessons, any two of a series with
three tenths in common, so that a look into the bands finds what a real
library's would, and worse: more than a hundred that share one or two. Each check is what a worker
does with a text that it has just read: one question for candidates, comparing
them, one for the resources that hold them. Half of the texts asked for are near
copies of something, half are new lessons of a series. The bare side does without
bands: it reads every signature and compares all at once with numpy.
`python -m tests.benchmarks.copies_scaled` is the same on PostgreSQL.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
from numpy.typing import NDArray
from sqlalchemy import insert, select

from service.adapters.database.sqlite import SqliteCatalogue
from service.adapters.database.tables import SKETCH_BANDS, SKETCHES
from service.model import Sketch
from service.ports import Catalogue
from service.search.sketching import BANDS, NUMBERS, RECIPE, bands, is_near
from tests.benchmarks.figures import Figure, figure, report

SERIES, LESSONS = 500, 200
# Two texts that take this share each have 0.3 in common.
TEMPLATE = 0.55
COPIED = 0.7
CHECKS = 400
CANDIDATES = 100
LIMIT_MS = 50.0
AT_A_TIME = 20_000
SEED = 8
Numbers = NDArray[numpy.uint32]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Library:
    """held: signatures, a row a text. templates: a row a series."""

    held: Numbers
    templates: Numbers


def drawn() -> Library:
    """A text takes so many numbers of its template that any two of a series share three tenths."""
    chance = numpy.random.default_rng(SEED)
    templates = chance.integers(0, 2**32, (SERIES, NUMBERS), dtype=numpy.uint32)
    own = chance.integers(0, 2**32, (SERIES * LESSONS, NUMBERS), dtype=numpy.uint32)
    taken = chance.random((SERIES * LESSONS, NUMBERS)) < TEMPLATE
    return Library(numpy.where(taken, numpy.repeat(templates, LESSONS, axis=0), own), templates)


def asked(library: Library) -> Iterator[tuple[Sketch, int | None]]:
    """(sketch, number of the text that it is nearly a copy of): by turns a near copy, and a new lesson of a series."""
    chance = numpy.random.default_rng(SEED + 1)
    for place in range(CHECKS):
        number = int(chance.integers(len(library.held)))
        own = chance.integers(0, 2**32, NUMBERS, dtype=numpy.uint32)
        if place % 2:
            yield _sketch(numpy.where(chance.random(NUMBERS) < COPIED, library.held[number], own)), number
        else:
            template = library.templates[number // LESSONS]
            yield _sketch(numpy.where(chance.random(NUMBERS) < TEMPLATE, template, own)), None


def _sketch(row: Numbers) -> Sketch:
    return Sketch(RECIPE, 1_000, row.astype("<u4").tobytes())


def name(number: int) -> str:
    return f"{number:064x}"


def sketches(library: Library) -> Iterator[Rows]:
    for start in range(0, len(library.held), AT_A_TIME):
        rows = enumerate(library.held[start : start + AT_A_TIME], start=start + 1)
        yield [
            {"key": key, "sha256": name(key), "recipe": RECIPE, "shingles": 1_000, "signature": _sketch(row).signature}
            for key, row in rows
        ]


def under_bands(library: Library) -> Iterator[Rows]:
    """In the order of their key, as a database loads them fastest."""
    table = numpy.array([bands(_sketch(row)) for row in library.held], dtype=numpy.int64)
    keys = numpy.repeat(numpy.arange(1, len(table) + 1), BANDS)
    pairs = numpy.unique(numpy.stack((table.ravel(), keys), axis=1), axis=0)
    for start in range(0, len(pairs), AT_A_TIME):
        yield [{"band": band, "sketch": key} for band, key in pairs[start : start + AT_A_TIME].tolist()]


def measure(catalogue: Catalogue, library: Library, engine: str) -> list[Figure]:
    """Milliseconds a check, how many near copies were found, and what it is to compare with all."""
    took, bare, right = [], [], 0
    alarms = 0
    questions = list(asked(library))
    for place, (question, source) in enumerate([*questions[:20], *questions]):
        began = time.perf_counter()
        with catalogue.reading() as work:
            found = work.sketches.sharing(question, CANDIDATES)
            near = [sha256 for sha256, one in found.items() if is_near(question, one)]
            work.sketches.holders(near)
        if place < 20:
            # Connections are opened and statements written down.
            continue
        took.append((time.perf_counter() - began) * 1000)
        right += source is not None and name(source + 1) in near
        alarms += source is None and bool(near)
    for question, _ in questions[:5]:
        began = time.perf_counter()
        with catalogue.reading() as work:
            every = work.sketches.transaction.all(select(SKETCHES.c.signature))  # type: ignore[attr-defined]
            table = numpy.frombuffer(b"".join(row.signature for row in every), dtype="<u4").reshape(-1, NUMBERS)
            (table == numpy.frombuffer(question.signature, dtype="<u4")).mean(axis=1).argmax()
        bare.append((time.perf_counter() - began) * 1000)
    took.sort()
    copies = sum(source is not None for _, source in questions)
    print(f"{engine}: {right} of {copies} found, {alarms} of {len(questions) - copies} alarms", file=sys.stderr)
    p95 = took[int(len(took) * 0.95)]
    return [
        figure(f"a check for near copies among 100,000 on {engine}, p95", p95, "ms", at_most=LIMIT_MS),
        figure(f"a check for near copies among 100,000 on {engine}, longest", took[-1], "ms"),
        figure(
            f"a check for near copies on {engine} beside comparing with all, median",
            took[len(took) // 2],
            "ms",
            baseline=sorted(bare)[len(bare) // 2],
            at_most=0.25,
        ),
        figure(f"near copies found by bands on {engine}", right / copies, "share", at_least=0.95),
    ]


def main() -> int:
    library = drawn()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library.sqlite"
        catalogue = SqliteCatalogue(f"sqlite:///{path}")
        catalogue.migrate()
        began = time.monotonic()
        for table, given in ((SKETCHES, sketches(library)), (SKETCH_BANDS, under_bands(library))):
            for rows in given:
                with catalogue.writing() as work:
                    work.sketches.transaction.run(insert(table), rows)  # type: ignore[attr-defined]
        size = path.stat().st_size / 1e6
        print(f"loaded in {time.monotonic() - began:.0f} s, {size:.0f} MB", file=sys.stderr)
        figures = measure(catalogue, library, "SQLite")
        catalogue.close()
    return report(figures)


if __name__ == "__main__":
    sys.exit(main())
