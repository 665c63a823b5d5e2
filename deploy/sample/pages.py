"""Set one source as an A4 PDF: text, figures, running lines, outline, metadata, the same bytes every time.

Second step of the builder. PyMuPDF's Story lays the HTML out in Charis SIL,
which PyMuPDF carries and which has every Vietnamese letter. A first pass only
measures: it moves headings that would stand alone at the foot of a page, and
counts the pages; the second pass writes. (Fills are drawn here and not by the
style: the engine repeats them on later pages.)
"""

import html
import io
from dataclasses import dataclass
from typing import Any

import pymupdf

from deploy.sample.figures import FIGURES, Figure
from deploy.sample.section import AUTHOR
from deploy.sample.source import WIDTH, Source

PAPER = pymupdf.paper_rect("a4")
FRAME = pymupdf.Rect((PAPER.width - WIDTH) / 2, 78, (PAPER.width + WIDTH) / 2, PAPER.height - 72)
KEEP_POINTS = 60
"""A heading needs this much of its page below its own foot: two lines of text."""
SHORT_POINTS = 230
"""A box or a table up to this height stays in one piece."""
DATE = "D:20260105080000+07'00'"
HEAD_FILL, BOX_FILL, BOX_LINE = (0.906, 0.937, 0.965), (0.933, 0.965, 0.937), (0.31, 0.57, 0.38)

STYLE = """
body { margin: 0; font-family: serif; font-size: 12pt; line-height: 1.42; color: #1c2126 }
h1 { font-size: 23pt; line-height: 1.2; color: #12456b; margin: 0 0 4pt 0 }
h2 { font-size: 15.5pt; line-height: 1.25; color: #12456b; margin: 17pt 0 5pt 0 }
h3 { font-size: 12.5pt; color: #8a3c12; margin: 12pt 0 3pt 0 }
p { margin: 0 0 6.5pt 0 }
ul, ol { margin: 2pt 0 7pt 0; padding-left: 18pt }
li { margin: 0 0 3pt 0 }
table { border-collapse: collapse; width: 100%; margin: 6pt 0 10pt 0; line-height: 1.3 }
td, th { border: 0.7pt solid #9aa7b2; padding: 4pt 6pt; text-align: left; vertical-align: top }
th { color: #12456b }
sub, sup { font-size: 8.5pt; line-height: 1 }
.lead { color: #4b5660; font-size: 11pt; margin: 0 0 20pt 0 }
.box { padding: 8pt 10.8pt 2pt 10.8pt; margin: 7pt 0 14pt 0 }
.formula { text-align: center; font-style: italic; margin: 5pt 0 9pt 0; font-size: 12.5pt }
.figure { text-align: center; font-size: 10.5pt; color: #4b5660; margin: 8pt 0 8pt 0 }
.rule { border-bottom: 0.6pt solid #9aa7b2; margin: 0 0 6pt 0 }
.break { page-break-after: always; font-size: 1pt; line-height: 1; margin: 0 }
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element with an id came to stand: its page from 0, its box, its heading level and text."""

    page: int
    rect: tuple[float, float, float, float]
    level: int
    text: str


def build(source: Source) -> bytes:
    """The finished file. Raises: ValueError: a figure that nobody draws."""
    text = _whole(source)
    places, pages = _measure(text)
    moved: set[str] = set()
    while name := _torn(places, moved):
        moved.add(name)
        text = text.replace(f'id="{name}"', f'id="{name}" style="page-break-before: always"', 1)
        places, pages = _measure(text)
    buffer = io.BytesIO()
    writer = pymupdf.DocumentWriter(buffer)
    story = _story(text)
    for number in range(pages):
        device = writer.begin_page(PAPER)
        story.place(FRAME)
        story.draw(device)
        _running_lines(device, source, number + 1, pages)
        for box, figure in _figures_on(places, number):
            _labels(device, box, figure)
        writer.end_page()
    writer.close()
    return _finish(source, buffer.getvalue(), places)


def _whole(source: Source) -> str:
    head = source.head
    body = source.body
    for name, figure in FIGURES.items():
        body = body.replace(f'class="figure {name}"', f'class="figure" style="padding-top:{figure.height + 6}pt"')
    if 'class="figure ' in body:
        raise ValueError(f"{source.name}: a figure that figures.py does not have")
    lead = html.escape(head["description"], quote=False)
    return f'<h1>{html.escape(head["title"], quote=False)}</h1><p class="lead" id="lead-0">{lead}</p>{body}'


def _story(text: str) -> pymupdf.Story:
    return pymupdf.Story(text, user_css=STYLE)


def _measure(text: str) -> tuple[dict[str, Place], int]:
    """Places by id, in reading order, and the number of pages."""
    places: dict[str, Place] = {}
    story, page, more = _story(text), 0, 1

    def note(position: Any) -> None:
        if position.open_close & 1 and position.id:
            place = Place(page, tuple(position.rect), position.heading, position.text or "")
            places.setdefault(position.id, place)

    while more:
        more, _ = story.place(FRAME)
        story.element_positions(note)
        story.draw(None)
        page += 1
    return places, page


def _torn(places: dict[str, Place], moved: set[str]) -> str | None:
    """The first element that should rather begin a page: a heading alone at a foot (with the heading
    right above it), a short box, table or space to write in two pieces, the head of a table without a row.
    One that was moved is let be.
    """
    for here, place in places.items():
        kind, _, number = here.rpartition("-")
        leader = f"{'paragraph' if kind == 'rule' else 'heading'}-{int(number) - 1}"
        above = places.get(leader)
        leads = above is not None and above.rect[1] > FRAME.y0 + 30
        if place.rect[1] < FRAME.y0 + 30:  # begins a page already
            torn = above is not None and leads and kind == "rule" and above.page < place.page
        elif kind == "heading":
            torn = place.rect[3] > FRAME.y1 - KEEP_POINTS
        elif kind in ("box", "table", "rule"):
            end, room = places[f"end-{number}"], FRAME.y1 - place.rect[1]
            height = room + (end.page - place.page - 1) * FRAME.height + end.rect[3] - FRAME.y0
            torn = end.page > place.page and (height < SHORT_POINTS or room < KEEP_POINTS)
        else:
            torn = False
        name = leader if leads else here
        if torn and name not in moved:
            return name
    return None


