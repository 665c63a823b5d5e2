"""Where a reader stands: one place of a file, what is there, and the places around it, for every kind of locator."""

import logging

from ingest.document import Locator, Passage
from service.errors import NotFound, Unavailable
from service.library import look, shown
from service.library.documents import StoredDocument, open_document
from service.library.lost import LOST
from service.library.services import Services
from service.library.views import Place, ResourceView
from service.model import FileEntry, Principal, Reading
from service.telemetry import metrics
from service.telemetry.spell import Spell

log = logging.getLogger(__name__)

_GONE = Spell(log, "document-missing", level=logging.ERROR)


def place(
    services: Services,
    principal: Principal,
    resource_id: str,
    *,
    file: int | None = None,
    locator: Locator | None = None,
    nearest: bool = False,
    view: ResourceView | None = None,
) -> Place | None:
    """A place of a file (default: first main file, first place). None: neither text nor pictures to show.

    A file of pages or slides has all of them as places, also those without text; a recording is a place from
    its first second on, an image is one. nearest: a number that is none of its kind's means the one beside it.
    view: of the published revision, from whoever has looked at it already.
    Raises: NotFound: no such file or place; Withdrawn; Unavailable: its places stand in its text alone, which is not
    to be had (ObjectMissing, ObjectDamaged: it is gone).
    """
    view = view or look.resource(services, principal, resource_id)
    entry = look.main_file(view.revision, file)
    reading = view.readings.get(entry.number)
    document, away = _document(services, reading)
    places = _places(entry, document, reading)
    if away is not None:
        if not places:
            # Whoever is answered so is told that it is away, and an alarm is raised where it is gone.
            raise away
        tell(away)
    if not places:
        if locator is not None:
            raise NotFound
        return None
    wanted = places[0] if locator is None else _nearest(places, locator, around=nearest)
    index = places.index(wanted)
    timed = wanted.kind == "second"
    alone = len(view.revision.main_files) == 1
    picture, lacks = _drawn(services, entry, reading)
    passages, running = _words(document, wanted, all_of_them=timed)
    return Place(
        file=entry,
        locator=wanted,
        passages=passages,
        index=index,
        count=len(places),
        previous=places[index - 1] if index else None,
        next=places[index + 1] if index + 1 < len(places) else None,
        contents=document.head.contents if document else (),
        picture=picture,
        lacks=lacks,
        plays=shown.is_recording(entry),
        is_image=shown.is_image(entry),
        moment=int((locator or wanted).value) if timed else None,
        running=running,
        captions=tuple(filter(_beside, view.revision.files)) if timed and alone else (),
        captions_inside=shown.captions_inside(document.head) if document and timed else (),
    )


def _drawn(services: Services, entry: FileEntry, reading: Reading | None) -> tuple[bool, str]:
    """Whether there can be a picture, and the program that is missing for it; neither while the store is away."""
    try:
        lacks = shown.lacks(services, entry) if shown.turned(entry) else ""
        return shown.pictures_of(services, entry, reading) > 0, lacks
    except Unavailable:
        return False, ""


def _beside(file: FileEntry) -> bool:
    return file.role == "captions" and shown.is_captions(file)


def _document(services: Services, reading: Reading | None) -> tuple[StoredDocument | None, Unavailable | None]:
    """The text, or why it is not to be had: a page of pictures goes on without it."""
    if reading is None or not reading.document_key:
        return None, None
    try:
        return open_document(services.objects, reading.document_key), None
    except Unavailable as error:
        return None, error


def tell(error: Unavailable) -> None:
    """Raise the alarm where a page goes on without a text that is gone; one that is away comes back by itself.

    It can be read again from the file (`hoclieu reprocess`).
    """
    if isinstance(error, LOST):
        metrics.object_missing()
        _GONE.tell(**error.parameters)


def _words(
    document: StoredDocument | None, place: Locator, *, all_of_them: bool
) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
    """The passages of the place, and of the whole document where that is asked."""
    if document is None:
        return (), ()
    try:
        return document.at(place), tuple(document.passages()) if all_of_them else ()
    except Unavailable:
        # The store went away after the head was read: the page goes on as where there was none.
        return (), ()


def _places(entry: FileEntry, document: StoredDocument | None, reading: Reading | None) -> tuple[Locator, ...]:
    if reading is not None and reading.error is None:
        kind = shown.turned(entry)
        if kind and reading.extent.pages:
            return tuple(Locator(kind, number) for number in range(1, reading.extent.pages + 1))
        if not (document and document.places):
            if shown.is_recording(entry):
                return (Locator("second", 0),)
            return (Locator("page", 1),) if shown.is_image(entry) else ()
    return tuple(dict.fromkeys(document.places)) if document else ()


def _nearest(places: tuple[Locator, ...], wanted: Locator, *, around: bool) -> Locator:
    """The place itself; for seconds the passage that runs at that moment, or the first. Raises: NotFound.

    around: of other kinds that have numbers, the one beside it.
    """
    if wanted in places:
        return wanted
    if wanted.kind == "second" and isinstance(wanted.value, int):
        timed = [place for place in places if place.kind == "second"]
        before = [place for place in timed if int(place.value) <= int(wanted.value)]
        if timed:
            return before[-1] if before else timed[0]
    if around and isinstance(wanted.value, int):
        number = wanted.value
        if alike := [place for place in places if place.kind == wanted.kind]:
            return min(alike, key=lambda place: abs(int(place.value) - number))
    raise NotFound
