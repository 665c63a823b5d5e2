"""Smaller forms of recordings for slow links: the film at 360 lines, and what is said alone.

Measured (CPU seconds and size per minute): 360 lines, x264 veryfast, at most
500 kbit/s, AAC 48 kbit/s: slides with a voice 4.7 s and 0.60 MB, a film 9.4 s
and 2.5 MB; a slower preset costs twice as much and is not smaller. Opus at
24 kbit/s: 0.19 MB. Never larger than the recording is; what its tags say of
people and places stays behind.
"""

import tempfile
from pathlib import Path
from typing import Literal

from ingest.errors import BrokenFile, TooExpensive
from ingest.formats.media import recording
from ingest.formats.media.recording import Track
from ingest.tools import ffmpeg

Form = Literal["film", "sound"]

MOST_BYTES = 96 * 1024**2
"""Of one form: three hours of slides with a voice. What would be larger gets fewer bits, or is not made."""

_LINES = 360
_FILM_KBITS, _LEAST_FILM_KBITS, _VOICE_KBITS, _SOUND_KBITS = 500, 120, 48, 24
# Containers and peaks take some of what the bit rates promise.
_SHARE = 0.9


def lighter(path: Path, *, form: Form, timeout_seconds: float) -> bytes:
    """The film as MP4, or its sound as WebM.

    Raises: BrokenFile: no such stream; TooExpensive: too long for MOST_BYTES, or not made in time; ToolMissing.
    """
    found = recording.read(path)
    films, sounds = found.of("video"), found.of("audio")
    if form == "film" and films:
        words = _film(films[0], sounds[:1], found.seconds)
        kind = "mp4"
    elif form == "sound" and sounds:
        _fits(_SOUND_KBITS, found.seconds)
        words = ["-map", f"0:{sounds[0].number}", "-c:a", "libopus", "-b:a", f"{_SOUND_KBITS}k", "-ac", "1"]
        kind = "webm"
    else:
        raise BrokenFile(part="stream")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"made.{kind}"
        ffmpeg.encode(path, [*words, "-f", kind], target, timeout_seconds=timeout_seconds)
        if target.stat().st_size > MOST_BYTES:
            raise TooExpensive(limit="output")
        return target.read_bytes()


def _film(film: Track, sounds: tuple[Track, ...], seconds: float | None) -> list[str]:
    voice = _VOICE_KBITS if sounds else 0
    kbits = min(_FILM_KBITS, _fits(_LEAST_FILM_KBITS + voice, seconds) - voice)
    factor = min(1.0, _LINES / min(film.width_pixels, film.height_pixels))
    # The codec halves both sides for its colours.
    width, height = (max(2, round(side * factor / 2) * 2) for side in (film.width_pixels, film.height_pixels))
    words = [
        "-map", f"0:{film.number}", "-vf", f"scale={width}:{height}:flags=bicubic,setsar=1,format=yuv420p",
        "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "main", "-crf", "26",
        "-maxrate", f"{kbits}k", "-bufsize", f"{2 * kbits}k", "-movflags", "+faststart",
    ]  # fmt: skip
    for sound in sounds:
        words += ["-map", f"0:{sound.number}", "-c:a", "aac", "-b:a", f"{_VOICE_KBITS}k", "-ac", "1"]
    return words


def _fits(least_kbits: int, seconds: float | None) -> int:
    """How many kbit/s fit. Raises: TooExpensive: fewer than that, or nobody knows how long it is."""
    most = int(MOST_BYTES * 8 * _SHARE / seconds / 1000) if seconds else 0
    if most < least_kbits:
        raise TooExpensive(limit="output")
    return most
