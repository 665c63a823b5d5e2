"""Titles as they are typed, from every word on."""

from service.search.beginnings import MOST_CHARACTERS, MOST_WORDS, beginning, later


def test_what_is_typed_without_tones_is_the_beginning_of_what_is_written_with_them() -> None:
    assert beginning("Hàm số bậc hai & đồ thị").startswith(beginning("ham so BẬC"))
    # Typed in the old way and in pieces (NFD).
    assert beginning("hoà tan").startswith(beginning("ho\u0300a t"))


def test_a_title_begins_at_each_of_its_words() -> None:
    assert later("Toán 10: Hàm số") == ["10 ham so", "ham so", "so"]
    assert later("Toán") == later("") == []


def test_long_titles_are_cut() -> None:
    long = "Giáo án " * 100
    assert len(beginning(long).split()) <= MOST_WORDS
    assert len(later(long)) == MOST_WORDS - 1
    assert len(beginning("a" * 500)) == MOST_CHARACTERS
