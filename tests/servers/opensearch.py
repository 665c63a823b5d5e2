"""A real OpenSearch for a run of the tests, or by hand: `python -m tests.servers.opensearch FOLDER [NODES]`.

Nodes as `deploy/opensearch/node.py` prepares them, each a process on a leash,
on loopback without passwords. A node that was killed keeps its ports and what
it acknowledged, and may start again.
"""

import json
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import urllib3

from deploy.opensearch.node import HOST, CannotRun, Node, prepared
from tests.servers.leash import Leashed
from tests.servers.s3 import free_ports

UP_SECONDS, ATTEMPTS = 300.0, 3
LOOK_SECONDS = 0.1


class OpenSearchServer:
    """One cluster in a folder. Nodes are counted from 0."""

    def __init__(
        self,
        nodes: int = 1,
        folder: Path | None = None,
        *,
        heap: str = "400m",
        quick: bool = False,
        **settings: object,
    ) -> None:
        """folder: kept; without one the cluster is thrown away with the server. heap: of each node, as -Xmx has it.

        quick: see `Node`. settings: of opensearch.yml, for every node.
        """
        self._lent = None if folder else Path(tempfile.mkdtemp(prefix="os-"))
        self.folder = (folder or self._lent or Path()).absolute()
        self.names = [f"node-{number}" for number in range(1, nodes + 1)]
        self.heap, self.quick, self.settings = heap, quick, settings
        self._http: list[int] = []
        self._seeds: dict[str, int] = {}
        self._leashes: dict[int, Leashed] = {}
        self._pool = urllib3.PoolManager(retries=False)

    @property
    def hosts(self) -> list[str]:
        """`host:port` of every node, killed ones too."""
        return [f"{HOST}:{port}" for port in self._http]

    def url(self, name: str, hosts: Sequence[str] = ()) -> str:
        """As `HOCLIEU_INDEX_URL` wants it. hosts: something that stands before the nodes."""
        return f"opensearch+http://{','.join(hosts or self.hosts)}/{name}"

    def environment(self, name: str) -> dict[str, str]:
        """The settings of a library whose indexes begin with `name`."""
        return {"HOCLIEU_INDEX_URL": self.url(name)}

    def start(self) -> "OpenSearchServer":
        """All nodes that do not run, together; returns when they have found each other."""
        for attempt in range(1, ATTEMPTS + 1):
            fresh = not self._http
            if fresh:
                # Somebody may take a port between our look and the server's.
                self._take_ports()
            for number in range(len(self.names)):
                if number not in self._leashes:
                    self._leash(number)
            try:
                self.wait(f"wait_for_nodes={len(self.names)}")
            except RuntimeError:
                self.kill()
                if not fresh or attempt == ATTEMPTS:
                    raise
                self._http, self._seeds = [], {}
                shutil.rmtree(self.folder / "nodes", ignore_errors=True)
            else:
                return self
        return self

    def start_node(self, number: int) -> None:
        """Only sets it off: `wait` for what you need of it."""
        self._leash(number)

    def kill(self, *numbers: int) -> None:
        """As machines that lose their power; no number: all of them. What they hold stays."""
        for number in numbers or [*self._leashes]:
            if leash := self._leashes.pop(number, None):
                leash.kill()

    def running(self) -> list[int]:
        return [number for number, leash in self._leashes.items() if leash.running()]

    def pid(self, number: int = 0) -> int:
        """Of the process that holds a node: the node is its only child."""
        return self._leashes[number].process.pid

    def log(self, number: int = 0) -> Path:
        return self.folder / "nodes" / self.names[number] / "log"

    def close(self) -> None:
        """The end of the cluster, and of its folder if that was only lent."""
        for leash in self._leashes.values():
            leash.end()
        self._leashes.clear()
        self._pool.clear()
        if self._lent is not None:
            shutil.rmtree(self._lent, ignore_errors=True)

    def ask(self, method: str, path: str, body: Mapping[str, object] | None = None, *, node: int | None = None) -> Any:
        """The bare interface, of the first node that runs or of the one named.

        Returns: what the answer says. Raises: urllib3.exceptions.HTTPError; RuntimeError with what was refused.
        """
        number = node if node is not None else min(self.running(), default=0)
        answer = self._pool.request(
            method,
            f"http://{self.hosts[number]}/{path}",
            body=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            timeout=30.0,
        )
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.data.decode()[:1000]}")
        return json.loads(answer.data) if answer.data else None

    def wait(self, condition: str = "wait_for_status=green") -> None:
        """Until the cluster's health is as said, such as `wait_for_nodes=2`. Raises: RuntimeError."""
        deadline = time.monotonic() + UP_SECONDS
        while time.monotonic() < deadline:
            if dead := [number for number, leash in self._leashes.items() if not leash.running()]:
                break
            try:
                if not self.ask("GET", f"_cluster/health?{condition}&timeout=5s")["timed_out"]:
                    return
            except (urllib3.exceptions.HTTPError, RuntimeError):
                # It does not listen yet, or has no manager, or not what was asked for.
                time.sleep(LOOK_SECONDS)
        else:
            dead = [*self._leashes]
        said = [self.log(number).read_text(encoding="utf-8", errors="replace")[-2000:] for number in dead]
        raise RuntimeError(f"not reached in {UP_SECONDS} s, or a node ended: {condition}\n" + "\n".join(said))

    def drop(self, name: str) -> None:
        """Remove all indexes that begin with `name`."""
        if indexes := [entry["index"] for entry in self.ask("GET", f"_cat/indices/{name}-*?format=json")]:
            self.ask("DELETE", ",".join(indexes))

    def _take_ports(self) -> None:
        ports = free_ports(2 * len(self.names))
        self._http = ports[: len(self.names)]
        self._seeds = dict(zip(self.names, ports[len(self.names) :], strict=True))

    def _leash(self, number: int) -> None:
        folder = self.folder / "nodes" / self.names[number]
        place = (self.names[number], folder, self._http[number], self._seeds)
        node = Node(*place, heap=self.heap, quick=self.quick, settings=self.settings)
        self._leashes[number] = Leashed(
            prepared(node),
            log=self.log(number),
            # What it acknowledged is on the disk; one that is thrown away needs no farewell.
            stop=signal.SIGKILL if self._lent else signal.SIGTERM,
            scratch=self._lent,
        )


@contextmanager
def opensearch(nodes: int = 1, folder: Path | None = None, **options: Any) -> Iterator[OpenSearchServer]:
    server = OpenSearchServer(nodes, folder, **options)
    try:
        yield server.start()
    finally:
        server.close()


def main(folder: str, nodes: str = "1") -> None:
    """Serve until Ctrl+C, and say where."""
    with opensearch(int(nodes), Path(folder)) as server:
        for name, value in server.environment("hoclieu").items():
            print(f"{name}='{value}'", flush=True)
        signal.sigwait([signal.SIGINT, signal.SIGTERM])


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        sys.exit("python -m tests.servers.opensearch FOLDER [NODES]")
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM])
    try:
        main(*sys.argv[1:])
    except CannotRun as error:
        sys.exit(str(error))
