"""Texts written by hand, in layouts that no generator here knows."""

import tomllib
from pathlib import Path

import pytest

from ingest import privacy
from tests.privacy.layouts import document

TEXTS = tomllib.loads(Path(__file__).with_name("by_hand.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TEXTS["held"])
def test_what_a_school_keeps_is_held(name: str) -> None:
    assert privacy.find(document([TEXTS["held"][name]], "page"), "tep.pdf")


@pytest.mark.parametrize("name", TEXTS["free"])
def test_what_a_library_is_for_is_not(name: str) -> None:
    assert privacy.find(document([TEXTS["free"][name]], "page"), "tep.pdf") == ()
