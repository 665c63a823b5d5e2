"""A recording as ffprobe sees it, in our words: tracks, chapters, length, and what its tags say.

Tags of ID3, Vorbis comments, MP4 atoms, Matroska and ASF come out of ffprobe
under much the same names; `where` of a value keeps which of them it was.
Where it was recorded (location, ISO 6709) is left out on purpose.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ingest.document import Value
from ingest.errors import BrokenFile, IngestError
from ingest.formats.dates import date_of
from ingest.formats.images.image_size import is_possible
from ingest.formats.words import tidy
from ingest.tools import ffmpeg

Kind = Literal["video", "audio", "text", "pictures", "cover"]
"""text: captions that are text; pictures: captions that are pictures (DVD, Blu-ray), which only OCR could read."""

_TEXT_CODECS = frozenset(
    ("mov_text", "subrip", "srt", "ass", "ssa", "webvtt", "text", "ttml", "sami", "microdvd", "subviewer", "eia_608")
)
_WHERE = (
    ("mov", "mp4"), ("matroska", "matroska"), ("ogg", "vorbis"), ("flac", "vorbis"), ("mp3", "id3"), ("aac", "id3"),
    ("aiff", "id3"), ("wav", "riff"), ("avi", "riff"), ("asf", "asf"),
)  # fmt: skip
# In each field, the tag that comes first is the better one.
_TAGS = (
    ("title", "title"), ("artist", "creator"), ("author", "creator"), ("album_artist", "creator"),
    ("composer", "creator"), ("performer", "creator"), ("description", "description"), ("synopsis", "description"),
    ("comment", "description"), ("keywords", "keyword"), ("genre", "keyword"), ("publisher", "publisher"),
    ("organization", "publisher"), ("copyright", "rights"), ("license", "rights"), ("language", "language"),
    ("creationdate", "created"), ("creation_time", "created"), ("date", "created"),
)  # fmt: skip
# lyrics-eng, comment-vie: ID3 adds the language.
_TAG_NAME = re.compile(r"(?:com\.apple\.quicktime\.|wm/)?(.*?)(?:-[a-z]{3})?")

# ISO 639-2, as containers have it, for the languages that are spoken or taught here; others stay as they are.
_LANGUAGES = {
    "vie": "vi", "eng": "en", "fre": "fr", "fra": "fr", "chi": "zh", "zho": "zh", "jpn": "ja", "kor": "ko",
    "rus": "ru", "ger": "de", "deu": "de", "spa": "es", "ita": "it", "khm": "km", "lao": "lo", "tha": "th",
}  # fmt: skip
# Eleven days: longer than any recording, shorter than what broken headers claim.
_LONGEST_SECONDS = 1_000_000.0
# Streams of raw frames: ffprobe guesses their length from the bit rate of the first ones.
_GUESSED = frozenset(("aac", "ac3", "eac3", "mpegvideo", "h264", "hevc", "m4v"))


@dataclass(frozen=True, slots=True)
class Track:
    """One stream; `number` is ffmpeg's. Size in pixels as it is shown, after rotation; 0 where there is none."""

    number: int
    kind: Kind
    language: str | None = None
    width_pixels: int = 0
    height_pixels: int = 0
    forced: bool = False


@dataclass(frozen=True, slots=True)
class Recording:
    """seconds: None where even walking through the file tells no length. lyrics: text that a tag holds.
    located: a tag says where it was recorded.
    """

    container: str
    seconds: float | None
    tracks: tuple[Track, ...]
    chapters: tuple[tuple[float, str], ...]
    values: tuple[Value, ...]
    lyrics: str = ""
    located: bool = False

    def of(self, kind: Kind) -> tuple[Track, ...]:
        return tuple(track for track in self.tracks if track.kind == kind)


def read(path: Path, *, measure: bool = True) -> Recording:
    """Read a recording. measure: walk through the file where its head tells no length.

    Raises: BrokenFile: no stream that could be played or read; as `ffmpeg.probe`.
    """
    found = ffmpeg.probe(path)
    container = str(found["format"].get("format_name", ""))
    tracks = tuple(_tracks(found["streams"]))
    if not any(track.kind in ("video", "audio", "text") for track in tracks):
        raise BrokenFile(part="stream")
    seconds = None if container in _GUESSED and measure else _length(found)
    if seconds is None and measure:
        seconds = _measured(path)
    tags = _tags(found, container)
    where = next((where for name, where in _WHERE if name in container.split(",")), "tags")
    return Recording(
        container=container,
        seconds=seconds,
        tracks=tracks,
        chapters=tuple(_chapters(found["chapters"])),
        values=tuple(_values(tags, where, tracks)),
        lyrics=next((text for name, text in tags if name in ("lyrics", "unsyncedlyrics")), ""),
        located=any(name.startswith("location") for name, _ in tags),
    )


