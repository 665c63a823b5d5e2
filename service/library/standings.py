"""How far each organisation's records are from what the national repository asks for, and what they lack.

Nothing is judged here: what each record lacks was written down when it was
rendered, and is counted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.library import profile
from service.library.services import Services
from service.model import Organisation, ResourceId, Standing

PAGE = 500


@dataclass(frozen=True, slots=True)
class Lacking:
    """field: of the profile, as people call it. lack: a code, `lack-…` of the sentences. number: of records."""

    field: str
    name: str
    lack: str
    number: int


@dataclass(frozen=True, slots=True)
class Report:
    """An organisation's line. lacking: most first."""

    organisation: Organisation
    standing: Standing
    lacking: tuple[Lacking, ...]

    def as_json(self) -> Mapping[str, object]:
        return {
            "organisation": self.organisation.code,
            "name": self.organisation.name,
            "ready": self.standing.ready,
            "listed": self.standing.listed,
            "inside": self.standing.inside,
            "lacking": [{"field": one.name, "lack": one.lack, "records": one.number} for one in self.lacking],
        }


def reports(services: Services, language: str, owner: str = "") -> list[Report]:
    """By organisation, all or the one, those first whose records lack most. Raises: SettingsError: the profile."""
    ready = profile.of_library(services.settings)
    with services.catalogue.reading() as work:
        standing, lacking = work.oai.standing(), work.oai.lacking()
        organisations = {one.code: one for one in work.organisations.all()}
    told = [
        Report(
            organisations[one.owner],
            one,
            tuple(
                Lacking(ready.field(field, language), field, lack, number)
                for code, field, lack, number in lacking
                if code == one.owner
            ),
        )
        for one in standing
        if owner in ("", one.owner)
    ]
    return sorted(told, key=lambda one: (one.standing.ready - one.standing.listed, one.organisation.code))


def each(services: Services, owner: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """(id, what it lacks) of each listed record of an organisation that lacks something, by key."""
    after = 0
    while True:
        with services.catalogue.reading() as work:
            rows = work.oai.lacks_of(owner, after, PAGE)
        if not rows:
            return
        found: dict[ResourceId, list[tuple[str, str]]] = {}
        for _, id, field, lack in rows:
            found.setdefault(id, []).append((field, lack))
        for resource, lacks in found.items():
            yield resource, tuple(lacks)
        after = rows[-1][0]
