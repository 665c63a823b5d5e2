"""`/resources/{id}/text`: all that was read out of a file on one page, or on a few where it is a book.

What a slow link, a screen reader and a phone without a network want: the text
from beginning to end, its places as headings, nothing that loads afterwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from starlette.responses import Response

from ingest.document import Locator, Passage
from service.errors import NotFound
from service.http.parameters import identifier, number
from service.http.principal import principal_of
from service.library import look
from service.library.views import ResourceView
from service.search.marking import Wanted
from service.web import prose
from service.web.landing import moved, title_of
from service.web.rendering import Page


@dataclass(frozen=True, slots=True)
class Stretch:
    """What stands at one place. name: `Trang 12`; url: of the place in the reader."""

    name: str
    url: str
    pieces: list[prose.Piece]


def text(page: Page) -> Response:
    """The whole text of a file (`file=`, default the first one that has some), `part=` of it where it is long."""
    asked = identifier(page.request.path_params["id"])
    page.door.limits.spend(page.request, "page")
    view = look.resource(page.door.services, principal_of(page.request), asked)
    if view.resource.id != asked:
        return moved(page, asked, view.resource.id)
    chosen = number(page.request, "file")
    file, parts = read(page, view, chosen)
    part = min(number(page.request, "part", 1) or 1, len(parts))
    return shown(page, view, file, parts, chosen=chosen, part=part)


def shown(
    page: Page, view: ResourceView, file: int, parts: list[tuple[Passage, ...]], *, chosen: int | None, part: int
) -> Response:
    """One part (from 1) of a file's text. chosen: the file that the address names."""
    return page.render(
        "whole.html",
        view=view,
        title=title_of(view.revision),
        stretches=list(_stretches(page, view, file, parts[part - 1])),
        chosen=chosen,
        part=part,
        parts=len(parts),
    )


def read(page: Page, view: ResourceView, file: int | None) -> tuple[int, list[tuple[Passage, ...]]]:
    """(file number, parts) of the file's text; one empty part where it has none.

    Raises: NotFound: no such main file; Withdrawn.
    """
    with_text = [number for number, reading in view.readings.items() if reading.document_key and reading.passages]
    wanted = file or (with_text[0] if with_text else look.main_file(view.revision, None).number)
    if all(entry.number != wanted for entry in view.revision.main_files):
        raise NotFound
    found = look.passages(page.door.services, principal_of(page.request), view.resource.id, wanted)
    return wanted, prose.parts([passage for _, passage in found])


def _stretches(page: Page, view: ResourceView, file: int, passages: tuple[Passage, ...]) -> Iterator[Stretch]:
    for locator, group in groupby(passages, key=lambda passage: passage.locator):
        url = page.links.read(view.resource.id, file=file, kind=locator.kind, value=locator.value)
        pieces = prose.laid(list(group), {}, Wanted(), sheet=locator.kind == "sheet")
        yield Stretch(_name(page, locator), url, pieces)


def _name(page: Page, locator: Locator) -> str:
    # A package's id of an item is for machines.
    return "" if locator.kind == "item" else page.speech.place(locator)
