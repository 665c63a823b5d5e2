"""What pages elsewhere show in a frame: what is new of a school, one resource, and the page that gives the code for it.

A frame runs no script, sets no cookie and reads none; it is its own small
page, whose style and pictures come from the library. Its policy lets any page
show it, which no other page of the library does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import escape
from starlette.responses import Response

from service.errors import LibraryError, NotFound
from service.http.parameters import identifier, number, text, texts
from service.http.principal import principal_of
from service.http.problems import problem_of
from service.http.security import ANYWHERE, with_origin
from service.library import browse, look, syndicate
from service.library.filters import current, unknown
from service.library.views import ResourceView
from service.model import FACETS
from service.web.landing import moved, title_of
from service.web.rendering import Page

SHOWN, MOST = 5, 20
OFFERED = 500
"""Organisations that a list to choose from holds at most; a code of another one is typed into the address."""
TARGETS = ("_blank", "_top")
WIDTH, HEIGHT = 360, 480
KEPT = "public, max-age=300"


@dataclass(frozen=True, slots=True)
class Line:
    """A resource in a frame."""

    id: str
    title: str
    title_language: str
    kind: str
    about: str
    published: str
    thumbnail: str


def newest(page: Page) -> Response:
    """The last of a school, a subject, a grade (`organisation=`, `subject=`, `grade=` …), for a frame elsewhere."""
    page.door.limits.spend(page.request, "page")
    services = page.door.services
    filters = _filters(page)
    strange = unknown(services, filters)
    size = min(MOST, number(page.request, "size", SHOWN) or SHOWN)
    views = () if strange else syndicate.recent(services, filters, size=size).views
    return _framed(
        page,
        "embed-new.html",
        heading=_heading(page, filters),
        lines=[_line(page, view) for view in views],
        everything=page.absolute.search(**{name: list(codes) for name, codes in filters.items()}, sort="newest"),
    )


def card(page: Page) -> Response:
    """One resource as a card, for a frame elsewhere."""
    page.door.limits.spend(page.request, "page")
    try:
        asked = identifier(page.request.path_params["id"])
        view = look.resource(page.door.services, principal_of(page.request), asked)
    except NotFound as error:
        return _gone(page, error)
    if view.resource.id != asked:
        return moved(page, asked, view.resource.id)
    heading = title_of(view.revision)[0]
    return _framed(page, "embed-card.html", cache="no-cache", line=_line(page, view), heading=heading)


def _gone(page: Page, error: LibraryError) -> Response:
    """What stands in the frame of something that is not there (any more)."""
    problem = problem_of(error, page.language)
    return _framed(
        page, "embed-gone.html", status=problem.status, cache="no-store", heading=problem.title, problem=problem
    )


def _framed(page: Page, template: str, *, status: int = 200, cache: str = KEPT, **context: Any) -> Response:
    policy = with_origin(page.door.services.objects.redirects_to)["Content-Security-Policy"]
    for closed in ("script-src", "worker-src", "connect-src", "form-action"):
        policy = policy.replace(f"{closed} 'self'", f"{closed} 'none'")
    target = text(page.request, "target")
    return page.render(
        template,
        status=status,
        headers={
            "Cache-Control": cache,
            "Content-Security-Policy": policy.replace("frame-ancestors 'none'", ANYWHERE),
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Robots-Tag": "noindex",
        },
        target=target if target in TARGETS else TARGETS[0],
        **context,
    )


def _filters(page: Page) -> Mapping[str, tuple[str, ...]]:
    return current(page.door.services, {name: codes for name in FACETS if (codes := texts(page.request, name))})


def _heading(page: Page, filters: Mapping[str, tuple[str, ...]]) -> str:
    """`Học liệu mới của trường …`; whose they are said by the organisation, else by the library."""
    owners = filters.get("organisation", ())
    with page.door.services.catalogue.reading() as work:
        known = [found.name for code in owners if (found := work.organisations.get(code))]
    others = [
        page.labels.alone(name, code) for name, codes in filters.items() if name != "organisation" for code in codes
    ]
    heading = page.speech("embed-new-of", name=", ".join(known) or page.library_name)
    return " · ".join((heading, *others))


def _line(page: Page, view: ResourceView) -> Line:
    revision = view.revision
    title, language = title_of(revision)
    kind = revision.first("type") or "other"
    labels = page.labels
    about = [*labels.all_of("subject", revision.every("subject")), *labels.all_of("grade", revision.every("grade"))]
    drawn = look.has_wide_thumbnail(page.door.services, view) is not None
    return Line(
        id=view.resource.id,
        title=title,
        title_language=language,
        kind=labels.of("type", kind),
        about=" · ".join(about),
        published=page.speech.date(revision.published_at) if revision.published_at else "",
        thumbnail=page.links.thumbnail(view.resource.id) if drawn else "",
    )


def offer(page: Page) -> Response:
    """The code that a school copies into its own site, with what it shows; `organisation=`, `subject=` and so on."""
    page.door.limits.spend(page.request, "page")
    filters = _filters(page)
    size = min(MOST, number(page.request, "size", SHOWN) or SHOWN)
    address = page.absolute.feed(
        "/embed/new",
        **{name: list(codes) for name, codes in filters.items()},
        size=str(size) if size != SHOWN else "",
    )
    heading = _heading(page, filters)
    policy = with_origin(page.door.services.objects.redirects_to)["Content-Security-Policy"]
    return page.render(
        "embed.html",
        # It shows what it offers.
        headers={"Content-Security-Policy": f"{policy}; frame-src 'self'"},
        snippet=_snippet(address, heading),
        shown=page.links.feed("/embed/new", **{name: list(codes) for name, codes in filters.items()}, size=str(size)),
        heading=heading,
        width=WIDTH,
        height=HEIGHT,
        size=size,
        sizes=(3, SHOWN, 10, MOST),
        choices=_choices(page, filters),
        chosen={name: codes[0] for name, codes in filters.items()},
    )


def _snippet(address: str, heading: str) -> str:
    """The element to copy. Its sandbox lets links open, as the frame's pictures need its own origin; no script runs."""
    sandbox = "allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
    return (
        f'<iframe src="{escape(address)}" title="{escape(heading)}" width="{WIDTH}" height="{HEIGHT}" '
        f'sandbox="{sandbox}" loading="lazy" style="border:0;max-width:100%"></iframe>'
    )


def _choices(page: Page, filters: Mapping[str, tuple[str, ...]]) -> dict[str, list[tuple[str, str]]]:
    """By field what can be chosen, (code, name); organisations are those that have shared something."""
    services = page.door.services
    with services.catalogue.reading() as work:
        owned = work.terms.counts("organisation")
        named = [(one.code, one.name) for one in work.organisations.all()]
    wanted = filters.get("organisation", ())
    owners = [(code, name) for code, name in named if owned.get(code) or code in wanted]
    counts = page.door.browsing.counts(services)
    made = {"organisation": sorted(owners, key=lambda one: one[1])[:OFFERED]}
    for name in browse.FACETS[:2]:
        codes = [code for code in services.vocabularies.terms.get(name, {}) if counts[name].get(code)]
        made[name] = [(code, page.labels.of(name, code)) for code in codes]
    return made
