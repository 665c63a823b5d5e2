"""Prints how long each suite took: time is a budget that somebody has to see being spent.

A suite is a folder under `tests/` (`unit`, `contract`, …). Loaded through
`-p tests.timing` in pyproject.toml.
"""

from collections import defaultdict

import pytest

_seconds: defaultdict[str, float] = defaultdict(float)
_counts: defaultdict[str, int] = defaultdict(int)


def _suite(nodeid: str) -> str:
    parts = nodeid.split("::")[0].split("/")
    return parts[1] if len(parts) > 2 else "other"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Set-up and tear-down included. Reports of all processes of a run arrive in the one that prints."""
    suite = _suite(report.nodeid)
    _seconds[suite] += report.duration
    _counts[suite] += report.when == "call"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _seconds:
        return
    terminalreporter.section("time by suite")
    for suite, seconds in sorted(_seconds.items(), key=lambda entry: -entry[1]):
        terminalreporter.write_line(f"{seconds:8.1f} s  {suite} ({_counts[suite]} tests)")
