"""Look and take: a resource's page, its texts, its files and their pictures, for every door.

Each call asks the permission table first; what somebody may not see does not
exist for them.
"""

import json
from collections.abc import Iterator, Mapping

from ingest.document import Passage
from ingest.illustrate.chapters.shape import Chapter
from service.errors import Invalid, NotFound, NotReady
from service.library import chapters, lighter, pictures, printing, shown
from service.library.bundles import bundle_of, bundles
from service.library.documents import open_document
from service.library.lost import LOST
from service.library.permissions import Action, require
from service.library.services import Services
from service.library.views import OpenedFile, PageLayer, ResourceView, Word
from service.model import FileEntry, Principal, Reading, Resource, Revision
from service.ports import UnitOfWork, blob_key


def resource(services: Services, principal: Principal, resource_id: str, revision: int | None = None) -> ResourceView:
    """The published revision, or that one. Raises: NotFound; Withdrawn {reason}."""
    with services.catalogue.reading() as work:
        known = work.resources.get(resource_id)
        # All at once: on a server each look costs a way there and back.
        revisions = work.resources.revisions(known.key) if known else ()
        number = revision if revision is not None else known.published if known else None
        asked = next((one for one in revisions if one.number == number), None)
        found, wanted = _allowed(principal, known, asked, "see")
        organisation = work.organisations.get(found.owner)
        if organisation is None:
            raise NotFound
        return ResourceView(
            resource=found,
            revision=wanted,
            organisation=organisation,
            readings=_readings(work, wanted),
            history=tuple(one for one in revisions if one.published_at),
        )


def _find(
    work: UnitOfWork, principal: Principal, resource_id: str, number: int | None, action: Action
) -> tuple[Resource, Revision]:
    found = work.resources.get(resource_id)
    number = number if number is not None else found.published if found else None
    revision = work.resources.revision(found.key, number) if found and number else None
    return _allowed(principal, found, revision, action)


def _allowed(
    principal: Principal, found: Resource | None, revision: Revision | None, action: Action
) -> tuple[Resource, Revision]:
    allowed = require(principal, found, revision, action)
    if revision is None:
        raise NotFound
    return allowed, revision


def _readings(work: UnitOfWork, revision: Revision) -> Mapping[int, Reading]:
    names = {number: bundle_of(group) for number, group in bundles(revision.files).items()}
    found = work.readings.newest(list(names.values()))
    return {number: found[name] for number, name in names.items() if name in found}


def main_file(revision: Revision, number: int | None) -> FileEntry:
    """The main file of that number, or the first one. Raises: NotFound."""
    for entry in revision.main_files:
        if number in (None, entry.number):
            return entry
    raise NotFound


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


def open_files(
    services: Services, principal: Principal, resource_id: str, revision: int | None = None
) -> tuple[Revision, tuple[OpenedFile, ...]]:
    """All files of the published revision, or of that one, in order. Raises: NotFound; Withdrawn."""
    with services.catalogue.reading() as work:
        _, wanted = _find(work, principal, resource_id, revision, "download")
    return wanted, tuple(OpenedFile(entry=entry, key=blob_key(entry.sha256)) for entry in wanted.files)


def lighter_form(
    services: Services, principal: Principal, resource_id: str, number: int, form: lighter.Form
) -> tuple[OpenedFile, lighter.Made]:
    """A smaller form of a recording. Raises: NotFound: no such file, or it has none (yet); Withdrawn."""
    opened = open_file(services, principal, resource_id, number)
    made = lighter.made(services, opened.entry).get(form)
    if made is None:
        raise NotFound
    return opened, made


def printed(
    services: Services, principal: Principal, resource_id: str, number: int, *, sheet: int, wait_seconds: float
) -> OpenedFile:
    """A file of slides or text as a PDF, `sheet` pages on one, one of `printing.offered`.

    Raises: NotFound: no such file, or no such PDF can be made of it; Withdrawn; NotReady: a job makes it.
    """
    opened = open_file(services, principal, resource_id, number)
    view = resource(services, principal, resource_id)
    if sheet not in printing.offered(services, opened.entry, view.readings.get(number)):
        raise NotFound
    key = printing.key_of(opened.entry, sheet)
    if key == opened.key:
        # Nothing is made of it, so nothing is to be waited for.
        return opened
    subject = f"{view.resource.id}/{number}/pdf/{sheet}"
    if pictures.wait_for(services, key, subject, seconds=wait_seconds) is None:
        raise NotFound if services.objects.exists(key) else NotReady
    return OpenedFile(opened.entry, key)


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


