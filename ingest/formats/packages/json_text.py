"""Texts that people read in JSON that drives a player, told by the shape of the values, not by their format.

H5P's content.json and the data of authoring tools mix sentences with file
names, colours, identifiers and the labels of buttons. No schema is known
here: keys give hints, the values decide.
"""

import re
from collections.abc import Iterator
from typing import Any

from ingest.formats import html
from ingest.formats.words import tidy

# Keys whose values people read even when they are one word.
_SPOKEN = re.compile(
    r"""(?:.*_)?(?:text|title|question|answers?|label|caption|alt|alttext|acctext|accstr|displaytext|description|intro
    |introduction|word|term|definition|tip|hint|header|heading|correct|incorrect|statement|sentence|note|notes|summary
    |content|feedback|subtitle|name|front|back|clue|taskdescription|textfield|starterword|lb|transcript|prompt)""",
    re.IGNORECASE | re.VERBOSE,
)
# What no reader of the lesson is looking for: settings, labels of the player, licences of the parts, styles.
_SILENT = re.compile(
    r"""ui|l10n|i18n|behaviour|behavior|metadata|copyrights?|licen[cs]es?|licensetext|authors?|attribution|css|style
    |styles|colors?|fonts?|path|src|url|href|uri|mime|library|machinename|subcontentid|contenttype|id|guid|version
    |overridesettings|confirmcheck|confirmretry|a11y.*|aria.*|.*button|.*buttontext|.*buttonlabel|.+label|.*announcement
    |.*placeholder|.*message|.*colou?r|.*phetiodocumentation|thirdparty.*|translations?|locale.*|keywords?regex
    |projectid|courseid|playervars?|kind|type|.*id|.*ids|.*ref|.*url|.*path|.*file|.*image|.*font""",
    re.IGNORECASE | re.VERBOSE,
)
_CODE = re.compile(
    r"""[\w.+-]+/[\w.+-]+ | \#[0-9a-f]{3,8} | (?:https?:)?//.* | [\w%./-]+\.\w{2,5}(?:[?\#]\S*)? | [\w-]{20,}
    | .*\.(?:png|jpe?g|gif|svg|webp|mp[34]|m4[av]|webm|og[gv]|wav|css|js|json|html?|woff2?|ttf|swf|vtt|srt)
    | H5P\.\w+.* | \S+\([^)]*\);? | (?:rgba?|url|calc|translate)\(.*\) | [\d.]+(?:px|em|%|s|ms|pt)? | \W+""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_PROGRAM = re.compile(r"[{};]\s*\n|\bfunction\s*\(|=>|\breturn\b.{0,200};|^\s*[.#]?[\w-]+\s*\{|===|&&|\|\|")
_MARKUP = re.compile(r"<[a-zA-Z!/][^<>]*>|&(?:#?\w{2,8});")
_LONGEST_CODE = 500
_DEEPEST = 60


def strings(value: Any, key: str = "") -> Iterator[str]:
    """The texts in a JSON value, in its order, markup taken off."""
    yield from _walk(value, key, 0)


def read(text: str, key: str = "") -> str:
    """One string as people see it; "" where it is no text for them."""
    if _MARKUP.search(text):
        text = "\n".join(block.text for block in html.read(text).blocks)
        return text if any(map(str.isalpha, text)) else ""
    line = tidy(text)
    if is_sentence(line) or (spoken(key) and any(map(str.isalpha, line)) and not _is_code(line)):
        return line
    return ""


def spoken(key: str) -> bool:
    """Whether a key says that people read its value."""
    return _SPOKEN.fullmatch(key) is not None


def silent(key: str) -> bool:
    """Whether a key says that its value is for the player."""
    return _SILENT.fullmatch(key) is not None and not spoken(key)


def is_sentence(text: str) -> bool:
    """Whether a string is words in a row, or a word with letters that only languages other than code have."""
    line = text.strip()
    if len(line) < 2 or _is_code(line) or _PROGRAM.search(line):
        return False
    words = [word for word in line.split() if any(map(str.isalpha, word))]
    return len(words) > 1 or (len(words) == 1 and not line.isascii())


def _is_code(line: str) -> bool:
    # What is longer and still one name, address or call is not met; its words decide.
    return len(line) <= _LONGEST_CODE and _CODE.fullmatch(line) is not None


def _walk(value: Any, key: str, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        if text := read(value, key):
            yield text
    elif depth > _DEEPEST:
        return
    elif isinstance(value, list):
        for one in value:
            yield from _walk(one, key, depth + 1)
    elif isinstance(value, dict):
        for name, one in value.items():
            if not silent(name):
                yield from _walk(one, name, depth + 1)
