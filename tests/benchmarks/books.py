"""Reading EPUBs in a child of the sandbox against a bare walk over the same XHTML in the same child.

    python -m tests.benchmarks.books [FOLDER]…

Books made here, so large that the walk (zipfile, lxml, itertext) takes 100 ms
and more, and those of the folders given that are. How: `beside_bare.py`.
"""

import random
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from tests.benchmarks import bare
from tests.benchmarks.beside_bare import Pairs, speeds, times
from tests.benchmarks.figures import report
from tests.unit.ingest.books import make, page

MIN_BARE_SECONDS = 0.1
MIN_RATIO = 0.6
_WORDS = """
học sinh nêu được vai trò của quá trình trao đổi chất và chuyển hoá năng lượng ở sinh vật thực hiện các bước giải phương
trình bậc hai vận dụng kiến thức đã học để giải quyết vấn đề trong thực tiễn đời sống
"""


def _runs(chance: random.Random, least: int, most: int) -> str:
    """Words in spans, as word processors and layout programs export them: cut wherever somebody once typed."""
    return " ".join(
        f'<span class="CharOverride-{chance.randint(1, 9)}" xml:lang="vi-VN">{_said(chance, 2, 12)}</span>'
        for _ in range(chance.randint(least, most))
    )


def _said(chance: random.Random, least: int, most: int) -> str:
    return " ".join(chance.choices(_WORDS.split(), k=chance.randint(least, most)))


def _chapter(chance: random.Random, number: int, paragraphs: int) -> str:
    """Running text with what textbooks have in it: headings, lists, tables."""
    body = [f'<section class="chapter"><h1 id="c{number}">{_runs(chance, 1, 2)}</h1>']
    for index in range(paragraphs):
        body.append(f'<p class="Body-text ParaOverride-{index % 5}">{_runs(chance, 1, 6)}</p>')
        if index % 12 == 11:
            body.append(f'<h2 id="m{number}-{index}">{_runs(chance, 1, 2)}</h2>')
        if index % 20 == 19:
            body.append(f"<ul>{''.join(f'<li>{_runs(chance, 1, 2)}</li>' for _ in range(4))}</ul>")
        if index % 40 == 39:
            cells = "".join(f"<td><p>{_runs(chance, 1, 1)}</p></td>" for _ in range(4))
            body.append(f"<table>{f'<tr>{cells}</tr>' * 5}</table>")
    return page("\n".join([*body, "</section>"]))


def _files(folder: Path, given: list[str]) -> Iterator[Path]:
    chance = random.Random(4)
    for chapters, paragraphs in ((30, 450), (300, 45)):
        bodies = [_chapter(chance, number, paragraphs) for number in range(1, chapters + 1)]
        yield make(folder / f"{chapters}-chapters.epub", bodies)
    for name in given:
        for path in sorted(Path(name).rglob("*.epub")):
            try:
                walk = times(lambda: bare.book(path))  # noqa: B023 - called at once
            except (zipfile.BadZipFile, etree.XMLSyntaxError):
                continue
            # The next one may be a little faster.
            if walk.processor >= 1.2 * MIN_BARE_SECONDS:
                yield path


def main(given: list[str]) -> int:
    with tempfile.TemporaryDirectory() as name, Pairs() as pairs:
        files = _files(Path(name), given)
        return report(speeds(pairs, files, "read EPUBs", least_bare_seconds=MIN_BARE_SECONDS, at_least=MIN_RATIO))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
