"""The words behind the search for personal data, read once from `words.toml`."""

import tomllib
from importlib import resources
from typing import Any

# Latin-1, Latin Extended and Vietnamese letters: ranges of both cases mix them.
_LETTERS = [chr(code) for block in (range(0xC0, 0x250), range(0x1EA0, 0x1EFA)) for code in block]
CAPITALS = "A-Z" + "".join(filter(str.isupper, _LETTERS))
SMALL = "a-z" + "".join(filter(str.islower, _LETTERS))
"""Insides of character classes: a class is searched for without backtracking, whatever its size."""

WORDS: dict[str, Any] = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
