"""A network that fails on purpose: a TCP relay before a real server. The faults are its own, the server is not."""

import socket
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType

HOST = "127.0.0.1"
BLOCK = 1 << 16


@dataclass
class Faults:
    """What happens to every connection that is opened from now on.

    cut_after: bytes of answers that pass before the connection is cut. spoil_answer, spoil_request: the first
    occurrence of these bytes has its first one changed. silent: nothing is answered. delay_seconds: before an answer.
    stall_seconds: how long nothing of a request is taken after its first bytes.
    """

    cut_after: int | None = None
    spoil_answer: bytes = b""
    spoil_request: bytes = b""
    silent: bool = False
    delay_seconds: float = 0.0
    stall_seconds: float = 0.0


@dataclass
class Relay:
    """`with Relay(host) as relay:` then `relay.host` leads to the server, by way of `relay.faults`."""

    target: str
    faults: Faults = field(default_factory=Faults)

    def __enter__(self) -> "Relay":
        self._listener = socket.create_server((HOST, 0))
        self.host = f"{HOST}:{self._listener.getsockname()[1]}"
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        # Wakes the thread that waits in accept; closing alone does not.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()

    def hang_up(self) -> None:
        """Cut what is connected, so that kept connections meet the faults of now."""
        for each in self._open:
            _cut(each)
        self._open.clear()

    def _accept(self) -> None:
        while True:
            try:
                reader, _ = self._listener.accept()
            except OSError:
                return
            host, _, port = self.target.rpartition(":")
            server = socket.create_connection((host, int(port)))
            self._open += [reader, server]
            faults = self.faults
            for source, sink, answers in ((reader, server, False), (server, reader, True)):
                threading.Thread(target=_pass, args=(source, sink, faults, answers), daemon=True).start()


def _pass(source: socket.socket, sink: socket.socket, faults: Faults, answers: bool) -> None:
    spoil, passed = (faults.spoil_answer if answers else faults.spoil_request), 0
    try:
        while block := source.recv(BLOCK):
            if answers and faults.silent:
                continue
            if answers and faults.delay_seconds:
                time.sleep(faults.delay_seconds)
            if spoil and (at := block.find(spoil)) >= 0:
                block = block[:at] + bytes((block[at] ^ 1,)) + block[at + 1 :]
                spoil = b""
            if answers and faults.cut_after is not None and passed + len(block) > faults.cut_after:
                sink.sendall(block[: faults.cut_after - passed])
                break
            if not answers and passed == 0 and faults.stall_seconds:
                time.sleep(faults.stall_seconds)
            sink.sendall(block)
            passed += len(block)
    except OSError:
        # The other side is gone; so are we.
        passed = 0
    _cut(source)
    _cut(sink)


def _cut(each: socket.socket) -> None:
    try:
        each.shutdown(socket.SHUT_RDWR)
    except OSError:
        # It was cut already.
        return
    finally:
        each.close()
