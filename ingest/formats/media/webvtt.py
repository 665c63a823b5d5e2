"""Captions as WebVTT, the one form that browsers' players read, written anew from nothing but times and text.

What stood in the file beside the text (styles, positions, markup, scripts) is
gone: the reader of captions hands over plain lines, and each is escaped here.
Source: https://www.w3.org/TR/webvtt1/
"""

from collections.abc import Iterable
from html import escape

from ingest.formats.media.cues import Cue
from ingest.formats.words import tidy

# A cue that ends when it begins would never be seen.
_SHORTEST_SECONDS = 1.0


def written(cues: Iterable[Cue]) -> str:
    """A whole file; cues in order of time, as players expect them."""
    blocks = ["WEBVTT"]
    for cue in sorted(cues, key=lambda one: (one.start_seconds, one.end_seconds)):
        # No line may be empty, for that ends a cue; `-->` cannot be in it, since its `>` is escaped.
        lines = [escape(line, quote=False) for line in map(tidy, cue.lines) if line]
        end = max(cue.end_seconds, cue.start_seconds + _SHORTEST_SECONDS)
        if lines:
            blocks.append("\n".join((f"{_clock(cue.start_seconds)} --> {_clock(end)}", *lines)))
    return "\n\n".join(blocks) + "\n"


def _clock(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"
