"""Every sentence people read, by code, in Vietnamese and English.

The sentences are data: `vi/*.toml` and `en/*.toml`, one file an area (errors,
ingest, findings, pages, placements, commands). A code is `[area-table] code = "…"` or a table with
`text` and `remedy`. Parameters stand in braces, as in `str.format`; a number
may choose between two words, which English needs and Vietnamese does not:
`{count} {count:file is|files are} missing`.
"""

import re
import string
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from service.messages import formats

LANGUAGES = ("vi", "en")
_CHOICE = re.compile(r"\{\w+:[^{}|]*\|([^{}|]*)\}")


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
    return _said(text, language, parameters or {})


def remedy(code: str, language: str, parameters: Mapping[str, Any] | None = None) -> str:
    """What to do about it; empty where the sentence says it all."""
    entry = catalogue(language)[code]
    text: str = entry.get("remedy", "") if isinstance(entry, Mapping) else ""
    return _said(text, language, parameters or {})


def of_many(text: str) -> str:
    """A sentence as it stands for any number but one: how tables of sentences show it."""
    return _CHOICE.sub(r"\1", text)


class _Choosing(string.Formatter):
    """`{count:file|files}`: the first word where it is 1, else the second."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        one, choosing, many = format_spec.partition("|")
        if not choosing:
            return super().format_field(value, format_spec)
        # Pages give numbers as their language writes them.
        return one if str(value) == "1" else many


_CHOOSING = _Choosing()
_NAMED = {"limit": "limit-", "fields": "column-"}
"""Parameters that are codes, or codes apart by commas -> the beginning of the codes of their words."""


def _said(text: str, language: str, parameters: Mapping[str, Any]) -> str:
    if kind := parameters.get("media_type"):
        parameters = {**parameters, "media_type": formats.word(str(kind))}
    for name, beginning in _NAMED.items():
        if name in parameters:
            words = (_word(beginning, one, language) for one in str(parameters[name]).split(", "))
            parameters = {**parameters, name: ", ".join(words)}
    # Most sentences choose nothing, and pages say hundreds of them.
    return _CHOOSING.vformat(text, (), parameters) if "|" in text else text.format_map(parameters)


def _word(beginning: str, code: str, language: str) -> str:
    """What a code is called; itself where it is no code."""
    return str(catalogue(language).get(f"{beginning}{code}", code))
