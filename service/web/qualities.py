"""Light, medium, whole: the forms of a recording that a page offers, each with its megabytes, and which one it plays.

Light is what is said alone, medium the film at 360 lines, whole the recording
as it came. Nobody who has chosen is overruled. Otherwise a browser that saves
data (`Save-Data`) or says that its line is slow (`ECT`) gets the smallest form
that is still what the recording is: a film keeps its picture.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from service.errors import Unavailable
from service.http.parameters import text
from service.library import lighter
from service.library.services import Services
from service.library.views import Place
from service.model import FileEntry
from service.web.rendering import Page

LIGHT, MEDIUM, WHOLE = "light", "medium", "whole"
PARAMETER = "quality"
_FORMS: Mapping[str, lighter.Form] = {LIGHT: "sound", MEDIUM: "film"}
_NAMES = {form: name for name, form in lighter.NAMES.items()}
SLOW = frozenset(("slow-2g", "2g", "3g"))
# What the page depends on, and what browsers are asked to say of their line from then on.
HEADERS = {"Vary": "Save-Data, ECT", "Accept-CH": "ECT"}


@dataclass(frozen=True, slots=True)
class Quality:
    """name: light, medium or whole. url: of its bytes. is_film: it has a picture."""

    name: str
    url: str
    size_bytes: int
    media_type: str
    is_film: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """The forms, lightest first; the one that is played; whether somebody chose it; what a slow line would get."""

    all: tuple[Quality, ...]
    played: Quality
    chosen: bool
    lightest: Quality


def offered(page: Page, resource_id: str, place: Place) -> Offered:
    """The forms of the recording at a place."""
    every = of_file(page.door.services, page, resource_id, place.file)
    by_name = {one.name: one for one in every}
    whole = by_name[WHOLE]
    lightest = next(one for one in every if one.is_film == whole.is_film)
    asked = by_name.get(text(page.request, PARAMETER))
    return Offered(every, asked or (lightest if saves(page.request) else whole), asked is not None, lightest)


def of_file(services: Services, page: Page, resource_id: str, entry: FileEntry) -> tuple[Quality, ...]:
    """The forms of a recording, the whole one last."""
    is_film = entry.media_type.startswith("video/")
    whole = Quality(WHOLE, page.links.file(resource_id, entry.number), entry.size_bytes, entry.media_type, is_film)
    try:
        made = lighter.made(services, entry)
    except Unavailable:
        made = {}
    smaller = [
        Quality(
            name,
            page.links.lighter(resource_id, entry.number, _NAMES[form]),
            made[form].size_bytes,
            lighter.TYPES[form],
            form == "film",
        )
        for name, form in _FORMS.items()
        if form in made
    ]
    return (*smaller, whole)


def saves(request: Request) -> bool:
    """Whether the browser asks for few bytes, or says that its line is slow."""
    return request.headers.get("save-data", "").lower() == "on" or request.headers.get("ect", "") in SLOW
