"""Read and draw files in a child process under limits, without network; never in the process that asks.

    caller --request + two pipes--> warm parent --fork--> child, one a request
       ^------ answer -------------------------------------'
       ^------ verdict -------------'

The warm parent (`warm.py`) has the libraries imported; a child costs a fork.
It starts with the first request and ends after a minute without one. This
module imports nothing heavy: web processes may hold a `Sandbox`.
"""

import contextlib
import fcntl
import json
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from ingest.document import Bundle, Document
from ingest.errors import ReaderCrashed, TooExpensive
from ingest.illustrate.chapters.shape import Chapter
from ingest.sandbox import border
from ingest.sandbox.guards import Limits
from ingest.sandbox.parent import Parent
from ingest.sandbox.scratch import Scratch
from ingest.sandbox.unpacking import Receiver
from ingest.sandbox.wire import (
    DATA,
    FAILED,
    LENGTH_BYTES,
    MAX_REQUEST_BYTES,
    MEMBER,
    READ,
    Settings,
    allowing,
    received,
    unpacked,
)

__all__ = ["Limits", "Receiver", "Sandbox"]

log = logging.getLogger(__name__)

IDLE_SECONDS = 60.0
# The text of a 3,000-page book is some 10 MB.
OUTPUT_BYTES = 128 * 1024 * 1024
_PIPE_BYTES = 1 << 20
"""What the kernel lets anybody have. Source: pipe(7), /proc/sys/fs/pipe-max-size"""
# What a caller waits beyond a child's time: the parent's start on a slow disk, and killing.
_GRACE_SECONDS = 60.0


class _ParentDied(Exception):
    """The warm parent ended before its verdict: killed, or idle just when it was asked."""


