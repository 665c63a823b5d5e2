"""A folder taken in whole, taken in again, and taken in by a command that is killed and run again: equal libraries.

    python -m tests.faults.resumed [FOLDER] [--kills 50] [--seed N]

`hoclieu ingest FOLDER --publish` on an empty library, then once more: nothing
is new, each id has what it had. Then on another empty library, where it is
killed at random moments, by turns the command, all its processes, and with
Ctrl+C, until it has been killed so often; where it comes to its end before
that, a further library begins. At the end it runs once undisturbed. What each
library holds is read out of `hoclieu export`: ids, checksums, files, values.
Exit 1 where anything is lost, doubled or different. Without FOLDER: small
files of a dozen kinds, made here.
"""

import argparse
import json
import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks import small_files
from tests.faults.exported import Exported, exported, unlike
from tests.faults.library import acknowledged
from tests.process_tree import left, tree

MADE = 300
"""Files where no folder is given."""
PATIENCE_SECONDS = 1_800.0
ENDING_SECONDS = 120.0
"""What a command that is told to stop may take for it, on a crowded machine."""
WAYS = ("the command", "all its processes", "Ctrl+C")


@dataclass
class Folder:
    """A folder that libraries take in, each with a home of its own. killed: how often which way."""

    root: Path
    path: Path
    rng: random.Random
    killed: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def command(self, home: str, *arguments: str) -> subprocess.Popen[bytes]:
        """It begins a process group of its own, as a shell has it. What it prints stands in `home`.out."""
        with (self.root / f"{home}.out").open("wb") as said, (self.root / f"{home}.err").open("ab") as complained:
            return subprocess.Popen(
                [sys.executable, "-m", "service.cli", *arguments],
                env={**os.environ, "HOCLIEU_HOME": str(self.root / home), "HOCLIEU_REPOSITORY_ID": "soak.example"},
                stdin=subprocess.DEVNULL, stdout=said, stderr=complained, start_new_session=True,
            )  # fmt: skip

    def ingest(self, home: str) -> subprocess.Popen[bytes]:
        report = str(self.root / f"{home}.json")
        return self.command(home, "ingest", str(self.path), "--publish", "--licence", "CC0-1.0", "--report", report)

    def whole(self, home: str) -> tuple[str, float]:
        """Undisturbed. Returns: its totals in words; seconds. Raises: SystemExit: it did not end well."""
        began = time.monotonic()
        if code := self.ingest(home).wait(PATIENCE_SECONDS):
            complained = (self.root / f"{home}.err").read_text(encoding="utf-8", errors="replace")
            raise SystemExit(f"ingest ended with {code}\n{complained[-2_000:]}")
        seconds = time.monotonic() - began
        totals = json.loads((self.root / f"{home}.json").read_text(encoding="utf-8"))["totals"]
        told = ", ".join(f"{name} {count}" for name, count in totals.items() if count and name != "seconds")
        return f"{told} in {seconds:.1f} s", seconds

    def acknowledged(self, home: str) -> dict[str, str]:
        return acknowledged((self.root / f"{home}.out").read_bytes())

    def export(self, home: str) -> Exported:
        place = self.root / f"{home}.export"
        if code := self.command(home, "export", str(place)).wait(PATIENCE_SECONDS):
            raise SystemExit(f"export ended with {code}")
        return exported(place)

    def kill(self, process: subprocess.Popen[bytes], way: str) -> None:
        """End it that way, and see that nothing of it runs on."""
        below = list(tree(process.pid))
        if way == "Ctrl+C":
            os.killpg(process.pid, signal.SIGINT)
        for pid in below if way == "all its processes" else below[:1] if way == "the command" else ():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        try:
            process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self.faults.append(f"killed by {way} it still runs after {ENDING_SECONDS:.0f} s")
            process.kill()
            process.wait()
        if running := left(below[1:], seconds=ENDING_SECONDS):
            self.faults.append(f"{len(running)} processes run on after {way} was killed")
        self.killed[way] += 1

    def interrupted(self, home: str, kills: int, longest_seconds: float) -> dict[str, str]:
        """Taken in with so many kills, or with fewer where it ends before. Returns: path -> id that was promised."""
        promised: dict[str, str] = {}
        while (number := self.killed.total()) < kills:
            process = self.ingest(home)
            try:
                ended = process.wait(self.rng.uniform(0.3, longest_seconds)) is not None
            except subprocess.TimeoutExpired:
                ended = False
                self.kill(process, WAYS[number % len(WAYS)])
            promised |= self.acknowledged(home)
            if ended:
                break
        return promised


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.resumed")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="hoclieu-resumed-") as name:
        root = Path(name)
        path = options.folder or root / "files"
        if options.folder is None:
            small_files.write(path, MADE, seed=options.seed)
        return drill(Folder(root, path.resolve(), random.Random(options.seed)), options.kills, options.seed)


def drill(folder: Folder, kills: int, seed: int) -> int:
    print(f"seed {seed}, {folder.path.name}, {kills} kills, load {os.getloadavg()[0]:.1f}", flush=True)
    told, seconds = folder.whole("whole")
    promised, right = folder.acknowledged("whole"), folder.export("whole")
    print(f"on an empty library: {told}", flush=True)
    told, again_seconds = folder.whole("whole")
    again = folder.export("whole")
    print(f"again: {told}", flush=True)
    folder.faults += [f"taken in again: {one}" for one in unlike(right, again, ids=True)]
    folder.faults += [f"{path} was promised as {id}" for path, id in promised.items() if id not in right.resources]
    libraries = 0
    while folder.killed.total() < kills:
        libraries += 1
        home = f"killed-{libraries}"
        # What a run has to pass over that is in already, and its share of what is not.
        promised = folder.interrupted(home, kills, again_seconds / 2 + 2 * seconds / kills)
        ways = ", ".join(f"{way} {count}" for way, count in folder.killed.items())
        told, _ = folder.whole(home)
        print(f"killed {folder.killed.total()} times so far ({ways}), then whole: {told}", flush=True)
        made = folder.export(home)
        folder.faults += [f"{home}: {one}" for one in unlike(right, made, ids=False)]
        lost = [f"{path} was promised as {id}" for path, id in promised.items() if id not in made.resources]
        folder.faults += [f"{home}: {one}" for one in lost]
        print(f"{len(promised)} ids were promised before a kill, {len(lost)} of them lost", flush=True)
    for fault in folder.faults:
        print(f"FAULT {fault}", flush=True)
    same = f"{len(right.resources)} resources, {len(right.objects)} stored files and texts"
    print(f"{libraries + 1} libraries of {same}: {'equal' if not folder.faults else 'NOT EQUAL'}", flush=True)
    return 1 if folder.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
