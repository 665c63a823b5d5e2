"""Styles and scripts keep to the browser floor: Chrome and WebView 64."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[3] / "service/web/static"

# Each is younger than Chrome 64; grid-gap must stand before gap.
YOUNGER_STYLES = {
    "inset": r"[;{\s]inset\s*:",
    "aspect-ratio": r"aspect-ratio\s*:",
    ":is, :where, :has": r":(is|where|has)\(",
    "clamp, min, max": r"[\s:(](clamp|min|max)\(",
    "rgb with spaces": r"rgba?\(\s*\d+\s+\d+",
    "logical properties": r"(margin|padding)-(inline|block)",
    "place shorthands": r"place-(items|content|self)",
    "container and layer": r"@(container|layer)",
}
YOUNGER_SCRIPTS = {
    "optional chaining": r"\?\.\w",
    "nullish": r"\?\?",
    "private fields": r"this\.#",
    "replaceAll, at, flat": r"\.(replaceAll|at|flat|flatMap|matchAll)\(",
    "global this": r"globalThis",
}


@pytest.mark.parametrize("name", YOUNGER_STYLES)
def test_styles_know_nothing_younger_than_the_floor(name: str) -> None:
    for path in STATIC.glob("*.css"):
        styles = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(YOUNGER_STYLES[name], styles), f"{path.name}: {name}"


def test_a_gap_stands_only_in_grids_and_behind_its_old_name() -> None:
    for path in STATIC.glob("*.css"):
        for block in re.findall(r"\{([^{}]*)\}", path.read_text(encoding="utf-8")):
            if re.search(r"(?<![-\w])gap\s*:", block):
                assert "grid-gap" in block, f"{path.name}: {block}"
                assert "flex" not in block, f"{path.name}: {block}"


def test_focus_is_visible_without_focus_visible() -> None:
    styles = (STATIC / "look.css").read_text(encoding="utf-8")
    assert re.search(r"(?m)^:focus \{ outline: 3px", styles)


@pytest.mark.parametrize("name", YOUNGER_SCRIPTS)
def test_scripts_know_nothing_younger_than_the_floor(name: str) -> None:
    for path in STATIC.glob("*.js"):
        assert not re.search(YOUNGER_SCRIPTS[name], path.read_text(encoding="utf-8")), f"{path.name}: {name}"
