"""The guides in Vietnamese say what the library says: its buttons, its commands, what they print, how it looks."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from PIL import Image

from docs.generate import plain
from docs.screenshots import MOST_BYTES, PICTURES, used
from docs.shown import GONE, GROUNDS, PAGES, REFUSED, SIZES
from service.cli import main
from service.messages import catalogue
from service.settings import Settings
from tests.unit.house.test_sentences import TONES_ELSEWHERE
from tests.unit.house.tree import ROOT, tracked

GUIDES = sorted((ROOT / "docs/vi").glob("*.md"))
SHOWN = [ROOT / "README.md", *GUIDES]


def _patterns() -> list[re.Pattern[str]]:
    """What each sentence of the library may look like once its parameters stand in it."""
    said = [part for entry in catalogue("vi").values() for part in plain(entry)]
    # One of parameters alone would be like anything.
    worded = [one for one in said if len(re.findall(r"[^\W\d_]", re.sub(r"\{\w+\}", "", one))) > 1]
    return [re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(one))) for one in worded]


def _blocks(path: Path, kind: str) -> Iterator[str]:
    for block in re.findall(rf"^```{kind}\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        yield from block.splitlines()


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_what_is_bold_stands_on_a_page_or_is_printed(path: Path) -> None:
    patterns = _patterns()
    bold = re.findall(r"\*\*(.+?)\*\*", path.read_text(encoding="utf-8"))
    assert bold
    assert [one for one in bold if not any(pattern.fullmatch(one) for pattern in patterns)] == []


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_what_a_command_is_said_to_print_it_prints(path: Path) -> None:
    patterns = [re.compile(rf"(?:[✓!✗] |\S+: )?{pattern.pattern}(?:: \d+)?") for pattern in _patterns()]
    assert [line for line in _blocks(path, "text") if not any(one.fullmatch(line) for one in patterns)] == []


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_commands_and_their_options_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = [*_blocks(path, "sh"), *re.findall(r"`(hoclieu [^`]+)`", text)]
    for line in lines:
        for words in re.findall(r"(?:^|&& |bin/| )hoclieu ([^&|#]+)", line):
            asked, command = shlex.split(words), main
            while isinstance(command, click.Group) and asked and not asked[0].startswith("-"):
                assert asked[0] in command.commands, line
                command = command.commands[asked.pop(0)]
            known = {name for parameter in command.params for name in parameter.opts}
            assert {one for one in asked if one.startswith("--")} <= known | {"--help"}, line


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_settings_are_there(path: Path) -> None:
    named = set(re.findall(r"HOCLIEU_([A-Z_]+[A-Z])", path.read_text(encoding="utf-8")))
    assert {one.lower() for one in named} - {*Settings.model_fields} == set()


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_guides_spell_as_the_pages_do_and_address_nobody_in_person(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert TONES_ELSEWHERE.findall(text) == []
    assert re.findall(r"(?i)\b(?:bạn|quý vị|thầy cô)\b", text) == []
    assert "!" not in re.sub(r"```.*?```|`[^`]*`|!\[", "", text, flags=re.DOTALL)


def test_pictures_are_those_that_are_shown_and_small() -> None:
    kept = {Path(path).stem for path in tracked() if path.startswith("docs/pictures/")}
    assert kept == used()
    pages = {**PAGES, **GONE, **REFUSED}
    assert kept <= {f"{name}-{size}-{ground}" for name in pages for size in SIZES for ground in GROUNDS}
    for name in kept:
        path = PICTURES / f"{name}.png"
        assert path.stat().st_size <= MOST_BYTES, name
        with Image.open(path) as picture:
            assert (picture.mode, picture.size) == ("P", SIZES[name.split("-")[-2]])


def test_a_picture_says_in_words_what_it_shows() -> None:
    for path in SHOWN:
        text = path.read_text(encoding="utf-8")
        told = re.findall(r"!\[(.{10,}?)\]\((?:docs/|\.\./)pictures/([\w-]+)\.png\)", text)
        assert len(told) == len(re.findall(r"pictures/[\w-]+\.png", text)), path.name
