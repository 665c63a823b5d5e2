"""Organisations from a list: a CSV file of schools and offices, taken in as often as one likes."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from service.errors import Invalid, UnknownOrganisation
from service.library.curate import named
from service.library.permissions import require_role
from service.library.services import Services
from service.model import Organisation, Principal
from service.ports import UnitOfWork

COLUMNS = ("code", "name")
"""What must stand; `kind` and `parent` (the code of the one above) may, further columns are left alone."""
KIND = "organisation"


@dataclass(frozen=True, slots=True)
class Imported:
    """How many were added, and how many were here already and stay as they are."""

    added: int
    known: int


def read(path: Path) -> Sequence[tuple[int, Organisation]]:
    """(number of the row, organisation) of a CSV file in UTF-8 with the columns of `COLUMNS`.

    Raises: Invalid: no such file, a code that is none, a row without a name.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            # Not a reader of dictionaries: it leaves out blank rows, which whoever looks for a row counts.
            reader = csv.reader(source)
            names = next(reader, [])
            if not set(COLUMNS) <= set(names):
                raise Invalid(field="organisations", value=str(path))
            rows = [
                (number, dict.fromkeys(names, "") | dict(zip(names, map(str.strip, row), strict=False)))
                for number, row in enumerate(reader, start=2)
                if row
            ]
    except (OSError, UnicodeError, csv.Error) as error:
        raise Invalid(field="organisations", value=str(path)) from error
    return [
        (
            number,
            Organisation(*named(row["code"], row["name"]), row.get("kind", "") or KIND, row.get("parent", "") or None),
        )
        for number, row in rows
    ]


def take_in(services: Services, principal: Principal, rows: Sequence[tuple[int, Organisation]]) -> Imported:
    """Add those whose code is new, all or none. A parent stands in an earlier row or is here already.

    Raises: NotAllowed; UnknownOrganisation {value, where}: no such parent; Conflict: a code that somebody had once.
    """
    require_role(principal, "deposit")

    def act(work: UnitOfWork) -> Imported:
        known = {one.code for one in work.organisations.all()}
        before = len(known)
        for number, one in rows:
            if one.parent is not None and one.parent not in known:
                raise UnknownOrganisation(value=one.parent, where=f"parent, row {number}")
            if one.code not in known:
                work.organisations.add(one.code, one.name, one.kind, one.parent)
                known.add(one.code)
        added = len(known) - before
        return Imported(added, len(rows) - added)

    return services.catalogue.write(act)
