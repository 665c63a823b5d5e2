"""Text over a page's picture: where words and marks lie."""

from service.library.views import PageLayer, Word
from service.search.marking import bare
from service.web.layer import chosen, draw

TOKENS = bare(("ham", "so", "bac", "hai"))


def line(top: float, *words: str) -> tuple[Word, ...]:
    return tuple(
        Word(text, 0.1 * number, top, 0.1 * number + 0.08, top + 0.02) for number, text in enumerate(words, start=1)
    )


def test_words_that_stand_together_are_marked_and_lonely_ones_are_not() -> None:
    words = ["Có", "hai", "ví", "dụ", "về", "hàm", "số", "bậc", "hai", "và", "hệ", "số"]
    assert [words[number] for number in sorted(chosen(words, TOKENS))] == ["hàm", "số", "bậc", "hai"]


def test_lonely_words_are_marked_where_none_stand_together() -> None:
    words = ["Có", "hai", "ví", "dụ"]
    assert chosen(words, TOKENS) == {1}


def test_neighbouring_marks_are_one_box_and_a_phrase_may_turn_the_line() -> None:
    drawn = draw(PageLayer(0.5, (line(0.1, "Xét", "hàm", "số", "bậc"), line(0.2, "hai", "này"))), TOKENS)
    assert drawn.height == 2000
    assert [(box.x, box.y, box.width) for box in drawn.marks] == [(200.0, 200.0, 280.0), (100.0, 400.0, 80.0)]


def test_a_word_reaches_to_the_next_one_but_not_into_another_column() -> None:
    layer = PageLayer(
        1.0, ((Word("a", 0.1, 0.1, 0.15, 0.12), Word("b", 0.16, 0.1, 0.2, 0.12), Word("c", 0.7, 0.1, 0.8, 0.12)),)
    )
    assert [run.length for run in draw(layer, bare(())).lines[0].words] == [60.0, 40.0, 100.0]
