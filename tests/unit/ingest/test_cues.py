"""Cues become passages of 15 to 45 seconds that begin where somebody begins to speak."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.media.cues import LONGEST_SECONDS, SHORTEST_SECONDS, Cue, passages
from tests.recordings import LINES


def _cues(*lines: tuple[float, float, str]) -> list[Cue]:
    return [Cue(start, end, tuple(text.split("\n"))) for start, end, text in lines]


def _said(*lines: tuple[float, float, str]) -> list[tuple[int | str, str]]:
    return [(passage.locator.value, passage.text) for passage in passages(_cues(*lines))]


def test_a_passage_ends_with_a_sentence_about_half_a_minute_on() -> None:
    made = passages(_cues(*LINES))
    assert [(passage.locator.kind, passage.locator.value) for passage in made] == [("second", 0), ("second", 33)]
    assert made[0].text.startswith("Chào các em, hôm nay")
    assert made[1].text.startswith("Bọt khí thoát ra")
    assert {passage.language for passage in made} == {"vi"}


def test_a_sentence_that_begins_inside_a_cue_begins_a_passage_at_its_share_of_the_time() -> None:
    lines = [(number * 10.0, number * 10.0 + 10.0, f"mười giây nói liền, lần {number}") for number in range(6)]
    lines[3] = (30.0, 40.0, "hết câu thứ nhất ở. Sang câu hai từ đây")
    assert [place for place, _ in _said(*lines)] == [0, 35]
    assert _said(*lines)[1][1].startswith("Sang câu hai")


def test_abbreviations_and_numbers_end_no_sentence() -> None:
    lines = [(number * 10.0, number * 10.0 + 10.0, f"thầy giáo nói tiếp điều {number}") for number in range(6)]
    lines[3] = (30.0, 40.0, "và TS. Nguyễn Văn A nói")
    assert all(not text.startswith("Nguyễn") for _, text in _said(*lines))


def test_rolling_captions_are_said_once() -> None:
    assert _said(
        (0, 2, "xin chào"),
        (2, 4, "xin chào\ncác em học sinh"),
        (4, 6, "các em học sinh\nthân mến"),
        (6, 7, "thân mến"),
        (7, 8, "thân mến hôm"),
        (8, 9, "thân mến hôm nay"),
    ) == [(0, "xin chào các em học sinh thân mến hôm nay")]


def test_a_refrain_that_comes_back_later_is_said_again() -> None:
    assert _said((0, 2, "Bốn phương trời"), (9, 11, "Bốn phương trời")) == [(0, "Bốn phương trời Bốn phương trời")]


def test_cues_out_of_order_are_put_in_order() -> None:
    assert _said((5, 6, "hai"), (0, 1, "một"), (10, 11, "ba")) == [(0, "một hai ba")]


def test_overlapping_cues_keep_every_word() -> None:
    (place, text), *rest = _said((0, 10, "Câu thứ nhất. Câu thứ hai."), (2, 4, "(tiếng gõ cửa)"))
    assert (place, rest) == (0, [])
    assert sorted(text.split()) == sorted(["Câu", "thứ", "nhất.", "Câu", "thứ", "hai.", "(tiếng", "gõ", "cửa)"])


def test_after_a_long_silence_a_passage_begins() -> None:
    assert [place for place, _ in _said((0, 3, "trước"), (100, 103, "sau"))] == [0, 100]


def test_one_cue_for_the_whole_lecture_is_taken_apart_at_its_sentences() -> None:
    text = " ".join(f"Đây là câu số {number} của bài giảng dài." for number in range(60))
    places = [place for place, _ in _said((0, 600, text))]
    assert len(places) > 12
    assert all(SHORTEST_SECONDS <= b - a <= LONGEST_SECONDS for a, b in pairwise(places))  # type: ignore[operator]


@given(
    st.lists(
        st.tuples(st.floats(0, 5000), st.floats(0, 30), st.text(alphabet="abc .!?\n", min_size=1, max_size=30)),
        max_size=40,
    )
)
def test_whatever_the_times_places_never_go_back_and_no_new_word_is_lost(
    lines: list[tuple[float, float, str]],
) -> None:
    made = passages([Cue(start, start + length, (f"w{n} {text}",)) for n, (start, length, text) in enumerate(lines)])
    places = [passage.locator.value for passage in made]
    assert places == sorted(places)  # type: ignore[type-var]
    words = {word for passage in made for word in passage.text.split()}
    assert {f"w{n}" for n in range(len(lines))} <= words
