"""The report that a principal reads before ten years of files go in: how many, of what, how much is new, how long.

What `hoclieu disk-report` does, in three walks over the disk: count and draw,
compare, try. Nothing of the disk is stored, sent or kept.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ingest.sniff import is_litter, sniff
from service.library.disk.copies import Copies, compare
from service.library.disk.kinds import KINDS, NOT_LEARNING, Kind, kind_of
from service.library.disk.trying import Drawn, Reader, Tried, attempt, together
from service.library.disk.walking import Seen, files
from service.messages import sentence
from service.ports import Catalogue

GIGABYTE = 1_000_000_000
# Of a disk on USB 2 or in a network of a school, measured in neither: a cautious figure.
STORING_BYTES_A_SECOND = 30_000_000

Progress = Callable[[str, int, int], None]
"""Called with `looking`, `comparing` or `reading`, how many are done, and of how many (0: not known yet)."""


@dataclass(slots=True)
class Total:
    files: int = 0
    size_bytes: int = 0

    def add(self, size_bytes: int) -> None:
        self.files += 1
        self.size_bytes += size_bytes


@dataclass(frozen=True, slots=True)
class Report:
    """Everything in files and bytes. everything: all that was found, of any sort; kinds: what could go in, and
    programs. copies.here: None without a library. tried: kind -> what reading some (or all) of them came to."""

    everything: Total
    kinds: Mapping[Kind, Total]
    litter: Total
    empty: int
    special: int
    unreadable: int
    copies: Copies
    compared: bool
    tried: Mapping[Kind, Tried]
    lanes: int

    @property
    def candidates(self) -> Total:
        """What is a learning resource by its kind, copies included."""
        found = [total for kind, total in self.kinds.items() if kind not in NOT_LEARNING]
        return Total(sum(one.files for one in found), sum(one.size_bytes for one in found))

    @property
    def not_learning(self) -> Total:
        programs = [total for kind, total in self.kinds.items() if kind in NOT_LEARNING]
        return Total(
            self.litter.files + self.empty + sum(one.files for one in programs),
            self.litter.size_bytes + sum(one.size_bytes for one in programs),
        )

    @property
    def new(self) -> Total:
        """What would go in."""
        gone, gone_bytes = self.copies.here + self.copies.twice, self.copies.here_bytes + self.copies.twice_bytes
        return Total(max(0, self.candidates.files - gone), max(0, self.candidates.size_bytes - gone_bytes))

    @property
    def exact(self) -> bool:
        """Whether every candidate was read, so that nothing is guessed."""
        return all(
            self.tried.get(kind, Tried()).files >= total.files
            for kind, total in self.kinds.items()
            if kind not in NOT_LEARNING
        )

    def about(self, name: str) -> int:
        """How many candidates are `readable`, `encrypted`, `broken`, `unread` or `held`, as those that were read."""
        whole = 0.0
        for kind, tried in self.tried.items():
            if tried.files:
                whole += self.kinds[kind].files * getattr(tried, name) / tried.files
        return round(whole)

    @property
    def seconds(self) -> int | None:
        """Until all that is new is in, on this machine; None: nothing was read to tell it from."""
        if not any(tried.files for tried in self.tried.values()):
            return None
        reading = sum(
            self.kinds[kind].files * tried.seconds / tried.files for kind, tried in self.tried.items() if tried.files
        )
        share = self.new.files / self.candidates.files if self.candidates.files else 0.0
        return round(reading * share / self.lanes + self.new.size_bytes / STORING_BYTES_A_SECOND)

    def as_json(self) -> dict[str, Any]:
        names = ("readable", "encrypted", "broken", "unread", "held")
        here = {"files": self.copies.here, "size_bytes": self.copies.here_bytes}
        return {
            "everything": asdict(self.everything),
            "kinds": {kind: asdict(self.kinds[kind]) for kind in KINDS if kind in self.kinds},
            "already_here": here if self.compared else None,
            "twice": {"files": self.copies.twice, "size_bytes": self.copies.twice_bytes},
            "new": asdict(self.new),
            "not_learning_resources": {
                **asdict(self.not_learning),
                "litter": asdict(self.litter),
                "empty": self.empty,
            },
            "special": self.special,
            "unreadable_paths": self.unreadable,
            "read": {kind: asdict(one) for kind, one in self.tried.items()},
            "estimate": {**{name: self.about(name) for name in names}, "exact": self.exact, "seconds": self.seconds},
        }


def report(
    root: Path,
    catalogue: Catalogue | None,
    reader: Reader,
    *,
    sample: int | None,
    lanes: int,
    progress: Progress = lambda *_: None,
) -> Report:
    """sample: how many files of each kind are read; None: all. lanes: how many are read at once when they go in.

    Raises: Unavailable: the library went away meanwhile.
    """
    everything, litter, empty, special, unreadable = Total(), Total(), 0, 0, 0
    kinds: dict[Kind, Total] = {}
    drawn = Drawn(sample or 0)
    sizes = array("Q")
    for one in files(root):
        everything.add(one.size_bytes)
        progress("looking", everything.files, 0)
        if one.sort != "file":
            special += one.sort == "special"
            unreadable += one.sort == "unreadable"
        elif is_litter(one.path.name):
            litter.add(one.size_bytes)
        elif not one.size_bytes:
            empty += 1
        elif (kind := _kind(one.path)) is None:
            unreadable += 1
        else:
            kinds.setdefault(kind, Total()).add(one.size_bytes)
            if kind not in NOT_LEARNING:
                sizes.append(one.size_bytes)
                drawn.offer(kind, one.path)
    total = everything.files
    copies = compare(
        (one for _, one in _candidates(root)), sizes, catalogue, lambda done: progress("comparing", done, len(sizes))
    )
    tried: dict[Kind, Tried] = {}
    chosen = drawn.each() if sample is not None else ((kind, one.path) for kind, one in _candidates(root))
    wanted = len(drawn) if sample is not None else len(sizes)
    for number, (kind, path) in enumerate(chosen, start=1):
        progress("reading", number, wanted)
        if kind in kinds:
            attempt(reader, path, tried.setdefault(kind, Tried()))
    return Report(
        everything=everything,
        kinds=kinds,
        litter=litter,
        empty=empty,
        special=special,
        unreadable=unreadable,
        copies=copies,
        compared=catalogue is not None,
        tried=tried,
        lanes=max(1, min(lanes, total or 1)),
    )


def _candidates(root: Path) -> Iterator[tuple[Kind, Seen]]:
    """Files that are learning resources by their kind."""
    for one in files(root):
        if one.sort == "file" and one.size_bytes and not is_litter(one.path.name):
            kind = _kind(one.path)
            if kind is not None and kind not in NOT_LEARNING:
                yield kind, one


def _kind(path: Path) -> Kind | None:
    """None: it cannot be opened."""
    try:
        return kind_of(sniff(path).media_type)
    except OSError:
        return None


def in_words(found: Report, language: str) -> Iterator[str]:
    """Line by line, for whoever decides."""

    def line(code: str, total: Total, **more: object) -> str:
        return sentence(code, language, {"files": total.files, "size": _size(total.size_bytes, language), **more})

    yield line("disk-everything", found.everything)
    for kind in KINDS:
        if kind in found.kinds:
            yield "  " + line("disk-kind", found.kinds[kind], kind=sentence(f"disk-kind-{kind}", language))
    copies = found.copies
    if found.compared:
        yield line("disk-here", Total(copies.here, copies.here_bytes))
    yield line("disk-twice", Total(copies.twice, copies.twice_bytes))
    yield line("disk-not-learning", found.not_learning, litter=found.litter.files, empty=found.empty)
    if found.special or found.unreadable:
        yield sentence("disk-closed", language, {"special": found.special, "unreadable": found.unreadable})
    yield line("disk-new", found.new)
    whole = together(found.tried)
    if whole.files:
        yield sentence("disk-tried-all" if found.exact else "disk-tried", language, {"files": whole.files})
        for name in ("readable", "encrypted", "held", "broken", "unread"):
            yield "  " + sentence(f"disk-{name}", language, {"files": found.about(name)})
    if found.seconds is not None and found.new.files:
        hours, minutes = divmod(-(-found.seconds // 60), 60)
        yield sentence("disk-time", language, {"hours": hours, "minutes": minutes, "lanes": found.lanes})
    yield sentence("disk-nothing-stored", language)


def _size(size_bytes: int, language: str) -> str:
    """With one decimal, as the language writes it."""
    units = ((GIGABYTE / 10, GIGABYTE, "GB"), (100_000, 1_000_000, "MB"), (0, 1_000, "KB"))
    unit, name = next((unit, name) for least, unit, name in units if size_bytes >= least)
    said = f"{size_bytes / unit:.1f} {name}"
    return said.replace(".", ",") if language == "vi" else said
