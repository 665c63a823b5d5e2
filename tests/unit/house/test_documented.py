"""Every setting, command, route, error and format is documented, and the pages are fresh."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from docs import generate
from service.settings import Settings
from tests.unit.house.tree import ROOT


@pytest.mark.parametrize("field", Settings.model_fields)
def test_a_setting_has_a_description(field: str) -> None:
    assert (Settings.model_fields[field].description or "").endswith((".", "`."))


def test_generated_pages_are_fresh() -> None:
    # A process of its own: the pages are English, this process may have loaded the commands in another language.
    result = subprocess.run(
        [sys.executable, "-m", "docs.generate", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def test_a_missing_and_a_changed_page_are_stale(tmp_path: Path) -> None:
    (tmp_path / "fresh.md").write_text("# As it is\n", encoding="utf-8")
    (tmp_path / "changed.md").write_text("# As it was\n", encoding="utf-8")
    pages = {"fresh.md": "# As it is\n", "changed.md": "# As it is\n", "missing.md": "# As it is\n"}
    assert generate.stale(pages, tmp_path) == ["changed.md", "missing.md"]


def test_every_command_and_option_has_help() -> None:
    silent = []
    for words, command in generate.commands():
        if not command.help:
            silent.append(words)
        silent += [
            f"{words} {parameter.opts[0]}"
            for parameter in command.params
            if isinstance(parameter, click.Option) and not parameter.help
        ]
    assert silent == []


def test_every_route_says_what_it_answers() -> None:
    assert [f"{method} {path}" for method, path, said in generate.routes() if not said] == []


def test_links_between_pages_lead_somewhere() -> None:
    pages = [path for folder in ("docs", "docs/vi") for path in (ROOT / folder).glob("*.md")]
    for page in ("README.md", *(str(path.relative_to(ROOT)) for path in pages)):
        folder = (ROOT / page).parent
        links = re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / page).read_text(encoding="utf-8"))
        assert [link for link in links if not (folder / link).exists()] == [], page
