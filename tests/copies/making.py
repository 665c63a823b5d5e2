"""Near copies of real files, as people make them: saved again, exported to PDF, a slide changed, a title page added.

PDFs by PyMuPDF, office files by their XML and, where it is there, by LibreOffice.
"""

import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pymupdf

from ingest.tools import soffice
from tests.copies.series import paragraphs

SLIDES, TEXTS = (".pptx", ".ppsx"), (".docx",)
OFFICE = (*SLIDES, *TEXTS, ".odp", ".odt", ".ppt", ".doc", ".rtf")
FEWEST_PAGES = 4
"""With fewer, one that is changed is a large part of the whole."""
_LETTERS = re.compile(r"(<(?:a|w):t(?: [^>]*)?>)([^<]*)(</(?:a|w):t>)")
_CONVERT_SECONDS = 600.0


def other_words(seed: int, count: int) -> list[str]:
    """Words of a text that has nothing to do with the file."""
    chosen = paragraphs()
    text = " ".join(chosen[(seed + place) % len(chosen)] for place in range(1 + count // 20))
    return re.findall(r"\w+", text)[:count]


# --- PDF ------------------------------------------------------------------------------------------


def saved_again(source: Path, target: Path) -> bool:
    """As another program writes it: other objects in another order, other compression. False: it cannot be made."""
    if source.suffix == ".pdf":
        with pymupdf.open(source) as document:
            document.set_metadata({**document.metadata, "producer": "another"})
            document.save(target, garbage=3, deflate=True)
        return True
    if not zipfile.is_zipfile(source):
        return False
    with zipfile.ZipFile(source) as read, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as write:
        for one in sorted(read.infolist(), key=lambda one: (one.filename != "mimetype", one.filename)):
            write.writestr(one.filename, read.read(one))
    return True


def with_one_changed(source: Path, target: Path) -> bool:
    """A page in the middle says something else. False: it has too few, or none with text."""
    if source.suffix == ".pdf":
        return _page_changed(source, target)
    if source.suffix in SLIDES:
        return _part_changed(source, target, r"ppt/slides/slide\d+\.xml$")
    return source.suffix in TEXTS and _paragraphs_changed(source, target)


def with_title_page(source: Path, target: Path) -> bool:
    """A page in front with a title, a school and a name. False: not made of this kind."""
    title = " ".join(other_words(7, 25))
    if source.suffix == ".pdf":
        with pymupdf.open(source) as document:
            page = document.new_page(0)
            page.insert_htmlbox(_inside(page), f"<h1>{title}</h1>")
            document.save(target)
        return True
    if source.suffix not in TEXTS:
        return False
    added = f"<w:p><w:r><w:t>{title}</w:t></w:r></w:p>"
    return _rewritten(source, target, "word/document.xml", lambda xml: re.sub(r"(<w:body[^>]*>)", rf"\1{added}", xml))


def _inside(page: pymupdf.Page) -> pymupdf.Rect:
    return pymupdf.Rect(20, 20, page.rect.width - 20, page.rect.height - 20)


def _page_changed(source: Path, target: Path) -> bool:
    with pymupdf.open(source) as document:
        if len(document) < FEWEST_PAGES:
            return False
        number = len(document) // 2
        words = other_words(number, len(document[number].get_text().split()))
        if not words:
            return False
        rect = document[number].rect
        document.delete_page(number)
        page = document.new_page(number, width=rect.width, height=rect.height)
        page.insert_htmlbox(_inside(page), f"<p>{' '.join(words)}</p>")
        document.save(target)
    return True


def _part_changed(source: Path, target: Path, pattern: str) -> bool:
    with zipfile.ZipFile(source) as read:
        names = sorted((one for one in read.namelist() if re.match(pattern, one)), key=lambda one: (len(one), one))
    if len(names) < FEWEST_PAGES:
        return False
    return _rewritten(source, target, names[len(names) // 2], _said_otherwise)


def _paragraphs_changed(source: Path, target: Path) -> bool:
    """A tenth of the words from the middle on, as much as a page of ten; not where one run holds much more."""

    def change(xml: str) -> str:
        runs = list(_LETTERS.finditer(xml))
        words = [len(run[2].split()) for run in runs]
        first = last = len(runs) // 2
        while last < len(runs) and sum(words[first:last]) < sum(words) / 10:
            last += 1
        if first == last or sum(words[first:last]) > sum(words) / 7:
            return xml
        start, end = runs[first].start(), runs[last - 1].end()
        return xml[:start] + _said_otherwise(xml[start:end]) + xml[end:]

    return _rewritten(source, target, "word/document.xml", change)


def _said_otherwise(xml: str) -> str:
    words = iter(other_words(len(xml), 20_000))

    def replaced(found: re.Match[str]) -> str:
        said = " ".join(next(words, "x") for _ in found[2].split())
        return f"{found[1]}{said}{found[3]}"

    return _LETTERS.sub(replaced, xml)


def _rewritten(source: Path, target: Path, part: str, change: Callable[[str], str]) -> bool:
    changed = False
    with zipfile.ZipFile(source) as read, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as write:
        for one in read.infolist():
            data = read.read(one)
            if one.filename == part:
                text = data.decode("utf-8")
                new = change(text)
                changed = new != text
                data = new.encode("utf-8")
            write.writestr(one.filename, data)
    return changed


# --- LibreOffice ----------------------------------------------------------------------------------


def converted(sources: Sequence[Path], folder: Path, extension: str) -> dict[Path, Path]:
    """Source -> what one start of LibreOffice made of it, in `extension`; those it could not convert are left out."""
    if not sources or not soffice.is_there():
        return {}
    made: dict[Path, Path] = {}
    with tempfile.TemporaryDirectory() as room:
        inside = Path(room) / "in"
        inside.mkdir()
        copies = {}
        for number, source in enumerate(sources):
            copies[source] = Path(shutil.copyfile(source, inside / f"{number:04}{source.suffix}"))
        command = [
            str(soffice.find()), f"-env:UserInstallation={(Path(room) / 'profile').as_uri()}", "--headless",
            "--norestore", "--nologo", "--convert-to", extension, "--outdir", str(Path(room) / "out"),
            *map(str, copies.values()),
        ]  # fmt: skip
        for _ in range(2):
            # A fresh profile ends the first start with "again".
            subprocess.run(command, capture_output=True, timeout=_CONVERT_SECONDS, check=False)
            if (Path(room) / "out").exists():
                break
        for source, copy in copies.items():
            output = Path(room) / "out" / f"{copy.stem}.{extension}"
            if output.is_file() and output.stat().st_size:
                made[source] = Path(shutil.move(output, folder / f"{copy.stem}-{source.stem}.{extension}"))
    return made
