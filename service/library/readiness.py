"""Which parts answer, for probes that come every second: each in its own time, none for long, none twice.

A search needs the database and the index. Files that are away cost a reader
the download and nothing else, so the library stays ready and names them.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from service.errors import IndexOutdated, LibraryError, Unavailable
from service.library import project
from service.library.bounded import Bounded, NoAnswerInTime
from service.library.services import Services

log = logging.getLogger(__name__)

# A probe is answered within 2 seconds; what is left is for the server itself.
WITHIN_SECONDS = 1.5
KEPT_SECONDS = 1.0
OK, NO_ANSWER, UNKNOWN, FAULT = "ok", "no-answer", "unknown", "fault"
# An index that another version built answers; only what is to be indexed waits for `hoclieu reindex`.
ANSWERING = (OK, IndexOutdated.code)
NEEDED = ("database", "index")
"""Without these no search can be answered."""


@dataclass(frozen=True, slots=True)
class State:
    """parts: name -> `ok`, the code of an error (docs/errors.md), `no-answer` in time, `unknown` (the database knows
    which index is in use), or `fault` (of the software: see the log)."""

    parts: Mapping[str, str]

    @property
    def away(self) -> str | None:
        """The first part without which no search can be answered."""
        return next((name for name in NEEDED if self.parts[name] not in ANSWERING), None)


class Readiness:
    """One a process."""

    def __init__(self, services: Services, *, kept_seconds: float = KEPT_SECONDS) -> None:
        self._services = services
        self._said: dict[str, str] = {}
        checks: dict[str, Callable[[], None]] = {
            "database": lambda: services.catalogue.check(),
            "objects": lambda: services.objects.check(),
            "index": self._index,
        }
        self._checks = {name: Bounded(check, kept_seconds=kept_seconds) for name, check in checks.items()}

    def state(self) -> State:
        """Takes WITHIN_SECONDS at most, and nothing while the last answer is fresh."""
        until = time.monotonic() + WITHIN_SECONDS
        # All are under way before the first is waited for.
        asked = {name: check.begin() for name, check in self._checks.items()}
        parts = {name: self._word(name, answered, until) for name, answered in asked.items()}
        if parts["index"] == Unavailable.code:
            parts["index"] = UNKNOWN
        for name, word in parts.items():
            # Said once when it goes and once when it is back, not at every probe.
            if self._said.get(name, OK) != word:
                (log.info if word == OK else log.error)("part", extra={"part": name, "state": word})
        self._said = parts
        return State(parts)

    def _word(self, name: str, answered: threading.Event | None, until: float) -> str:
        try:
            self._checks[name].wait(answered, max(0.0, until - time.monotonic()))
        except NoAnswerInTime:
            return NO_ANSWER
        except LibraryError as error:
            return error.code
        except Exception:
            if self._said.get(name) != FAULT:
                log.exception("part-check-failed", extra={"part": name})
            return FAULT
        return OK

    def _index(self) -> None:
        generation = project.live(self._services)
        self._services.index.check(generation.name)
        if generation.fingerprint != self._services.index.fingerprint():
            raise IndexOutdated(part="index", generation=generation.name)
