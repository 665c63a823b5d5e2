"""How much an organisation may store: said by the operator, asked in the unit of work that deposits.

The bytes are counted from the rows of files, each stored file once however
many of its resources hold it. Two who deposit for one organisation take turns
from the count to the commit, so that they never find the same last room.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from service.errors import Invalid, NotFound, QuotaExceeded
from service.library.owners import answering
from service.library.permissions import require_role
from service.library.services import Services
from service.model import FileEntry, Principal
from service.ports import UnitOfWork

MEGABYTE = 1_000_000
_LETTERS = "KMGT"
_SIZE = re.compile(r"(\d{1,15})(?:[.,](\d{1,3}))?\s*([KMGT]?)(I?)B?", re.IGNORECASE)
NONE = ("none", "không")
"""Words for no bound."""
# More than any disk; a number that a column of 64 bits holds.
_MOST_BYTES = 10**18


@dataclass(frozen=True, slots=True)
class Use:
    """What an organisation stores and may store, in bytes; allowed_bytes None: no bound."""

    code: str
    used_bytes: int
    allowed_bytes: int | None


class Admission:
    """What still fits, while several bundles are taken in one commit."""

    def __init__(self, owner: str, allowed_bytes: int | None, used_bytes: int, held: Collection[str]) -> None:
        self._owner = owner
        self._allowed = allowed_bytes
        self._used = used_bytes
        self._held = set(held)

    @classmethod
    def begin(cls, work: UnitOfWork, owner: str, entries: Sequence[FileEntry]) -> "Admission":
        """First of all in a unit of work: whoever waits here holds nothing yet. Raises: NotFound."""
        quota = work.organisations.quota(owner, {entry.sha256 for entry in entries})
        if quota is None:
            return cls(owner, None, 0, ())
        return cls(owner, quota.allowed_bytes, quota.used_bytes, quota.held)

    def take(self, entries: Sequence[FileEntry]) -> QuotaExceeded | None:
        """Count these in, or say why not."""
        if self._allowed is None:
            return None
        new = {entry.sha256: entry.size_bytes for entry in entries if entry.sha256 not in self._held}
        needed = sum(new.values())
        if self._used + needed > self._allowed:
            return QuotaExceeded(
                organisation=self._owner,
                used_megabytes=_megabytes(self._used),
                allowed_megabytes=_megabytes(self._allowed),
                needed_megabytes=_megabytes(needed),
            )
        self._used += needed
        self._held.update(new)
        return None

    def require(self, entries: Sequence[FileEntry]) -> None:
        """Raises: QuotaExceeded."""
        if (exceeded := self.take(entries)) is not None:
            raise exceeded


def set_quota(services: Services, principal: Principal, code: str, allowed_bytes: int | None) -> Use:
    """None: no bound. What is stored already stays, be it more. Of a merged organisation its successor's is meant.

    Raises: NotAllowed; NotFound.
    """
    require_role(principal, "deposit")

    def act(work: UnitOfWork) -> Use:
        now = answering(work, code)
        work.organisations.set_quota(now, allowed_bytes)
        said = {"organisation": now, "allowed": "none" if allowed_bytes is None else str(allowed_bytes)}
        work.events.add("quota-set", None, principal.role, said)
        return Use(now, work.organisations.used(now), allowed_bytes)

    return services.catalogue.write(act)


def use_of(services: Services, code: str) -> Use:
    """Of a merged organisation its successor's. Raises: NotFound."""
    with services.catalogue.reading() as work:
        if work.organisations.get(code) is None:
            raise NotFound(organisation=code)
        now = answering(work, code)
        return Use(now, work.organisations.used(now), work.organisations.bounds().get(now))


def bytes_of(text: str) -> int | None:
    """`50GB`, `1,5 TB`, `500 MB`, `1GiB`, a bare number of bytes; None: one of `NONE`.

    Raises: Invalid: no size, or one that `is_ambiguous`.
    """
    if text.strip().casefold() in NONE:
        return None
    found = _SIZE.fullmatch(text.strip())
    if found is None or is_ambiguous(text):
        raise Invalid(field="quota", value=text)
    whole, part, letter, binary = found.groups()
    power = _LETTERS.index(letter.upper()) + 1 if letter else 0
    unit: int = (1024 if binary else 1000) ** power
    size = int(whole) * unit + (int(part) * unit // 10 ** len(part) if part else 0)
    if size > _MOST_BYTES:
        raise Invalid(field="quota", value=text)
    return size


def is_ambiguous(text: str) -> bool:
    """Whether people of different countries read it differently: 1.500 GB is one and a half, or fifteen hundred."""
    found = _SIZE.fullmatch(text.strip())
    return found is not None and len(found[2] or "") == 3


def _megabytes(size_bytes: int) -> int:
    """Rounded up: 0 would say that nothing is needed."""
    return -(-size_bytes // MEGABYTE)
