"""A trouble that lasts is told when it begins, once a minute while it lasts, and when it is over.

Not at each failure: of a part that is away there is one for every request.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

AGAIN_SECONDS = 60.0


class Spell:
    """One trouble of one part. Safe for threads. clock: seconds that only go forward; tests give their own."""

    def __init__(
        self,
        log: logging.Logger,
        event: str,
        *,
        level: int = logging.WARNING,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log = log
        self._event = event
        self._level = level
        self._clock = clock
        self._lock = threading.Lock()
        self._told_at: float | None = None
        self._times = 0

    def tell(self, **fields: Any) -> None:
        """It has failed; a line where none was written for AGAIN_SECONDS. `times`: failures since the last line."""
        with self._lock:
            self._times += 1
            if self._told_at is not None and self._clock() - self._told_at < AGAIN_SECONDS:
                return
            self._told_at, times, self._times = self._clock(), self._times, 0
        more = {"times": times} if times > 1 else {}
        self._log.log(self._level, self._event, extra={**fields, **more})

    def over(self) -> None:
        """It has not failed; a line where it had."""
        # Asked at every success: without the lock while there is nothing to tell.
        if self._told_at is None:
            return
        with self._lock:
            if self._told_at is None:
                return
            times, self._told_at, self._times = self._times, None, 0
        self._log.info(f"{self._event}-over", extra={"times": times} if times else {})
