"""Look and take: a resource's page, its places, its files and their pictures, for every door.

Each call asks the permission table first; what somebody may not see does not
exist for them.
"""

import json
from collections.abc import Iterator, Mapping

from ingest.document import Locator, Passage
from ingest.illustrate import PAGED
from service.errors import Invalid, NotFound, ObjectMissing
from service.library import pictures
from service.library.documents import StoredDocument, open_document
from service.library.permissions import Action, require
from service.library.process import bundle_of, bundles
from service.library.services import Services
from service.library.views import OpenedFile, PageLayer, Place, ResourceView, Word
from service.model import FileEntry, Principal, Reading, Resource, Revision
from service.ports import UnitOfWork, blob_key


def resource(services: Services, principal: Principal, resource_id: str, revision: int | None = None) -> ResourceView:
    """The published revision, or that one. Raises: NotFound; Withdrawn {reason}."""
    with services.catalogue.reading() as work:
        found, wanted = _find(work, principal, resource_id, revision, "see")
        organisation = work.organisations.get(found.owner)
        if organisation is None:
            raise NotFound
        return ResourceView(
            resource=found,
            revision=wanted,
            organisation=organisation,
            readings=_readings(work, wanted),
            history=tuple(one for one in work.resources.revisions(found.key) if one.published_at),
        )


def _find(
    work: UnitOfWork, principal: Principal, resource_id: str, number: int | None, action: Action
) -> tuple[Resource, Revision]:
    found = work.resources.get(resource_id)
    number = number if number is not None else found.published if found else None
    revision = work.resources.revision(found.key, number) if found and number else None
    allowed = require(principal, found, revision, action)
    if revision is None:
        raise NotFound
    return allowed, revision


def _readings(work: UnitOfWork, revision: Revision) -> Mapping[int, Reading]:
    names = {number: bundle_of(group) for number, group in bundles(revision.files).items()}
    found = work.readings.newest(list(names.values()))
    return {number: found[name] for number, name in names.items() if name in found}


def passages(
    services: Services, principal: Principal, resource_id: str, file: int | None = None
) -> Iterator[tuple[int, Passage]]:
    """(file number, passage) of every main file, in order. Raises: NotFound; Withdrawn."""
    view = resource(services, principal, resource_id)
    if file is not None and all(entry.number != file for entry in view.revision.files):
        raise NotFound
    return _texts(services, view, file)


def _texts(services: Services, view: ResourceView, file: int | None) -> Iterator[tuple[int, Passage]]:
    for number, reading in view.readings.items():
        if reading.document_key and file in (None, number):
            for passage in open_document(services.objects, reading.document_key).passages():
                yield number, passage


def place(
    services: Services,
    principal: Principal,
    resource_id: str,
    *,
    file: int | None = None,
    locator: Locator | None = None,
) -> Place | None:
    """A place of a file (default: first main file, first place). None: neither text nor pictures to show.

    A file of pages has all its pages as places, also those without text.
    Raises: NotFound: no such file or place; Withdrawn.
    """
    view = resource(services, principal, resource_id)
    entry = _main_file(view.revision, file)
    reading = view.readings.get(entry.number)
    document = _document(services, reading)
    illustrated = entry.media_type in PAGED and reading is not None and reading.error is None
    places = _places(document, reading, paged=illustrated)
    if not places:
        if locator is not None:
            raise NotFound
        return None
    wanted = places[0] if locator is None else _nearest(places, locator)
    index = places.index(wanted)
    return Place(
        file=entry,
        locator=wanted,
        passages=document.at(wanted) if document else (),
        index=index,
        count=len(places),
        previous=places[index - 1] if index else None,
        next=places[index + 1] if index + 1 < len(places) else None,
        contents=document.head.contents if document else (),
        picture=illustrated,
    )


def _main_file(revision: Revision, number: int | None) -> FileEntry:
    for entry in revision.main_files:
        if number in (None, entry.number):
            return entry
    raise NotFound


