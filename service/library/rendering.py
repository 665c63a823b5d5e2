"""Render records for harvesters: once, when they change, not each time they are harvested.

A `render` job is queued in the transaction that publishes, restores or changes
a resource; what takes one away makes it a tombstone in
its own. The worker reads the state after leasing, writes every format outside
of any transaction, and stamps the batch in one short one.

What a record follows from besides its resource (crosswalks, vocabularies, its
organisation, the library's address) has a fingerprint. A worker looks now and
then what was made with another one, and for what should be listed and is not:
that is how records come in that an older version has published.
"""

import datetime
import hashlib
import inspect
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pyexpat import ParserCreate

from service import crosswalks
from service.crosswalks import Crosswalk, Record, lom, mods, oai_dc
from service.crosswalks.lom import names as lom_names
from service.crosswalks.lom import writing as lom_writing
from service.errors import NotFound, Unavailable
from service.library import profile, records, shelf
from service.library.bundles import bundle_of, bundles
from service.library.harvesting import origins
from service.library.permissions import access_of
from service.library.services import Services
from service.library.sets import READY, TRIAL, sets_of
from service.library.views import ResourceView
from service.links import Links
from service.model import (
    FROM_SOURCE,
    HARVESTED,
    LOCAL,
    PRIORITY_REPAIR,
    Organisation,
    Rendered,
    Resource,
    ResourceId,
    ResourceKey,
    Revision,
)
from service.ports import Origin, UnitOfWork

log = logging.getLogger(__name__)

FORMATS: tuple[Crosswalk, ...] = (oai_dc, lom, mods)
"""What is kept of each record, in the order in which harvesters are told."""

PUBLIC = "https://public-url.invalid"
"""Stands in what is kept for HOCLIEU_PUBLIC_URL: nothing stored contains it. No such host can exist (RFC 6761)."""

ABOUT = "\x1e"
"""Stands in a form between the metadata and what is said about a record; no XML holds this character."""

PAGE = 500


@dataclass(frozen=True, slots=True)
class Looked:
    """A resource as it is rendered. organisations: its owner, and those above it from the nearest on.

    former: codes of those that were merged into them. trial: it is in the set for trials.
    origins: where it stood before it came here, the source first; empty for what is this library's own.
    """

    view: ResourceView
    organisations: tuple[Organisation, ...]
    former: tuple[str, ...] = ()
    trial: bool = False
    origins: Sequence[Origin] = ()


def write(services: Services, ids: Sequence[str]) -> Mapping[str, Exception]:
    """Bring what harvesters get of these resources to their present state.

    Returns: those that cannot be rendered, with what went wrong; they stay as they were, all others are in.
    """
    made: list[Rendered] = []
    failed: dict[str, Exception] = {}
    for resource, view in views(services, ids):
        try:
            made.append(render(services, resource, view))
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - one record that cannot be rendered does not hold up the others
            failed[resource.id] = error
    if made:
        moved = services.catalogue.write(lambda work: work.oai.stamp(made))
        log.info("rendered", extra={"records": len(made), "moved": moved})
    return failed


def render(services: Services, resource: Resource, view: Looked | None) -> Rendered:
    """view: None where it may not be listed. Raises: ValueError: what a crosswalk wrote is no XML."""
    if view is None:
        return Rendered(resource.key, resource.id, resource.row_version)
    record = records.record(services, Links(PUBLIC), view.view, thumbnail=access_of(resource) == "public")
    forms = {one.FORMAT.name: one.write(record) for one in FORMATS}
    about = origins.write(view.origins)
    for name, xml in (*forms.items(), *([("provenance", about)] if about else [])):
        _check(name, xml)
    if about:
        forms = {name: f"{xml}{ABOUT}{about}" for name, xml in forms.items()}
    sets, lacks = _handed_on(services, view, record) if resource.origin == LOCAL else ((HARVESTED,), ())
    return Rendered(
        resource.key,
        resource.id,
        resource.row_version,
        sets,
        forms,
        fingerprint(services, view.organisations, view.former),
        _digest(*sets, *(part for form in sorted(forms.items()) for part in form), services.settings.public_url),
        lacks,
    )


def _handed_on(services: Services, view: Looked, record: Record) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The sets of what is this library's own, and what it lacks for the profile."""
    ready = profile.of_library(services.settings)
    lacks = tuple(ready.judge(record))
    also = ((f"{READY}:{ready.name}",) if not lacks else ()) + ((TRIAL,) if view.trial else ())
    revision = view.view.revision
    return sets_of(services.vocabularies, revision, view.organisations, former=view.former, also=also), lacks


def _check(name: str, xml: str) -> None:
    parser = ParserCreate("UTF-8", " ")
    try:
        parser.Parse(xml.encode(), True)
    except Exception as error:
        raise ValueError(f"{name} is not well-formed: {error}") from error


