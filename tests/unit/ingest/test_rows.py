"""A row as one line: columns stay apart, layouts stay paragraphs."""

from ingest.document import Locator
from ingest.formats.passages import passage
from ingest.formats.rows import EDGE, LONGEST_ROW, row, row_lines


def test_empty_cells_keep_columns_apart_and_say_nothing_at_the_end() -> None:
    assert row(["", "a\tb", "", "c\n d", "", ""]) == "\ta b\t\tc d"
    assert row(["", ""]) == ""


def test_a_layout_keeps_its_paragraphs() -> None:
    assert row_lines([["a", "b"], [], ["c"]]) == ["a b\t\tc"]
    assert row_lines([["a", "b"]]) == row_lines([["a", "b"], []]) == ["a", "b"]
    assert row_lines([["x" * LONGEST_ROW], ["y"]]) == ["x" * LONGEST_ROW, "y"]
    assert row_lines([[], []]) == []


def test_a_typed_tab_is_a_blank_and_an_edge_a_tab() -> None:
    found = passage(Locator("section", 1), ["A.\tmột", row(["", "hai  ba", "4"], EDGE)])
    assert found
    assert found.text == "A. một\n\thai ba\t4"
