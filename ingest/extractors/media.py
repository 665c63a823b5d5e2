"""Films and sound recordings: length, size, chapters, tags, and captions as passages by the second.

ffprobe reads, once a file; ffmpeg runs only where there are captions inside
or where no head tells the length. Captions beside the recording (companions)
come before those inside, and one track a language is read: a second one says
the same in other words.
"""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.document import Bundle, ContentsEntry, Document, Extent, Locator, Passage, Picture, Warning
from ingest.errors import IngestError, ToolMissing
from ingest.formats.media import captions, cues, recording
from ingest.formats.media.captions import Captions
from ingest.formats.media.recording import Recording
from ingest.formats.words import paragraph, visible
from ingest.tools import ffmpeg
from ingest.vietnamese.language import detect, main_language

VERSION = "1"
MEDIA_TYPES = dict.fromkeys(
    (
        "video/mp4", "video/quicktime", "video/3gpp", "video/webm", "video/x-matroska", "video/x-msvideo",
        "video/x-flv", "video/x-ms-asf", "video/mpeg", "video/ogg", "video/mp2t", "video/x-flic",
        "audio/mpeg", "audio/ogg", "audio/flac", "audio/wav", "audio/mp4", "audio/aac", "audio/ac3", "audio/aiff",
        "audio/amr",
    ),
    100,
)  # fmt: skip

# What a container is called when nothing in it is to be seen; otherwise the bytes have said it.
_SOUND_ONLY = {"mov": "audio/mp4", "matroska": "audio/webm", "asf": "audio/x-ms-wma", "ogg": "audio/ogg"}
_MAX_TRACKS = 12
_MAX_CONTENTS = 10_000
# A last caption may outlast the picture a little.
_AFTER_THE_END_SECONDS = 5.0


def extract(bundle: Bundle) -> Document:
    """Read one recording with the captions beside it.

    Raises: BrokenFile: no readable stream; EncryptedFile; TooExpensive. A missing ffprobe is a warning: the
    recording plays without it.
    """
    warnings: list[Warning] = []
    try:
        found = recording.read(bundle.main)
    except ToolMissing as error:
        warnings.append(Warning(error.code, error.parameters))
        found = Recording("", None, (), (), ())
    else:
        if found.seconds is None:
            warnings.append(Warning("no-duration"))
        if found.located:
            warnings.append(Warning("holds-position"))
    tracks = [*_beside(bundle.companions, warnings), *_inside(bundle.main, found, warnings)]
    passages = [*_lyrics(found.lyrics), *_passages(tracks, found.seconds, warnings)]
    films = found.of("video")
    return Document(
        media_type=_media_type(found),
        metadata=found.values,
        language=main_language((passage.language, len(passage.text)) for passage in passages),
        passages=tuple(passages),
        contents=tuple(
            ContentsEntry(title, 1, Locator("second", int(start))) for start, title in found.chapters[:_MAX_CONTENTS]
        ),
        pictures=tuple(
            Picture(Locator("second", 0), track.width_pixels, track.height_pixels) for track in found.of("cover")
        ),
        warnings=tuple(warnings),
        extent=Extent(
            seconds=None if found.seconds is None else round(found.seconds, 3),
            width_pixels=films[0].width_pixels if films else None,
            height_pixels=films[0].height_pixels if films else None,
        ),
    )


def _media_type(found: Recording) -> str:
    if found.of("video") or not found.of("audio"):
        return ""
    return _SOUND_ONLY.get(found.container.split(",")[0], "")


def _beside(companions: Sequence[Path], warnings: list[Warning]) -> Iterator[Captions]:
    for path in companions:
        try:
            with path.open("rb") as source:
                yield captions.read(source.read(captions.MAX_BYTES + 1))
        except IngestError:
            warnings.append(Warning("broken-captions"))


def _inside(path: Path, found: Recording, warnings: list[Warning]) -> Iterator[Captions]:
    """Text tracks of the recording. Forced ones, which only translate signs, come last."""
    texts = sorted(found.of("text"), key=lambda track: track.forced)[:_MAX_TRACKS]
    if found.of("pictures") and not texts:
        warnings.append(Warning("captions-are-pictures", {"tracks": len(found.of("pictures"))}))
    if not texts:
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            written = ffmpeg.captions(path, [track.number for track in texts], Path(folder))
        except IngestError:
            warnings.append(Warning("broken-captions"))
            return
        for track, target in zip(texts, written, strict=True):
            data = target.read_bytes() if target.exists() else b""
            # A track that is there and says nothing is no fault.
            if not data.strip():
                continue
            try:
                read = captions.read(data)
            except IngestError:
                warnings.append(Warning("broken-captions"))
                continue
            yield Captions(read.media_type, read.cues, read.impossible, language=track.language or "")


def _passages(tracks: Sequence[Captions], seconds: float | None, warnings: list[Warning]) -> list[Passage]:
    last = float("inf") if seconds is None else seconds + _AFTER_THE_END_SECONDS
    spoken: set[str | None] = set()
    made: list[Passage] = []
    impossible = 0
    for track in tracks:
        within = [cue for cue in track.cues if cue.start_seconds <= last]
        passages = cues.passages(within, language=recording.language_of(track.language))
        language = main_language((passage.language, len(passage.text)) for passage in passages)
        if not passages or language in spoken:
            continue
        spoken.add(language)
        impossible += track.impossible + len(track.cues) - len(within)
        made += passages
    if impossible:
        warnings.append(Warning("impossible-times", {"cues": impossible}))
    return sorted(made, key=lambda passage: passage.locator.value)


def _lyrics(text: str) -> Iterator[Passage]:
    """The words of a song, which a tag holds without times."""
    words = "\n".join(filter(None, map(paragraph, visible(text).replace("\r", "\n").split("\n"))))
    if words:
        yield Passage(Locator("second", 0), words, detect(words))
