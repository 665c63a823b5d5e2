"""What a phone leaves out before the first mark of a snippet."""

from service.web.rendering import LEAD_ON_A_PHONE, led


def test_a_mark_near_the_beginning_is_left_where_it_is() -> None:
    for said in ("Một <mark>tụ</mark> điện", "không có gì được đánh dấu ở trong đoạn này cả", "<mark>tụ</mark>", ""):
        assert led(said) == said


def test_before_a_mark_far_on_some_words_stay_and_none_is_cut() -> None:
    said = "Bảng biến thiên cho biết khoảng đồng biến &amp; khoảng nghịch biến của <mark>hàm số</mark>."
    before, _, rest = led(said).partition('</span><span class="on-phone">…</span>')
    hidden = before.removeprefix('<span class="at-desk">')
    assert hidden + rest == said
    assert rest.startswith(" ")
    assert rest.index("<mark>") <= LEAD_ON_A_PHONE


def test_one_long_word_is_not_cut() -> None:
    said = "x" * 200 + "<mark>tụ</mark>"
    assert led(said) == said
