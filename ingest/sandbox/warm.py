"""The warm parent: one thread, libraries imported, no network, a forked child a request.

Started by `Sandbox` as a fresh interpreter with an empty environment. It
never touches a file itself. A request is one datagram on the control socket
with two pipe ends: the child writes its answer into the first, the parent its
verdict on the child into the second. It ends when its caller is gone, or
after a while without a request.

This module is the one process that forks, so it must never start a thread.
"""

import contextlib
import gc
import json
import logging
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.document import Bundle, to_json
from ingest.errors import IngestError, NoReader, ReaderCrashed, TooExpensive
from ingest.sandbox import guards
from ingest.sandbox.wire import FAILED, MAX_REQUEST_BYTES, READ, Settings

log = logging.getLogger(__name__)


@dataclass
class _Child:
    verdict: int
    deadline: float
    folder: Path
    timed_out: bool = False


class Warm:
    """State of the parent: its children by pid."""

    def __init__(self, control: socket.socket, settings: Settings) -> None:
        self.control = control
        self.settings = settings
        self.children: dict[int, _Child] = {}
        self.last_request = time.monotonic()
        network = guards.leave_network()
        privileges = guards.gain_no_privileges()
        processes, self.group = guards.bound_processes()
        self.guards: Mapping[str, bool | str] = {
            "network": network,
            "processes": processes,
            "privileges": privileges,
            "memory": True,
            "time": True,
        }
        self.readers = _import_everything(settings.extra_extractors)

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
            if self.group is not None:
                guards.unbound(self.group)

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
        if control in ready:
            return self._receive()
        return bool(self.children) or now - self.last_request < self.settings.idle_seconds

    def _patience(self) -> float:
        now = time.monotonic()
        deadlines = [child.deadline for child in self.children.values() if not child.timed_out]
        wanted = min(deadlines) if deadlines else self.last_request + self.settings.idle_seconds
        return max(0.0, wanted - now) if deadlines or not self.children else 1.0

    def _receive(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self.control, MAX_REQUEST_BYTES, 2)
        if not message:
            return False
        self.last_request = time.monotonic()
        answer, verdict = descriptors
        request = json.loads(message)
        if request["do"] == "guards":
            os.write(answer, READ + json.dumps(dict(self.guards)).encode())
            os.write(verdict, b"{}")
            os.close(answer)
            os.close(verdict)
        else:
            self._fork(request, answer, verdict)
        return True

    def _fork(self, request: Mapping[str, Any], answer: int, verdict: int) -> None:
        folder = Path(tempfile.mkdtemp(dir=self.settings.folder))
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            os.write(verdict, json.dumps({"signal": f"fork: {error.strerror}"}).encode())
            os.close(answer)
            os.close(verdict)
            return
        if pid == 0:
            # Whatever happens, the child never returns into the parent's loop.
            try:
                self._be_child(request, answer, folder, parent)
            finally:
                os._exit(70)
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        os.close(answer)
        self.children[pid] = _Child(verdict, time.monotonic() + self.settings.limits.wall_seconds, folder)

    def _be_child(self, request: Mapping[str, Any], answer: int, folder: Path, parent: int) -> None:
        os.setpgid(0, 0)
        guards.die_with_parent(parent)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        gc.disable()
        # Only the answer's pipe and the three standard ones stay open.
        os.dup2(answer, 3)
        os.closerange(4, 4096)
        os.chdir(folder)
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
        guards.limit(self.settings.limits)
        _write(3, self._answer(request))
        os._exit(0)

    def _answer(self, request: Mapping[str, Any]) -> bytes:
        try:
            return READ + _perform(request, self.readers)
        except IngestError as error:
            return _failed(error)
        except MemoryError:
            return _failed(TooExpensive(limit="memory"))
        except Exception as error:  # noqa: BLE001 - the border: a reader's mistake is one file's outcome
            if "malloc" in str(error) or "out of memory" in str(error).lower():
                return _failed(TooExpensive(limit="memory"))
            place = "".join(traceback.format_tb(error.__traceback__)[-3:])
            return _failed(ReaderCrashed(signal=type(error).__name__), place)

    def _reap(self, *, block: bool = False) -> None:
        while self.children:
            # Look first and kill what the child left behind while its group still has its number.
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT | (0 if block else os.WNOHANG))
            if ended is None:
                return
            _kill_group(ended.si_pid)
            pid, status = os.waitpid(ended.si_pid, 0)
            child = self.children.pop(pid, None)
            if child is not None:
                with contextlib.suppress(OSError):
                    os.write(child.verdict, json.dumps(_verdict(child, os.waitstatus_to_exitcode(status))).encode())
                os.close(child.verdict)
                shutil.rmtree(child.folder, ignore_errors=True)
            self.last_request = time.monotonic()


def _verdict(child: _Child, code: int) -> dict[str, str]:
    """Empty: the child ended well, its answer holds."""
    if child.timed_out or code == -signal.SIGXCPU:
        return {"limit": "time"}
    if code < 0:
        return {"signal": signal.Signals(-code).name}
    return {"signal": f"exit {code}"} if code else {}


def _perform(request: Mapping[str, Any], readers: Any) -> bytes:
    from ingest import illustrate, pipeline

    path = Path(request["path"])
    if request["do"] == "read":
        bundle = Bundle(path, request["name"], tuple(map(Path, request["companions"])))
        return _json(to_json(pipeline.read(bundle, readers)))
    if request["do"] == "picture":
        return illustrate.picture(path, media_type=request["media_type"], page=request["page"], width=request["width"])
    if request["do"] == "layer":
        return _json(illustrate.layer(path, media_type=request["media_type"], page=request["page"]))
    raise NoReader(media_type=request["do"])


def _json(value: Any) -> bytes:
    # Lone surrogates (broken UTF-16 in metadata) have no UTF-8; they become question marks.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _failed(error: IngestError, place: str = "") -> bytes:
    return FAILED + _json({"code": error.code, "parameters": dict(error.parameters), "place": place})


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _import_everything(extra: tuple[str, ...]) -> Any:
    """Import and try what children use, so that each of them starts with it."""
    import lxml.etree  # type: ignore[import-untyped]
    import PIL.Image
    import PIL.WebPImagePlugin
    import pymupdf

    from ingest import illustrate, pipeline, registry
    from ingest.formats import pdf_metadata, pdf_pages

    # MuPDF says on stderr what it repairs; what matters of it is in the warnings.
    tools: Any = pymupdf.TOOLS
    tools.mupdf_display_errors(False)
    tools.mupdf_display_warnings(False)
    document: Any = pymupdf.open()  # type: ignore[no-untyped-call]
    document.new_page().insert_text((72, 72), "warm")
    pdf_pages.page_text(document[0])
    pdf_metadata.read(document)
    document[0].get_text("words")
    document.close()
    used = (lxml.etree, PIL.Image, PIL.WebPImagePlugin, illustrate, pipeline)
    log.debug("warm", extra={"modules": len(used)})
    return registry.load(extra)


def main(descriptor: int, settings: str) -> None:
    """Entry of the fresh interpreter: the control socket's number and the settings as JSON."""
    os.umask(0o077)
    control = socket.socket(fileno=descriptor)
    Warm(control, Settings.from_json(settings)).run()
    sys.exit(0)