class Sandbox:
    """Extraction children for one process. Thread-safe: requests of several threads run beside each other.

    limits: of each child. idle_seconds: the warm parent ends after that long without a request.
    output_bytes: the largest answer. extra_extractors: names of modules read beside the house's own.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        idle_seconds: float = IDLE_SECONDS,
        output_bytes: int = OUTPUT_BYTES,
        extra_extractors: Sequence[str] = (),
    ) -> None:
        self._limits = limits or Limits()
        self._idle_seconds = idle_seconds
        self._output_bytes = output_bytes
        self._extra = tuple(extra_extractors)
        self._lock = threading.Lock()
        self._parent: Parent | None = None
        self._scratch: Scratch | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, bundle: Bundle) -> Document:
        """What `ingest.pipeline.read` reads, from a child.

        Raises: IngestError: BrokenFile, EncryptedFile, EmptyFile, TooExpensive, ReaderCrashed …
        """
        return border.document(self._ask({"do": "read", "name": bundle.name}, bundle.main, *bundle.companions))

    def picture(self, path: Path, *, media_type: str, page: int, width: int) -> bytes:
        """Page `page` (from 1) as WebP, `width` pixels wide. Raises: IngestError (NoReader for kinds without pages)."""
        request = {"do": "picture", "media_type": media_type, "page": page, "width": width}
        return border.picture(self._ask(request, path))

    def layer(self, path: Path, *, media_type: str, page: int) -> dict[str, Any]:
        """{"aspect": …, "lines": [[[text, left, top, right, bottom], …], …]} of a page. Raises: IngestError."""
        return border.layer(self._ask({"do": "layer", "media_type": media_type, "page": page}, path))

    def unpack(self, path: Path, *, name: str, receiver: Receiver) -> None:
        """Hand an archive's members to the receiver, one after the other, as they come out of a child.

        Raises: IngestError: HostileArchive, EncryptedFile, SplitArchive, BrokenFile (part="package": a course or a
        site), ToolMissing, TooExpensive …, at any time; what the receiver raises ends the child.
        """
        self._receive({"do": "unpack", "name": name}, path, receiver)

    def table(self, path: Path, *, receiver: Receiver) -> None:
        """Hand the rows of a workbook's first visible sheet to the receiver's `write`, as `ingest.formats.ooxml.table`
        writes them; nothing of it is to be believed.

        Raises: IngestError, at any time; what the receiver raises ends the child.
        """
        self._receive({"do": "table"}, path, receiver)

    def convert(self, files: Sequence[tuple[Path, str]]) -> list[bytes | None]:
        """PDFs of office files, given with their media types; None where there is none (`ingest.illustrate.converted`).

        Raises: ToolMissing; TooExpensive, ReaderCrashed: of all of them, because of one.
        """
        kinds = [media_type for _, media_type in files]
        answers = unpacked(self._ask({"do": "convert", "kinds": kinds}, *(path for path, _ in files)), len(files))
        return [answer and border.pdf(answer) for answer in answers]

    def printed(self, path: Path, *, media_type: str, sheet: int) -> bytes:
        """A PDF to be printed (`ingest.illustrate.printed`). Raises: IngestError."""
        answer = self._ask({"do": "printed", "media_type": media_type, "sheet": sheet}, path)
        if not answer:
            raise ReaderCrashed(signal="answer")
        return border.pdf(answer)

    def chapter(self, path: Path, *, media_type: str, section: int) -> Chapter:
        """A section of a book or page as HTML that keeps to the rules (`ingest.illustrate.chapters`).

        Raises: IngestError.
        """
        return border.chapter(self._ask({"do": "chapter", "media_type": media_type, "section": section}, path))

    def inside(self, path: Path, *, media_type: str, source: str, width: int) -> bytes:
        """A picture that a chapter has named, as WebP, at most `width` pixels wide. Raises: IngestError."""
        request = {"do": "inside", "media_type": media_type, "source": source, "width": width}
        return border.picture(self._ask(request, path))

    def lighter(self, path: Path, *, form: Literal["film", "sound"]) -> bytes:
        """A smaller form of a recording (`ingest.illustrate.lighter`), asked for once: `close` from elsewhere ends it.

        Raises: IngestError.
        """
        self.guards()
        request = {"do": "lighter", "form": form, "seconds": self._limits.wall_seconds}
        try:
            return border.recording(self._attempt(allowing(request, path)), form)
        except _ParentDied:
            raise ReaderCrashed(signal="parent") from None

    def captions(self, path: Path, *, language: str = "") -> bytes:
        """A captions file, or the track of that language inside a recording, as WebVTT. Raises: IngestError."""
        return border.captions(self._ask({"do": "captions", "language": language}, path))

    def card(self, letters: str, *, icon: str, width: int) -> bytes:
        """A drawn card as WebP, for what has no picture. Raises: IngestError."""
        return border.picture(self._ask({"do": "card", "letters": letters, "icon": icon, "width": width}))

    def guards(self) -> Mapping[str, bool | str]:
        """Which guards hold on this machine: True, or why not. Starts the warm parent if it does not run."""
        guards: dict[str, bool | str] = json.loads(self._ask({"do": "guards"}))
        return guards

    def parent_pid(self) -> int | None:
        """The warm parent's process id, or None while it does not run; for memory figures and fault tests."""
        with self._lock:
            running = self._parent is not None and self._parent.process.poll() is None
            return self._parent.process.pid if self._parent and running else None

    def close(self) -> None:
        """End the warm parent and whatever it runs; a later request starts a new one."""
        with self._lock:
            self._drop(patience_seconds=5.0)

    def _ask(self, request: Mapping[str, Any], *given: Path) -> bytes:
        for last in (False, True):
            try:
                return self._attempt(allowing(request, *given))
            except _ParentDied:
                if last:
                    raise ReaderCrashed(signal="parent") from None
                log.warning("sandbox-restarted")
        raise AssertionError

    def _receive(self, request: Mapping[str, Any], path: Path, receiver: Receiver) -> None:
        # Starts the parent if it does not run: a request that has sent something cannot be asked again.
        self.guards()
        try:
            self._attempt(allowing(request, path), receiver)
        except _ParentDied:
            raise ReaderCrashed(signal="parent") from None

    def _attempt(self, request: Mapping[str, Any], receiver: Receiver | None = None) -> bytes:
        message = json.dumps(request).encode()
        if len(message) > MAX_REQUEST_BYTES:
            raise TooExpensive(limit="name")
        answer, their_answer = os.pipe2(os.O_CLOEXEC)
        # A book goes over in three turns of the two processes and not in forty. Refused to whoever has many: no matter.
        with contextlib.suppress(OSError):
            fcntl.fcntl(answer, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        verdict, their_verdict = os.pipe2(os.O_CLOEXEC)
        try:
            try:
                with self._lock:
                    parent = self._running()
                    try:
                        socket.send_fds(parent.control, [message], [their_answer, their_verdict])
                    except OSError as error:
                        self._drop(patience_seconds=1.0)
                        raise _ParentDied from error
            finally:
                # Only the other side may hold the writing ends, or their end would never be seen.
                os.close(their_answer)
                os.close(their_verdict)
            return self._await(parent, answer, verdict, receiver)
        finally:
            os.close(answer)
            os.close(verdict)

    def _await(self, parent: Parent, answer: int, verdict: int, receiver: Receiver | None) -> bytes:
        deadline = time.monotonic() + self._limits.wall_seconds + _GRACE_SECONDS
        while (message := self._message(parent, answer, verdict, deadline))[:1] not in (READ, FAILED):
            if receiver is None or message[:1] not in (MEMBER, DATA):
                raise ReaderCrashed(signal="protocol")
            if message[:1] == MEMBER:
                receiver.begin(message[1:].decode("utf-8", "replace"))
            else:
                receiver.write(message[1:])
        if message[:1] == READ:
            return message[1:]
        error, place = border.failure(message[1:])
        if place:
            # Numbers only: a word may be a name out of the file.
            numbers = {name: value for name, value in error.parameters.items() if isinstance(value, int)}
            log.error("reader-failed", extra={"code": error.code, **numbers, "place": place})
        raise error

    def _message(self, parent: Parent, answer: int, verdict: int, deadline: float) -> bytes:
        head = received(answer, LENGTH_BYTES, deadline)
        size = int.from_bytes(head, "big")
        if size > self._output_bytes:
            # Nobody reads on: the child ends at its next write.
            raise TooExpensive(limit="output")
        data = received(answer, size, deadline)
        if len(head) < LENGTH_BYTES or len(data) < size:
            raise self._why(parent, verdict, deadline)
        return data

    def _why(self, parent: Parent, verdict: int, deadline: float) -> Exception:
        """Why there is no whole answer, from the parent's verdict on the child."""
        said = received(verdict, 4096, deadline)
        if time.monotonic() >= deadline:
            # The parent itself hangs; a new one starts with the next request.
            parent.process.send_signal(signal.SIGKILL)
            return TooExpensive(limit="time")
        if not said:
            with self._lock:
                # It may take a moment to be gone; the next request must not go to it.
                if self._parent is parent:
                    self._drop(patience_seconds=1.0)
            return _ParentDied()
        outcome = json.loads(said)
        if "limit" in outcome:
            return TooExpensive(limit=outcome["limit"])
        return ReaderCrashed(signal=outcome.get("signal", "none"))

    def _running(self) -> Parent:
        if self._parent is not None and self._parent.process.poll() is not None:
            self._drop(patience_seconds=1.0)
        if self._parent is None:
            self._scratch = Scratch("sandbox")
            folder = str(self._scratch.path)
            self._parent = Parent(Settings(folder, self._idle_seconds, self._extra, self._limits))
        return self._parent

    def _drop(self, *, patience_seconds: float) -> None:
        if self._parent is not None:
            self._parent.end(patience_seconds=patience_seconds)
            self._parent = None
        if self._scratch is not None:
            self._scratch.close()
            self._scratch = None
