"""`/resources/{id}/read`: one place of a file, with the words that led here marked, and the way to its neighbours.

A page or slide is shown as its picture, a recording in a player beside its
transcript, an image by itself, a chapter of a book or page as HTML with its
pictures, everything else as text that is well set.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.responses import RedirectResponse, Response

from service.http.files import may_be_inline
from service.http.parameters import flag, identifier, locator, number
from service.http.principal import principal_of
from service.library import chapters as books
from service.library import look, places
from service.library.views import PageLayer, Place, ResourceView, SearchRequest
from service.links import PARAMETERS
from service.search.marking import Wanted
from service.search.understand import tokens_to_mark
from service.web import chapters, inside, prose, qualities, recording, takings
from service.web.landing import moved, title_of
from service.web.layer import draw
from service.web.neighbours import Neighbours
from service.web.rendering import PAGE_CACHE, Page

# How long a page waits for its picture before it shows the text.
WAIT_SECONDS = 2.0
# What people type a number of; other places are reached by links.
JUMPS = ("page", "slide", "section", "sheet", "question")
JUMPED = "jump"
"""Query parameter of the form in which people type such a number: one that the file does not have (0, 99 of 12) leads
to the place beside it. An address without it is somebody's link: where it names no place, it says so (404, or 400).
"""


def read(page: Page) -> Response:
    """A place of a file (`file=`, `page=` and the like), the words of `q=` marked; `text=1`: without pictures."""
    request, services, principal = page.request, page.door.services, principal_of(page.request)
    asked = identifier(request.path_params["id"])
    page.door.limits.spend(request, "page")
    view = look.resource(services, principal, asked)
    if view.resource.id != asked:
        return moved(page, asked, view.resource.id)
    file, text_only, jumped = number(request, "file"), flag(request, "text"), flag(request, JUMPED)
    wanted = locator(request, anything=jumped)
    found = inside.find(page, SearchRequest(text=page.query, resource=asked, size=1))
    if wanted is None and found.hits:
        # Somebody looked inside without naming a place: the best one is shown.
        best = found.hits[0]
        file, wanted = (best.file, best.locator) if file in (None, best.file) else (file, None)
    place = places.place(services, principal, asked, file=file, locator=wanted, nearest=jumped, view=view)
    if jumped and place is not None and place.locator != wanted:
        nearest = Neighbours(page, view, place, text_only=text_only).at(place.locator)
        return RedirectResponse(nearest, 303, headers={"Cache-Control": PAGE_CACHE})
    _count(page, view, found=bool(page.query and wanted))
    if place is None:
        entry = look.main_file(view.revision, file)
        return page.render("unreadable.html", view=view, title=title_of(view.revision), entry=entry)
    marked = tokens_to_mark(page.query) if page.query else Wanted()
    layer = _layer(page, asked, place) if place.picture and not place.is_image and not text_only else None
    choice = qualities.offered(page, asked, place) if place.plays else None
    quality = choice.played.name if choice and choice.chosen else ""
    to = Neighbours(page, view, place, text_only=text_only, quality=quality)
    hits = found.in_order
    chapter = None if text_only else chapters.shown(page, place, to, marked, wait_seconds=WAIT_SECONDS)
    return page.render(
        "recording.html" if place.plays else "image.html" if place.is_image else "reader.html",
        headers=qualities.HEADERS if place.plays else None,
        view=view,
        title=title_of(view.revision),
        place=place,
        name=PARAMETERS.get(place.locator.kind, place.locator.kind),
        jumps=place.locator.kind in JUMPS and place.count > 1,
        layer=draw(layer, marked) if layer else None,
        chapter=chapter if chapter and chapter.html else None,
        chaptered=books.is_one(place.file, place.locator),
        waiting=bool(chapter and chapter.waiting),
        text=_text(page, place, marked) if not (chapter and chapter.html) else Text([], 1, 1),
        answer=_answer(place),
        lines=recording.transcript(place, to, marked),
        speeds=recording.SPEEDS,
        player=recording.player(page, view, place, choice.played) if choice and not text_only else None,
        choice=choice,
        image=_image(page, view, place) if place.is_image else None,
        text_only=text_only,
        inside=found,
        searchable=any(reading.passages for reading in view.readings.values()),
        hits=hits,
        around=inside.around(hits, place.file.number, place.locator) if hits else None,
        to=to,
        takings=takings.of_file(page, view, place.file),
    )


def _layer(page: Page, asked: str, place: Place) -> PageLayer | None:
    return look.page_layer(
        page.door.services,
        principal_of(page.request),
        asked,
        file=place.file.number,
        page=int(place.locator.value),
        wait_seconds=WAIT_SECONDS,
    )


@dataclass(frozen=True, slots=True)
class Text:
    """What is written at a place, or a part of it (from 1) where it is very long. title: where no line says it."""

    pieces: list[prose.Piece]
    part: int
    parts: int
    title: str = ""


def _text(page: Page, place: Place, wanted: Wanted) -> Text:
    titles = {" ".join(one.title.split()): one.level for one in place.contents if one.locator == place.locator}
    made = prose.parts(place.passages)
    part = number(page.request, "part") or prose.first_marked(made, wanted)
    part = min(part, len(made))
    pieces = prose.laid(made[part - 1], titles, wanted, sheet=place.locator.kind == "sheet")
    said = any(block.kind == "heading" for piece in pieces for block in piece.blocks)
    # A slide's title is one of its lines, and a page's section may begin in the middle of it.
    named = place.locator.kind in ("section", "sheet", "item") and not said
    return Text(pieces, part, len(made), next(iter(titles), "") if named else "")


def _answer(place: Place) -> list[str]:
    """The lines of a question's answer, which its page folds."""
    asks = place.locator.kind == "question"
    return [line for one in place.passages for line in one.marginal.splitlines()] if asks else []


@dataclass(frozen=True, slots=True)
class Image:
    """How an image is shown: as pictures made of it, or as it is where browsers can and ours is not made.

    full: the address of the largest picture that a browser shows and zooms; its size where it is the file itself.
    shape: (width, height) in pixels, or None. alt: what it shows, and in which language.
    """

    drawn: bool
    plain: bool
    full: str
    full_bytes: int | None
    shape: tuple[int, int] | None
    alt: tuple[str, str]


def _image(page: Page, view: ResourceView, place: Place) -> Image:
    asked, plain = view.resource.id, may_be_inline(place.file.media_type)
    drawn = look.page_picture(
        page.door.services,
        principal_of(page.request),
        asked,
        file=place.file.number,
        page=1,
        width=720,
        wait_seconds=WAIT_SECONDS,
    )
    reading = view.readings.get(place.file.number)
    width, height = (reading.extent.width_pixels, reading.extent.height_pixels) if reading else (None, None)
    described = next((value for value in view.revision.values if value.field == "description"), None)
    title, language = title_of(view.revision)
    links = page.links
    return Image(
        drawn=drawn is not None,
        plain=plain,
        full=links.file(asked, place.file.number) if plain else links.page_picture(asked, place.file.number, 1, 1440),
        full_bytes=place.file.size_bytes if plain else None,
        shape=(width, height) if width and height else None,
        alt=(described.value, described.language or language) if described else (title, language),
    )


def _count(page: Page, view: ResourceView, *, found: bool) -> None:
    """Somebody who came from a page of this very resource has been counted there."""
    before = urlsplit(page.request.headers.get("referer", "")).path
    if f"/resources/{view.resource.id}" not in before:
        page.door.counting.opened(page.request, "hit-opened" if found else "opening", view)
