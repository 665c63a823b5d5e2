"""Tests that judge how long people wait have the machine for themselves, however many processes a run has.

`make test` runs files of tests in two processes (pytest-xdist). Those of the
files in ALONE are load for both cores and judge waits: while one of them runs,
the other process waits before its next test. Loaded through `-p tests.alone`
in pyproject.toml.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ALONE = tuple(f"tests/faults/test_{name}.py" for name in ("index_outages", "outages", "hung_parts", "stops"))


def pytest_configure(config: pytest.Config) -> None:
    # One folder for the run: the process that hands out the tests names it.
    if not hasattr(config, "workerinput"):
        os.environ["TESTS_ALONE"] = str(Path(tempfile.gettempdir()) / f"tests-alone-{os.getpid()}")


@contextmanager
def _held(name: str, how: int) -> Iterator[None]:
    with Path(f"{os.environ['TESTS_ALONE']}-{name}").open("w") as lock:
        fcntl.flock(lock, how)
        yield


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Whoever wants to be alone stands at the door, where the others then wait, until those inside are done."""
    if not hasattr(item.config, "workerinput"):
        return (yield)
    if item.nodeid.startswith(ALONE):
        with _held("door", fcntl.LOCK_EX), _held("room", fcntl.LOCK_EX):
            return (yield)
    with _held("door", fcntl.LOCK_SH):
        pass
    with _held("room", fcntl.LOCK_SH):
        return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        for name in ("door", "room"):
            Path(f"{os.environ['TESTS_ALONE']}-{name}").unlink(missing_ok=True)
