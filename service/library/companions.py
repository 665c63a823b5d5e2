"""Which captions of a folder belong to which recording: by their names, confirmed by their bytes.

Asked by a batch before it deposits. `bai1.srt`, `bai1.vi.vtt` and
`bai1.mp4.srt` go with `bai1.mp4` of the same folder; where several recordings
share that name, with the one named in full, else a film before its sound.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from ingest.extractors.captions import MEDIA_TYPES as CAPTIONS
from ingest.sniff import sniff

_ENDINGS = (".srt", ".vtt", ".ass", ".ssa", ".ttml", ".dfxp")
# bai1.vi.srt, bai1.vi-VN.vtt, bai1.en.sdh.srt: a language, or what kind of captions they are.
_MARK = re.compile(r"\.(?:[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*|forced|sdh|default|auto)$")

_Named = tuple[Path, PurePosixPath]
"""Where a file is, and what people called it."""


def is_captions(path: Path) -> bool:
    """Whether the bytes of a file are captions."""
    return _kind(path) in CAPTIONS


def pair(files: Iterable[tuple[Path, str]]) -> Mapping[Path, Sequence[Path]]:
    """Recording -> its captions, in the order in which the files came.

    files: where each is, and its path in the report, whose words count: members of archives lie under names of ours.
    """
    folders: dict[tuple[Path, PurePosixPath], list[_Named]] = defaultdict(list)
    for path, name in dict(files).items():
        called = PurePosixPath(name)
        folders[path.parent, called.parent].append((path, called))
    pairs: dict[Path, list[Path]] = defaultdict(list)
    for inside in folders.values():
        captions = [one for one in inside if one[1].suffix.lower() in _ENDINGS]
        if captions:
            for caption, recording in _within(captions, [one for one in inside if one not in captions]):
                pairs[recording].append(caption)
    return pairs


def _within(captions: Sequence[_Named], others: Sequence[_Named]) -> Iterator[tuple[Path, Path]]:
    by_name: dict[str, list[_Named]] = defaultdict(list)
    for one in others:
        for name in {_plain(one[1].name), _plain(one[1].stem)}:
            by_name[name].append(one)
    for caption, called in captions:
        if _kind(caption) not in CAPTIONS:
            continue
        named = dict.fromkeys(one for name in _names(called) for one in by_name[name])
        kinds = {one: _kind(one[0]) for one in named}
        recordings = [one for one in named if kinds[one].startswith(("video/", "audio/"))]
        if recordings:
            full = _plain(called.stem)
            best = min(recordings, key=lambda one: (_plain(one[1].name) != full, kinds[one] < "video/"))
            yield caption, best[0]


def _names(caption: PurePosixPath) -> Iterator[str]:
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
