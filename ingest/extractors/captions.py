"""Captions that come alone, without their recording: a text of its own, its places seconds."""

from ingest.document import Bundle, Document, Extent, Value, Warning
from ingest.formats.media import captions, cues
from ingest.vietnamese.language import main_language

VERSION = "1"
MEDIA_TYPES = dict.fromkeys(("application/x-subrip", "text/vtt", "text/x-ssa", "application/ttml+xml"), 100)


def extract(bundle: Bundle) -> Document:
    """Read one caption file. Raises: BrokenFile: not one cue; TooExpensive."""
    with bundle.main.open("rb") as source:
        track = captions.read(source.read(captions.MAX_BYTES + 1))
    passages = cues.passages(track.cues, language=track.language.lower()[:2] or None)
    told = (("title", track.title), ("language", track.language))
    return Document(
        media_type=track.media_type,
        metadata=tuple(Value(field, text, "captions") for field, text in told if text),
        language=main_language((passage.language, len(passage.text)) for passage in passages),
        passages=tuple(passages),
        warnings=(Warning("impossible-times", {"cues": track.impossible}),) if track.impossible else (),
        extent=Extent(seconds=max(cue.end_seconds for cue in track.cues)),
    )
