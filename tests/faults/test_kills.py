"""kill -9 at random moments of a batch: what was acknowledged is there once, searchable, whole.

Each round loads a few new files while `serve` runs, kills one process of the
tree (worker, extraction child, fork parent, serve or the command itself) at a
random moment, starts again what died, lets the batch end, and examines the
library. `make soak` runs many rounds; the seed is printed and can be given.
"""

import json
import os
import random
import signal
import time
from pathlib import Path

from tests.faults.library import Library, acknowledged, examine, make_pdf
from tests.process_tree import children

TARGETS = ("worker", "extraction child", "fork parent", "serve", "ingest")
FILES_A_ROUND = 5


def word(rng: random.Random) -> str:
    """A token that occurs nowhere else: letters only, so that no analysis splits it."""
    return "z" + "".join(rng.choice("bcdghklmnprstvx") + rng.choice("aeou") for _ in range(5))


def victim(target: str, serve: int, ingest: int) -> int | None:
    """The process to kill, if it lives at this moment."""
    if target == "serve":
        return serve
    if target == "ingest":
        return ingest
    workers = children(serve)
    if target == "worker":
        return workers[0] if workers else None
    parents = [child for owner in (*workers, ingest) for child in children(owner)]
    if target == "fork parent":
        return parents[0] if parents else None
    grandchildren = [child for parent in parents for child in children(parent)]
    return grandchildren[0] if grandchildren else None


def kill_one(rng: random.Random, target: str, serve: int, ingest: int) -> bool:
    """Wait a random while, then kill the target as soon as it lives. False: the batch was over before."""
    moment = time.monotonic() + rng.uniform(0.2, 1.6)
    while time.monotonic() < moment + 3:
        process = victim(target, serve, ingest) if time.monotonic() >= moment else None
        if process is not None:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
            return True
        time.sleep(0.002)
    return False


def test_kills_at_random_moments_of_a_batch_lose_and_double_nothing(
    library: Library, tmp_path: Path, soak_count: int, soak_seed: int
) -> None:
    rng = random.Random(soak_seed)
    print(f"\nseed {soak_seed}, {soak_count} rounds")
    killed = dict.fromkeys(TARGETS, 0)
    tokens: dict[str, str] = {}
    said: dict[str, str] = {}
    serve = library.serve()
    for number in range(soak_count):
        folder = tmp_path / f"round-{number}"
        fresh = {f"{number}-{file}.pdf": word(rng) for file in range(FILES_A_ROUND)}
        for name, token in fresh.items():
            make_pdf(folder / name, token)
        tokens |= fresh
        target = TARGETS[number % len(TARGETS)]
        command = library.ingest(folder)
        killed[target] += kill_one(rng, target, serve.pid, command.pid)
        said |= acknowledged(command.communicate(timeout=120)[0])
        if serve.poll() is not None:
            serve = library.serve()
        report = tmp_path / "report.json"
        again = library.ingest(folder, report)
        _, errors = again.communicate(timeout=120)
        assert again.returncode == 0, errors.decode()
        outcomes = {line["path"]: line["outcome"] for line in json.loads(report.read_text())["files"]}
        assert set(outcomes) == set(fresh)
        assert set(outcomes.values()) <= {"published", "duplicate"}, outcomes
        parts = library.open()
        examine(parts, tokens if number == soak_count - 1 else fresh, said)
        parts.catalogue.close()
    print(
        "killed:", ", ".join(f"{target} {times}" for target, times in killed.items()), f"of {len(tokens)} files 0 lost"
    )
    assert sum(killed.values()) >= soak_count // 2, "most rounds must have killed something"
