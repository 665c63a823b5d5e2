"""Take away what nobody refers to any more: stored files, texts, pictures, uploads that were given up.

Nothing is taken that a running deposit may hold. Bytes come into the store
before the row that names them, so an object without a row counts only when it
has been there for the whole grace time; a row without a file counts from the
last time somebody offered its bytes. The object goes in the unit of work that
takes its row, in which nobody else can offer the same bytes; a deposit that
has found them there looks again before it commits (`deposit.py`).
What a purge that was killed has left goes too, whatever its age.
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Literal

from service.errors import Conflict
from service.library.documents import DOCUMENTS
from service.library.permissions import require_role
from service.library.renditions import is_old
from service.library.services import Services
from service.model import Principal
from service.ports import BLOBS, UnitOfWork, blob_key

Kind = Literal["file", "derived", "rendition", "text", "upload"]
KINDS: tuple[Kind, ...] = ("file", "derived", "rendition", "text", "upload")
GRACE_DAYS = 7
PAGE = 500
DERIVED = "derived"
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Trash:
    """An object that went, or would go. key: of an upload its name."""

    kind: Kind
    key: str


def sweep(
    services: Services, principal: Principal, *, grace_days: int = GRACE_DAYS, dry_run: bool = False
) -> Iterator[Trash]:
    """Yields what goes, one by one; with `dry_run` nothing does. Killed and run again, it does the rest.

    Raises: NotAllowed; Unavailable: a part is away.
    """
    require_role(principal, "purge")
    before = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=grace_days)
    went: Counter[str] = Counter()
    for trash in _Sweep(services, before, dry_run=dry_run).everything():
        went[trash.kind] += 1
        yield trash
    if went and not dry_run:
        services.catalogue.write(lambda work: work.events.add("trash-swept", None, principal.role, dict(went)))


class _Held(Exception):
    """Somebody has brought these bytes a moment ago."""


@dataclass(frozen=True, slots=True)
class _Sweep:
    """before: what came later stays."""

    services: Services
    before: datetime.datetime
    dry_run: bool

    def everything(self) -> Iterator[Trash]:
        yield from self._rows()
        yield from self._objects()
        yield from self._derived()
        yield from self._outdated()
        yield from self._texts()
        yield from self._uploads()

    def _rows(self) -> Iterator[Trash]:
        """Stored files with a row to which no file of any resource points."""
        after = ""
        while True:
            with self.services.catalogue.reading() as work:
                page = work.blobs.unreferenced(self.before, PAGE, after=after)
            for sha256 in page:
                found = list(self._file(sha256))
                yield from found
                if found and self.dry_run:
                    # Their row is here still; where it goes they are found by themselves.
                    yield from self._gone("derived", self.services.objects.keys(f"{DERIVED}/{sha256}/"))
            if len(page) < PAGE:
                return
            after = page[-1]

    def _objects(self) -> Iterator[Trash]:
        """Stored files without a row, and those that were purged and came back or stayed."""
        for keys in _pages(self.services.objects.keys(f"{BLOBS}/")):
            hashes = [name for key in keys if _HASH.fullmatch(name := key.rpartition("/")[2])]
            with self.services.catalogue.reading() as work:
                known, refused = work.blobs.known(hashes), work.blobs.refused(hashes)
            for sha256 in hashes:
                if sha256 in refused:
                    yield from self._gone("file", [blob_key(sha256)])
                elif sha256 not in known:
                    yield from self._file(sha256)

    def _file(self, sha256: str) -> Iterator[Trash]:
        key = blob_key(sha256)
        if self.dry_run:
            if not self._fresh(key):
                yield Trash("file", key)
            return
        try:
            self.services.catalogue.write(partial(self._take, sha256))
        except (Conflict, _Held):
            return
        yield Trash("file", key)

    def _take(self, sha256: str, work: UnitOfWork) -> None:
        # From here to the commit nobody offers these bytes; whoever has written them anew made them fresh.
        work.blobs.remove(sha256)
        if self._fresh(blob_key(sha256)):
            raise _Held
        self.services.objects.remove(blob_key(sha256))

    def _fresh(self, key: str) -> bool:
        written = self.services.objects.written_at(key)
        return written is not None and written >= self.before

    def _derived(self) -> Iterator[Trash]:
        """Pictures and forms of files that are not here, and those that an older recipe made."""
        for keys in _pages(self.services.objects.keys(f"{DERIVED}/")):
            sources = {key: key.split("/")[1] for key in keys}
            hashes = {name for name in sources.values() if _HASH.fullmatch(name)}
            with self.services.catalogue.reading() as work:
                here = work.blobs.known(hashes) - work.blobs.refused(hashes)
            orphans = [key for key, source in sources.items() if source in hashes - here]
            yield from self._gone("derived", orphans)
            yield from self._gone("rendition", [key for key in keys if key not in orphans and is_old(key)])

    def _outdated(self) -> Iterator[Trash]:
        """Texts that an older pipeline read, where a newer one has read the same files."""
        after = ""
        while True:
            with self.services.catalogue.reading() as work:
                page = work.readings.outdated(self.before, PAGE, after=after)
            if page and not self.dry_run:
                self.services.catalogue.write(partial(_drop, page))
            yield from self._unnamed(page, replaced=self.dry_run)
            if len(page) < PAGE:
                return
            after = page[-1]

    def _texts(self) -> Iterator[Trash]:
        """Texts that no reading names."""
        for keys in _pages(self.services.objects.keys(f"{DOCUMENTS}/")):
            yield from self._unnamed(keys)

    def _unnamed(self, keys: Iterable[str], *, replaced: bool = False) -> Iterator[Trash]:
        """replaced: their readings name them still, and would not."""
        with self.services.catalogue.reading() as work:
            named = frozenset() if replaced else work.readings.named(list(keys))
        # A worker stores a text before the row that names it.
        yield from self._gone("text", [key for key in keys if key not in named and not self._fresh(key)])

    def _uploads(self) -> Iterator[Trash]:
        """Uploads of which nothing has come for the whole grace time."""
        for staged in list(self.services.objects.staging.staged()):
            if staged.touched_at < self.before:
                if not self.dry_run:
                    self.services.objects.staging.remove(staged.name)
                yield Trash("upload", staged.name)

    def _gone(self, kind: Kind, keys: Iterable[str]) -> Iterator[Trash]:
        for key in keys:
            if not self.dry_run:
                self.services.objects.remove(key)
            yield Trash(kind, key)


def _drop(keys: Iterable[str], work: UnitOfWork) -> None:
    work.readings.drop_documents(list(keys))


def _pages(keys: Iterator[str]) -> Iterator[list[str]]:
    while page := list(islice(keys, PAGE)):
        yield page
