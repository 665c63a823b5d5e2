"""A server of the tests ends with the tests, however they end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.process_tree import left, tree
from tests.servers.leash import Leashed

HOLDER = """
import pathlib, sys, time
from tests.servers.leash import Leashed
scratch = pathlib.Path(sys.argv[1])
held = Leashed(["sh", "-c", "trap '' TERM; sleep 600 & sleep 600"], log=scratch.parent / "log", scratch=scratch)
print(held.process.pid, flush=True)
time.sleep(600)
"""


def test_what_is_on_a_leash_ends_when_its_holder_is_killed(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(scratch)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    leash = int(holder.stdout.readline())
    deadline = time.monotonic() + 10
    # The leash, the shell and its two children.
    while len(pids := list(tree(leash))) < 4:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert left(pids, seconds=20.0) == []
    assert not scratch.exists()


def test_a_server_goes_with_its_leash(tmp_path: Path) -> None:
    held = Leashed(["sleep", "600"], log=tmp_path / "log")
    deadline = time.monotonic() + 10
    while len(pids := list(tree(held.process.pid))) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.kill(held.process.pid, signal.SIGKILL)
    try:
        assert left(pids[1:], seconds=20.0) == []
    finally:
        held.end()


def test_letting_go_waits_for_the_end(tmp_path: Path) -> None:
    held = Leashed(["sleep", "600"], log=tmp_path / "log")
    assert held.running()
    held.end()
    assert not held.running()
