"""The words that a PhET simulation shows, out of the table of strings in its page.

A simulation is one page whose words are drawn by its program, in 90 languages
or one. Until 2023 the table is JSON; since then it is packed into a string of
instructions (control characters) that builds it. Only the simulation's own
words count: those of the shared menus are the same in all of them.

Source: the unpacking function in the pages themselves, `phet.chipper.strings`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape

from ingest.formats.words import tidy

_TABLE = re.compile(r"window\.phet\.chipper\.strings\s*=\s*")
_LOCALE = re.compile(r"window\.phet\.chipper\.locale\s*=\s*['\"]([\w-]+)['\"]")
_PACKED = re.compile(r"\}\)\('((?:[^'\\]|\\.)*)'\)", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_PLACEHOLDER = re.compile(r"\{\{?\w+\}?\}|<[^>]*>")
_SHARED = ("JOIST/", "SCENERY_PHET/", "SCENERY/", "SUN/", "VEGAS/", "TAMBO/", "TWIXT/", "UTTERANCE_QUEUE/", "BRAND/")
"""Names of the libraries that all simulations share."""
_LONGEST_TABLE = 8 * 1024**2


def locale(source: str) -> str | None:
    """The language that the simulation of a page opens in; None for other pages."""
    match = _LOCALE.search(source)
    return match[1].replace("_", "-") if match else None


def strings(source: str) -> list[str]:
    """What the simulation of a page shows, in the page's language; empty for other pages."""
    table = _TABLE.search(source)
    if table is None:
        return []
    match = _LOCALE.search(source)
    wanted = match[1] if match else "en"
    begin = table.end()
    if source.startswith("{", begin):
        texts = _plain(source, begin, wanted)
    else:
        packed = _PACKED.search(source, begin, begin + _LONGEST_TABLE)
        texts = _unpacked(_ESCAPE.sub(_unescaped, packed[1])).get(wanted, {}) if packed else {}
    found = (tidy(unescape(_PLACEHOLDER.sub(" ", text))) for key, text in texts.items() if not key.startswith(_SHARED))
    return list(dict.fromkeys(text for text in found if len(text) > 1 and any(map(str.isalpha, text))))


def _plain(source: str, begin: int, wanted: str) -> Mapping[str, str]:
    try:
        table, _ = json.JSONDecoder().raw_decode(source, begin)
        texts = table.get(wanted) or table.get("en") or {}
        return {key: text for key, text in texts.items() if isinstance(text, str)}
    except (ValueError, AttributeError, RecursionError):
        return {}


def _unpacked(packed: str) -> dict[str, dict[str, str]]:
    """Run the instructions: a stack of name parts makes a key, then come its texts by language."""
    tables: dict[str, dict[str, str]] = {}
    stack: list[str] = []
    locale = key = last = english = ""
    given: set[str] = set()
    for code, word in _instructions(packed):
        if code in (1, 2, 3, 5, 6, 7):
            if code > 4 and stack:
                stack.pop()
            stack.append(word + {2: "/", 6: "/", 3: ".", 7: "."}.get(code, ""))
        elif code == 4 and stack:
            stack.pop()
        elif code == 8:
            locale = word
        elif code == 9:
            given, english, key = set(), "", "".join(stack)
        elif code == 10:
            for other in tables.keys() - given:
                tables[other][key] = english
        elif code in (11, 12, 13, 14):
            last = last if code == 14 else word
            tables.setdefault(locale, {})[key] = last
            english = last if locale == "en" else english
            given.add(locale)
        elif code == 15:
            tables[word] = {}
    return tables


def _instructions(packed: str) -> Iterator[tuple[int, str]]:
    """(control character, text after it); character 16 says that the next one is text."""
    code, word = 0, []
    characters = iter(packed)
    for character in characters:
        number = ord(character)
        if number > 16:
            word.append(character)
        elif number == 16:
            word.append(next(characters, ""))
        else:
            if code:
                yield code, "".join(word)
            code, word = number, []
    if code:
        yield code, "".join(word)


def _unescaped(match: re.Match[str]) -> str:
    return {"n": "\n", "r": "\r", "t": "\t"}.get(match[1], match[1])
