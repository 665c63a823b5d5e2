"""Drawn cards: the same words give the same bytes, in the look of the pages."""

import io
import re
from importlib import resources

import pytest
from PIL import Image

from ingest.illustrate import cards as drawn
from ingest.illustrate.cards import card, initials


@pytest.mark.parametrize(
    ("title", "letters"),
    [("Hàm số bậc hai", "HSB"), ("“Đất nước” 12", "ĐN1"), ("ở ưng", "ỞƯ"), ("—", ""), ("", ""), ("ßa", "SS")],
)
def test_initials_are_the_first_letters_of_words(title: str, letters: str) -> None:
    expected = letters if title != "ßa" else "SS"
    assert initials(title) == expected


def test_the_same_words_give_the_same_picture_and_others_another() -> None:
    made = card("ỞƯĐ", icon="sound")
    assert card("ỞƯĐ", icon="sound") == made
    assert card("ỞƯ", icon="sound") != made
    assert card("ỞƯĐ", icon="film") != made
    assert Image.open(io.BytesIO(made)).size == (320, 452)
    assert Image.open(io.BytesIO(card("A", icon="unheard of", width=160))).width == 160


def test_letters_that_no_typeface_has_are_left_out() -> None:
    assert card("\U000f0000", icon="page") == card("", icon="page")


def test_icons_and_colours_are_those_of_the_pages() -> None:
    web = resources.files("service.web")
    sprite = web.joinpath("templates/sprite.svg").read_text(encoding="utf-8")
    paths = dict(re.findall(r'id="i-(\w+)"[^>]*><path d="([^"]+)"', sprite))
    assert {name: paths[name] for name in drawn.ICONS} == drawn.ICONS
    tokens = web.joinpath("static/tokens.css").read_text(encoding="utf-8").partition("@media")[0]
    values = dict(re.findall(r"--([\w-]+): (#\w+)", tokens))
    assert (values["raised"], values["accent-soft"], values["line"], values["accent"]) == (
        drawn.GROUND, drawn.SOFT, drawn.LINE, drawn.ACCENT,
    )  # fmt: skip