def _document(services: Services, reading: Reading | None) -> StoredDocument | None:
    if reading is None or not reading.document_key:
        return None
    try:
        return open_document(services.objects, reading.document_key)
    except ObjectMissing:
        # The text can be read again from the file (`hoclieu reprocess`); the page still shows its picture.
        return None


def _places(document: StoredDocument | None, reading: Reading | None, *, paged: bool) -> tuple[Locator, ...]:
    if paged and reading is not None and reading.extent.pages:
        return tuple(Locator("page", number) for number in range(1, reading.extent.pages + 1))
    return tuple(dict.fromkeys(document.places)) if document else ()


def _nearest(places: tuple[Locator, ...], wanted: Locator) -> Locator:
    """The place itself; for seconds the passage that runs at that moment. Raises: NotFound."""
    if wanted in places:
        return wanted
    if wanted.kind == "second" and isinstance(wanted.value, int):
        before = [place for place in places if place.kind == "second" and int(place.value) <= wanted.value]
        if before:
            return before[-1]
    raise NotFound


def open_file(
    services: Services, principal: Principal, resource_id: str, number: int, revision: int | None = None
) -> OpenedFile:
    """A file of the published revision, or of that one. Raises: NotFound; Withdrawn."""
    with services.catalogue.reading() as work:
        _, wanted = _find(work, principal, resource_id, revision, "download")
    for entry in wanted.files:
        if entry.number == number:
            return OpenedFile(entry=entry, key=blob_key(entry.sha256))
    raise NotFound


def page_picture(
    services: Services, principal: Principal, resource_id: str, *, file: int, page: int, width: int, wait_seconds: float
) -> bytes | None:
    """The page as WebP, `width` one of `pictures.PICTURE_WIDTHS`. None: not ready in time (a job makes it).

    Raises: NotFound: no such file or page; Withdrawn; Invalid: width.
    """
    if width not in pictures.PICTURE_WIDTHS:
        raise Invalid(field="width", value=width)
    found, entry = _page_of(services, principal, resource_id, file, page)
    key = pictures.picture_key(entry.sha256, page, width)
    return pictures.wait_for(services, key, f"{found.id}/{file}/{page}/{width}", seconds=wait_seconds)


def page_layer(
    services: Services, principal: Principal, resource_id: str, *, file: int, page: int, wait_seconds: float
) -> PageLayer | None:
    """Words of a page with their boxes. None: not ready in time. Raises: NotFound; Withdrawn."""
    found, entry = _page_of(services, principal, resource_id, file, page)
    subject = f"{found.id}/{file}/{page}/{pictures.PICTURE_WIDTHS[0]}"
    data = pictures.wait_for(services, pictures.layer_key(entry.sha256, page), subject, seconds=wait_seconds)
    if data is None:
        return None
    layer = json.loads(data)
    return PageLayer(layer["aspect"], tuple(tuple(Word(*word) for word in line) for line in layer["lines"]))


def _page_of(
    services: Services, principal: Principal, resource_id: str, file: int, page: int
) -> tuple[Resource, FileEntry]:
    view = resource(services, principal, resource_id)
    entry = _main_file(view.revision, file)
    reading = view.readings.get(file)
    pages = reading.extent.pages if reading and reading.error is None else None
    if entry.media_type not in PAGED or not pages or not 1 <= page <= pages:
        raise NotFound
    return view.resource, entry


def thumbnail(services: Services, principal: Principal, resource_id: str) -> bytes | None:
    """A WebP of 320 pixels' width of the first main file's first page. None: not made (yet).

    Raises: NotFound; Withdrawn.
    """
    view = resource(services, principal, resource_id)
    entry = pictures.first_illustrated(view.revision)
    key = entry and pictures.picture_key(entry.sha256, 1, pictures.THUMBNAIL_WIDTH)
    return (services.objects.get(key) or None) if key and services.objects.exists(key) else None
