"""What happens to a library whose OpenSearch of three nodes goes away, loses nodes, is slow or full.

Drills of `tests.faults.outages`, under its load, each on real nodes. While the
index cannot answer, a search says so with 503 and everything else goes on;
what is deposited meanwhile waits, and in the end the index is equal to the
database id by id.
"""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

from urllib3.exceptions import HTTPError

from service.library import project
from service.library.readiness import KEPT_SECONDS
from tests.faults.loaded import Lengths, load, until
from tests.faults.readers import READERS, Answer
from tests.faults.report import STRADDLE_SECONDS, Report
from tests.faults.station import Station
from tests.servers.opensearch import OpenSearchServer
from tests.servers.tls import Manners, TlsProxy

GOES_ON = ("landing", "download", "thumbnail", "healthz")
SLOWER_SECONDS = 5.0
# The usual time limit of a search, and what a busy machine adds.
SEARCH_SECONDS, ADDED_SECONDS = 3.0, 3.0
# As often as OpenSearch lets its disks be looked at, and twice that for what follows from it.
DISK_SECONDS = 10.0
ROOM_SECONDS = 90.0
CROWD = {**READERS, "search": 60}
"""More people who search than two web processes have threads for searches, were these to wait."""


def all_nodes(library: Station, lengths: Lengths) -> Report:
    """Every node is killed."""
    report, index = Report("index"), _index(library)
    with load(report, library, lengths, "publish"), _broken(report, lengths):
        index.kill()
        time.sleep(lengths.away)
        _back(report, library)
    _as_down(report)
    # Each web process keeps what it heard for a moment.
    heard = report.broke + STRADDLE_SECONDS + KEPT_SECONDS

    def named(one: Answer) -> bool:
        return one.began < heard or (one.status == 503 and one.retry and "index" in one.said)

    report.expect("readyz", named, "503, names it")
    report.told("index-unavailable")
    return report


def one_node(library: Station, lengths: Lengths) -> Report:
    """One of three is killed and stays away until all is counted: no reader notices, no document is lost."""
    report, index = Report("one-node"), _index(library)
    gone = _manager(index)
    with load(report, library, lengths, "publish"), _broken(report, lengths):
        index.kill(gone)
        time.sleep(lengths.away)
    report.always_good("search", *GOES_ON)
    report.never_refused()
    report.notes.append(f"counted while node {gone + 1} is gone; it was the manager of the cluster")
    _return(library, gone)
    if differences := project.compare(library.parts, project.live(library.parts)):
        report.wrong.append(f"after its return: {differences}")
    return report


def two_nodes(library: Station, lengths: Lengths) -> Report:
    """Two of three are killed: what is left has no majority."""
    report, index = Report("two-nodes"), _index(library)
    with load(report, library, lengths, "publish"), _broken(report, lengths):
        index.kill(0, 1)
        time.sleep(lengths.away)
        _back(report, library)
    # The one that is left may hold a copy, and then it answers.
    _as_down(report, lambda one: one.good or (one.status == 503 and one.retry))
    return report


def slow(library: Station, lengths: Lengths) -> Report:
    """Every answer of the index comes 5 seconds late: searches end at their limit, and hold up nothing else."""
    report, index = Report("slow"), _index(library)
    serving, worker, address = library.serving, library.worker, library.address
    with ExitStack() as stack:
        doors = [stack.enter_context(TlsProxy(host)) for host in index.hosts]
        way = {"HOCLIEU_INDEX_URL": index.url(library.index_name, [door.host for door in doors])}
        way["HOCLIEU_INDEX_SECONDS"] = f"{SEARCH_SECONDS:g}"
        _end(worker)
        library.serving, library.address = library.serve_on("--workers", "2", "--no-worker", **way)
        library.worker = library.start("work", **way)
        with load(report, library, lengths, "publish", readers=CROWD), _broken(report, lengths):
            _all(doors, Manners(delay_seconds=SLOWER_SECONDS))
            # Whoever asked before it broke waits to the limit; those count who asked then and have their answer too.
            time.sleep(max(lengths.away, 3 * SEARCH_SECONDS))
            _all(doors, Manners())
        _end(library.serving)
        _end(library.worker)
        report.notes.append(f"most requests at once at each node: {[door.most for door in doors]}")
    library.serving, library.address, library.worker = serving, address, library.start("work")
    _as_down(report)
    report.no_longer_than(SEARCH_SECONDS + ADDED_SECONDS, "search")
    report.no_longer_than(ADDED_SECONDS, *GOES_ON)
    report.told("index-slow")
    return report


