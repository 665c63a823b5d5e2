"""The language of some text."""

import pytest

from ingest.vietnamese.language import detect, main_language
from ingest.vietnamese.letters import with_strokes


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Học sinh nêu được vai trò của quang hợp đối với đời sống.", "vi"),
        ("TRƯỜNG TRUNG HỌC CƠ SỞ NGUYỄN DU", "vi"),
        ("Phương trình bậc hai ax2 + bx + c = 0", "vi"),
        ("The leaf is the organ in which most of the light is used.", "en"),
        ("La feuille est l'organe dans lequel la lumière est utilisée par les plantes.", "fr"),
        ("In the novel of Nguyễn Du the heroine is one of the best known figures of all the literature.", "en"),
        ("În țară sunt două sute de școli și fiecare are o bibliotecă mică.", None),
        ("x = 12,5 + 3y", None),
        ("2019 2020 2021", None),
        ("", None),
    ],
)
def test_vietnamese_english_and_french_are_told_and_nothing_is_guessed(text: str, language: str | None) -> None:
    assert detect(text) == language


def test_the_main_language_is_that_of_most_of_the_text() -> None:
    assert main_language([("vi", 900), ("en", 300), (None, 100)]) == "vi"


def test_a_few_known_words_do_not_name_the_language_of_a_long_text() -> None:
    assert main_language([("en", 100), (None, 10_000)]) is None
    assert main_language([]) is None


def test_icelandic_letters_become_vietnamese_ones() -> None:
    assert with_strokes("\u00d0ường \u00f0i") == "Đường đi"
