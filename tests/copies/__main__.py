"""Recall and false alarms of near copies on real files: `python -m tests.copies FOLDER…`, in a few minutes.

Reads every file under the folders (and, without one, the sample library), then
makes copies as people make them (`making`) and asks for each whether it is
told as near its source. False alarms are counted over every pair of different
files, and over the lessons of a made series on one template (`series`); pairs
that are near are listed, because some files in a folder really are copies.
Every figure is printed with those of other thresholds beside it.
"""

import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

from deploy.sample.build import build
from ingest import pipeline, registry
from ingest.document import Bundle
from ingest.errors import IngestError
from service.library import sketches
from service.model import Sketch
from service.search.sketching import CONTAINED, SHARED, bands, contained, is_near, shared, sketch
from tests.copies import making
from tests.copies.series import lessons

LESSONS = 1_000
LISTED, LOOKED_AT = 40, 0.1
LEFT_OUT = ("hostile", "exe", "swf")
RECALL, ALARMS = 0.95, 0.001


def read(path: Path) -> Sketch | None:
    """None: nothing of it can be read."""
    try:
        document = pipeline.read(Bundle(path, path.name), registry.load())
    except IngestError:
        return None
    except Exception as error:  # noqa: BLE001 - one file of many, told by name
        print(f"{path.name}: {type(error).__name__}", file=sys.stderr)
        return None
    return sketches.of(document.passages)


def files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not set(LEFT_OUT) & set(path.parts) and path.suffix != ".csv":
                yield path


def copies(sources: list[Path], folder: Path) -> Iterator[tuple[str, Path, Path]]:
    """(kind of copy, source, copy)."""
    kinds = (
        ("saved again", making.saved_again),
        ("one page changed", making.with_one_changed),
        ("title page added", making.with_title_page),
    )
    for number, source in enumerate(sources):
        if source.suffix not in (".pdf", *making.SLIDES, *making.TEXTS):
            continue
        for kind, make in kinds:
            target = folder / f"{number}-{kind.replace(' ', '-')}{source.suffix}"
            try:
                if make(source, target):
                    yield kind, source, target
            except Exception as error:  # noqa: BLE001 - a file that cannot be copied says nothing
                print(f"{source.name}: {kind}: {type(error).__name__}", file=sys.stderr)
    office = [source for source in sources if source.suffix in making.OFFICE]
    for start in range(0, len(office), 20):
        for source, made in making.converted(office[start : start + 20], folder, "pdf").items():
            yield "exported to PDF", source, made
    slides = [source for source in sources if source.suffix in making.SLIDES][:20]
    for source, made in making.converted(slides, folder, "odp").items():
        yield "saved as ODP", source, made


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as room:
        folders = [Path(one) for one in arguments]
        if not folders:
            build(Path(room) / "sample")
            folders = [Path(room) / "sample"]
        made = Path(room) / "copies"
        made.mkdir()
        read_files = {path: found for path in files(folders) if (found := read(path)) is not None}
        told = {path: found for path, found in read_files.items() if found.signature}
        print(f"{len(read_files)} files read, {len(told)} with text enough")
        alarms = _alarms(told)
        recalled = _recall(list(told), told, made)
        series = _series()
    return 0 if recalled and series and alarms else 1


def _alarms(told: dict[Path, Sketch]) -> bool:
    pairs = list(combinations(told, 2))
    scored = [(shared(told[a], told[b]), contained(told[a], told[b]), a, b) for a, b in pairs]
    near = [one for one in scored if one[0] >= SHARED and one[1] >= CONTAINED]
    print(f"{len(pairs)} pairs of different files, {len(near)} near; the nearest:")
    listed = sorted((one for one in scored if one[0] >= LOOKED_AT), key=lambda one: -one[1])[:LISTED]
    for of_all, of_one, a, b in listed:
        mark = "*" if of_all >= SHARED and of_one >= CONTAINED else " "
        print(
            f"  {mark} shared {of_all:.2f} contained {of_one:.2f}  {a.parent.name}/{a.name} — {b.parent.name}/{b.name}"
        )
    return len(near) <= max(1, ALARMS * len(pairs))


def _recall(sources: list[Path], told: dict[Path, Sketch], folder: Path) -> bool:
    scores: dict[str, list[tuple[float, float, bool, str]]] = defaultdict(list)
    for kind, source, copy in copies(sources, folder):
        found = read(copy)
        if found is None or not found.signature:
            print(f"  {kind}: {source.name}: nothing read of the copy", file=sys.stderr)
            continue
        mine = told[source]
        looked_up = bool(set(bands(mine)) & set(bands(found)))
        scores[kind].append(
            (shared(mine, found), contained(mine, found), looked_up and is_near(mine, found), source.name)
        )
    well = True
    for kind, found in scores.items():
        hits = sum(one[2] for one in found)
        well &= hits >= RECALL * len(found)
        others = ", ".join(
            f"{of_one}: {sum(one[0] >= SHARED and one[1] >= of_one for one in found) / len(found):.3f}"
            for of_one in (0.6, 0.7, 0.75, 0.8, 0.9)
        )
        print(f"{kind}: {hits} of {len(found)} told, recall {hits / len(found):.3f} (contained ≥ {others})")
        for of_all, of_one, hit, name in sorted(found)[:8]:
            if not hit:
                print(f"    missed: shared {of_all:.2f} contained {of_one:.2f}  {name}")
    return well


def _series() -> bool:
    """Every lesson asked for in turn, as a folder of them comes in: how many alarm, and by what share."""
    made = [sketch(lesson) for lesson in lessons(LESSONS)]
    highest = [0.0] * len(made)
    alarmed = 0
    for place, one in enumerate(made):
        near = False
        for other in made[:place]:
            of_one = contained(one, other)
            highest[place] = max(highest[place], of_one)
            near |= is_near(one, other)
        alarmed += near
    ranked = sorted(highest)
    print(
        f"{LESSONS} lessons of one series on one template: {alarmed} alarm; the nearest other contains"
        f" {ranked[len(ranked) // 2]:.2f} in the middle, {ranked[-1]:.2f} at most"
    )
    return alarmed <= ALARMS * LESSONS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