def _running_lines(device: Any, source: Source, number: int, pages: int) -> None:
    language = source.head["language"]
    page_word, licence = ("Page", "CC0 1.0, free to use") if language == "en" else ("Trang", "CC0 1.0, dùng tự do")
    top = html.escape(source.head["running"], quote=False)
    for text, rect, align in (
        (top, (FRAME.x0, 40, FRAME.x1, 60), "left"),
        (f"Học liệu mở · {licence}", (FRAME.x0, PAPER.y1 - 50, FRAME.x1 - 100, PAPER.y1 - 30), "left"),
        (f"{page_word} {number}/{pages}", (FRAME.x1 - 100, PAPER.y1 - 50, FRAME.x1, PAPER.y1 - 30), "right"),
    ):
        _line(device, text, rect, f"text-align: {align}; font-size: 9.5pt; color: #66727d")


def _line(device: Any, text: str, rect: tuple[float, float, float, float], style: str) -> None:
    story = pymupdf.Story(
        f'<p style="{style}">{text}</p>', user_css="body { margin: 0; font-family: serif } p { margin: 0 }"
    )
    story.place(pymupdf.Rect(rect))
    story.draw(device)


def _figures_on(places: dict[str, Place], page: int) -> list[tuple[pymupdf.Rect, Figure]]:
    """Figures of a page with the box they fill: above the caption, across the frame, WIDTH points wide."""
    found = []
    for name, place in places.items():
        if place.page == page and name.startswith("figure-"):
            figure = FIGURES[name.removeprefix("figure-").rpartition("-")[0]]
            top = place.rect[1] - figure.height - 6
            found.append((pymupdf.Rect(FRAME.x0, top, FRAME.x1, top + figure.height), figure))
    return found


def _labels(device: Any, box: pymupdf.Rect, figure: Figure) -> None:
    for label in figure.labels:
        x, y = box.x0 + label.x, box.y0 + label.y
        left = {"left": x, "center": x - 120, "right": x - 240}[label.align]
        rect = (left, y - label.size, left + 240, y + 40)
        style = f"text-align: {label.align}; font-size: {label.size}pt; line-height: 1.1; color: {label.colour}"
        _line(device, label.text, rect, style)


def _decorate(page: Any, places: dict[str, Place]) -> None:
    """Everything behind the text: rules, fills, the strokes of figures."""
    shape = page.new_shape()

    def across(y: float, width: float, colour: tuple[float, float, float]) -> None:
        shape.draw_line((FRAME.x0, y), (FRAME.x1, y))
        shape.finish(width=width, color=colour)

    across(60, 0.5, (0.6, 0.66, 0.7))
    for name, place in places.items():
        kind, _, number = name.rpartition("-")
        end = places.get(f"end-{number}", place)
        if kind == "box" and place.page <= page.number <= end.page:
            top = place.rect[1] - 8 if place.page == page.number else FRAME.y0
            foot = end.rect[3] + 8 if end.page == page.number else FRAME.y1
            shape.draw_rect((FRAME.x0, top, FRAME.x1, foot))
            shape.finish(width=0.8, color=BOX_LINE, fill=BOX_FILL)
        if place.page != page.number:
            continue
        if kind == "lead":
            across(place.rect[3] + 8, 1.2, (0.07, 0.27, 0.42))
        if kind == "head":
            shape.draw_rect(place.rect)
            shape.finish(width=0, color=None, fill=HEAD_FILL)
    for box, figure in _figures_on(places, page.number):
        for stroke in figure.strokes:
            shape.draw_polyline([(box.x0 + x, box.y0 + y) for x, y in stroke.points])
            shape.finish(
                width=stroke.width,
                color=stroke.colour,
                fill=stroke.fill,
                dashes="[3 3] 0" if stroke.dashed else None,
                closePath=stroke.closed,
                lineJoin=1,
            )
    shape.commit(overlay=False)


def _finish(source: Source, written: bytes, places: dict[str, Place]) -> bytes:
    """Lines and fills behind the text, outline, metadata, only the glyphs used, no random file id."""
    with pymupdf.open(stream=written) as document:
        for page in document:
            _decorate(page, places)
        headings = [place for place in places.values() if place.level in (2, 3)]
        entries = [(1, source.head["title"], 1), *((place.level, place.text, place.page + 1) for place in headings)]
        document.set_toc([list(entry) for entry in _stepwise(entries)])
        document.set_metadata(
            {
                "title": source.head["title"],
                "author": AUTHOR,
                "subject": source.head["description"],
                "keywords": source.head["keywords"].replace(";", ","),
                "creator": "Học liệu mở",
                "producer": "PyMuPDF",
                "creationDate": DATE,
                "modDate": DATE,
            }
        )
        document.set_language(source.head["language"])
        document.subset_fonts()
        return bytes(document.tobytes(garbage=4, deflate=True, deflate_fonts=True, no_new_id=True))


def _stepwise(entries: list[tuple[int, str, int]]) -> list[tuple[int, str, int]]:
    """An outline may go down only one level at a time."""
    out: list[tuple[int, str, int]] = []
    for level, text, page in entries:
        out.append((min(level, out[-1][0] + 1) if out else 1, text, page))
    return out
