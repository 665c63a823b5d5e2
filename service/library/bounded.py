"""Ask a part that may hang: the answer comes in time, or it is said that none came.

A thread cannot be ended from outside, so one that hangs is left behind and
nobody else is sent after it until it has come back.
"""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class NoAnswerInTime(Exception):
    """The part may still be thinking."""


class Bounded(Generic[Answer]):
    """One question, kept for `kept_seconds` after it was answered. Safe for threads; one asks, the others share.

    clock: seconds that only go forward; tests give their own.
    """

    def __init__(
        self, ask: Callable[[], Answer], *, kept_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask = ask
        self._kept_seconds = kept_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._asking: threading.Event | None = None
        self._at: float | None = None
        self._answer: Answer | None = None
        self._error: Exception | None = None

    def answer(self, within_seconds: float) -> Answer:
        """The answer, or what was raised instead of it. Raises: NoAnswerInTime."""
        return self.wait(self.begin(), within_seconds)

    def wait(self, answered: threading.Event | None, within_seconds: float) -> Answer:
        """For what `begin` has begun: `answer` in two steps, so that several are asked at the same time."""
        if answered is not None and not answered.wait(within_seconds):
            raise NoAnswerInTime
        with self._lock:
            return self._told()

    def begin(self) -> threading.Event | None:
        """Send somebody to ask. Returns: what is set when there is an answer; None: the last one is fresh."""
        with self._lock:
            if self._at is not None and self._clock() - self._at < self._kept_seconds:
                return None
            if self._asking is None:
                self._asking = threading.Event()
                threading.Thread(target=self._run, args=(self._asking,), name="bounded", daemon=True).start()
            return self._asking

    def _run(self, answered: threading.Event) -> None:
        answer: Answer | None = None
        error: Exception | None = None
        try:
            answer = self._ask()
        except Exception as raised:  # noqa: BLE001 - raised again before whoever asked
            error = raised
        with self._lock:
            self._answer, self._error, self._at, self._asking = answer, error, self._clock(), None
        answered.set()

    def _told(self) -> Answer:
        if self._error is not None:
            raise self._error
        return self._answer  # type: ignore[return-value]