def full_disk(library: Station, lengths: Lengths) -> Report:
    """The disks are past the flood stage: nothing can be written, everything is found, and room is noticed."""
    report, index = Report("disk"), _index(library)
    marks = {f"cluster.routing.allocation.disk.watermark.{mark}": "900tb" for mark in ("low", "high", "flood_stage")}
    _set(index, {"cluster.info.update.interval": f"{DISK_SECONDS:g}s"})
    with load(report, library, lengths, "publish"), _broken(report, lengths):
        _set(index, marks)
        until(lambda: _blocked(index), "no writes taken", ROOM_SECONDS)
        time.sleep(lengths.away)
        _set(index, dict.fromkeys(marks))
        until(lambda: not _blocked(index), "writes taken", ROOM_SECONDS)
    _set(index, {"cluster.info.update.interval": None})
    report.always_good("search", *GOES_ON)
    report.never_refused()
    report.told("index-read-only")
    return report


def full_heap(library: Station, lengths: Lengths) -> Report:
    """The nodes' memory is past the limit of their circuit breaker."""
    report, index = Report("heap"), _index(library)
    with load(report, library, lengths, "publish"), _broken(report, lengths):
        _set(index, {"indices.breaker.total.limit": "1%"})
        time.sleep(lengths.away)
        _set(index, {"indices.breaker.total.limit": None})
    _as_down(report)
    report.told("index-overloaded")
    return report


NODES = 3
DRILLS: dict[str, Callable[[Station, Lengths], Report]] = {
    "index": all_nodes,
    "one-node": one_node,
    "two-nodes": two_nodes,
    "slow": slow,
    "disk": full_disk,
    "heap": full_heap,
}


@contextmanager
def _broken(report: Report, lengths: Lengths) -> Iterator[None]:
    time.sleep(lengths.before)
    report.broke = time.monotonic()
    yield
    report.returned = time.monotonic()
    time.sleep(lengths.after)


def _as_down(report: Report, searched: Callable[[Answer], bool] = lambda one: one.status == 503 and one.retry) -> None:
    report.expect("search", searched, "503 with Retry-After")
    report.always_good(*GOES_ON)
    report.never_refused()
    report.back_in_time("search", "readyz")


def _index(library: Station) -> OpenSearchServer:
    assert library.index is not None
    return library.index


def _manager(index: OpenSearchServer) -> int:
    """The node that the others would miss most."""
    name = index.ask("GET", "_cat/cluster_manager?format=json")[0]["node"]
    return index.names.index(name)


def _return(library: Station, number: int) -> None:
    index = _index(library)
    index.start_node(number)
    index.wait(f"wait_for_nodes={len(index.names)}&wait_for_status=green")


def _back(report: Report, library: Station) -> None:
    """Start what was killed; returns when every node finds something in the library's index again."""
    index, searched = _index(library), f"{library.index_name}-*/_search?size=0&allow_partial_search_results=false"
    report.returning = time.monotonic()
    index.start()
    index.wait("wait_for_status=yellow")
    for node in index.running():
        until(partial(_answers, index, searched, node), f"node {node + 1} answers", ROOM_SECONDS)


def _answers(index: OpenSearchServer, path: str, node: int) -> bool:
    try:
        return bool(index.ask("GET", path, node=node)["hits"]["total"]["value"])
    except (HTTPError, RuntimeError):
        # It listens, and its shards are not there yet.
        return False


def _set(index: OpenSearchServer, settings: dict[str, str | None]) -> None:
    index.ask("PUT", "_cluster/settings", {"transient": settings})


def _blocked(index: OpenSearchServer) -> bool:
    """Whether the cluster has put its block on any index."""
    asked = index.ask("GET", "_all/_settings/index.blocks.read_only_allow_delete?flat_settings=true")
    return any("true" in each["settings"].values() for each in asked.values())


def _all(doors: list[TlsProxy], manners: Manners) -> None:
    for door in doors:
        door.manners = manners


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(60)
