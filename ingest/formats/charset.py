"""Text out of bytes whose encoding nobody is sure of.

A byte order mark, then what proves itself (UTF-8), then what the file says,
then a guess between the two single-byte code pages that Vietnamese school
files are saved in. Old Vietnamese font encodings (TCVN3, VNI) come out as
the Latin letters they borrow.
"""

import codecs
import re
import unicodedata

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# What a file may call its encoding: names of Python's codecs that turn bytes into text, and nothing else of them.
_KNOWN = re.compile(
    r"utf-?8|utf-?16(?:-?[lb]e)?|us-ascii|ascii|iso-?8859-\d{1,2}|latin-?1|(?:windows-|cp)125\d|koi8-[ru]|macintosh"
    r"|gbk|gb2312|gb18030|big5|shift_jis|euc-jp|euc-kr|tis-620|cp866|cp437"
)
# https://encoding.spec.whatwg.org/#names-and-labels: these names mean windows-1252 to every browser.
_MEANS_1252 = re.compile(r"us-ascii|ascii|iso-?8859-1|latin-?1")
# Tone marks of windows-1258, each behind the vowel that carries it.
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_GUESS_CHARACTERS = 20_000
# One broken character in ten: a text in UTF-8 with a wound, not a text in something else.
_WOUNDED = 10


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of some bytes; never fails, never has a byte order mark. `declared`: what the file says it is."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    name = (declared or "").strip().lower()
    if (wide := _wide(data)) is not None:
        return data.decode(wide, "replace")
    try:
        # ISO-2022 escapes aside, text that is valid UTF-8 by chance is not met, whatever its header says.
        return data.decode("utf-8")
    except UnicodeDecodeError:
        repaired = data.decode("utf-8", "replace")
    broken = repaired.count("\ufffd")
    if _WOUNDED * broken <= sum(not character.isascii() for character in repaired[:_GUESS_CHARACTERS]):
        return repaired
    if _KNOWN.fullmatch(name) and not name.startswith("utf") and not _MEANS_1252.fullmatch(name):
        return data.decode(name, "replace")
    return _single_byte(data)


def codec(head: bytes) -> str | None:
    """The codec that reads a file whose beginning shows what it is, its mark left out; None where it does not."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return "utf-8-sig" if encoding == "utf-8" else "utf-16"
    return _wide(head)


def is_marked(data: bytes) -> bool:
    """Whether the bytes show what they are before anything is decoded: a byte order mark, or NULs of UTF-16."""
    return data.startswith(tuple(mark for mark, _ in _MARKS)) or _wide(data) is not None


def is_utf8(data: bytes) -> bool:
    """Whether `decode` would find valid UTF-8 without a mark; spares who wants bytes a copy or two."""
    if is_marked(data):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of plain letters is NUL."""
    head = data[:4096]
    if head.count(0) * 5 < len(head) or len(head) < 4:
        return None
    return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"


def _single_byte(data: bytes) -> str:
    """Windows-1258 where tone marks stand behind vowels, windows-1252 otherwise."""
    head = data[:_GUESS_CHARACTERS].decode("cp1258", "replace")
    tones = len(_TONES.findall(head))
    if tones >= 2 and len(head) - len(unicodedata.normalize("NFC", head)) >= 0.9 * tones:
        return unicodedata.normalize("NFC", data.decode("cp1258", "replace"))
    return data.decode("cp1252", "replace")
