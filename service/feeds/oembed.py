"""`/oembed`: somebody pastes the address of a resource into a page elsewhere, and its editor shows a card.

Source: https://oembed.com
"""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from markupsafe import escape
from starlette.exceptions import HTTPException
from starlette.responses import Response

from service.crosswalks import XML_PROLOG, leaf, line, tree
from service.errors import Invalid, NotFound
from service.feeds.asked import Asked
from service.feeds.sending import sent
from service.http.covers import size_of
from service.http.parameters import SHOWN_CHARACTERS, identifier, number, text
from service.library import look
from service.library.views import ResourceView
from service.links import Links
from service.model import PUBLIC

WIDTH, HEIGHT = 480, 240
KEPT_SECONDS = 3600
SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
# A page of the resource, of a revision or a place of it.
_PAGE = re.compile(r"/resources/([^/]+)(?:/v/[0-9]+|/read|/text)?/?")


def oembed(asked: Asked) -> Response:
    """The card of the resource whose page is `url=`, as `format=json` or `xml`, in `maxwidth=`, `maxheight=`."""
    asked.door.limits.spend(asked.request, "page")
    form = text(asked.request, "format") or "json"
    if form not in ("json", "xml"):
        # As the specification says it.
        raise HTTPException(501)
    view, language = _meant(asked)
    told = _told(asked, view, language)
    if form == "json":
        return sent(asked.request, json.dumps(told, ensure_ascii=False).encode(), media_type="application/json")
    inside = [leaf(name, str(value)) for name, value in told.items()]
    document = XML_PROLOG + tree("oembed", inside)
    return sent(asked.request, document.encode(), media_type="text/xml; charset=utf-8")


def _meant(asked: Asked) -> tuple[ResourceView, str]:
    """The resource and the language of its page. Raises: Invalid: no address; NotFound: not one of ours; Withdrawn."""
    url = text(asked.request, "url")
    if not url:
        raise Invalid(field="url", value="")
    try:
        given, own = urlsplit(url), urlsplit(asked.links.public_url)
    except ValueError as error:
        raise Invalid(field="url", value=url[:SHOWN_CHARACTERS]) from error
    # An address that was copied before the library spoke TLS still is its own.
    if given.scheme not in ("http", "https") or given.netloc.lower() != own.netloc.lower():
        raise NotFound
    path = given.path.removeprefix(own.path)
    language = asked.door.language_of(path)
    page = _PAGE.fullmatch(path.removeprefix(asked.door.prefixes[language]))
    if page is None:
        raise NotFound
    return look.resource(asked.door.services, PUBLIC, identifier(page[1])), language


def _told(asked: Asked, view: ResourceView, language: str) -> dict[str, Any]:
    most_wide, most_high = number(asked.request, "maxwidth"), number(asked.request, "maxheight")
    width, height = min(WIDTH, most_wide or WIDTH), min(HEIGHT, most_high or HEIGHT)
    links = asked.door.absolute(asked.request, language)
    title = line(view.revision.first("title") or next((one.name for one in view.revision.main_files), ""))
    creators = [line(name) for name in view.revision.every("creator")]
    told: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "author_name": ", ".join(creators) or view.organisation.name,
        "provider_name": asked.library_name,
        "provider_url": links.home(),
        "cache_age": KEPT_SECONDS,
        "width": width,
        "height": height,
        "html": _frame(links, view, title, width, height),
    }
    if picture := look.thumbnail(asked.door.services, PUBLIC, view.resource.id):
        wide, high = size_of(picture)
        # "The thumbnail must respect any maxwidth and maxheight": one that does not fit is no part of the answer.
        if wide <= (most_wide or wide) and high <= (most_high or high):
            told["thumbnail_url"] = links.cover(view.resource.id)
            told["thumbnail_width"], told["thumbnail_height"] = wide, high
    return told


def _frame(links: Links, view: ResourceView, title: str, width: int, height: int) -> str:
    """It runs no script; whoever shows it may hold it to that."""
    return (
        f'<iframe src="{escape(links.embedded(view.resource.id))}" title="{escape(title)}" width="{width}" '
        f'height="{height}" sandbox="{SANDBOX}" loading="lazy" style="border:0;max-width:100%"></iframe>'
    )
