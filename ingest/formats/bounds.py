"""How much of a table is read: one measure for every format of sheets."""

MAX_ROWS = 20_000
"""Of one sheet: more than any list of a school; what is larger is data, found by its header."""

MAX_CHARACTERS = 3_000_000
"""Of one workbook, the text of six novels."""
