"""All that there is to harvest as one list: identifier, datestamp, status, a checksum of each format.

A harvester compares it with what it has and sees at once what it lacks, has in
vain or has wrong. It holds what lists without a set hold, so nothing that came
from other repositories: their own lists tell of it. It is in the order of the identifiers, made while it is sent,
some hundred records a transaction, so that its memory is the same in a library
of a million; what changes meanwhile stands there as it was when its page was read.
"""

import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from service.library.rendering import FORMATS, PUBLIC
from service.library.services import Services
from service.model import Inventoried, Window

PAGE = 500
NAMES = tuple(one.FORMAT.name for one in FORMATS)
COLUMNS = ("identifier", "datestamp", "status", *(f"sha256_{name}" for name in NAMES))
"""sha256_…: of the element inside `metadata` as it is sent, in UTF-8; empty where there is none."""


@dataclass(frozen=True, slots=True)
class State:
    """What the list follows from. changed: the last datestamp of all; None where nothing was ever listed."""

    changed: datetime.datetime | None
    records: int


def state(services: Services) -> State:
    with services.catalogue.reading() as work:
        issued, records = work.oai.issued(), work.oai.total(Window())
    changed = datetime.datetime.fromisoformat(issued) if issued else None
    return State(changed, records)


def lines(services: Services, public_url: str) -> Iterator[bytes]:
    """The head, then a line a record of ours that was ever listed, some hundred at a time.

    public_url: of what is sent.
    """
    yield "\t".join(COLUMNS).encode() + b"\n"
    after, address = "", escape(public_url)
    while True:
        with services.catalogue.reading() as work:
            page = work.oai.by_id(after, PAGE, forms=True, own=True)
        if page:
            yield "".join(_line(services.settings.repository_id, one, address) for one in page).encode()
            after = page[-1].id
        if len(page) < PAGE:
            return


def _line(repository: str, one: Inventoried, address: str) -> str:
    sums = [_sum(one.forms[name], address) if name in one.forms else "" for name in NAMES]
    cells = (f"oai:{repository}:{one.id}", one.datestamp, "deleted" if one.deleted else "live", *sums)
    return "\t".join(cells) + "\n"


def _sum(xml: str, address: str) -> str:
    return hashlib.sha256(xml.replace(PUBLIC, address).encode()).hexdigest()
