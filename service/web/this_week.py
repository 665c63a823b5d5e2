""" "Tuần này" on the start page: what stands in this week of the school year, for the grades that somebody chose.

The choice is kept in a cookie of this browser that holds grades and nothing
else. Without one the whole week is offered; without JavaScript it is a form.
"""

import datetime
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.http.door import Door
from service.http.principal import principal_of
from service.library import discover, school_year
from service.library.views import Item, SearchResults
from service.web import forms
from service.web.asking import Asking
from service.web.rendering import PAGE_CACHE, Page
from service.web.speech import HERE

COOKIE: Final = "grades"
# A code has no dot (`tests/unit/vocabularies`), and a dot needs no quotes in a cookie.
BETWEEN = "."
KEPT_SECONDS = 400 * 86_400
"""As long as browsers keep a cookie at most: over the summer too."""
MOST_GRADES = 12
MOST_BYTES = 4_000
SHOWN = 6
NEAR = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """A grade in the form."""

    code: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ThisWeek:
    """What is drawn. following: label and address of the next week; grades: (label, count, address) of each chosen one.

    near: the same of the nearest weeks that have something, where this one has nothing.
    """

    title: str
    sentence: str
    total: int
    url: str
    following: tuple[str, str] | None
    grades: list[tuple[str, int, str]]
    items: tuple[Item, ...]
    near: list[tuple[str, int, str]]
    choices: list[Choice]


def headers(page: Page) -> dict[str, str]:
    """What caches are told of a page that shows it: with a cookie it is this reader's."""
    private = {"Cache-Control": f"private, {PAGE_CACHE}"} if COOKIE in page.request.cookies else {}
    return {"Vary": "Cookie", **private}


def this_week(page: Page, everything: SearchResults) -> ThisWeek | None:
    """None where nothing of the library stands in a week. everything: an answer to no question.

    Raises: IndexUnavailable.
    """
    if not everything.facets["week"]:
        return None
    settings = page.door.services.settings
    today = datetime.datetime.now(HERE).date()
    week = school_year.week_of(today, begins=settings.school_year_begins, holidays=settings.holidays)
    chosen = grades_of(page)
    asked = _asked(page, chosen, week.number)
    results = discover.search(page.door.services, principal_of(page.request), asked.request(size=SHOWN))
    counts = {one.value: one.count for one in results.facets["grade"]}
    return ThisWeek(
        title=page.speech("week") if week.state == "running" else page.labels.of("week", str(week.number)),
        sentence=page.speech(
            f"week-{week.state}",
            number=week.number,
            year=week.years,
            first=page.speech.day(week.first),
            last=page.speech.day(week.last),
        ),
        total=results.total,
        url=asked.url,
        following=_following(page, chosen, week.number),
        grades=[
            (page.labels.of("grade", code), counts.get(code, 0), _asked(page, (code,), week.number).url)
            for code in chosen
        ],
        items=results.items,
        near=_near(page, chosen, week.number, results) if not results.items else [],
        choices=_choices(page, everything, chosen),
    )


def _asked(page: Page, grades: tuple[str, ...], week: int) -> Asking:
    filters = {"grade": grades, "week": (str(week),)}
    return Asking(links=page.links, filters={name: codes for name, codes in filters.items() if codes})


def _following(page: Page, chosen: tuple[str, ...], week: int) -> tuple[str, str] | None:
    if week == school_year.WEEKS:
        return None
    return page.labels.of("week", str(week + 1)), _asked(page, chosen, week + 1).url


def _near(page: Page, chosen: tuple[str, ...], week: int, results: SearchResults) -> list[tuple[str, int, str]]:
    """Its own filter left out, the facet counts what other weeks hold."""
    counts = {int(one.value): one.count for one in results.facets["week"] if one.count}
    nearest = sorted(counts, key=lambda number: (abs(number - week), number))[:NEAR]
    return [
        (page.labels.of("week", str(number)), counts[number], _asked(page, chosen, number).url)
        for number in sorted(nearest)
    ]


def _choices(page: Page, everything: SearchResults, chosen: tuple[str, ...]) -> list[Choice]:
    """Grades that there is something of, and those that were chosen, in the order of the vocabulary."""
    held = {one.value for one in everything.facets["grade"] if one.parent is not None} | {*chosen}
    grades = page.door.services.vocabularies.terms.get("grade", {})
    return [Choice(code, page.labels.of("grade", code), code in chosen) for code in grades if code in held]


def grades_of(page: Page) -> tuple[str, ...]:
    """What this browser has chosen; whatever else stands in the cookie is left out."""
    return _known(page, page.request.cookies.get(COOKIE, "").split(BETWEEN))


def _known(page: Page, codes: list[str]) -> tuple[str, ...]:
    """In the order of the vocabulary."""
    said = {*codes}
    return tuple(code for code in page.door.services.vocabularies.terms.get("grade", {}) if code in said)[:MOST_GRADES]


async def choose(door: Door, language: str, request: Request) -> Response:
    """The form of the start page. Raises: NotAllowed: another site's; Invalid: no form."""
    body = await forms.body_of(request, most_bytes=MOST_BYTES)
    return await to_thread.run_sync(_chosen, Page(request, door, language), body)


def _chosen(page: Page, body: bytes) -> Response:
    page.door.limits.spend(page.request, "page")
    grades = _known(page, forms.fields_of(body, most=100).get("grade", []))
    answer = RedirectResponse(f"{page.links.home()}#this-week", 303, headers={"Cache-Control": "no-store"})
    public = urlsplit(page.door.services.settings.public_url)
    answer.set_cookie(
        COOKIE,
        BETWEEN.join(grades),
        # An empty choice takes the cookie away.
        max_age=KEPT_SECONDS if grades else 0,
        path=public.path or "/",
        secure=public.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return answer
