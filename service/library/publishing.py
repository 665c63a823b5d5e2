"""Make a draft the published revision, with all that follows: its terms, and the jobs that index and draw it.

Whoever publishes, a worker or a person, does it here, in a unit of work of
their own. What holds lists of pupils or staff is published by nobody.
"""

import datetime
from dataclasses import replace

from service.library import checksums, lessons, lighter, personal, placements
from service.library.bundles import names_of
from service.library.services import Services
from service.model import PRIORITY_BATCH, Access, Resource, Revision
from service.ports import UnitOfWork
from service.search.beginnings import TITLE, TOPIC, WORD, beginning, every
from service.vocabularies import Vocabularies


def publish(
    services: Services,
    work: UnitOfWork,
    resource: Resource,
    draft: Revision,
    *,
    actor: str,
    priority: int = PRIORITY_BATCH,
) -> Resource:
    """Make a draft, with the values that it has here, the published revision, in the caller's unit of work, with the
    jobs that follow, which are as urgent as its own was.

    Raises: PersonalData {places}: whoever asks.
    """
    personal.refuse(services, personal.held(work, names_of(draft)))
    now = datetime.datetime.now(datetime.UTC)
    if resource.published:
        former = work.resources.revision(resource.key, resource.published)
        if former is not None:
            work.resources.save_revision(replace(former, state="superseded"))
    work.resources.save_revision(replace(draft, state="published", published_at=now))
    vocabularies = services.living.of(work)
    access = access_for(vocabularies, draft, resource.access)
    saved = work.resources.save(replace(resource, published=draft.number, access=access, modified_at=now))
    # What is withdrawn or hidden stays so, and nothing lists it; whoever shows it again writes its terms.
    work.terms.replace(saved.key, listed(vocabularies, saved, draft) if saved.visibility == "live" else [])
    work.events.add("published", saved.key, actor, {"revision": draft.number, "access": access})
    work.jobs.add("index", saved.id, priority=priority)
    work.jobs.add("render", saved.id, priority=priority)
    if draft.files:
        work.jobs.add("illustrate", f"{saved.id}/thumbnail", priority=priority + 1)
    lighter.owe(work, saved, draft)
    checksums.owe(work, saved, draft)
    return saved


def access_for(vocabularies: Vocabularies, revision: Revision, access: Access) -> Access:
    """A licence that may not leave the house keeps its resource inside the organisation that holds it."""
    licence = vocabularies.get("licence", revision.first("licence") or "")
    return "organisation" if licence is not None and licence.extra.get("leaves") == "no" else access


_FACETS = frozenset(("subject", "grade", "topic", "type", "language", "licence"))


def terms_of(vocabularies: Vocabularies, resource: Resource, revision: Revision) -> list[tuple[str, str]]:
    """(field, code) with all ancestors, as the term table holds them, and the index those that are facets."""
    pairs = {("organisation", resource.owner)}
    for value in revision.values:
        if value.field == "source":
            # Of what was harvested: other repositories have names and no codes.
            pairs.add(("source", value.value))
        elif value.field in _FACETS:
            pairs.update((value.field, above) for above in vocabularies.path(value.field, value.value))
    pairs.update(placements.terms(vocabularies, revision))
    return sorted(pairs)


def listed(vocabularies: Vocabularies, resource: Resource, revision: Revision) -> list[tuple[str, str]]:
    """What the term table holds of a published revision: its facets, where it stands, the beginnings that suggestions
    look for.
    """
    first, *further = every(revision.first("title") or "") or [""]
    typed = [(TITLE, first), *((WORD, words) for words in further)]
    typed += [(TOPIC, beginning(word)) for word in revision.every("keyword")]
    stands = ((lessons.STANDS, one) for one in lessons.stands(revision.values))
    return [*terms_of(vocabularies, resource, revision), *stands, *((field, words) for field, words in typed if words)]


def touch(work: UnitOfWork, resource: Resource) -> Resource:
    """A new row version without another change, so that every index and every harvester takes the resource anew."""
    saved = work.resources.save(resource)
    work.jobs.add("index", saved.id, priority=PRIORITY_BATCH)
    work.jobs.add("render", saved.id, priority=PRIORITY_BATCH)
    return saved
