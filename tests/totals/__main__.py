"""Take a folder in for real and count: totals by type and outcome with seconds, and the share that has to be read.

    python -m tests.totals DIR [--report FILE]

DIR is taken into a fresh library (`hoclieu ingest DIR --publish --report`), or FILE is the report of such a run. What
a file carries is decided without our readers (`evidence`), so it needs ffmpeg and the development package
`iscc-tika`. Exit code 1 where the share is below the aim, or a file that is counted apart was published without
its warning.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.totals.evidence import NoEvidence
from tests.totals.judge import AIM, Judged, judge


def report_of(folder: Path) -> dict[str, Any]:
    """The report of an ingest into a library that is thrown away."""
    with tempfile.TemporaryDirectory() as made:
        report = Path(made) / "report.json"
        subprocess.run(
            [sys.executable, "-m", "service.cli", "ingest", str(folder), "--publish", "--licence", "CC0-1.0",
             "--report", str(report)],
            env={**os.environ, "HOCLIEU_HOME": str(Path(made) / "home")},
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        data: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        return data


def tables(found: Sequence[Judged], totals: dict[str, Any]) -> Iterator[str]:
    """Lines of Markdown: totals by type, what is counted apart, what is owed."""
    outcomes = sorted({one.outcome for one in found})
    yield f"| type | files | {' | '.join(outcomes)} | seconds of reading |"
    yield f"| --- | --- |{' --- |' * (len(outcomes) + 1)}"
    types: dict[str, list[Judged]] = defaultdict(list)
    for one in found:
        types[one.type or "(top)"].append(one)
    for name, inside in sorted(types.items()):
        numbers = Counter(one.outcome for one in inside)
        cells = " | ".join(str(numbers[outcome]) for outcome in outcomes)
        yield f"| {name} | {len(inside)} | {cells} | {sum(one.seconds for one in inside):.1f} |"
    yield f"\n{totals['files']} files in {totals['seconds']:.1f} seconds, everything included.\n"
    yield "| media type | files | with passages or media data |"
    yield "| --- | --- | --- |"
    for kind, number in sorted(Counter(one.media_type or "-" for one in found).items()):
        yield f"| {kind} | {number} | {sum(one.given for one in found if (one.media_type or '-') == kind)} |"
    demanded = [one for one in found if not one.apart]
    given = sum(one.given for one in demanded)
    yield f"\nOf {len(demanded)} files that carry text or media, {given} are published with it: {share(found):.1%}"
    yield from (f"- not: {one.path}: {one.outcome}, {one.reason}" for one in demanded if not one.given)
    yield "\nCounted apart:"
    for reason, number in Counter(one.apart for one in found if one.apart).most_common():
        yield f"- {reason}: {number}"
        if reason not in ("hostile", "legacy"):
            yield from (f"  - {one.path}: {one.outcome}, {one.reason}" for one in found if one.apart == reason)


def share(found: Sequence[Judged]) -> float:
    """Given of demanded; 1 where nothing is demanded."""
    demanded = [one for one in found if not one.apart]
    return sum(one.given for one in demanded) / len(demanded) if demanded else 1.0


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.totals", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--report", type=Path)
    asked = parser.parse_args(arguments)
    if not asked.folder.is_dir():
        parser.error(f"{asked.folder} is no folder")
    data = json.loads(asked.report.read_text(encoding="utf-8")) if asked.report else report_of(asked.folder)
    try:
        # The list of the folder is no learning resource of it.
        found = [judge(asked.folder, line) for line in data["files"] if line["path"] != "manifest.csv"]
    except NoEvidence as error:
        sys.stderr.write(f"{error} is not installed: nothing else tells what a file carries\n")
        return 2
    print("\n".join(tables(found, data["totals"])))
    owed = [one for one in found if one.owes_a_warning]
    for one in owed:
        print(f"- no warning: {one.path} ({one.apart})")
    return 0 if share(found) >= AIM and not owed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
