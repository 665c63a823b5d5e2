"""Sentences that people read, out of scripts and data files: what a player draws on the screen from them.

E-learning authoring tools (iSpring, Articulate, Captivate) publish slides as
JavaScript data; nothing is run here. Three shapes are known: JSON (in a
string, base64, deflated, or plain), HTML in a string, and short strings in a
file that holds little else.
"""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterator
from typing import Any

from ingest.formats import html
from ingest.formats.packages.json_text import is_sentence, spoken, strings

# The closing mark may be missing: a match that fails would be tried again at each of the marks inside.
_LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*+)("?)' + r"|'((?:[^'\\\n]|\\.)*+)('?)", re.DOTALL)
_KEY = re.compile(r"""([A-Za-z_$][\w$]*)["']?\s*:\s*$""")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": " ", "r": "\n", "b": " ", "f": " ", "v": " ", "\n": ""}
_BASE64 = re.compile(r"[A-Za-z0-9+/=]{100,}")
_VALUE_BEGINS = re.compile(r"[=(,]\s*(?=[{\[])")
_MARKUP = re.compile(
    r"</?(?:p|div|span|br|b|i|u|li|ul|ol|td|tr|h[1-6]|font|text|tspan|strong|em|a)\b[^<>]*>", re.IGNORECASE
)
# In a file that holds questions or captions, a third of the characters is theirs; in a program a few hundredths.
_SPOKEN_SHARE = 0.15
_INFLATED_BYTES = 32 * 1024**2
_SHORTEST_JSON = 100
_TRIES = 20_000


def texts(source: str) -> list[str]:
    """What people would read of a script, in its order, each text once."""
    found: dict[str, None] = {}
    loose: list[str] = []
    spans: list[tuple[int, int]] = []
    for start, end, value in _json_values(source):
        spans.append((start, end))
        found.update(dict.fromkeys(strings(value)))
    for literal, key in _literals(source, spans):
        packed = list(_unpacked(literal))
        if packed:
            found.update(dict.fromkeys(packed))
        elif is_sentence(literal):
            if key and spoken(key):
                found[literal] = None
            else:
                loose.append(literal)
    if sum(map(len, loose)) >= _SPOKEN_SHARE * len(source):
        found.update(dict.fromkeys(loose))
    return list(found)


def _json_values(source: str) -> Iterator[tuple[int, int, Any]]:
    """(start, end, value) of JSON objects and arrays that are assigned or passed in a script."""
    decoder = json.JSONDecoder()
    place = 0
    for _ in range(_TRIES):
        begin = _VALUE_BEGINS.search(source, place)
        if begin is None:
            return
        place = begin.end()
        try:
            value, end = decoder.raw_decode(source, place)
        except (ValueError, RecursionError):
            continue
        if end - place >= _SHORTEST_JSON:
            yield place, end, value
        place = max(place, end)


def _literals(source: str, spans: list[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    """(text, key before it or "") of the string literals outside `spans`."""
    gaps = zip([0, *(end for _, end in spans)], [*(start for start, _ in spans), len(source)], strict=True)
    for start, end in gaps:
        for match in _LITERAL.finditer(source, start, end):
            text, closed = (match[1], match[2]) if match[1] is not None else (match[3], match[4])
            if len(text) < 3 or not closed:
                continue
            key = _KEY.search(source, max(start, match.start() - 40), match.start())
            yield _ESCAPE.sub(_unescaped, text), key[1] if key else ""


def _unescaped(match: re.Match[str]) -> str:
    what = match[1]
    if len(what) > 1:
        return chr(int(what[1:], 16))
    return _ESCAPED.get(what, what)


def _unpacked(literal: str) -> Iterator[str]:
    """What is inside a literal that is itself a document."""
    if len(literal) < _SHORTEST_JSON and "<" not in literal:
        return
    text = literal.strip()
    if _BASE64.fullmatch(text):
        text = _from_base64(text)
    if text[:1] in ("{", "["):
        try:
            yield from strings(json.loads(text))
        except (ValueError, RecursionError):
            return
    elif _MARKUP.search(text):
        yield from (block.text for block in html.read(text).blocks if any(map(str.isalpha, block.text)))


def _from_base64(text: str) -> str:
    """JSON as iSpring packs it: base64 of a zlib stream, or of the text itself."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error:
        return ""
    if data[:1] == b"x":
        try:
            data = zlib.decompressobj().decompress(data, _INFLATED_BYTES)
        except zlib.error:
            return ""
    return data.decode("utf-8", "ignore") if data[:1] in (b"{", b"[") else ""
