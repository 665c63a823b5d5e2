"""Metadata of films and sounds in the sandbox against ffprobe alone.

    python -m tests.benchmarks.media [FILE]…

Files made here with ffmpeg, and those given, each read by turns: ffprobe with
the same questions, then the sandbox, and again. A figure is our time divided
by ffprobe's; the best of each counts, because other work on the machine only
ever adds time. Hashing and copying are no part of either.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ingest.document import Bundle
from ingest.errors import IngestError
from ingest.sandbox import Sandbox
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


def _bare(path: Path) -> None:
    questions = ["-show_format", "-show_streams", "-show_chapters", "-of", "json"]
    subprocess.run(["ffprobe", "-v", "error", *questions, str(path)], check=True, capture_output=True)


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _figures(sandbox: Sandbox, files: list[Path]) -> Iterator[Figure]:
    probed = read = 0.0
    for path in files:
        bundle = Bundle(path, path.name)
        turns = [(_seconds(lambda: _bare(path)), _seconds(lambda: sandbox.read(bundle))) for _ in range(_TURNS)]  # noqa: B023
        bare, ours = min(bare for bare, _ in turns), min(ours for _, ours in turns)
        yield figure(f"metadata of {path.name}", ours * 1000, "ms", baseline=bare * 1000)
        probed += bare
        read += ours
    yield figure("metadata of films and sounds", read * 1000, "ms", baseline=probed * 1000, at_most=MAX_RATIO)


def main(given: list[str]) -> int:
    if shutil.which("ffmpeg") is None:
        print("ffmpeg is not installed: nothing to measure against", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name, Sandbox() as sandbox:
        files = list(_files(Path(name), given))
        try:
            sandbox.read(Bundle(files[0], files[0].name))
        except IngestError as error:
            print(f"cannot read: {error}", file=sys.stderr)
            return 1
        return report(list(_figures(sandbox, files)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
