"""Libraries of any size in a catalogue, as rows of what publishing leaves behind: no file, nothing to index or draw.

Rows go in through the port that moves whole libraries (`Tables.load`), so
that 100,000 resources take a minute of a processor; a test holds them against
those of resources that were published (`tests/functional/test_suggestions.py`).
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.adapters.database.identifiers import new_identifier
from service.library.publishing import listed
from service.library.services import Services
from service.model import Resource, ResourceId, ResourceKey, Revision, Value
from service.ports import RowOfTable

BATCH = 2_000
DAY = datetime.date(2026, 11, 2)


@dataclass(frozen=True)
class Made:
    """A published resource to be. used: how often it was opened; public: whether everybody may see it."""

    values: tuple[Value, ...]
    used: int = 0
    public: bool = True


def fill(services: Services, made: Sequence[Made]) -> None:
    """Into an empty migrated library, many a commit."""
    for start in range(0, len(made), BATCH):
        numbered = enumerate(made[start : start + BATCH], start=start + 1)
        with services.catalogue.writing() as work:
            tables: dict[str, list[RowOfTable]] = {}
            for number, one in numbered:
                for name, row in _rows(services, number, one):
                    tables.setdefault(name, []).append(row)
            for name in work.tables.names():
                work.tables.load(name, tables.get(name, []))
    with services.catalogue.writing() as work:
        work.tables.settle()


def _rows(services: Services, number: int, made: Made) -> Iterator[tuple[str, RowOfTable]]:
    """(table, row) of one resource, whose key is its number."""
    now = datetime.datetime.now(datetime.UTC)
    key, moment = ResourceKey(number), now.isoformat()
    access = "public" if made.public else "organisation"
    resource = Resource(key, ResourceId(new_identifier()), "default", "local", "live", access, None, 1, now, now)  # type: ignore[arg-type]
    revision = Revision(key, 1, "published", made.values, (), now, now)
    yield (
        "resources",
        {
            "key": number, "id": resource.id, "owner": resource.owner, "origin": resource.origin,
            "visibility": "live", "access": access, "published": 1, "created_at": moment, "modified_at": moment,
            "withdrawn_reason": "", "row_version": 1,
        },
    )  # fmt: skip
    state = {"state": "published", "created_at": moment, "published_at": moment, "row_version": 1}
    yield "revisions", {"key": number, "resource": number, "number": 1, **state}
    for position, value in enumerate(made.values):
        yield (
            "revision_values",
            {
                "revision": number, "position": position, "field": value.field, "value": value.value,
                "language": value.language, "origin": value.origin, "place": value.where,
            },
        )  # fmt: skip
    for field, term in sorted(set(listed(services.vocabularies, resource, revision))):
        yield "terms", {"resource": number, "field": field, "value": term}
    if made.used:
        count = {"kind": "opening", "organisation": "default", "door": "web", "number": made.used}
        yield "daily_counts", {"day": DAY.isoformat(), "resource": resource.id, **count}
