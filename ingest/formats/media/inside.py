"""Captions inside a recording: its text tracks, which ffmpeg hands over as SubRip.

The reader of media makes passages of them, and `of_language` gives a player
the very track those passages came from. One track a language is read: a
second one says the same in other words.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from ingest.document import Passage, Warning
from ingest.errors import BrokenFile, IngestError
from ingest.formats.media import captions, cues, recording
from ingest.formats.media.captions import Captions
from ingest.formats.media.cues import Cue
from ingest.formats.media.recording import Recording
from ingest.tools import ffmpeg
from ingest.vietnamese.language import main_language

UNKNOWN = "und"
"""What a track in no language that can be told is called by."""

_MAX_TRACKS = 12
# A last caption may outlast the picture a little.
_AFTER_THE_END_SECONDS = 5.0


def tracks(path: Path, found: Recording, warnings: list[Warning]) -> Iterator[Captions]:
    """Text tracks of a recording. Forced ones, which only translate signs, come last."""
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


def told(track: Captions, seconds: float | None) -> tuple[list[Cue], list[Passage], str | None]:
    """Cues of a track within the recording's length, the passages they make, and their language."""
    last = float("inf") if seconds is None else seconds + _AFTER_THE_END_SECONDS
    within = [cue for cue in track.cues if cue.start_seconds <= last]
    passages = cues.passages(within, language=recording.language_of(track.language))
    return within, passages, main_language((passage.language, len(passage.text)) for passage in passages)


def of_language(path: Path, language: str) -> list[Cue]:
    """The cues of the first track in a language (BCP 47, or UNKNOWN). Raises: BrokenFile: there is none."""
    found = recording.read(path)
    for track in tracks(path, found, []):
        within, passages, spoken = told(track, found.seconds)
        if passages and (spoken or UNKNOWN) == language:
            return within
    raise BrokenFile(part="captions")
