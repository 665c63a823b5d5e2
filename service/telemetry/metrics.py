"""What processes count of themselves, in the words of Prometheus (https://prometheus.io/docs/practices/naming/).

`serve` has one web process or several and a worker; whichever of them is
scraped answers for all. So each writes into a file of its own in one shared
folder, the mode of the Prometheus client for several processes: labels by
process would make a series anew at every restart and leave the sum to
whoever reads. Nothing is imported before something is counted, because the
client chooses its mode at its import.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The client's own variable; an operator's ASGI server may have set it."""
# The files are mapped: on a disk without room a write into one kills its process. Memory comes first.
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
ANSWERING_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
READING_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)


@dataclass(frozen=True)
class Instruments:
    """All that is counted while it happens; what the database knows is asked at the scrape."""

    registry: "CollectorRegistry"
    requests: "Counter"
    answering: "Histogram"
    in_progress: "Gauge"
    connections: "Gauge"
    objects_missing: "Counter"
    jobs: "Counter"
    reading: "Histogram"


def share() -> Path:
    """A folder for this process and those it starts, who find it in their environment. For `unshare`."""
    parent = _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="hoclieu-metrics-", dir=parent))
    os.environ[SHARED] = str(folder)
    return folder


def unshare(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def forget(pid: int, folder: Path) -> None:
    """A process that shared it is dead: so is what it had in progress; what it counted stays."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]


@cache
def instruments() -> Instruments:
    from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

    # Moments of creation double the series, and in the shared mode there are none.
    disable_created_metrics()  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    return Instruments(
        registry=registry,
        requests=Counter(
            "hoclieu_http_requests_total",
            "Answered requests, by door and template of the route.",
            ("door", "route", "method", "status"),
            registry=registry,
        ),
        answering=Histogram(
            "hoclieu_http_request_duration_seconds",
            "From the request's head to the last byte of its answer.",
            ("door", "route"),
            buckets=ANSWERING_SECONDS,
            registry=registry,
        ),
        in_progress=Gauge(
            "hoclieu_http_requests_in_progress",
            "Requests that are being answered.",
            registry=registry,
            multiprocess_mode="livesum",
        ),
        connections=Gauge(
            "hoclieu_database_connections",
            "Connections to the database that web processes hold, as of their last request.",
            ("state",),
            registry=registry,
            multiprocess_mode="livesum",
        ),
        objects_missing=Counter(
            "hoclieu_objects_missing_total",
            "Answers that needed a stored object which is gone or damaged.",
            registry=registry,
        ),
        jobs=Counter(
            "hoclieu_jobs_finished_total",
            "Jobs that a worker of this start has finished with.",
            ("kind", "outcome"),
            registry=registry,
        ),
        reading=Histogram(
            "hoclieu_file_reading_seconds",
            "Reading one file with its companions; outcome: read, or the code of the error.",
            ("outcome",),
            buckets=READING_SECONDS,
            registry=registry,
        ),
    )


def answered(*, door: str, route: str, method: str, status: int, seconds: float) -> None:
    counted = instruments()
    counted.requests.labels(door, route, method, str(status)).inc()
    counted.answering.labels(door, route).observe(seconds)


def connections(*, in_use: int, idle: int) -> None:
    counted = instruments()
    counted.connections.labels("in_use").set(in_use)
    counted.connections.labels("idle").set(idle)


def object_missing() -> None:
    """Somebody has asked for what is not where its row says, or is not what was stored: an alarm."""
    instruments().objects_missing.inc()


def file_read(outcome: str, seconds: float) -> None:
    instruments().reading.labels(outcome).observe(seconds)


def finished(kind: str, outcome: str, number: int = 1) -> None:
    instruments().jobs.labels(kind, outcome).inc(number)


def answer(port: int) -> None:
    """Answer scrapes of this process on a port of this machine: for a worker that no `serve` has started."""
    from prometheus_client import start_http_server

    start_http_server(port, addr="127.0.0.1", registry=gathered())


def gathered() -> "CollectorRegistry":
    """What all processes that share with this one have counted."""
    from prometheus_client import CollectorRegistry, multiprocess, values

    mine = instruments().registry
    if values.ValueClass.__name__ != "MmapedValue":
        return mine
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
