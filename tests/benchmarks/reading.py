"""Reading PDFs in the sandbox against a bare PyMuPDF loop over their text.

    python -m tests.benchmarks.reading [FOLDER]…

Files of 20 pages and more, generated here and those of the folders given,
each read by turns: the loop, then the sandbox, and again. A figure is the
loop's time divided by ours; the best of each counts, because other work on
the machine only ever adds time. The fixed cost is that of a one-page file in
the warm parent, one after another and with pauses in between.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pymupdf

from ingest.document import Bundle
from ingest.errors import IngestError
from ingest.sandbox import Sandbox
from tests.benchmarks.figures import Figure, figure, report

MIN_PAGES = 20
MIN_RATIO = 0.8
MAX_FIXED_MILLISECONDS = 30.0
_TURNS = 7
# Syllables of a syllabus, so that letters, fonts and lengths are those of real pages.
_VIETNAMESE = """
học sinh nêu được vai trò của quá trình trao đổi chất và chuyển hoá năng lượng ở sinh vật thực hiện các bước giải phương
trình bậc hai vận dụng kiến thức đã học để giải quyết vấn đề trong thực tiễn đời sống
"""
_ENGLISH = """
the leaf takes in light and turns water and air into sugar which the plant uses as food for all its parts
"""


def _generate(path: Path, *, pages: int, words: str) -> Path:
    """Pages of running text in one embedded font, with a running header and page numbers."""
    chance = random.Random(pages)
    flowing = "".join(f"<p>{' '.join(chance.choices(words.split(), k=90))}.</p>" for _ in range(pages * 8))
    story = pymupdf.Story(flowing, user_css="p { font-size: 11px }")
    made = path.with_suffix(".flow")
    writer = pymupdf.DocumentWriter(str(made))
    more, number = True, 0
    while more and number < pages:
        device = writer.begin_page(pymupdf.paper_rect("a4"))
        more, _ = story.place(pymupdf.Rect(60, 70, 540, 780))
        story.draw(device)
        writer.end_page()
        number += 1
    writer.close()
    with pymupdf.open(made, filetype="pdf") as document:
        for page in document:
            page.insert_text((60, 40), "Truong THCS Nguyen Du", fontsize=9)
            page.insert_text((290, 815), str(page.number + 1), fontsize=9)
        document.save(path, garbage=3, deflate=True)
    made.unlink()
    return path


def _files(folder: Path, given: list[str]) -> Iterator[Path]:
    yield _generate(folder / "vi-20-pages.pdf", pages=20, words=_VIETNAMESE)
    yield _generate(folder / "vi-100-pages.pdf", pages=100, words=_VIETNAMESE)
    yield _generate(folder / "en-40-pages.pdf", pages=40, words=_ENGLISH)
    for name in given:
        for path in sorted(Path(name).rglob("*.pdf")) if Path(name).is_dir() else ():
            try:
                with pymupdf.open(path) as document:
                    if not document.needs_pass and document.page_count >= MIN_PAGES:
                        yield path
            except (pymupdf.FileDataError, ValueError):
                continue


def _bare(path: Path) -> None:
    with pymupdf.open(path) as document:
        for page in document:
            page.get_text()


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _throughput(sandbox: Sandbox, files: list[Path]) -> list[Figure]:
    figures, loops, ours = [], 0.0, 0.0
    for path in files:
        bundle = Bundle(path, path.name)
        turns = [(_seconds(lambda: _bare(path)), _seconds(lambda: sandbox.read(bundle))) for _ in range(_TURNS)]  # noqa: B023
        loop, read = min(bare for bare, _ in turns), min(read for _, read in turns)
        with pymupdf.open(path) as document:
            pages = document.page_count
        figures.append(figure(f"read {path.name}", pages / read, "pages/s", baseline=pages / loop))
        loops += loop
        ours += read
    figures.append(
        figure("read files of 20 pages and more", 1 / ours, "runs/s", baseline=1 / loops, at_least=MIN_RATIO)
    )
    return figures


def _fixed(sandbox: Sandbox, folder: Path) -> list[Figure]:
    path = folder / "small.pdf"
    document = pymupdf.open()
    document.new_page().insert_text((72, 72), "A small file of one page and one line.")
    document.save(path)
    document.close()
    figures = []
    for name, pause in (("one after another", 0.0), ("with pauses", 0.05)):
        times = []
        for _ in range(60):
            time.sleep(pause)
            times.append(_seconds(lambda: sandbox.read(Bundle(path, path.name))) * 1000)
        median = statistics.median(times)
        figures.append(figure(f"small file, {name}", median, "ms", at_most=MAX_FIXED_MILLISECONDS))
    return figures


def main(given: list[str]) -> int:
    pymupdf.TOOLS.mupdf_display_errors(False)
    with tempfile.TemporaryDirectory() as name, Sandbox() as sandbox:
        folder = Path(name)
        files = list(_files(folder, given))
        try:
            sandbox.read(Bundle(files[0], files[0].name))
        except IngestError as error:
            print(f"cannot read: {error}", file=sys.stderr)
            return 1
        return report([*_fixed(sandbox, folder), *_throughput(sandbox, files)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
