"""Which captions of a folder belong to which recording: by their names, confirmed by their bytes.

Asked by a batch before it deposits. `bai1.srt`, `bai1.vi.vtt` and
`bai1.mp4.srt` go with `bai1.mp4` of the same folder; where several recordings
share that name, with the one named in full, else a film before its sound.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from ingest.extractors.captions import MEDIA_TYPES as CAPTIONS
from ingest.sniff import sniff

_ENDINGS = (".srt", ".vtt", ".ass", ".ssa", ".ttml", ".dfxp")
# bai1.vi.srt, bai1.vi-VN.vtt, bai1.en.sdh.srt: a language, or what kind of captions they are.
_MARK = re.compile(r"\.(?:[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*|forced|sdh|default|auto)$")


def pair(files: Iterable[Path]) -> Mapping[Path, Sequence[Path]]:
    """Recording -> its captions, in the order in which the files came."""
    folders: dict[Path, list[Path]] = defaultdict(list)
    for path in dict.fromkeys(files):
        folders[path.parent].append(path)
    pairs: dict[Path, list[Path]] = defaultdict(list)
    for inside in folders.values():
        captions = [path for path in inside if path.suffix.lower() in _ENDINGS]
        if captions:
            for caption, recording in _within(captions, [path for path in inside if path not in set(captions)]):
                pairs[recording].append(caption)
    return pairs


def _within(captions: Sequence[Path], others: Sequence[Path]) -> Iterator[tuple[Path, Path]]:
    by_name: dict[str, list[Path]] = defaultdict(list)
    for path in others:
        for name in {_plain(path.name), _plain(path.stem)}:
            by_name[name].append(path)
    for caption in captions:
        if _kind(caption) not in CAPTIONS:
            continue
        named = dict.fromkeys(path for name in _names(caption) for path in by_name[name])
        kinds = {path: _kind(path) for path in named}
        recordings = [path for path in named if kinds[path].startswith(("video/", "audio/"))]
        if recordings:
            full = _plain(caption.stem)
            yield caption, min(recordings, key=lambda path: (_plain(path.name) != full, kinds[path] < "video/"))


def _names(caption: Path) -> Iterator[str]:
    name = _plain(caption.stem)
    yield name
    while match := _MARK.search(name):
        name = name[: match.start()]
        yield name


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _kind(path: Path) -> str:
    try:
        return sniff(path).media_type
    except OSError:
        return ""
