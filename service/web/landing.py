"""`/resources/{id}`: what it is, how to open and take it, what is known of it; `/v/{k}`: the same for one revision."""

from dataclasses import dataclass

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from ingest.document import ContentsEntry
from service.crosswalks import schema_org
from service.errors import Unavailable
from service.http.files import may_be_inline
from service.http.parameters import counted, identifier
from service.http.principal import principal_of
from service.library import look, placements, places, records, shelf
from service.library.address import host
from service.library.notices import notices
from service.library.views import Item, Place, ResourceView
from service.model import FileEntry, Reading, Revision
from service.web import placing, signposting, takings, telling
from service.web.rendering import Page
from service.web.speech import Speech

CONTENTS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of the definition list: texts with addresses (empty: plain text)."""

    term: str
    values: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file with its addresses; `address`: for paper, where no page stands around it.

    `trouble`: why nothing of it can be searched; `notices`: what else to know of it.
    """

    entry: FileEntry
    url: str
    address: str
    extent: str
    trouble: str
    notices: tuple[str, ...]


def landing(page: Page) -> Response:
    """The page of a resource: the current revision, or the one that the address names."""
    asked = identifier(page.request.path_params["id"])
    page.door.limits.spend(page.request, "page")
    number = page.request.path_params.get("revision")
    view = look.resource(
        page.door.services, principal_of(page.request), asked, counted(number) if number is not None else None
    )
    if view.resource.id != asked:
        return moved(page, asked, view.resource.id)
    pinned = view.revision.number if number is not None else None
    if (crosswalk := telling.preferred(page.request)) is not None:
        return telling.answer(page.door, page.request, view, crosswalk, pinned=pinned is not None)
    if not telling.acceptable(page.request):
        return telling.unacceptable(page.speech("accept-none"), page.absolute, view, pinned=pinned)
    page.door.counting.opened(page.request, "opening", view)
    return shown(page, view, pinned)


def shown(page: Page, view: ResourceView, pinned: int | None) -> Response:
    """The page of a view, counted nowhere. pinned: the revision that its address names."""
    current = pinned is None or view.revision.number == view.resource.published
    place = _place(page, view) if pinned is None and view.revision.main_files else None
    contents = place.contents if place else ()
    # The picture's address is the published revision's: beside another one it would show what is not there.
    wide = look.has_wide_thumbnail(page.door.services, view) if current else None
    files = _files(page, view, pinned)
    # What was harvested has a link and no file.
    main = next((line for line in files if line.entry.role == "main"), None)
    return page.render(
        "landing.html",
        headers={
            "Vary": "Accept",
            # Of the page in the first language: addresses of a resource that last.
            "Link": signposting.header(page.door.services, page.door.absolute(page.request), view, pinned),
            **({} if current else {"X-Robots-Tag": "noindex"}),
        },
        view=view,
        title=title_of(view.revision),
        facts=_facts(page, view),
        placed=placing.lines(page, view, place),
        files=files,
        main=main,
        open_url=_open_url(page, view, main, has_text=place is not None),
        contents=_contents(page, view, contents[:CONTENTS_SHOWN], main),
        contents_rest=_contents(page, view, contents[CONTENTS_SHOWN:], main),
        elsewhere=_elsewhere(view.revision),
        on_a_shelf=shelf.stands(view.revision),
        descriptions=[value for value in view.revision.values if value.field == "description"],
        has_thumbnail=wide is not None,
        wide=wide,
        current=current,
        jsonld=_jsonld(page, view, thumbnail=wide is not None) if current else "",
        formats=[
            (one.FORMAT.label, page.links.metadata(view.resource.id, one.FORMAT.name, pinned))
            for one in records.CROSSWALKS
        ],
        share_url=page.absolute.resource(view.resource.id, pinned),
        similar=_similar(page, view) if current else (),
        languages=_languages(page, view, pinned),
        takings={one.entry.number: takings.of_file(page, view, one.entry) for one in files} if current else {},
        take_all=takings.of_all(page, view, pinned),
    )


def _place(page: Page, view: ResourceView) -> Place | None:
    """The first place. None: there is none, or not while the store is away; the page goes on with what rows say."""
    try:
        return places.place(page.door.services, principal_of(page.request), view.resource.id, view=view)
    except Unavailable as error:
        places.tell(error)
        return None


def _similar(page: Page, view: ResourceView) -> tuple[Item, ...]:
    """Empty where the index does not answer in time: the page needs it for nothing else."""
    door = page.door
    return door.similar.of(door.services, principal_of(page.request), view, looks=not door.limits.busy)


def _languages(page: Page, view: ResourceView, pinned: int | None) -> list[tuple[str, str]]:
    """(language, address) of this page in every language."""
    return [
        (language, page.door.absolute(page.request, language).resource(view.resource.id, pinned))
        for language in page.door.prefixes
    ]


