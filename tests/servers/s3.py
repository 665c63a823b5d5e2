"""A real S3 server for a run of the tests, or by hand: `python -m tests.servers.s3 FOLDER`.

SeaweedFS in one process, on loopback alone: its filer asks nobody for a key.
It speaks gRPC on each port + 10000, so five pairs of ports are looked for. As
root it gets a user namespace, so that it runs with nobody's privileges.
"""

import io
import os
import random
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import urllib3
from minio import Minio

from service.adapters.objects.s3 import S3Store, parse
from tests.servers.leash import Leashed

ACCESS_KEY, SECRET_KEY = "tests", "only-for-a-run-of-the-tests"
HOST, REGION = "127.0.0.1", "us-east-1"
GRPC = 10_000
PARTS = ("admin", "master", "volume", "filer", "s3")
UP_SECONDS, ATTEMPTS = 60.0, 3


def unprivileged(command: list[str]) -> list[str]:
    """The command as somebody who is not root, with the same rights on files."""
    return (["unshare", "--user", "--map-user=1000", "--map-group=1000"] if os.geteuid() == 0 else []) + command


def free_ports(count: int) -> list[int]:
    """Ports that are free together with their gRPC twins."""
    ports: list[int] = []
    with ExitStack() as held:
        while len(ports) < count:
            # Below what Linux gives to outgoing connections (32768 and up), on both sides of the pair.
            port = random.randrange(11_000, 22_000)
            try:
                for number in (port, port + GRPC):
                    bound = held.enter_context(socket.socket())
                    bound.bind((HOST, number))
            except OSError:
                continue
            ports.append(port)
    return ports


class S3Server:
    """One store in a folder. `kill` and `start` again keep what is in it, on the same ports."""

    def __init__(self, folder: Path | None = None) -> None:
        """folder: kept; without one the store is thrown away with the server."""
        self._lent = None if folder else Path(tempfile.mkdtemp(prefix="s3-"))
        self.folder = (folder or self._lent or Path()).absolute()
        self.log = self.folder / "log"
        self.ports: dict[str, int] = {}
        self._leash: Leashed | None = None

    @property
    def host(self) -> str:
        return f"{HOST}:{self.ports['s3']}"

    def url(self, bucket: str, host: str = "") -> str:
        """As `HOCLIEU_OBJECTS_URL` wants it."""
        return f"s3+http://{host or self.host}/{bucket}?region={REGION}"

    def client(self) -> Minio:
        """The bare library."""
        return Minio(self.host, access_key=ACCESS_KEY, secret_key=SECRET_KEY, secure=False, region=REGION)

    def store(self, bucket: str, scratch: Path, **options: Any) -> S3Store:
        """The adapter on a bucket. options: of `S3Store`; `host`: something that stands before the server."""
        address = parse(self.url(bucket, options.pop("host", "")))
        keys = {"access_key": ACCESS_KEY, "secret_key": SECRET_KEY}
        return S3Store(address, scratch=scratch / "scratch", **{**keys, **options})

    def environment(self, bucket: str) -> dict[str, str]:
        """The settings of a library on a bucket."""
        return {
            "HOCLIEU_OBJECTS_URL": self.url(bucket),
            "HOCLIEU_OBJECTS_ACCESS_KEY": ACCESS_KEY,
            "HOCLIEU_OBJECTS_SECRET_KEY": SECRET_KEY,
        }

    def clear(self, bucket: str) -> None:
        """Remove a bucket with all that is in it."""
        client = self.client()
        for entry in client.list_objects(bucket, recursive=True):
            client.remove_object(bucket, entry.object_name or "")
        client.remove_bucket(bucket)

    @property
    def pid(self) -> int:
        """Of the process that holds the server."""
        assert self._leash is not None
        return self._leash.process.pid

    def start(self) -> "S3Server":
        (self.folder / "data").mkdir(parents=True, exist_ok=True)
        for attempt in range(1, ATTEMPTS + 1):
            # Somebody may take a port between our look and the server's.
            self.ports = self.ports or dict(zip(PARTS, free_ports(len(PARTS)), strict=True))
            self._leash = Leashed(
                unprivileged(self._command()),
                log=self.log,
                environment={"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY},
                # What it acknowledged is on the disk, so it needs no farewell, which takes it ten seconds.
                stop=signal.SIGKILL,
                scratch=self._lent,
            )
            if self._up():
                return self
            self.kill()
            if attempt < ATTEMPTS:
                self.ports = {}
        raise RuntimeError(self.log.read_text(encoding="utf-8", errors="replace")[-2000:])

    def kill(self) -> None:
        """As a machine that loses its power; the folder stays."""
        if self._leash is not None:
            for pid in _children(self.pid):
                os.kill(pid, signal.SIGKILL)
            self._leash.process.wait(UP_SECONDS)
            self._leash = None

    def close(self) -> None:
        """The end of the server, and of its folder if that was only lent."""
        if self._leash is not None:
            self._leash.end()
            self._leash = None
        if self._lent is not None:
            shutil.rmtree(self._lent, ignore_errors=True)

    def _command(self) -> list[str]:
        weed = Path(sys.executable).parent / "weed"
        ports = [f"-{part}.port={port}" for part, port in self.ports.items()]
        quiet = ["-master.telemetry=false", "-webdav=false", "-admin.ui=false"]
        unused = ["-s3.port.iceberg=0", "-s3.port.lance=0"]
        # A bucket that is missing is an error, as at every other store.
        strict = ["-s3.autoCreateBucket=false"]
        place = [f"-dir={self.folder / 'data'}", f"-ip={HOST}", f"-ip.bind={HOST}"]
        return [str(weed), "mini", *place, *quiet, *ports, *unused, *strict]

    def _up(self) -> bool:
        deadline = time.monotonic() + UP_SECONDS
        client = Minio(
            self.host,
            access_key=ACCESS_KEY,
            secret_key=SECRET_KEY,
            secure=False,
            region=REGION,
            http_client=urllib3.PoolManager(timeout=2.0, retries=False),
        )
        while time.monotonic() < deadline and self._leash is not None and self._leash.running():
            try:
                # Not the first answer but the first room: the volumes come up last.
                if not client.bucket_exists("up-and-running"):
                    client.make_bucket("up-and-running")
                client.put_object("up-and-running", "x", io.BytesIO(b"\0"), 1)
            except Exception:  # noqa: BLE001 - whatever keeps it from answering, it is not up
                time.sleep(0.1)
            else:
                return True
        return False


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def s3(folder: Path | None = None) -> Iterator[S3Server]:
    server = S3Server(folder)
    try:
        yield server.start()
    finally:
        server.close()


def main(folder: str) -> None:
    """Serve until Ctrl+C, and say where."""
    with s3(Path(folder)) as server:
        client = server.client()
        if not client.bucket_exists("hoclieu"):
            client.make_bucket("hoclieu")
        for name, value in server.environment("hoclieu").items():
            print(f"{name}='{value}'", flush=True)
        signal.sigwait([signal.SIGINT, signal.SIGTERM])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("python -m tests.servers.s3 FOLDER")
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM])
    main(sys.argv[1])
