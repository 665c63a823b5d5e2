"""Prints how long each suite took: time is a budget that somebody has to see being spent.

A suite is a folder under `tests/` (`unit`, `contract`, …). Loaded through
`-p tests.timing` in pyproject.toml.
"""

import time
from collections import defaultdict
from collections.abc import Iterator

import pytest

_seconds: defaultdict[str, float] = defaultdict(float)
_counts: defaultdict[str, int] = defaultdict(int)


def _suite(nodeid: str) -> str:
    parts = nodeid.split("::")[0].split("/")
    return parts[1] if len(parts) > 2 else "other"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Set-up and tear-down included, so that the sum is what the run took."""
    began = time.monotonic()
    try:
        return (yield)
    finally:
        suite = _suite(item.nodeid)
        _seconds[suite] += time.monotonic() - began
        _counts[suite] += 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _seconds:
        return
    terminalreporter.section("time by suite")
    for suite, seconds in sorted(_seconds.items(), key=lambda entry: -entry[1]):
        terminalreporter.write_line(f"{seconds:8.1f} s  {suite} ({_counts[suite]} tests)")
