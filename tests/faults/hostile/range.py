"""Read hostile files in the sandbox, and watch: outcome, seconds, memory, connections, files, secrets.

What is watched is seen from outside the child: a listener that nobody may
reach, the counters of the child's network, the folders around, the memory of
every process below the warm parent.
"""

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from types import TracebackType
from typing import Self

from ingest import registry
from ingest.document import Bundle, to_json
from ingest.errors import IngestError
from ingest.sandbox import Limits, Sandbox
from ingest.sniff import UNKNOWN, sniff
from tests.faults.hostile.attack import FOREIGN, Attack, Canary

MOST_SECONDS = 60.0
MOST_BYTES = 2 * 1024**3
_SECRET = "A-SECRET-THAT-NO-READER-MAY-TELL"
_LOOK_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one file. seconds: of the slowest act; faults: what must not be, empty when all is well."""

    name: str
    threat: str
    wanted: str
    reader: str
    outcome: str
    seconds: float
    peak_bytes: int
    faults: tuple[str, ...]


class Range:
    """A sandbox, with everything around it under watch."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._sandbox = Sandbox(limits=limits)
        self._readers = registry.load()
        self._folder = TemporaryDirectory(prefix="hoclieu-range-")
        root = Path(self._folder.name)
        self._inbox = root / "inbox"
        self._home = root / "home"
        self._inbox.mkdir()
        self._home.mkdir()
        (self._home / "secret").write_text(_SECRET)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._knocks: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()
        url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.canary = Canary(url, self._home / "secret", f"planted-{os.getpid()}")
        (self._inbox / "small.txt").write_text("a file like any other")
        self._read("small.txt")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sandbox.close()
        self._listener.close()
        self._folder.cleanup()

    @property
    def network_is_empty(self) -> bool | str:
        return self._sandbox.guards()["network"]

    def fire(self, attack: Attack) -> Row:
        """Make the file, read it, take it away."""
        path = self._inbox / attack.name.replace("/", "_")
        path.write_bytes(attack.make(self.canary))
        try:
            return self._judge(path, attack)
        finally:
            path.unlink()

    def foreign(self, path: Path) -> Row:
        """Read a file that somebody else made."""
        return self.fire(Attack(path.name, FOREIGN, None, lambda _: path.read_bytes()))

    def _judge(self, path: Path, attack: Attack) -> Row:
        faults: list[str] = []
        before, sent, knocks = self._around(), self._sent(), len(self._knocks)
        began = time.monotonic()
        media_type = UNKNOWN
        try:
            # Where a file is deposited, it is recognised in the worker's own process: nothing may be raised there.
            media_type = sniff(path, path.name).media_type
        except Exception as error:  # noqa: BLE001
            faults.append(f"the sniffer raised {type(error).__name__}")
        seconds = [time.monotonic() - began]
        reader = self._readers.best(media_type)
        outcome, read = "", ""
        with _Watch(self._sandbox) as watch:
            for act in (self._read, self._picture(media_type), self._layer(media_type)):
                began = time.monotonic()
                try:
                    said = act(path.name)
                    if not outcome:
                        outcome, read = self._short(said), said
                except IngestError as error:
                    detail = " ".join(str(value) for value in error.parameters.values())
                    outcome = outcome or f"{error.code} {detail}".strip()
                    if error.code == "reader-crashed" and error.parameters.get("signal") == "parent":
                        faults.append("the warm parent died")
                seconds.append(time.monotonic() - began)
        faults += self._compared(before, self._around())
        if _SECRET in read:
            faults.append("told a secret")
        faults += [f"kept {word}" for word in attack.absent if word in read]
        if len(self._knocks) > knocks or self._sent() != sent:
            faults.append("reached for the network")
        if max(seconds) > MOST_SECONDS:
            faults.append(f"took {max(seconds):.0f} s")
        if watch.peak_bytes > MOST_BYTES:
            faults.append(f"held {watch.peak_bytes / 1024**2:.0f} MB")
        if self._read("small.txt") == "":
            faults.append("the next file was not read")
        name = reader.__name__.rpartition(".")[2] if reader else ""
        if attack.reader not in (None, name):
            faults.append(f"taken by {name or 'no reader'}, made for {attack.reader or 'none'}")
        return Row(
            attack.name,
            attack.threat,
            attack.reader or "",
            name,
            outcome,
            max(seconds),
            watch.peak_bytes,
            tuple(faults),
        )

    def _read(self, name: str) -> str:
        return json.dumps(to_json(self._sandbox.read(Bundle(self._inbox / name, name))), ensure_ascii=False)

    def _picture(self, media_type: str) -> Callable[[str], str]:
        return lambda name: str(
            len(self._sandbox.picture(self._inbox / name, media_type=media_type, page=1, width=320))
        )

    def _layer(self, media_type: str) -> Callable[[str], str]:
        return lambda name: str(self._sandbox.layer(self._inbox / name, media_type=media_type, page=1))

    @staticmethod
    def _short(read: str) -> str:
        document = json.loads(read)
        codes = sorted({warning["code"] for warning in document["warnings"]})
        return " ".join([f"{len(document['passages'])} passages", document["media_type"].rpartition("/")[2], *codes])

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._knocks.append("tcp")
            connection.close()

    def _sent(self) -> int:
        """Packets and connections that anybody in the children's network has tried to send."""
        try:
            lines = Path(f"/proc/{self._sandbox.parent_pid()}/net/snmp").read_text().splitlines()
        except OSError:
            return 0
        counts = {}
        for names, values in zip(lines[::2], lines[1::2], strict=True):
            prefix = names.split(":")[0]
            counts |= {
                f"{prefix}{name}": int(value) for name, value in zip(names.split()[1:], values.split()[1:], strict=True)
            }
        return sum(
            counts.get(name, 0) for name in ("IpOutRequests", "IpOutNoRoutes", "UdpOutDatagrams", "TcpActiveOpens")
        )

    def _around(self) -> dict[str, tuple[int, int]]:
        """Files near the given one, in the library's folder and in our code; and planted ones wherever they might be."""
        code = Path(registry.__file__).parent
        found = [*self._inbox.rglob("*"), *self._home.rglob("*")]
        found += [path for path in code.rglob("*") if "__pycache__" not in path.parts]
        for folder in {
            Path(gettempdir()),
            Path("/"),
            Path("/var/tmp"),
            Path("/dev/shm"),
            Path.home(),
            Path.cwd(),
            *code.parents,
        }:
            found += folder.glob(f"*{self.canary.token}*")
        states = [(path, path.lstat()) for path in found]
        return {str(path): (state.st_size, state.st_mtime_ns) for path, state in states if not path.is_dir()}

    @staticmethod
    def _compared(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> Iterator[str]:
        for path in before.keys() | after.keys():
            if before.get(path) != after.get(path):
                yield f"changed {path}"


class _Watch:
    """The memory of all processes below a warm parent: what they hold together at most, looked at every 10 ms."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.peak_bytes = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            together, highest = 0, 0
            for pid in _below(self._sandbox.parent_pid()):
                resident, high = _memory(pid)
                together += resident
                highest = max(highest, high)
            self.peak_bytes = max(self.peak_bytes, together, highest)


def _below(parent: int | None) -> Iterator[int]:
    waiting = [] if parent is None else [parent]
    while waiting:
        pid = waiting.pop()
        try:
            children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        except OSError:
            continue
        yield from children
        waiting += children


def _memory(pid: int) -> tuple[int, int]:
    """Bytes of a process that no other shares, and the most that it ever had resident."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0, 0
    fields = dict(line.split(":", 1) for line in text.splitlines() if line.startswith(("VmHWM", "RssAnon")))
    kilobytes = [int(fields.get(name, "0").split()[0]) for name in ("RssAnon", "VmHWM")]
    return kilobytes[0] * 1024, kilobytes[1] * 1024
