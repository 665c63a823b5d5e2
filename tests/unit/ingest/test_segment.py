"""Cutting long pages at sentence ends."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Document, Locator, Passage
from ingest.segment import LONGEST_CHARACTERS, cut, segment


def test_a_page_of_usual_length_stays_whole() -> None:
    document = Document("application/pdf", passages=(Passage(Locator("page", 1), "Một câu. " * 300),))
    assert segment(document) is document


def test_a_long_page_is_cut_at_sentence_ends_into_about_equal_parts() -> None:
    text = " ".join(f"Đây là câu số {number} của một trang dài." for number in range(200))
    pieces = cut(text)
    assert len(pieces) == -(-len(text) // LONGEST_CHARACTERS)
    assert all(piece.endswith(".") for piece in pieces)
    assert max(map(len, pieces)) < 1.2 * min(map(len, pieces))


def test_pieces_share_the_locator_and_the_first_keeps_the_margin() -> None:
    page = Passage(Locator("page", 7), "Một câu dài. " * 600, "vi", "Trường A")
    pieces = segment(Document("application/pdf", passages=(page,))).passages
    assert {piece.locator for piece in pieces} == {Locator("page", 7)}
    assert [piece.marginal for piece in pieces] == ["Trường A", *[""] * (len(pieces) - 1)]


@given(st.text(st.sampled_from("ab đ.\n!"), max_size=400), st.integers(5, 60))
def test_every_word_stays_in_order_and_no_piece_is_too_long(text: str, longest: int) -> None:
    pieces = cut(text, longest)
    assert all(len(piece) <= longest for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_word_is_only_cut_when_it_alone_is_too_long() -> None:
    assert cut("hai từ", 4) == ["hai", "từ"]
    assert cut("abcdefgh", 4) == ["abcd", "efgh"]


def test_rows_of_a_table_are_cut_at_their_ends_and_keep_their_columns() -> None:
    rows = [f"\t{number}.\tBài {number}" for number in range(300)]
    pieces = cut("\n".join(rows))
    assert len(pieces) > 1
    assert [row for piece in pieces for row in piece.split("\n")] == rows
