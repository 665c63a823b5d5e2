"""A textbook of 500 pages: how long its pages take to be shown, and that only what is looked at is drawn.

    python -m tests.benchmarks.textbook

The page of the reader waits for its picture and the words over it, so what is
timed is a page that nobody has opened before, picture fetched, from the tap to
the last byte. The file is warm (it was just read) and so is the sandbox: one
page is opened before. Beside them stands a page that was drawn already.
"""

import json
import os
import random
import sys
import tempfile
from pathlib import Path
from statistics import median

import pymupdf

from service import compose
from service.settings import Settings
from tests.benchmarks.figures import Figure, figure, report
from tests.benchmarks.libraries import LINES, Reader, ingest, wait_until_idle
from tests.conftest import Served

PAGES = 500
ASKED = (1, 2, 120, 250, 499)
WARMING = 400
SHOWN_SECONDS = 1.0
PICTURE_PIXELS = 500


def write(path: Path) -> None:
    """Pages as textbooks have them: text all over, and a photograph on every fourth."""
    chance = random.Random(7)
    with pymupdf.open() as document:
        pixels = chance.randbytes(3 * PICTURE_PIXELS * PICTURE_PIXELS)
        picture = pymupdf.Pixmap(pymupdf.csRGB, PICTURE_PIXELS, PICTURE_PIXELS, pixels, False)
        for number in range(1, PAGES + 1):
            page = document.new_page()
            said = "".join(f"<p>{' '.join(chance.choices(LINES, k=4))}</p>" for _ in range(5))
            page.insert_htmlbox(pymupdf.Rect(50, 50, 545, 560), f"<h2>Trang {number}</h2>{said}")
            if number % 4 == 0:
                page.insert_image(pymupdf.Rect(50, 570, 270, 790), pixmap=picture)
        document.set_metadata({"title": "Sách giáo khoa 500 trang"})
        document.subset_fonts()
        document.save(path, deflate=True, garbage=3)


def shown(reader: Reader, resource: str, page: int) -> float:
    """Seconds until the page and its picture are there. Raises: AssertionError: one of them is not."""
    took, status, _ = reader.get(f"/resources/{resource}/read?page={page}")
    drawn, found, size = reader.get(f"/resources/{resource}/files/1/pages/{page}?width=720")
    assert (status, found) == (200, 200), (page, status, found)
    assert size > 1000, (page, size)
    return took + drawn


def drawn(home: Path) -> list[str]:
    """Objects that were made of pages for reading."""
    services = compose.services(Settings(home=home))
    try:
        return [key for key in services.objects.keys("derived/") if "-720-" in key]
    finally:
        services.catalogue.close()


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        (root / "files").mkdir()
        write(root / "files" / "sach.pdf")
        (resource,) = ingest(root / "files", root / "home", {})
        with Served(root / "home") as address:
            wait_until_idle(Settings(home=root / "home"))
            reader = Reader(address)
            shown(reader, resource, WARMING)
            new = {page: shown(reader, resource, page) for page in ASKED}
            again = {page: shown(reader, resource, page) for page in ASKED}
            wait_until_idle(Settings(home=root / "home"))
            made = drawn(root / "home")
    print(json.dumps({"load": os.getloadavg()[0], "seconds": new}), file=sys.stderr)
    figures: list[Figure] = [
        figure(f"textbook-{PAGES}-first-page", new[1], "s", at_most=SHOWN_SECONDS),
        figure(f"textbook-{PAGES}-any-page-p50", median(new.values()), "s", at_most=SHOWN_SECONDS),
        figure(f"textbook-{PAGES}-page-drawn-before-p50", median(again.values()), "s"),
        figure(f"textbook-{PAGES}-pages-drawn", len(made), "pages", at_most=len(ASKED) + 1),
    ]
    return report(figures)


if __name__ == "__main__":
    sys.exit(main())
