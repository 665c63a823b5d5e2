"""Which lanes of a worker wait for a part that is away, and since when."""

import threading
import time

from service.errors import StorageFull, Unavailable


class Troubles:
    """Each lane tells its own, from its own thread. A lane that tries again is in trouble only when that fails too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[int, tuple[Unavailable, float]] = {}
        self._since: dict[int, float] = {}

    def __bool__(self) -> bool:
        return bool(self._known)

    def met(self, error: Unavailable) -> None:
        lane = threading.get_ident()
        with self._lock:
            self._known[lane] = error, self._since.setdefault(lane, time.monotonic())

    def tries(self) -> None:
        """It has leased something: how that goes may be known in an hour. It counts on when it goes wrong."""
        with self._lock:
            self._known.pop(threading.get_ident(), None)

    def over(self) -> None:
        lane = threading.get_ident()
        with self._lock:
            self._known.pop(lane, None)
            self._since.pop(lane, None)

    def heed(self, patience_seconds: float) -> None:
        """Raises: StorageFull: at once; another Unavailable: the one that lasts longest, beyond so many seconds."""
        with self._lock:
            known = sorted(self._known.values(), key=lambda one: one[1])
        for error, since in known:
            if isinstance(error, StorageFull) or time.monotonic() - since > patience_seconds:
                raise error
