"""How passages are set: paragraphs, headings, tables, parts; everything escaped, marks where they were looked for."""

from ingest.document import Locator, Passage
from service.search.marking import Wanted, bare
from service.web.prose import PART_CHARACTERS, first_marked, laid, lines_of, parts

PLACE = Locator("section", 1)


def passage(text: str, language: str | None = "vi") -> Passage:
    return Passage(PLACE, text, language)


def test_text_is_escaped_and_marked() -> None:
    assert lines_of("Xét (hàm số), <bậc> & hai\n\nkhác", bare(("ham", "so"))) == [
        ("Xét (<mark>hàm số</mark>), &lt;bậc&gt; &amp; hai",),
        ("khác",),
    ]


def test_tabs_part_cells_and_bars_do_not() -> None:
    assert lines_of("a\t\tb | c", bare(())) == [("a", "", "b | c")]


def test_in_a_sheet_a_row_of_one_cell_stays_in_the_table() -> None:
    text = "Kế hoạch\nTT\tBài\nChương I\n1\tMệnh đề"
    (of_sheet,), (of_text,) = (laid([passage(text)], {}, bare(()), sheet=sheet) for sheet in (True, False))
    assert [block.kind for block in of_sheet.blocks] == ["paragraph", "table"]
    assert of_sheet.blocks[1].rows == (("TT", "Bài"), ("Chương I",), ("1", "Mệnh đề"))
    assert [block.kind for block in of_text.blocks] == ["paragraph", "table", "paragraph", "table"]


def test_a_title_is_a_heading_and_headings_go_down_one_at_a_time() -> None:
    text = "Sâu\nchữ\nĐầu\nSâu\nSâu hơn"
    (piece,) = laid([passage(text)], {"Đầu": 1, "Sâu": 3, "Sâu hơn": 6}, bare(()))
    assert [(block.kind, block.level) for block in piece.blocks] == [
        ("heading", 2), ("paragraph", 0), ("heading", 2), ("heading", 3), ("heading", 4),
    ]  # fmt: skip


def test_a_table_goes_on_in_the_next_passage_without_its_header() -> None:
    pieces = laid([passage("A\tB\n1\t2"), passage("A\tB\n3\t4"), passage("C\tD", "en")], {}, bare(("3",)))
    assert [[row for block in piece.blocks for row in block.rows] for piece in pieces] == [
        [("A", "B"), ("1", "2"), ("<mark>3</mark>", "4")],
        [("C", "D")],
    ]


def test_a_long_place_comes_in_parts_and_opens_at_the_mark() -> None:
    made = parts([passage("x" * (PART_CHARACTERS - 5)), passage("đỉnh núi"), passage("cuối")])
    assert [len(part) for part in made] == [1, 2]
    assert first_marked(made, bare(("dinh",))) == 2
    assert first_marked(made, bare(("khong",))) == first_marked(made, bare(())) == 1
    assert parts([]) == [()]


def test_a_passage_is_marked_as_the_others_on_the_page_are() -> None:
    meant = Wanted(frozenset(("tu",)), frozenset(("tụ",)))
    (piece,) = laid([passage("Từ đó"), passage("Cái tụ")], {}, meant)[:1]
    (other,) = laid([passage("Từ đó")], {}, meant)
    assert "<mark>" not in piece.blocks[0].text
    assert "<mark>Từ</mark>" in other.blocks[0].text
    assert first_marked(parts([passage("x" * (PART_CHARACTERS - 5) + " từ đó"), passage("tụ")]), meant) == 2
