"""Which files of a folder go with another: captions with their recording, a PDF with the slides it was made from.

By their names, confirmed by their bytes; asked by a batch before it deposits.
`bai1.srt`, `bai1.vi.vtt` and `bai1.mp4.srt` go with `bai1.mp4` of the same
folder; where several recordings share that name, with the one named in full,
else a film before its sound. `bai1.pdf` goes with `bai1.pptx`, to be taken by
who has no program for slides, unless a text document of that name may be what
it was made from. A text and a PDF of one name stay two: either may be the
slides' plan or the slides, and what is nearly the same is told (`copies`).
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from ingest.extractors.captions import MEDIA_TYPES as CAPTIONS
from ingest.illustrate import SLIDES
from ingest.sniff import sniff
from service.model import FileRole

_ENDINGS = (".srt", ".vtt", ".ass", ".ssa", ".ttml", ".dfxp")
# bai1.vi.srt, bai1.vi-VN.vtt, bai1.en.sdh.srt: a language, or what kind of captions they are.
_MARK = re.compile(r"\.(?:[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*|forced|sdh|default|auto)$")

_PDF, _PDF_TYPE = ".pdf", "application/pdf"
# Whatever a PDF of the same name may have been made from.
_SOURCES = (
    ".ppt", ".pps", ".pot", ".pptx", ".ppsx", ".potx", ".pptm", ".ppsm", ".odp", ".otp", ".doc", ".dot", ".docx",
    ".dotx", ".docm", ".odt", ".ott", ".rtf", ".xls", ".xlsx", ".xlsm", ".ods",
)  # fmt: skip

_Named = tuple[Path, PurePosixPath]
"""Where a file is, and what people called it."""


def is_captions(path: Path) -> bool:
    """Whether the bytes of a file are captions."""
    return _kind(path) in CAPTIONS


def pair(files: Iterable[tuple[Path, str]]) -> Mapping[Path, Sequence[Path]]:
    """Recording -> its captions, slides -> their PDF, in the order in which the files came.

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
        for pdf, slides in _made_from(inside):
            pairs[slides].append(pdf)
    return pairs


def role_of(name: str) -> FileRole:
    """What a companion is of the file that it goes with."""
    return "attachment" if name.lower().endswith(_PDF) else "captions"


def _made_from(inside: Sequence[_Named]) -> Iterator[tuple[Path, Path]]:
    """(PDF, slides): of a PDF named in full (`bai1.pptx.pdf`), or as the only document beside it is."""
    sources = [one for one in inside if one[1].suffix.lower() in _SOURCES]
    taken: set[Path] = set()
    for pdf, called in inside if sources else ():
        if called.suffix.lower() != _PDF:
            continue
        name = _plain(called.stem)
        full = [path for path, source in sources if _plain(source.name) == name]
        named = full or [path for path, source in sources if _plain(source.stem) == name]
        if len(named) == 1 and named[0] not in taken and _kind(named[0]) in SLIDES and _kind(pdf) == _PDF_TYPE:
            taken.add(named[0])
            yield pdf, named[0]


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
