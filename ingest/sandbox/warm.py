"""The warm parent: one thread, libraries imported, no network, a forked child a request.

Started by `Sandbox` as a fresh interpreter with an empty environment. It
never touches a file itself. A request is one datagram on the control socket
with two pipe ends: the child writes its answer into the first, the parent its
verdict on the child into the second. It ends when its caller is gone, or
after a while without a request.

One child always waits in reserve, forked and tried out while nobody waited:
the first thousands of page faults after a fork cost more than the fork.

This module is the one process that forks, so it must never start a thread.
"""

import contextlib
import gc
import json
import logging
import math
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.sandbox import guards, landlock, namespaces
from ingest.sandbox.child import encoded, prepare, run
from ingest.sandbox.wire import MAX_REQUEST_BYTES, READ, Settings, framed

log = logging.getLogger(__name__)


@dataclass
class _Child:
    """channel: where it waits for its request; verdict: whom to tell how it ended. One of them is set."""

    folder: Path
    channel: socket.socket | None
    verdict: int | None = None
    deadline: float = math.inf
    timed_out: bool = False


class Warm:
    """State of the parent: its children by pid."""

    def __init__(self, control: socket.socket, settings: Settings) -> None:
        self.control = control
        self.settings = settings
        self.children: dict[int, _Child] = {}
        self.reserve: int | None = None
        self.lost = False
        self.last_request = time.monotonic()
        network = namespaces.leave_network()
        self.caller = os.getppid()
        own_temporary = namespaces.leave_mounts()
        privileges = guards.gain_no_privileges()
        processes, self.group = guards.bound_processes()
        self.prepared = prepare(settings.folder, settings.extra_extractors, own_temporary=own_temporary)
        # After the imports: no thread can be started from here on.
        signals, self.first = namespaces.leave_processes()
        if self.first is None:
            namespaces.adopt_strays()
        self.guards: Mapping[str, bool | str] = {
            "network": network,
            **self.prepared.confinement.guards,
            "signals": landlock.version() >= landlock.KNOWS_SIGNALS or signals,
            "processes": processes,
            "privileges": privileges,
            "memory": True,
            "time": True,
        }

    def run(self) -> None:
        """Serve until the caller is gone or nothing was asked for a while."""
        woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        gc.collect()
        # What stands now is shared by all children: the collector must not touch (and so copy) it.
        gc.freeze()
        try:
            while self._turn(woken):
                pass
        finally:
            for pid in self.children:
                _kill_group(pid)
            while self.children:
                self._reap(block=True)
            if self.first is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.first, signal.SIGKILL)
            if self.group is not None:
                guards.unbound(self.group)
            if os.getppid() != self.caller:
                # Killed: nobody else is left to clear away.
                shutil.rmtree(self.settings.folder, ignore_errors=True)

    def _turn(self, woken: int) -> bool:
        control = self.control.fileno()
        ready, _, _ = select.select([control, woken], [], [], self._patience())
        if woken in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(woken, 4096)
        now = time.monotonic()
        for pid, child in self.children.items():
            if now >= child.deadline and not child.timed_out:
                child.timed_out = True
                _kill_group(pid)
        self._reap()
        if control in ready and not self.lost:
            return self._receive() and not self.lost
        if self.lost:
            return False
        return self._working() or now - self.last_request < self.settings.idle_seconds

    def _working(self) -> bool:
        return any(child.verdict is not None for child in self.children.values())

    def _patience(self) -> float:
        """Seconds until something is due: a child's end, or this process's own."""
        deadlines = [child.deadline for child in self.children.values() if child.verdict is not None]
        if not deadlines:
            deadlines = [self.last_request + self.settings.idle_seconds]
        # A killed child's deadline has passed; its SIGCHLD is on the way.
        return min(max(0.01, min(deadlines) - time.monotonic()), 3600.0)

    def _receive(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self.control, MAX_REQUEST_BYTES, 2)
        if not message:
            return False
        self.last_request = time.monotonic()
        answer, verdict = descriptors
        if json.loads(message)["do"] == "guards":
            _tell(answer, framed(READ + encoded(dict(self.guards))))
            _tell(verdict, b"{}")
            os.close(verdict)
        else:
            self._hand_over(message, answer, verdict)
        os.close(answer)
        if self.reserve is None:
            self.reserve = self._fork()
        return True

    def _hand_over(self, message: bytes, answer: int, verdict: int) -> None:
        """Give a request to the child in reserve, or to a new one where that has died meanwhile."""
        for pid in (self.reserve, None):
            pid = pid or self._fork()
            child = self.children.get(pid) if pid is not None else None
            self.reserve = None
            if child is None or child.channel is None:
                continue
            try:
                socket.send_fds(child.channel, [message], [answer])
            except OSError:
                continue
            child.channel.close()
            child.channel, child.verdict = None, verdict
            child.deadline = time.monotonic() + self.settings.limits.wall_seconds
            return
        self._look_after_first()
        if not self.lost:
            _tell(verdict, b'{"signal":"fork"}')
        os.close(verdict)

    def _fork(self) -> int | None:
        """A new child, waiting for its request. None: the machine has no process to spare."""
        folder = Path(tempfile.mkdtemp(dir=self.settings.folder))
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        parent = os.getpid() if self.first is None else 0
        try:
            pid = os.fork()
        except OSError:
            log.exception("no-child")
            ours.close()
            theirs.close()
            folder.rmdir()
            return None
        if pid == 0:
            # Whatever happens, the child never returns into the parent's loop.
            try:
                run(theirs.fileno(), folder, parent=parent, limits=self.settings.limits, prepared=self.prepared)
            finally:
                os._exit(70)
        theirs.close()
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        self.children[pid] = _Child(folder, ours)
        return pid

    def _look_after_first(self) -> None:
        """Without the first of its process numbers nothing can be forked, and its end kills all others: then this
        process ends too, without verdicts, and the caller starts another.
        """
        self.lost = self.lost or (self.first is not None and namespaces.is_ending(self.first))

    def _kill_strays(self) -> None:
        """End what children left behind; killing one makes strays of its own children."""
        keeper = self.first or os.getpid()
        known = self.children.keys()
        while left := [pid for pid in namespaces.strays(keeper) if pid not in known]:
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                if self.first is None:
                    os.waitpid(pid, 0)

    def _reap(self, *, block: bool = False) -> None:
        while self.children:
            # Look first and kill what the child left behind while its group still has its number.
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT | (0 if block else os.WNOHANG))
            if ended is None:
                return
            _kill_group(ended.si_pid)
            pid, status = os.waitpid(ended.si_pid, 0)
            self._look_after_first()
            child = self.children.pop(pid, None)
            if child is None:
                continue
            self._kill_strays()
            if child.channel is not None:
                child.channel.close()
            if child.verdict is not None:
                # Without a verdict the caller asks another parent, once.
                self.last_request = time.monotonic()
                if not self.lost:
                    _tell(child.verdict, encoded(_verdict(child, os.waitstatus_to_exitcode(status))))
                os.close(child.verdict)
            if pid == self.reserve:
                self.reserve = None
            shutil.rmtree(child.folder, ignore_errors=True)


def _verdict(child: _Child, code: int) -> dict[str, str]:
    """Empty: the child ended well, its answer holds."""
    if child.timed_out or code == -signal.SIGXCPU:
        return {"limit": "time"}
    if code < 0:
        return {"signal": signal.Signals(-code).name}
    return {"signal": f"exit {code}"} if code else {}


def _tell(descriptor: int, words: bytes) -> None:
    """Write a few words to a caller, who may have heard enough and gone."""
    with contextlib.suppress(OSError):
        os.write(descriptor, words)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def main(descriptor: int, settings: str) -> None:
    """Entry of the fresh interpreter: the control socket's number and the settings as JSON."""
    os.umask(0o077)
    control = socket.socket(fileno=descriptor)
    Warm(control, Settings.from_json(settings)).run()
    sys.exit(0)
