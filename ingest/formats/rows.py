"""A row of a table as one line of a passage: cells stand apart by a tab.

Every reader of tables writes rows with it, so that a page can show a table
again and `ingest.privacy` can name a column, whatever file it came from.
"""

from collections.abc import Iterable, Sequence

EDGE = "\ufdef"
"""Between cells in lines that are still to be cleaned, where a tab is a blank; a noncharacter, which no text holds."""

LONGEST_ROW = 1000
"""In characters. A row that holds more is a page laid out with a table: its paragraphs are lines of their own."""

MOST_EMPTY = 30
"""Empty cells side by side; what stands further to the right is kept without the ones between."""


def row(cells: Iterable[str], edge: str = "\t") -> str:
    """Cells on one line. Empty ones keep the columns apart, those at the end of a row say nothing."""
    return edge.join([" ".join(cell.split()) for cell in cells]).rstrip(edge)


def row_lines(cells: Sequence[Sequence[str]], edge: str = "\t") -> list[str]:
    """A row whose cells are paragraphs as one line; a line a paragraph where it is no row but a layout."""
    paragraphs = [text for cell in cells for text in cell]
    alone = sum(map(bool, cells)) == 1 and len(paragraphs) > 1
    if alone or sum(map(len, paragraphs)) > LONGEST_ROW:
        return paragraphs
    line = row(map(" ".join, cells), edge)
    return [line] if line else []


def cleaned(line: str) -> str:
    """A line with its white space collapsed, a tab wherever an EDGE stood."""
    return row(line.split(EDGE)) if EDGE in line else " ".join(line.split())