def _tracks(streams: list[dict[str, Any]]) -> Iterator[Track]:
    for stream in streams:
        codec, kind = stream.get("codec_name", "unknown"), stream.get("codec_type")
        disposition = stream.get("disposition", {})
        language = language_of(stream.get("tags", {}).get("language", ""))
        number = int(stream["index"])
        if kind == "subtitle":
            what: Kind = "text" if codec in _TEXT_CODECS else "pictures"
            yield Track(number, what, language, forced=bool(disposition.get("forced")))
        elif kind == "audio" and codec != "unknown" and int(stream.get("sample_rate", 0)) > 0:
            yield Track(number, "audio", language)
        elif kind == "video" and codec != "unknown" and stream.get("width") and stream.get("height"):
            width, height = int(stream["width"]), int(stream["height"])
            if not is_possible(width, height):
                continue
            if _turned(stream):
                width, height = height, width
            yield Track(number, "cover" if disposition.get("attached_pic") else "video", language, width, height)


def _turned(stream: Mapping[str, Any]) -> bool:
    """Whether a player shows it lying on its side: a display matrix, or the old rotate tag."""
    turns = [data.get("rotation") for data in stream.get("side_data_list", ())]
    turns.append(stream.get("tags", {}).get("rotate"))
    turn = next((str(turn) for turn in turns if turn is not None), "0")
    return bool(re.fullmatch(r"-?\d{1,4}(?:\.\d*)?", turn)) and round(float(turn) / 90) % 2 == 1


def _length(found: Mapping[str, Any]) -> float | None:
    told = [found["format"].get("duration"), *(stream.get("duration") for stream in found["streams"])]
    for text in told:
        if text and re.fullmatch(r"\d+(?:\.\d*)?", text) and 0 < float(text) <= _LONGEST_SECONDS:
            return float(text)
    return None


def _measured(path: Path) -> float | None:
    try:
        seconds = ffmpeg.duration(path)
    except IngestError:
        # It was probed well; that its length cannot be had is a warning, not a broken file.
        return None
    return seconds if seconds is not None and seconds <= _LONGEST_SECONDS else None


def _chapters(chapters: list[dict[str, Any]]) -> Iterator[tuple[float, str]]:
    for chapter in chapters:
        title = tidy(chapter.get("tags", {}).get("title", ""))
        start = float(chapter.get("start_time", "-1"))
        if title and 0 <= start <= _LONGEST_SECONDS:
            yield start, title


def _tags(found: Mapping[str, Any], container: str) -> list[tuple[str, str]]:
    """(name, text) of the file's tags; Ogg has them in its streams, where others name the track."""
    holders = [found["format"], *(found["streams"] if container == "ogg" else ())]
    tags = []
    for holder in holders:
        for name, text in holder.get("tags", {}).items():
            match = _TAG_NAME.fullmatch(name.lower())
            tags.append((match[1] if match else name.lower(), str(text)))
    return tags


def _values(tags: list[tuple[str, str]], where: str, tracks: tuple[Track, ...]) -> Iterator[Value]:
    for name, field in _TAGS:
        for tag, text in tags:
            if tag == name and text.strip():
                # A year alone is no day.
                text = date_of(text) if field == "created" else language_of(text) or "" if field == "language" else text
                if text:
                    yield Value(field, text, where)
    for track in tracks:
        if track.kind == "audio" and track.language:
            yield Value("language", track.language, "track")


def language_of(tag: str) -> str | None:
    """A container's language as BCP 47; None for und, mul, zxx and what is no language."""
    code = tag.strip().lower().replace("_", "-").split("-")[0]
    if not re.fullmatch(r"[a-z]{2,3}", code) or code in ("und", "mul", "zxx", "mis", "qaa"):
        return None
    return _LANGUAGES.get(code, code)
