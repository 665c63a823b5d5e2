"""Captions of films and sound recordings: SubRip, WebVTT, ASS/SSA and TTML as cues of plain text.

Read beside a recording, out of one (ffmpeg hands embedded tracks over as
SubRip), or alone. Caption files are hostile and sloppy: the kind is told by
the content, markup and override codes go, times that cannot be are counted,
and nothing but text comes out.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.errors import BrokenFile, TooExpensive
from ingest.formats.media import ttml
from ingest.formats.media.cues import Cue
from ingest.vietnamese.language import detect

MAX_BYTES = 32 * 1024**2
"""A day of captions is some 3 MB."""

# No recording of a school is longer than four days.
_LONGEST_SECONDS = 360_000.0

_CLOCK = r"-?(?:\d{1,4}:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,3})?"
_TIMING = re.compile(rf"^\s*({_CLOCK})\s*-->\s*({_CLOCK})")
# <i>, </c>, <v Nam>, <font color="red">, <00:00:05.199>: what a player would not show either.
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<\d[\d:.]*>")
# {\an8}, {\i1}; a set such as {1; 2; 3} is text, but for ASS, where everything in braces is hidden.
_OVERRIDE = re.compile(r"\{\\[^{}]*\}")
_BRACES = re.compile(r"\{[^{}]*\}")
# In ASS, \p1 and up switches to drawing: what follows are coordinates, until \p0.
_DRAWING = re.compile(r"\{[^{}]*\\p[1-9][^{}]*\}[^{}]*")
_NUMBER = re.compile(r"(?:\A|\n)[ \t]*\d{1,9}\s*\Z")
_HEADER = re.compile(r"^(language|title):\s*(\S.*)$", re.IGNORECASE)
_TEMPLATE_TITLE = re.compile(r"default aegisub file|untitled.*|new subtitles?|<untitled>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Captions:
    """A track. impossible: cues left out because of their times. title, language: what it says of itself, or ""."""

    media_type: str
    cues: tuple[Cue, ...]
    impossible: int = 0
    title: str = ""
    language: str = ""


def read(data: bytes) -> Captions:
    """The cues of a caption file, in the order of the file.

    Raises: BrokenFile: not one cue, or no captions at all; TooExpensive: larger than MAX_BYTES.
    """
    if len(data) > MAX_BYTES:
        raise TooExpensive(limit="size")
    text = decoded(data).replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff\n ")
    head = text[:2000].lower()
    if "<tt" in head or ":tt" in head:
        media_type, found = "application/ttml+xml", ttml.read(text.encode())
        title, language = found.title, found.language
        shown = found.cues
    else:
        ass = "[script info]" in head or "\n[events]" in text[:200_000].lower()
        media_type = "text/x-ssa" if ass else "text/vtt" if head.startswith("webvtt") else "application/x-subrip"
        told = dict(_headers(text)) if media_type != "application/x-subrip" else {}
        title, language = told.get("title", ""), told.get("language", "")
        shown = tuple(_ass(text) if ass else _timed(text, until_blank=media_type == "text/vtt"))
    cues = tuple(cue for cue in shown if 0 <= cue.start_seconds <= cue.end_seconds <= _LONGEST_SECONDS)
    if not cues:
        raise BrokenFile(part="captions")
    return Captions(
        media_type, cues, len(shown) - len(cues), "" if _TEMPLATE_TITLE.fullmatch(title) else title, language
    )


def decoded(data: bytes) -> str:
    """Caption bytes as text: a byte order mark, UTF-8, UTF-16, else Windows-1258 where that reads as Vietnamese."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    # Digits and arrows of timings are ASCII: in UTF-16 every other byte of them is NUL.
    head = data[:400]
    if head[1::2].count(0) > len(head) // 4:
        return data.decode("utf-16-le", "replace")
    if head[::2].count(0) > len(head) // 4:
        return data.decode("utf-16-be", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # Windows-1258 writes a tone as a letter of its own after its vowel.
        vietnamese = unicodedata.normalize("NFC", data.decode("cp1258", "replace"))
        return vietnamese if detect(plain(vietnamese[:4000])) == "vi" else data.decode("cp1252", "replace")


def plain(text: str) -> str:
    """A cue's text without markup: override codes and tags go, entities become their letters."""
    return html.unescape(_TAG.sub("", _OVERRIDE.sub("", text)))


def _headers(text: str) -> Iterator[tuple[str, str]]:
    """Title and language as the head of a WebVTT or ASS file gives them."""
    for line in text[:4000].split("\n"):
        if "-->" in line:
            return
        if match := _HEADER.match(line.strip()):
            yield match[1].lower(), match[2].strip()


def _timed(text: str, *, until_blank: bool) -> Iterator[Cue]:
    """Cues of SubRip and WebVTT: a line of times, and what follows until the next one.

    until_blank: a blank line ends the cue (WebVTT's notes and styles come after it); in SubRip it does not.
    """
    times: tuple[float, float] | None = None
    lines: list[str] = []
    open_ = True
    for line in text.split("\n"):
        if "-->" in line and (match := _TIMING.match(line)):
            if times is not None:
                yield _cue(times, lines, numbered=not until_blank)
            times, lines, open_ = (_seconds(match[1]), _seconds(match[2])), [], True
        elif times is not None and open_:
            open_ = not until_blank or bool(line.strip())
            lines.append(line)
    if times is not None:
        yield _cue(times, lines, numbered=False)


def _cue(times: tuple[float, float], lines: list[str], *, numbered: bool) -> Cue:
    text = "\n".join(lines)
    # The number of the next cue stands right before its times.
    text = _NUMBER.sub("", text) if numbered else text
    # Tags may span lines.
    return Cue(*times, tuple(plain(text.strip()).split("\n")))


def _ass(text: str) -> Iterator[Cue]:
    """Dialogue lines of [Events]; its Format line says where times and text stand, the text being the last."""
    names = ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"]
    events = False
    for line in text.split("\n"):
        kind, _, rest = line.partition(":")
        kind = kind.strip().lower()
        if kind.startswith("["):
            events = kind == "[events]"
        elif events and kind == "format":
            names = [name.strip().lower() for name in rest.split(",")]
        elif events and kind == "dialogue":
            fields = dict(zip(names, rest.split(",", len(names) - 1), strict=False))
            if {"start", "end", "text"} <= fields.keys():
                shown = _BRACES.sub("", _DRAWING.sub("", fields["text"]))
                shown = re.sub(r"\\[Nn]", "\n", shown).replace("\\h", " ")
                yield Cue(_seconds(fields["start"]), _seconds(fields["end"]), tuple(plain(shown).split("\n")))


def _seconds(clock: str) -> float:
    """H:MM:SS.mmm, MM:SS.mmm as seconds; what is no time becomes -1, which no cue may have."""
    if not re.fullmatch(_CLOCK, clock.strip()):
        return -1.0
    parts = [float(part) for part in clock.strip().lstrip("-").replace(",", ".").split(":")]
    seconds = sum(part * 60**power for power, part in enumerate(reversed(parts)))
    return -1.0 if clock.strip().startswith("-") else seconds
