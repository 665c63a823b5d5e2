"""Reading EPUBs in the sandbox against a bare walk over the same XHTML.

    python -m tests.benchmarks.books [FOLDER]…

Books made here, large enough that the bare walk (zipfile, lxml, itertext)
takes 100 ms and more, and those of the folders given that are. Each is read
by turns, the walk first, then the sandbox; a figure is the walk's time
divided by ours, the best of each counts.
"""

import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

from ingest.document import Bundle
from ingest.errors import IngestError
from ingest.sandbox import Sandbox
from tests.benchmarks.figures import Figure, figure, report
from tests.unit.ingest.books import make, page

MIN_BARE_SECONDS = 0.1
MIN_RATIO = 0.6
_TURNS = 7
_WORDS = """
học sinh nêu được vai trò của quá trình trao đổi chất và chuyển hoá năng lượng ở sinh vật thực hiện các bước giải phương
trình bậc hai vận dụng kiến thức đã học để giải quyết vấn đề trong thực tiễn đời sống
"""


def _chapter(chance: random.Random, number: int, *, paragraphs: int) -> str:
    """Running text with what textbooks have in it: emphasis, lists, a table, a picture that is named."""
    words = _WORDS.split()

    def some(count: int) -> str:
        return " ".join(chance.choices(words, k=count))

    body = [f"<section><h1 id='c{number}'>Chương {number}. {some(5)}</h1>"]
    for index in range(paragraphs):
        if index % 12 == 0:
            body.append(f"<h2 id='m{index}'>{some(6)}</h2>")
        body.append(f"<p class='x'>{some(40)} <em>{some(3)}</em> {some(25)}.</p>")
        if index % 20 == 0:
            body.append(f"<ul>{''.join(f'<li>{some(9)}</li>' for _ in range(4))}</ul>")
        if index % 40 == 0:
            cells = "".join(f"<tr>{''.join(f'<td>{some(2)}</td>' for _ in range(4))}</tr>" for _ in range(5))
            body.append(f"<table>{cells}</table>")
    return page("\n".join([*body, "</section>"]))


def _files(folder: Path, given: list[str]) -> Iterator[Path]:
    chance = random.Random(4)
    for name, chapters, paragraphs in (("vi-30-chapters", 30, 700), ("vi-400-chapters", 400, 60)):
        yield make(
            folder / f"{name}.epub",
            [_chapter(chance, number, paragraphs=paragraphs) for number in range(1, chapters + 1)],
        )
    for name in given:
        for path in sorted(Path(name).rglob("*.epub")):
            try:
                if _seconds(lambda: _bare(path)) >= MIN_BARE_SECONDS:  # noqa: B023
                    yield path
            except (zipfile.BadZipFile, etree.XMLSyntaxError):
                continue


def _bare(path: Path) -> int:
    """All characters of all chapters, parsed as the XML that they are."""
    characters = 0
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            if name.endswith((".xhtml", ".html")):
                characters += len("".join(etree.fromstring(book.read(name)).itertext()))
    return characters


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _throughput(sandbox: Sandbox, files: list[Path]) -> list[Figure]:
    figures, walks, ours = [], 0.0, 0.0
    for path in files:
        bundle = Bundle(path, path.name)
        turns = [(_seconds(lambda: _bare(path)), _seconds(lambda: sandbox.read(bundle))) for _ in range(_TURNS)]  # noqa: B023
        walk, read = min(bare for bare, _ in turns), min(read for _, read in turns)
        figures.append(figure(f"read {path.name}", 1 / read, "books/s", baseline=1 / walk))
        walks += walk
        ours += read
    figures.append(figure("read EPUBs", 1 / ours, "runs/s", baseline=1 / walks, at_least=MIN_RATIO))
    return figures


def main(given: list[str]) -> int:
    with tempfile.TemporaryDirectory() as name, Sandbox() as sandbox:
        files = list(_files(Path(name), given))
        try:
            sandbox.read(Bundle(files[0], files[0].name))
        except IngestError as error:
            print(f"cannot read: {error}", file=sys.stderr)
            return 1
        return report(_throughput(sandbox, files))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