def _jsonld(page: Page, view: ResourceView, *, thumbnail: bool) -> Markup:
    """What search engines read. A block of data, which the policy of the page lets stand; nothing in it ends it."""
    record = telling.record_of(page.door, page.door.absolute(page.request), view, pinned=False, thumbnail=thumbnail)
    text = schema_org.write(record)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704


def moved(page: Page, asked: str, found: str) -> Response:
    """A retired id, or one in capitals, leads to the address that lasts."""
    path = page.request.url.path.replace(f"/resources/{asked}", f"/resources/{found}", 1)
    query = f"?{page.request.url.query}" if page.request.url.query else ""
    return RedirectResponse(f"{path}{query}", 301, headers={"Cache-Control": "no-cache"})


def title_of(revision: Revision) -> tuple[str, str]:
    """(title, language) as people see it; a file's name where it has none."""
    language = revision.first("language") or "und"
    for value in revision.values:
        if value.field == "title":
            return value.value, value.language or language
    return next((file.name for file in revision.main_files), ""), language


def _elsewhere(revision: Revision) -> tuple[str, str] | None:
    """(address, repository or host) of what was harvested or is only described; None for what is here."""
    link = revision.first("link")
    return (link, revision.first("source") or host(link)) if link and not revision.main_files else None


def _facts(page: Page, view: ResourceView) -> list[Fact]:
    revision, labels, t = view.revision, page.labels, page.speech

    def coded(name: str, codes: tuple[str, ...] | None = None) -> list[tuple[str, str]]:
        codes = revision.every(name) if codes is None else codes
        return [(labels.alone(name, code), page.links.search(**{name: code})) for code in codes]

    licence = revision.first("licence") or ""
    main = next(iter(revision.main_files), None)
    reading = view.readings.get(main.number) if main else None
    extent = _extent(t, main, reading) if main and reading else ""
    elsewhere = _elsewhere(revision)
    owner = (view.organisation.name, page.links.search(organisation=view.organisation.code))
    rows = [
        ("fact-subject", coded("subject")),
        ("fact-grade", coded("grade")),
        ("fact-topic", coded("topic", placements.topics(labels.vocabularies, revision.values))),
        ("fact-creator", [(name, "") for name in revision.every("creator")]),
        ("fact-publisher", [(name, "") for name in revision.every("publisher")]),
        ("fact-organisation", [owner]),
        ("fact-isbn", [(one, "") for one in revision.every(shelf.ISBN)]),
        ("fact-shelf", [(one, "") for one in revision.every(shelf.SHELF)]),
        ("fact-source", [(elsewhere[1], elsewhere[0])] if elsewhere else []),
        ("fact-licence", [(labels.of("licence", licence), labels.licence_url(licence))] if licence else []),
        ("fact-language", coded("language")),
        ("fact-extent", [(extent, "")] if extent else []),
        ("fact-keyword", [(word, page.links.search(q=word)) for word in revision.every("keyword")]),
        ("fact-published", [(t.date(revision.published_at), "")] if revision.published_at else []),
    ]
    return [Fact(t(code), values) for code, values in rows if values]


def _extent(speech: Speech, entry: FileEntry, reading: Reading) -> str:
    return speech.extent(reading.extent.pages, reading.extent.seconds, entry.media_type)


def _files(page: Page, view: ResourceView, pinned: int | None) -> list[FileLine]:
    lines = []
    for entry in view.revision.files:
        reading = view.readings.get(entry.number)
        code = f"unread-{reading.error}" if reading and reading.error else ""
        lines.append(
            FileLine(
                entry=entry,
                url=page.links.file(view.resource.id, entry.number, pinned),
                address=page.absolute.file(view.resource.id, entry.number, pinned),
                extent=_extent(page.speech, entry, reading) if reading else "",
                trouble=page.speech(code if page.speech.knows(code) else "unread-other") if code else "",
                notices=tuple(map(page.speech.warning, notices(principal_of(page.request), view, entry.number))),
            )
        )
    return lines


def _open_url(page: Page, view: ResourceView, main: FileLine | None, *, has_text: bool) -> str:
    """Where "open" leads: the reader if it has something to show, the file if a browser shows it, else nowhere."""
    if has_text:
        return page.links.read(view.resource.id)
    return main.url if main and may_be_inline(main.entry.media_type) else ""


def _contents(
    page: Page, view: ResourceView, entries: tuple[ContentsEntry, ...], main: FileLine | None
) -> list[tuple[ContentsEntry, str]]:
    file = main.entry.number if main else None
    return [
        (one, page.links.read(view.resource.id, file=file, kind=one.locator.kind, value=one.locator.value))
        for one in entries
    ]
