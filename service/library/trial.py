"""The set `trial`: some fifty records of every type, for whoever tries harvesting out before taking all.

Whoever is in it stays, so that a trial can be repeated. A worker looks once a
minute whether a type has come that it lacks, or whether there is room.
"""

from collections.abc import Mapping, Sequence

from service.library.services import Services
from service.model import PRIORITY_REPAIR, ResourceId, ResourceKey
from service.ports import UnitOfWork

SIZE = 50

Candidates = Mapping[str, Sequence[tuple[ResourceKey, ResourceId]]]


def fill(services: Services) -> int:
    """Take in what is lacking; their records are rendered anew. Returns: how many."""
    with services.catalogue.reading() as work:
        size, held = work.oai.trial()
        types = [code for code in work.terms.counts("type") if size < SIZE or code not in held]
        found = {code: work.oai.trial_candidates(code, max(1, SIZE - size)) for code in types}
    chosen = choose(size, held, found)
    if not chosen:
        return 0

    def act(work: UnitOfWork) -> None:
        work.oai.try_out([key for key, _ in chosen])
        work.jobs.add_all("render", [id for _, id in chosen], priority=PRIORITY_REPAIR)

    services.catalogue.write(act)
    return len(chosen)


def choose(size: int, held: Mapping[str, int], found: Candidates) -> list[tuple[ResourceKey, ResourceId]]:
    """One of each type that is lacking, whatever there is room for; then of the types that have least, until SIZE.

    size: how many are in it; held: of each type; found: those of each type that are not.
    """
    counts = {code: held.get(code, 0) for code in found}
    left = {code: list(candidates) for code, candidates in found.items()}
    taken: dict[ResourceKey, ResourceId] = {}
    while any(left.values()):
        code = min((one for one in left if left[one]), key=lambda one: (counts[one], one))
        if counts[code] and size + len(taken) >= SIZE:
            break
        key, id = left[code].pop(0)
        if key not in taken:
            taken[key] = id
            counts[code] += 1
    return list(taken.items())