def chapter(
    services: Services, principal: Principal, resource_id: str, *, file: int, section: int, wait_seconds: float
) -> Chapter | None:
    """A section of a book or page as HTML, with its links and pictures by number. None: it cannot be made.

    Raises: NotFound: no such file, or one without sections; Withdrawn; NotReady: a job makes it.
    """
    view = resource(services, principal, resource_id)
    entry = main_file(view.revision, file)
    if not chapters.has(entry):
        raise NotFound
    key, subject = chapters.chapter_key(entry.sha256, section), f"{view.resource.id}/{file}/section/{section}"
    data = pictures.wait_for(services, key, subject, seconds=wait_seconds)
    if data is None and not services.objects.exists(key):
        raise NotReady
    return chapters.decode(data) if data else None


def chapter_picture(
    services: Services,
    principal: Principal,
    resource_id: str,
    *,
    file: int,
    section: int,
    picture: int,
    width: int,
    wait_seconds: float,
) -> bytes | None:
    """A picture of a section as WebP, `width` one of `chapters.WIDTHS`. None: not ready in time, or not to be drawn.

    Raises: NotFound: no such file, or nobody was shown such a picture; Withdrawn; Invalid: width.
    """
    if width not in chapters.WIDTHS:
        raise Invalid(field="width", value=width)
    view = resource(services, principal, resource_id)
    entry = main_file(view.revision, file)
    source = chapters.source_of(services, entry, section, picture)
    if source is None:
        raise NotFound
    key = chapters.picture_key(entry.sha256, source, width)
    subject = f"{view.resource.id}/{file}/section/{section}/{picture}/{width}"
    return pictures.wait_for(services, key, subject, seconds=wait_seconds)


def _page_of(
    services: Services, principal: Principal, resource_id: str, file: int, page: int
) -> tuple[Resource, FileEntry]:
    view = resource(services, principal, resource_id)
    entry = main_file(view.revision, file)
    if not 1 <= page <= shown.pictures_of(services, entry, view.readings.get(file)):
        raise NotFound
    return view.resource, entry


def captions(
    services: Services, principal: Principal, resource_id: str, number: int, *, language: str, wait_seconds: float
) -> bytes | None:
    """A captions file, or a recording's own captions in a language, as WebVTT.

    language: one of `shown.captions_inside`; empty for a captions file. None: not ready in time, or not to be read.
    Raises: NotFound; Withdrawn.
    """
    view = resource(services, principal, resource_id)
    entry = next((one for one in view.revision.files if one.number == number), None)
    if entry is None or not (_speaks(services, view, entry, language) if language else shown.is_captions(entry)):
        raise NotFound
    subject = f"{view.resource.id}/{number}/captions{language and f'/{language}'}"
    return pictures.wait_for(services, pictures.captions_key(entry.sha256, language), subject, seconds=wait_seconds)


def _speaks(services: Services, view: ResourceView, entry: FileEntry, language: str) -> bool:
    """Whether a recording was read to have captions in this language."""
    reading = view.readings.get(entry.number)
    if reading is None or not reading.document_key or not shown.is_recording(entry):
        return False
    try:
        head = open_document(services.objects, reading.document_key).head
    except LOST:
        return False
    return language in shown.captions_inside(head)


def thumbnail(services: Services, principal: Principal, resource_id: str) -> bytes | None:
    """A WebP of 320 pixels' width: the first page, slide or frame, else a drawn card. None: not made (yet).

    Raises: NotFound; Withdrawn.
    """
    view = resource(services, principal, resource_id)
    found = pictures.thumbnail(services, view.revision)
    return (services.objects.get(found.key) or None) if found else None


def has_wide_thumbnail(services: Services, view: ResourceView) -> bool | None:
    """Whether the thumbnail of a resource that was just looked at is wide. None: there is none (yet), or no telling."""
    found = pictures.thumbnail_if_known(services, view.revision)
    return found.wide if found else None
