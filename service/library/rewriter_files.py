"""The files of which word follows which that a process has loaded, and what it has learnt since.

Which one there is is said by the generation's row, which every search reads
anyway. Loading is mapping into memory; a store on other machines sends the
whole file first, so the next one is not asked for at once: a query is restored
from yesterday's words as well. No search waits for another one that loads.
"""

import mmap
import threading
import time
from logging import getLogger
from typing import TYPE_CHECKING

from service.errors import LibraryError
from service.model import Generation
from service.ports import ObjectStore
from service.telemetry.spell import Spell

if TYPE_CHECKING:
    # With numpy, which only those pay for that search or index.
    from service.search.learning import Learning
    from service.search.syllables import Syllables

log = getLogger(__name__)

FOLDER = "syllables"
AGAIN_SECONDS = 2.0
# A hundredth of the time goes into loading at most; below, loading is no loss.
QUICK_SECONDS, PAUSES = 0.02, 100


def key_of(generation: str, name: str) -> str:
    """Where a file stands; an empty name: the folder of them all."""
    return f"{FOLDER}/{generation}/{name}"


class Rewriters:
    """One a process. learnt: of each generation, and `former`, the file whose place was taken last: of whoever holds
    `writing`.
    """

    def __init__(self) -> None:
        self.learnt: dict[str, Learning] = {}
        self.former: dict[str, str] = {}
        self.writing = threading.Lock()
        self._held: dict[str, tuple[str, Syllables]] = {}
        self._again_at = 0.0
        self._loading = threading.Lock()
        self._away = Spell(log, "syllables-away")

    def of(self, objects: ObjectStore, generation: Generation) -> "Syllables | None":
        """The file that the row names, or the one before; None: there is none, or none can be read. Never raises."""
        name, held = generation.syllables, self._held.get(generation.name)
        before = held[1] if held else None
        if not name or (held and held[0] == name) or time.monotonic() < self._again_at:
            return before if name else None
        if not self._loading.acquire(blocking=False):
            return before
        try:
            began = time.monotonic()
            found = opened(objects, key_of(generation.name, name))
            self._held[generation.name] = (name, found)
            self._away.over()
            spent = time.monotonic() - began
            self._again_at = time.monotonic() + (PAUSES * spent if spent > QUICK_SECONDS else 0.0)
        except (LibraryError, ValueError, OSError) as error:
            # Searches go on with what was typed.
            self._again_at = time.monotonic() + AGAIN_SECONDS
            self._away.tell(generation=generation.name, error=type(error).__name__)
            return before
        finally:
            self._loading.release()
        return found

    def forget(self, generation: str) -> None:
        self._held.pop(generation, None)
        self.learnt.pop(generation, None)
        self.former.pop(generation, None)


def opened(objects: ObjectStore, key: str) -> "Syllables":
    """Raises: Unavailable; ObjectMissing; ValueError: it is damaged."""
    from service.search.syllables import Syllables

    # What is mapped stays readable when the name, or the copy that a remote store makes, is gone.
    with objects.local(key) as path, path.open("rb") as file:
        return Syllables(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
