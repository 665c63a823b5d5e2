"""Words spoken by Debian's espeak-ng, line by line, so that each line knows its seconds."""

import io
import subprocess
import wave
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

_WORDS_A_MINUTE = 140
_PAUSE_SECONDS = 0.6
_HEAD_BYTES = 44
_AT_A_TIME = 2


@dataclass(frozen=True, slots=True)
class Line:
    """text, and when it begins and ends, in seconds from the start of all."""

    text: str
    start: float
    end: float


def speak(lines: Sequence[str], language: str, *, start: float = 0.0) -> tuple[list[Line], bytes, int]:
    """The lines with their seconds, the samples (16 bit, one channel), samples a second.

    Raises: FileNotFoundError: no espeak-ng; subprocess.CalledProcessError: it has no such voice.
    """
    spoken, samples, rate, at = [], bytearray(), 22_050, start
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        sounds = list(pool.map(lambda text: _say(text, language), lines))
    for text, sound in zip(lines, sounds, strict=True):
        with wave.open(io.BytesIO(sound)) as head:
            rate = head.getframerate()
        # espeak-ng cannot go back in a pipe to write the length into the head: all that follows it is sound.
        said = sound[_HEAD_BYTES:] + bytes(2 * round(_PAUSE_SECONDS * rate))
        seconds = len(said) / 2 / rate
        spoken.append(Line(text, at, at + seconds - _PAUSE_SECONDS))
        samples += said
        at += seconds
    return spoken, bytes(samples), rate


def _say(text: str, language: str) -> bytes:
    return subprocess.run(  # noqa: S603 - our own words, and the espeak-ng that this machine has
        ["espeak-ng", "-v", language, "-s", str(_WORDS_A_MINUTE), "--stdin", "--stdout"],  # noqa: S607
        input=text.encode(), check=True, capture_output=True,
    ).stdout  # fmt: skip


def write(path: str, samples: bytes, rate: int) -> None:
    """A WAV file of one channel."""
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples)


def clock(seconds: float, mark: str = ",") -> str:
    """As captions write it: 00:01:02,500; WebVTT wants a point."""
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{mark}{rest % 1000:03}"
