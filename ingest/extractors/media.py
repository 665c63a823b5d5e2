"""Films and sound recordings: length, size, chapters, tags, and captions as passages by the second.

ffprobe reads, once a file; ffmpeg runs only where there are captions inside
or where no head tells the length. Captions beside the recording (companions)
come before those inside, and one track a language is read: a second one says
the same in other words.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ingest.document import Bundle, ContentsEntry, Document, Extent, Locator, Passage, Picture, Value, Warning
from ingest.errors import IngestError, ToolMissing
from ingest.formats.media import captions, inside, recording
from ingest.formats.media.captions import Captions
from ingest.formats.media.recording import Recording
from ingest.formats.words import paragraph, visible
from ingest.vietnamese.language import detect, main_language

VERSION = "2"
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
_MAX_CONTENTS = 10_000


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
    spoken: set[str | None] = set()
    beside = list(_passages(_beside(bundle.companions, warnings), found.seconds, spoken, warnings))
    known = set(spoken)
    within = list(_passages(inside.tracks(bundle.main, found, warnings), found.seconds, spoken, warnings))
    passages = [*_lyrics(found.lyrics), *sorted((*beside, *within), key=lambda passage: passage.locator.value)]
    # A player is offered these tracks by their language.
    offered = sorted(language or inside.UNKNOWN for language in spoken - known)
    films = found.of("video")
    return Document(
        media_type=_media_type(found),
        metadata=(*found.values, *(Value("captions", language, "track") for language in offered)),
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


def _passages(
    tracks: Iterable[Captions], seconds: float | None, spoken: set[str | None], warnings: list[Warning]
) -> Iterator[Passage]:
    """Passages of those tracks whose language was not spoken yet."""
    impossible = 0
    for track in tracks:
        within, passages, language = inside.told(track, seconds)
        if not passages or language in spoken:
            continue
        spoken.add(language)
        impossible += track.impossible + len(track.cues) - len(within)
        yield from passages
    if impossible:
        warnings.append(Warning("impossible-times", {"cues": impossible}))


def _lyrics(text: str) -> Iterator[Passage]:
    """The words of a song, which a tag holds without times."""
    words = "\n".join(filter(None, map(paragraph, visible(text).replace("\r", "\n").split("\n"))))
    if words:
        yield Passage(Locator("second", 0), words, detect(words))
