"""Metadata of films and sounds in a child of the sandbox against ffprobe alone in the same child.

    python -m tests.benchmarks.media [FILE]…

Files made here with ffmpeg, and those given. A figure is our time by the clock
divided by ffprobe's with the same questions, so less is better. Hashing and
copying are no part of either. How: `beside_bare.py`.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.benchmarks.beside_bare import Pairs, by_clock
from tests.benchmarks.figures import Figure, figure, report
from tests.recordings import film, sound

MAX_RATIO = 1.3
_TURNS = 15
_TAGS = ("-metadata", "title=Bài giảng quang hợp", "-metadata", "artist=Tổ Sinh học")


def _files(folder: Path, given: list[str]) -> Iterator[Path]:
    hour = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "250")
    yield film(folder / "film-10-minutes.mp4", *hour, *_TAGS, seconds=600, size="640x360")
    yield film(folder / "film-10-minutes.mkv", *hour, *_TAGS, seconds=600, size="640x360")
    yield film(folder / "film-1-minute.webm", "-c:v", "libvpx", "-deadline", "realtime", *_TAGS, seconds=60)
    yield sound(folder / "sound-1-hour.mp3", *_TAGS, seconds=3600)
    yield sound(folder / "sound-10-minutes.m4a", *_TAGS, seconds=600)
    yield sound(folder / "sound-10-minutes.ogg", "-c:a", "libvorbis", *_TAGS, seconds=600)
    yield from map(Path, given)


def _figures(pairs: Pairs, files: Iterable[Path]) -> Iterator[Figure]:
    probed = read = 0.0
    for path in files:
        measured = pairs.measure(path)
        bare, ours = by_clock(measured.inside)
        yield figure(f"metadata of {path.name}", ours * 1000, "ms", baseline=bare * 1000)
        outside_bare, outside = by_clock(measured.outside)
        yield figure(
            f"metadata of {path.name}, through the sandbox", outside * 1000, "ms", baseline=outside_bare * 1000
        )
        probed, read = probed + bare, read + ours
    yield figure("metadata of films and sounds", read * 1000, "ms", baseline=probed * 1000, at_most=MAX_RATIO)


def main(given: list[str]) -> int:
    if shutil.which("ffmpeg") is None:
        print("ffmpeg is not installed: nothing to measure against", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name, Pairs(turns=_TURNS) as pairs:
        return report(list(_figures(pairs, _files(Path(name), given))))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
