"""A table or a text as a file: PDFs for the real pipeline, documents as readers of other formats give them."""

import html
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pymupdf

from ingest.document import Document, Locator, LocatorKind, Passage
from ingest.segment import segment
from tests.privacy.registers import Table

_PAGE = pymupdf.paper_rect("a4")
_INSIDE = (50, 50, 545, 792)
_CSS = "td, th { border: 1px solid black; padding: 2px; font-size: 10px } p { font-size: 11px }"


def document(texts: Sequence[str], kind: LocatorKind) -> Document:
    """Passages as segment leaves them, a place each."""
    passages = tuple(Passage(Locator(kind, number), text) for number, text in enumerate(texts, start=1))
    return segment(Document("application/octet-stream", passages=passages))


# --- documents as the readers of other formats make them ------------------------------------------


def sheet(table: Table, chance: random.Random) -> Document:
    """A spreadsheet: blocks of rows with their head, cells between tabs or bars."""
    edge, size = chance.choice(("\t", " | ")), chance.choice((20, 50, 500))
    head = [edge.join(table.head)] if table.head else []
    blocks = [table.rows[start : start + size] for start in range(0, len(table.rows), size)]
    texts = ["\n".join((*head, *(edge.join(row) for row in block))) for block in blocks]
    texts[0] = "\n".join((*table.above, texts[0]))
    passages = tuple(Passage(Locator("sheet", 1), text) for text in texts)
    return segment(Document("application/vnd.ms-excel", passages=passages))


def section(table: Table, chance: random.Random) -> Document:
    """A text document: the table's lines among paragraphs."""
    edge = chance.choice(("\t", " | "))
    lines = (*table.above, edge.join(table.head), *(edge.join(row) for row in table.rows), *table.below)
    return document(["\n".join(filter(None, lines))], "section")


def slides(table: Table, chance: random.Random) -> Document:
    """A presentation: some rows a slide, each with its head, or only the first."""
    edge, size = chance.choice(("\t", " | ", "\n")), chance.choice((7, 9, 12))
    repeated = chance.random() < 0.5
    texts = []
    for start in range(0, len(table.rows), size):
        head = table.head if repeated or not start else ()
        rows = [*([head] if head else []), *table.rows[start : start + size]]
        texts.append("\n".join((*(table.above if not start else ()), *(edge.join(row) for row in rows))))
    return document(texts, "slide")


def flowing(table: Table, chance: random.Random) -> Document:
    """Pages whose tables have become running text, row by row."""
    size = chance.choice((25, 35))
    texts = []
    for start in range(0, len(table.rows), size):
        opening = (*table.above, *table.head) if not start else ()
        closing = table.below if start + size >= len(table.rows) else ()
        texts.append(" ".join((*opening, *(" ".join(row) for row in table.rows[start : start + size]), *closing)))
    return document(texts, "page")


DOCUMENTS: tuple[Callable[[Table, random.Random], Document], ...] = (sheet, section, slides, flowing)


# --- PDFs -----------------------------------------------------------------------------------------


def _flow(path: Path, text: str) -> Path:
    """HTML over as many pages as it takes."""
    story = pymupdf.Story(text, user_css=_CSS)
    writer = pymupdf.DocumentWriter(str(path))
    more = 1
    while more:
        device = writer.begin_page(_PAGE)
        more, _ = story.place(_INSIDE)
        story.draw(device)
        writer.end_page()
    writer.close()
    return path


def _paragraphs(lines: Sequence[str]) -> str:
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines)


def pdf_of_table(table: Table, path: Path) -> Path:
    """A drawn table, as a word processor prints it."""
    rows = [f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in (table.head, *table.rows)]
    return _flow(path, f"{_paragraphs(table.above)}<table>{''.join(rows)}</table>{_paragraphs(table.below)}")


def pdf_of_lines(table: Table, path: Path) -> Path:
    """A line a person, cells apart by blanks."""
    lines = ["   ".join(row) for row in (table.head, *table.rows)]
    return _flow(path, _paragraphs((*table.above, *lines, *table.below)))


def pdf_of_columns(table: Table, path: Path) -> Path:
    """Columns as text boxes of their own, so that the page's text runs down each of them."""
    with pymupdf.open() as pdf:
        size = 30
        for start in range(0, len(table.rows), size):
            page = pdf.new_page()
            if not start:
                page.insert_htmlbox((50, 30, 550, 120), _paragraphs(table.above))
            columns = list(zip(*([table.head] if table.head else []), *table.rows[start : start + size], strict=True))
            width = 500 / len(columns)
            for number, cells in enumerate(columns):
                box = (50 + number * width, 130, 50 + (number + 1) * width - 4, 800)
                page.insert_htmlbox(box, "<br>".join(map(html.escape, cells)))
        pdf.save(path)
    return path


PDFS: tuple[Callable[[Table, Path], Path], ...] = (pdf_of_table, pdf_of_lines, pdf_of_columns)


def pdf_of_pages(pages: Sequence[str], path: Path) -> Path:
    """Pages of running text; a line with bars is a row of a table."""
    with pymupdf.open() as pdf:
        for text in pages:
            blocks = []
            for line in text.split("\n"):
                cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in line.split(" | "))
                blocks.append(f"<table><tr>{cells}</tr></table>" if " | " in line else f"<p>{html.escape(line)}</p>")
            pdf.new_page().insert_htmlbox(_INSIDE, "".join(blocks), css=_CSS)
        pdf.save(path)
    return path
