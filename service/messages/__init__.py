"""Every sentence people read, by code, in Vietnamese and English.

The sentences are data: `vi/*.toml` and `en/*.toml`, one file an area (errors,
ingest, findings, pages, placements, commands). A code is `[area-table] code = "…"` or a table with
`text` and `remedy`. Parameters stand in braces, as in `str.format`.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("vi", "en")


@cache
def catalogue(language: str) -> Mapping[str, Any]:
    """All entries of one language, code -> sentence or {text, remedy}. Areas share one name space.

    Raises: ValueError: two areas define the same code (a mistake in the data).
    """
    entries: dict[str, Any] = {}
    for source in sorted(resources.files(__name__).joinpath(language).iterdir(), key=lambda path: path.name):
        for code, entry in tomllib.loads(source.read_text(encoding="utf-8")).items():
            if code in entries:
                raise ValueError(f"{language}/{source.name}: {code} is defined twice")
            entries[code] = entry
    return entries


def sentence(code: str, language: str, parameters: Mapping[str, Any] | None = None) -> str:
    """The sentence of a code. Raises: KeyError: no such code (a test finds these before people do)."""
    entry = catalogue(language)[code]
    text: str = entry["text"] if isinstance(entry, Mapping) else entry
    return text.format_map(parameters or {})


def remedy(code: str, language: str, parameters: Mapping[str, Any] | None = None) -> str:
    """What to do about it; empty where the sentence says it all."""
    entry = catalogue(language)[code]
    text: str = entry.get("remedy", "") if isinstance(entry, Mapping) else ""
    return text.format_map(parameters or {})
