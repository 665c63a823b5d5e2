"""The words behind the search for personal data, read once from `words.toml`."""

import tomllib
from importlib import resources
from typing import Any

WORDS: dict[str, Any] = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
