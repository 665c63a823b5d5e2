"""`python -m tests.faults.hostile [FOLDER]`: a line a hostile file; exit status 1 where something must not be."""

import sys
from collections.abc import Iterable
from pathlib import Path

from tests.faults.hostile import ATTACKS
from tests.faults.hostile.range import Range, Row


def table(rows: Iterable[Row]) -> int:
    """Print the rows as they come. Returns: how many have faults."""
    print("seconds   MB  reader        wanted        file: outcome")
    bad = count = 0
    slowest = peak = 0.0
    for row in rows:
        print(
            f"{row.seconds:7.2f} {row.peak_bytes / 1024**2:4.0f}  {row.reader:12}  {row.wanted:12}  {row.name}: "
            + row.outcome
            + "".join(f"  !! {fault}" for fault in row.faults),
            flush=True,
        )
        count, bad = count + 1, bad + bool(row.faults)
        slowest, peak = max(slowest, row.seconds), max(peak, row.peak_bytes / 1024**2)
    print(f"{count} files, {bad} with faults; ", end="")
    print(f"slowest {slowest:.1f} s, at most {peak:.0f} MB")
    return bad


def main(given: list[str]) -> int:
    with Range() as range:
        print(f"network of the children: {'empty' if range.network_is_empty is True else range.network_is_empty}")
        if given:
            files = [path for folder in given for path in sorted(Path(folder).iterdir()) if path.is_file()]
            return min(1, table(map(range.foreign, files)))
        return min(1, table(map(range.fire, ATTACKS)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
