"""Processor time of servers, to the nanosecond: of a process, or of a database's one process a connection."""

import time
from collections.abc import Callable
from pathlib import Path

Clock = Callable[[], float]
"""Seconds of the processor until now; only differences mean something."""


def of(pid: int) -> Clock:
    """Of a process with all its threads, those that have ended too.

    Source: clock_getcpuclockid(3), whose numbers the kernel makes so (include/linux/posix-timers.h).
    """
    number = (~pid << 3) | 2
    return lambda: time.clock_gettime(number)


def of_postgresql(data: Path) -> Clock:
    """Of a server with what it has started. data: its folder.

    A connection that ends takes its time along: read while those that are measured stay.
    """
    postmaster = int((data / "postmaster.pid").read_text().split()[0])
    known: dict[int, float] = {}

    def seconds() -> float:
        started = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for pid in (postmaster, *map(int, started)):
            try:
                known[pid] = of(pid)()
            except OSError:
                # It has ended between the two looks; what it took until the last one counts on.
                continue
        return sum(known.values())

    return seconds


def together(*clocks: Clock) -> Clock:
    return lambda: sum(clock() for clock in clocks)
