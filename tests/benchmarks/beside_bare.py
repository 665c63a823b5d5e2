"""One way of measuring readers: ours and the bare library by turns, in pairs, inside one child of the sandbox.

The module is an extractor that `Pairs` loads into a sandbox beside the
house's own. Its document carries nothing but times: of each turn the bare
library's and ours, right after one another, so that whatever else the machine
does weighs on both. The judged figure is the pair whose ratio is the median
of all. What a caller waits, with the fork, the guards, the way out of the
child and the check of the answer, is told beside it: the library has none.
"""

import resource
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from ingest import pipeline, registry
from ingest.document import Bundle, Document, Warning
from ingest.extractors import docx, epub, media, pptx
from ingest.sandbox import Limits, Sandbox, child
from tests.benchmarks import bare
from tests.benchmarks.figures import Figure, figure

VERSION = "1"
MEDIA_TYPES = {kind: 1000 for reader in (docx, epub, media, pptx) for kind in reader.MEDIA_TYPES}

TURNS = 9
# The child that measures reads a file many times; the limits of one reading are not what is measured.
_LIMITS = Limits(wall_seconds=300.0, cpu_seconds=300)
_PAIR = "pair"
# Here, because the child that measures can no longer look for modules.
_READERS = registry.load()


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of one reading: on the clock, and of the processor (its own and that of programs it started)."""

    clock: float
    processor: float


@dataclass(frozen=True, slots=True)
class Pair:
    """The bare library, and ours from the file to the bytes of the answer, one right after the other."""

    bare: Times
    ours: Times


@dataclass(frozen=True, slots=True)
class Measured:
    """A file's pairs from inside the child, and from outside: the library in this process, ours through the sandbox."""

    name: str
    inside: tuple[Pair, ...]
    outside: tuple[Pair, ...]


def by_processor(pairs: Sequence[Pair]) -> tuple[float, float]:
    """Seconds of (library, ours) in the pair with the median ratio.

    For work in one thread: that it waits while others have the processor is not its business.
    """
    pair = sorted(pairs, key=lambda pair: pair.bare.processor / pair.ours.processor)[len(pairs) // 2]
    return pair.bare.processor, pair.ours.processor


def by_clock(pairs: Sequence[Pair]) -> tuple[float, float]:
    """As `by_processor`, for work that starts programs, where waiting counts."""
    pair = sorted(pairs, key=lambda pair: pair.bare.clock / pair.ours.clock)[len(pairs) // 2]
    return pair.bare.clock, pair.ours.clock


class Pairs:
    """Measures files, one at a time. Two sandboxes: one that measures inside, one as workers have it."""

    def __init__(self, *, turns: int = TURNS) -> None:
        self.turns = turns
        self._measuring = Sandbox(limits=_LIMITS, extra_extractors=[__name__])
        self._sandbox = Sandbox()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._measuring.close()
        self._sandbox.close()

    def measure(self, path: Path) -> Measured:
        """Raises: IngestError: the file cannot be read."""
        bundle = Bundle(path, path.name)
        told = self._measuring.read(Bundle(path, f"{self.turns}-{path.name}")).warnings
        inside = tuple(_pair(warning) for warning in told if warning.code == _PAIR)
        walk = bare.BY_ENDING[path.suffix]
        self._sandbox.read(bundle)
        outside = tuple(Pair(times(lambda: walk(path)), times(lambda: self._sandbox.read(bundle))) for _ in inside)
        return Measured(path.name, inside, outside)


def speeds(
    pairs: Pairs, files: Iterable[Path], what: str, *, least_bare_seconds: float, at_least: float
) -> list[Figure]:
    """Figures of runs a second beside the bare library, in processor time; `at_least` of it judges them all together.

    least_bare_seconds: what the library alone must take for a file to say anything.
    """
    figures, walks, ours = list[Figure](), 0.0, 0.0
    for path in files:
        measured = pairs.measure(path)
        walk, read = by_processor(measured.inside)
        figures += [
            figure(f"bare walk of {path.name}", walk * 1000, "ms", at_least=least_bare_seconds * 1000),
            figure(f"read {path.name}", 1 / read, "runs/s", baseline=1 / walk),
            through_the_sandbox(measured),
        ]
        walks, ours = walks + walk, ours + read
    return [*figures, figure(what, 1 / ours, "runs/s", baseline=1 / walks, at_least=at_least)]


def through_the_sandbox(measured: Measured) -> Figure:
    """What a caller waits for, by the clock, beside the library in its own process: told, not judged."""
    walk, read = by_clock(measured.outside)
    return figure(f"read {measured.name}, through the sandbox", 1 / read, "runs/s", baseline=1 / walk)


def extract(bundle: Bundle) -> Document:
    """A document whose warnings are the pairs; how many stands before the name."""
    turns, _, name = bundle.name.partition("-")
    walk, given = bare.BY_ENDING[Path(name).suffix], Bundle(bundle.main, name)
    # The first of each pays for what is imported and touched for the first time.
    walk(given.main)
    read = pipeline.read(given, _READERS)
    # A reading that found nothing would be the fastest of all.
    assert read.passages or read.extent.seconds, read.warnings
    pairs = [
        Pair(times(lambda: walk(given.main)), times(lambda: child.document(given, _READERS))) for _ in range(int(turns))
    ]
    return Document(read.media_type, warnings=tuple(map(_told, pairs)))


def times(act: Callable[[], object]) -> Times:
    began, before = time.perf_counter(), _processor_seconds()
    act()
    return Times(time.perf_counter() - began, _processor_seconds() - before)


def _processor_seconds() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def _told(pair: Pair) -> Warning:
    seconds = {
        "bare_clock": pair.bare.clock, "bare_processor": pair.bare.processor,
        "ours_clock": pair.ours.clock, "ours_processor": pair.ours.processor,
    }  # fmt: skip
    return Warning(_PAIR, {name: round(value * 1e9) for name, value in seconds.items()})


def _pair(warning: Warning) -> Pair:
    seconds = {name: int(value) / 1e9 for name, value in warning.parameters.items()}
    return Pair(
        Times(seconds["bare_clock"], seconds["bare_processor"]), Times(seconds["ours_clock"], seconds["ours_processor"])
    )
