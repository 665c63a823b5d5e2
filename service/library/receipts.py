"""Read what somebody says of a package: which records were taken, which were not and why.

A receipt is the package's own form, filled in: a table with the columns
`package`, `identifier`, `outcome`, `reason` as CSV, separated by commas,
semicolons or tabs, as spreadsheets of different languages save it. A wrong row
is refused with its number before anything is written down; read twice it says
the same twice.
"""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from service.errors import Invalid
from service.library.packaging import RECEIPT
from service.library.permissions import require_role
from service.library.services import Services
from service.model import Handed, HandedState, Package, Principal
from service.ports import UnitOfWork
from service.vocabularies import folded

PAGE = 500
MOST_BYTES = 64 * 1024 * 1024
REASON_CHARACTERS = 1000
_WORDS: Mapping[HandedState, tuple[str, ...]] = {
    "accepted": ("accepted", "ok", "đã nhận", "nhận", "đạt"),
    "refused": ("refused", "rejected", "từ chối", "không nhận", "không đạt"),
}
OUTCOMES: Mapping[str, HandedState] = {folded(word): state for state, words in _WORDS.items() for word in words}
"""What may stand in the column, without regard to accents."""


@dataclass(frozen=True, slots=True)
class Row:
    """number: in the file, from 1. outcome: None: nothing was said."""

    number: int
    package: str
    identifier: str
    outcome: HandedState | None
    reason: str


@dataclass(frozen=True, slots=True)
class Read:
    """refused: (identifier, reason). unsaid: rows without an outcome; overtaken: sent again since; unknown: never
    sent in this package."""

    accepted: int
    refused: tuple[tuple[str, str], ...]
    unsaid: int = 0
    overtaken: int = 0
    unknown: tuple[str, ...] = ()


def read(path: Path) -> tuple[str, Sequence[Row]]:
    """The checksum of a receipt, and its rows. Raises: Invalid {field: receipt}: says the row and what is wrong."""
    try:
        with path.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise Invalid(field="receipt", value=f"{path}: {error}") from error
    if len(data) > MOST_BYTES:
        raise Invalid(field="receipt", value=f"{path}: > {MOST_BYTES} bytes")
    return hashlib.sha256(data).hexdigest(), list(_rows(text, path))


def _rows(text: str, path: Path) -> Iterator[Row]:
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    try:
        # Not a reader of dictionaries: it leaves out blank rows, which whoever looks for a row counts.
        table = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        names = [name.strip().lower() for name in next(table, [])]
        if missing := [name for name in RECEIPT[:3] if name not in names]:
            raise Invalid(field="receipt", value=f"{path}: {missing[0]}")
        for number, row in enumerate(table, start=2):
            cells = dict.fromkeys(names, "") | {name: cell.strip() for name, cell in zip(names, row, strict=False)}
            if not any(cells.values()):
                continue
            said = cells["outcome"]
            outcome = OUTCOMES.get(folded(said)) if said else None
            if (said and outcome is None) or not cells["identifier"] or not cells["package"]:
                raise Invalid(field="receipt", value=f"{path}, {number}: {said or cells['identifier']}"[:200])
            yield Row(
                number, cells["package"], cells["identifier"], outcome, cells.get("reason", "")[:REASON_CHARACTERS]
            )
    except csv.Error as error:
        raise Invalid(field="receipt", value=f"{path}: {error}") from error


def take_in(services: Services, principal: Principal, path: Path) -> Read:
    """Write down what a receipt says.

    Raises: NotAllowed; Invalid {field: receipt}: no receipt, a row that cannot be used, a package that was not
    written here.
    """
    require_role(principal, "move")
    digest, rows = read(path)
    packages: dict[str, Package] = {}
    with services.catalogue.reading() as work:
        for row in rows:
            if row.package not in packages:
                found = work.handovers.get(row.package)
                if found is None:
                    raise Invalid(field="receipt", value=f"{path}, {row.number}: {row.package}"[:200])
                packages[row.package] = found
    accepted, unsaid, overtaken = 0, 0, 0
    refused: list[tuple[str, str]] = []
    unknown: list[str] = []
    for start in range(0, len(rows), PAGE):
        page = rows[start : start + PAGE]
        states = services.catalogue.write(partial(_page, services, packages, page))
        for row, state in zip(page, states, strict=True):
            accepted += state == "accepted"
            unsaid += state == "unsaid"
            overtaken += state == "overtaken"
            if state == "refused":
                refused.append((row.identifier, row.reason))
            if state == "unknown":
                unknown.append(row.identifier)

    def told(work: UnitOfWork) -> None:
        for package in packages.values():
            work.handovers.received(package.key)
        counted = {"accepted": accepted, "refused": len(refused), "unknown": len(unknown)}
        named = ", ".join(sorted(packages))
        work.events.add("receipt-read", None, principal.role, {"packages": named, "sha256": digest, **counted})

    if packages:
        services.catalogue.write(told)
    return Read(accepted, tuple(refused), unsaid, overtaken, tuple(unknown))


def _page(services: Services, packages: dict[str, Package], rows: Sequence[Row], work: UnitOfWork) -> list[str]:
    """What became of each row."""
    scheme = f"oai:{services.settings.repository_id}:"
    states: list[str] = []
    told: dict[str, dict[int, Handed]] = {}
    for row in rows:
        package = packages[row.package]
        found = work.resources.get(row.identifier.removeprefix(scheme))
        item = work.handovers.items(package.profile, [found.key]).get(found.key) if found else None
        if item is None or item.package is None or item.package < package.key:
            states.append("unknown")
        elif item.package > package.key:
            states.append("overtaken")
        elif row.outcome is None:
            states.append("unsaid")
        else:
            states.append(row.outcome)
            # That a withdrawn record was given back is no reason to hold it for handed over.
            if item.state != "withdrawn":
                reason = row.reason if row.outcome == "refused" else ""
                changed = replace(item, state=row.outcome, reason=reason)
                told.setdefault(package.profile, {})[item.resource] = changed
    for profile, items in told.items():
        work.handovers.record(profile, list(items.values()))
    return states
