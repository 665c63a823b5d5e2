"""The files of lexicons that a process has loaded, shared by its threads.

Which files there are is said by the generation's row, which every search reads
anyway; so nothing is polled, and only names that were not seen are loaded.
"""

import mmap
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from logging import getLogger

from service.errors import Unavailable
from service.model import Generation
from service.ports import ObjectStore
from service.search.lexicon import Lexicon, encoded
from service.telemetry.spell import Spell

log = getLogger(__name__)

FOLDER = "lexicons"
AGAIN_SECONDS = 2.0
# The first search of a process waits for another thread that loads; later ones go on with what there is.
LOADING_SECONDS = 2.0
# Some 10 MB; texts are made of fewer pieces, but for numbers and rubbish.
MAX_REMEMBERED = 100_000


def key_of(generation: str, name: str) -> str:
    """Where a file stands; an empty name: the folder of them all."""
    return f"{FOLDER}/{generation}/{name}"


@dataclass(frozen=True, slots=True)
class Words:
    """What a process holds of a generation. `whole`: nothing is missing, so what is not here is nowhere."""

    files: Mapping[str, Lexicon]
    whole: bool

    def count(self, token: str) -> int:
        """How common; 0: not here."""
        return sum(file.count(token) for file in self.files.values())

    def hold(self, token: str) -> bool:
        return any(file.count(token) for file in self.files.values())

    def lack(self, tokens: Iterable[str]) -> set[str]:
        """Those of many that are nowhere here."""
        left = {encoded(token): token for token in tokens}
        for file in self.files.values():
            for token in file.held(left.keys()):
                del left[token]
        return set(left.values())


class Lexicons:
    """One a process."""

    def __init__(self) -> None:
        self._files: dict[str, Mapping[str, Lexicon]] = {}
        self._seen: dict[str, set[str]] = {}
        self._again_at = 0.0
        self._lock = threading.Lock()
        self._away = Spell(log, "lexicon-away")

    def of(self, objects: ObjectStore, generation: Generation) -> Words:
        """The words that the row names, as far as they can be read. Never raises Unavailable."""
        if generation.lexicon is None:
            return Words({}, whole=False)
        named = set(generation.lexicon)
        held = self._files.get(generation.name)
        # More than named is as good: words only come, and somebody's row may be a moment older.
        if held is None or not named <= held.keys():
            held = self._loaded(objects, generation, held)
        return Words(held, whole=named <= held.keys())

    def seen(self, generation: str) -> set[str]:
        """Pieces of text whose words this generation is known to hold: to be looked in and added to."""
        seen = self._seen.get(generation)
        if seen is None or len(seen) > MAX_REMEMBERED:
            seen = self._seen[generation] = set()
        return seen

    def forget(self, generation: str) -> None:
        with self._lock:
            self._files.pop(generation, None)
            self._seen.pop(generation, None)

    def _loaded(
        self, objects: ObjectStore, generation: Generation, held: Mapping[str, Lexicon] | None
    ) -> Mapping[str, Lexicon]:
        """By one thread; others go on with what there is, but for the first time."""
        if held is not None and time.monotonic() < self._again_at:
            return held
        if not self._lock.acquire(timeout=0 if held is not None else LOADING_SECONDS):
            return held or {}
        try:
            held = self._files.get(generation.name, {})
            files = {name: held[name] for name in generation.lexicon or () if name in held}
            try:
                for name in generation.lexicon or ():
                    if name not in files:
                        files[name] = _opened(objects, key_of(generation.name, name))
                self._away.over()
            except (Unavailable, ValueError) as error:
                # Nothing that was there is lost: words of files that were folded stand in the one that is missing.
                files = {**held, **files}
                self._again_at = time.monotonic() + AGAIN_SECONDS
                self._away.tell(generation=generation.name, error=type(error).__name__)
            self._files[generation.name] = files
            return files
        finally:
            self._lock.release()


def _opened(objects: ObjectStore, key: str) -> Lexicon:
    # What is mapped stays readable when the name, or the copy that a remote store makes, is gone.
    with objects.local(key) as path, path.open("rb") as file:
        return Lexicon(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
