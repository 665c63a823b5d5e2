"""Small files as a teacher's folder holds them, a dozen kinds by turns, every one of other bytes and words."""

import random
from collections.abc import Callable, Mapping
from pathlib import Path

import pymupdf
from PIL import Image, ImageDraw

from tests.ooxml import cell, docx, paragraph, paragraphs, pptx, shape, slide, xlsx
from tests.recordings import srt, vtt
from tests.unit.ingest.books import make, page

_WORDS = """
học sinh nêu được vai trò của quá trình trao đổi chất và chuyển hoá năng lượng ở sinh vật thực hiện các bước giải phương
trình bậc hai vận dụng kiến thức đã học để giải quyết vấn đề trong thực tiễn đời sống
"""


def write(folder: Path, count: int, *, seed: int) -> int:
    """Make `count` files in the folder. Returns: their bytes together."""
    folder.mkdir(parents=True)
    chance = random.Random(seed)
    kinds = list(_KINDS.items())
    for number in range(1, count + 1):
        ending, kind = kinds[number % len(kinds)]
        # Two thousand files in one folder is what nobody has.
        inside = folder / f"{number // 100:03}"
        inside.mkdir(exist_ok=True)
        kind(inside / f"bai-{number}.{ending}", chance, f"Bài {number} của tập {seed}")
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _lines(chance: random.Random, count: int) -> list[str]:
    return [" ".join(chance.choices(_WORDS.split(), k=chance.randint(6, 18))) + "." for _ in range(count)]


def _text(path: Path, chance: random.Random, title: str) -> None:
    path.write_text("\n\n".join([title, *_lines(chance, 30)]), encoding="utf-8")


def _markdown(path: Path, chance: random.Random, title: str) -> None:
    path.write_text("\n\n".join([f"# {title}", *_lines(chance, 15), "## Bài tập", *_lines(chance, 15)]), "utf-8")


def _html(path: Path, chance: random.Random, title: str) -> None:
    body = "".join(f"<p>{line}</p>" for line in _lines(chance, 30))
    path.write_text(f"<!DOCTYPE html><html lang=vi><title>{title}</title><h1>{title}</h1>{body}</html>", "utf-8")


def _docx(path: Path, chance: random.Random, title: str) -> None:
    docx(path, "".join(paragraph(line) for line in (title, *_lines(chance, 40))))


def _pptx(path: Path, chance: random.Random, title: str) -> None:
    slides = [slide(shape(f"{title}, {n}", "title"), shape("\n".join(_lines(chance, 4)))) for n in range(1, 9)]
    pptx(path, slides, notes={1: paragraphs(_lines(chance, 1)[0])})


def _xlsx(path: Path, chance: random.Random, title: str) -> None:
    rows = "".join(
        f'<row r="{n}">{cell(f"A{n}", line)}{cell(f"B{n}", str(n), "n")}</row>'
        for n, line in enumerate([title, *_lines(chance, 20)], start=1)
    )
    xlsx(path, {"Bài": f"<sheetData>{rows}</sheetData>"})


def _pdf(path: Path, chance: random.Random, title: str) -> None:
    name = title.encode("ascii", "replace").decode()
    with pymupdf.open() as document:
        for number in range(1, 4):
            lines = [f"Leaf {chance.randint(1, 10**9)} takes in light and turns water into sugar." for _ in range(30)]
            document.new_page().insert_text((60, 72), [f"{name}, {number}", *lines])
        document.save(path)


def _epub(path: Path, chance: random.Random, title: str) -> None:
    chapters = [page(f"<h1>{title}, {n}</h1>" + "".join(f"<p>{p}</p>" for p in _lines(chance, 15))) for n in (1, 2, 3)]
    make(path, chapters)


def _rtf(path: Path, chance: random.Random, title: str) -> None:
    said = "\\par ".join(
        "".join(c if c < "\x7f" else f"\\u{ord(c)}?" for c in line) for line in (title, *_lines(chance, 30))
    )
    path.write_text(f"{{\\rtf1\\ansi {said}}}", encoding="ascii")


def _picture(path: Path, chance: random.Random, title: str) -> None:
    picture = Image.new("RGB", (640, 480), _colour(chance))
    draw = ImageDraw.Draw(picture)
    for _ in range(20):
        draw.line([chance.randint(0, 640) for _ in range(4)], fill=_colour(chance), width=3)
    picture.save(path)


def _colour(chance: random.Random) -> tuple[int, int, int]:
    return chance.randint(0, 255), chance.randint(0, 255), chance.randint(0, 255)


def _svg(path: Path, chance: random.Random, title: str) -> None:
    texts = "".join(f'<text y="{20 * n}">{line}</text>' for n, line in enumerate(_lines(chance, 5)))
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><title>{title}</title>{texts}</svg>', "utf-8"
    )


def _captions(path: Path, chance: random.Random, title: str) -> None:
    spoken = tuple((n * 5.0, n * 5.0 + 4, line) for n, line in enumerate([title, *_lines(chance, 20)]))
    path.write_text((srt if path.suffix == ".srt" else vtt)(spoken), encoding="utf-8")


_KINDS: Mapping[str, Callable[[Path, random.Random, str], None]] = {
    "txt": _text, "docx": _docx, "pptx": _pptx, "html": _html, "png": _picture, "srt": _captions, "pdf": _pdf,
    "md": _markdown, "xlsx": _xlsx, "epub": _epub, "rtf": _rtf, "jpg": _picture, "svg": _svg, "vtt": _captions,
}  # fmt: skip