def views(services: Services, ids: Sequence[str]) -> Iterator[tuple[Resource, Looked | None]]:
    """Resources as they are rendered; None beside those that may not be listed. Unknown ids are left out."""
    with services.catalogue.reading() as work:
        known = work.resources.some(ids)
        # Each once: a retired id and the id that took its place mean the same one.
        found = list({known[one].key: known[one] for one in ids if one in known}.values())
        shown = work.resources.published([one.key for one in found])
        listed = {
            one.key: shown[one.key][1]
            for one in found
            if one.key in shown and may_be_listed(one) and _is_there(one, shown[one.key][1])
        }
        stood = work.harvests.origins([one.key for one in found if one.key in listed and one.origin != LOCAL])
        names = [bundle_of(group) for revision in listed.values() for group in bundles(revision.files).values()]
        readings = work.readings.newest(names)
        above = {owner: _with_those_above(work, owner) for owner in {one.owner for one in found if one.key in listed}}
        successors = work.organisations.successors()
        trial = work.oai.on_trial(list(listed))
    for resource in found:
        revision = listed.get(resource.key)
        if revision is None:
            yield resource, None
            continue
        read = {number: bundle_of(group) for number, group in bundles(revision.files).items()}
        view = ResourceView(
            resource=resource,
            revision=revision,
            organisation=above[resource.owner][0],
            readings={number: readings[name] for number, name in read.items() if name in readings},
            history=(),
        )
        path = above[resource.owner]
        former = _former(path, successors)
        yield resource, Looked(view, path, former, resource.key in trial, stood.get(resource.key, ()))


def may_be_listed(resource: Resource, today: datetime.date | None = None) -> bool:
    """What stays inside its organisation is listed nowhere; what came from elsewhere in a set of its own."""
    live = resource.published is not None and resource.visibility == "live"
    known = resource.origin == LOCAL or resource.origin.startswith(FROM_SOURCE)
    return live and known and access_of(resource, today) != "organisation"


def _is_there(resource: Resource, revision: Revision) -> bool:
    """Of what was harvested, or lies elsewhere, there is a link, or a shelf where it stands."""
    return bool(revision.main_files or revision.first("link")) or resource.origin != LOCAL or shelf.stands(revision)


def _former(path: Sequence[Organisation], successors: Mapping[str, str]) -> tuple[str, ...]:
    """Codes of all that were merged into one of these."""
    codes = {one.code for one in path}
    return tuple(sorted(code for code, now in successors.items() if now in codes))


def _with_those_above(work: UnitOfWork, code: str) -> tuple[Organisation, ...]:
    path: list[Organisation] = []
    while code and code not in {one.code for one in path}:
        one = work.organisations.get(code)
        if one is None:
            break
        path.append(one)
        code = one.parent or ""
    if not path:
        raise NotFound(organisation=code)
    return tuple(path)


# --- what was made with something else ---------------------------------------------------------


def fingerprint(services: Services, organisations: Sequence[Organisation], former: Sequence[str] = ()) -> str:
    """32 hex digits that change with anything that a record follows from besides its resource."""
    settings = services.settings
    about = (settings.language, settings.repository_id, settings.public_url)
    who = (part for one in organisations for part in (one.code, one.name, one.parent or ""))
    judged = profile.of_library(settings).fingerprint
    return _digest(_sources(), services.vocabularies.fingerprint(), judged, *about, *who, *former)[:32]


@cache
def _sources() -> str:
    """Of the code itself: a crosswalk that was changed without a word is noticed all the same."""
    modules = (crosswalks, records, profile, oai_dc, lom, lom_names, lom_writing, mods, inspect.getmodule(sets_of))
    return _digest(*(inspect.getsource(module) for module in modules if module is not None))


def _digest(*parts: str) -> str:
    summed = hashlib.sha256()
    for part in parts:
        data = part.encode()
        summed.update(b"%d " % len(data))
        summed.update(data)
    return summed.hexdigest()


def sweep(services: Services) -> int:
    """Queue what is listed and should not be, what should be and is not, and what was made with something else.

    Cheap where there is nothing to do. Returns: how many were queued.
    """
    today = datetime.datetime.now(datetime.UTC).date()
    queued = _queue(services, lambda work, after: work.oai.astray(today, after=after, limit=PAGE))
    with services.catalogue.reading() as work:
        pairs = work.oai.made_with()
        above = {owner: _with_those_above(work, owner) for owner in {owner for owner, _ in pairs}}
        successors = work.organisations.successors()
    wanted = {owner: fingerprint(services, path, _former(path, successors)) for owner, path in above.items()}
    for owner, made in pairs:
        if made != wanted[owner]:
            queued += _queue(services, partial(_stale, owner, made))
    if queued:
        log.info("render-queued", extra={"resources": queued})
    return queued


def _stale(owner: str, made: str, work: UnitOfWork, after: int) -> Sequence[tuple[ResourceKey, ResourceId]]:
    return work.oai.made(owner, made, after=after, limit=PAGE)


def everything(services: Services) -> int:
    """Queue all that was ever published. Returns: how many."""

    def published(work: UnitOfWork, after: int) -> Sequence[tuple[ResourceKey, ResourceId]]:
        found: Sequence[Resource] = ()
        while not found and (page := work.resources.after(after, PAGE)):
            found, after = [one for one in page if one.published], page[-1].key
        return [(one.key, one.id) for one in found]

    return _queue(services, published)


def _queue(services: Services, page: Callable[[UnitOfWork, int], Sequence[tuple[ResourceKey, ResourceId]]]) -> int:
    """A job for each resource of a walk, a page a transaction."""
    queued, after = 0, 0
    while True:
        with services.catalogue.reading() as work:
            found = page(work, after)
        if not found:
            return queued
        ids = [one for _, one in found]
        services.catalogue.write(partial(_add, ids))
        queued, after = queued + len(ids), found[-1][0]


def _add(ids: Sequence[str], work: UnitOfWork) -> None:
    work.jobs.add_all("render", ids, priority=PRIORITY_REPAIR)
