"""Read one source of the sample library: its head of metadata, its body as HTML for the page.

First step of the builder; `pages.py` sets what comes out. The small mark-up is
described in README.md; a mistake in a source is a ValueError that names file and line.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

WIDTH = 471.0
"""Points between the margins of a page; figures and tables fill it."""
CELL_PADDING = 13.6
KEYS = ("title", "description", "type", "language", "subject", "grade", "keywords", "running")
"""All must stand. `running` is the short line at the top of every page; lists use `;`."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file to be: `name` is its stem, `body` HTML whose figures are `<div class="figure" id="figure-NAME-n">`."""

    name: str
    head: dict[str, str]
    body: str


def read(path: Path) -> Source:
    """Raises: ValueError: a head without one of KEYS, or a line that means nothing."""
    text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8"))
    top, _, body = text.partition("\n\n")
    head = {}
    for line in top.splitlines():
        key, separator, value = line.partition(": ")
        if not separator:
            raise ValueError(f"{path.name}: no `key: value` in the head: {line}")
        head[key] = value.strip()
    if missing := [key for key in KEYS if key not in head]:
        raise ValueError(f"{path.name}: the head says nothing of {', '.join(missing)}")
    return Source(path.stem, head, to_html(body))


def to_html(body: str) -> str:
    """The body's blocks, one after the other; a block is a run of lines that start alike."""
    lines = body.splitlines()
    parts: list[str] = []
    at = 0
    while at < len(lines):
        kind = _kind(lines[at])
        end = at + 1
        while end < len(lines) and kind in _RUNS and _kind(lines[end]) == kind:
            end += 1
        if kind != "empty":
            parts.append(_block(kind, lines[at:end], len(parts) + 1))
        at = end
    return "\n".join(parts)


_STARTS = (
    ("rule", r"_ \d+$"),
    ("break", r"===$"),
    ("subheading", r"### "),
    ("heading", r"## "),
    ("box", r"> "),
    ("formula", r"\$ "),
    ("table", r"\|"),
    ("figure", r"!\S+ "),
    ("items", r"- "),
    ("numbers", r"\d+\. "),
    ("empty", r"\s*$"),
)
_RUNS = ("box", "table", "items", "numbers", "formula", "empty")


def _kind(line: str) -> str:
    return next((kind for kind, pattern in _STARTS if re.match(pattern, line)), "paragraph")


def _block(kind: str, lines: list[str], number: int) -> str:
    first = lines[0]
    match kind:
        case "break":
            return '<p class="break"></p>'
        case "rule":
            *before, last = [""] * (int(first[2:]) - 1) + [f' id="end-{number}"']
            lines_to_write_on = "".join(f'<p class="rule"{mark}>&#160;</p>' for mark in (*before, last))
            return f'<div id="rule-{number}">{lines_to_write_on}</div>'
        case "heading":
            return f'<h2 id="heading-{number}">{inline(first[3:])}</h2>'
        case "subheading":
            return f'<h3 id="heading-{number}">{inline(first[4:])}</h3>'
        case "box":
            *before, last = [inline(line[2:]) for line in lines]
            paragraphs = "".join(f"<p>{text}</p>" for text in before) + f'<p id="end-{number}">{last}</p>'
            return f'<div class="box" id="box-{number}">{paragraphs}</div>'
        case "formula":
            return "".join(f'<p class="formula">{inline(line[2:])}</p>' for line in lines)
        case "figure":
            name, _, caption = first[1:].partition(" ")
            return f'<div class="figure {name}" id="figure-{name}-{number}"><p>{inline(caption)}</p></div>'
        case "items":
            return "<ul>" + "".join(f"<li>{inline(line[2:])}</li>" for line in lines) + "</ul>"
        case "numbers":
            start = int(first.partition(".")[0])
            items = "".join(f"<li>{inline(line.partition('. ')[2])}</li>" for line in lines)
            return f'<ol start="{start}">{items}</ol>'
        case "table":
            return _table(lines, number)
        case _:
            return f'<p id="paragraph-{number}">{inline(first)}</p>'


def _table(lines: list[str], number: int) -> str:
    """Cells get widths in points: the layout engine takes a per cent for nothing."""
    shares: list[float] = []
    if lines[0].startswith("|:"):
        shares = [float(share) for share in lines[0][2:].split()]
        lines = lines[1:]
    rows = [[cell.strip() for cell in line.strip()[1:-1].split("|")] for line in lines]
    shares = shares or [100 / len(rows[0])] * len(rows[0])
    parts = []
    for index, cells in enumerate(rows):
        if len(cells) != len(shares):
            raise ValueError(f"a table of {len(shares)} columns has a row of {len(cells)}: {lines[index]}")
        tag = "td" if index else "th"
        styles = [f"width:{share / 100 * WIDTH - CELL_PADDING:.0f}pt" for share in shares]
        row = "".join(f'<{tag} style="{s}">{inline(c) or "&#160;"}</{tag}>' for s, c in zip(styles, cells, strict=True))
        mark = {0: f' id="head-{number}"', len(rows) - 1: f' id="end-{number}"'}.get(index, "")
        parts.append(f"<tr{mark}>{row}</tr>")
    return f'<div id="table-{number}"><table>' + "".join(parts) + "</table></div>"


def inline(text: str) -> str:
    """One line's marks: bold, italic, below, above; everything else is escaped."""
    escaped = html.escape(text.strip(), quote=False)
    for pattern, replacement in (
        (r"\*\*(.+?)\*\*", r"<b>\1</b>"),
        (r"\*(.+?)\*", r"<i>\1</i>"),
        (r"~\{(.+?)\}", r"<sub>\1</sub>"),
        (r"\^\{(.+?)\}", r"<sup>\1</sup>"),
        (r" {3,}", "&#160;&#160;&#160;&#160; "),  # a wide gap, between answers to choose from
        (r"(?<=\d) (?=\d{3}\b)", "&#160;"),  # 1 024 stays on one line
    ):
        escaped = re.sub(pattern, replacement, escaped)
    return escaped
