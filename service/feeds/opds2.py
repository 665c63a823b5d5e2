"""The catalogue in OPDS 2.0: JSON, with publications as Readium's manifests describe them.

Source: https://specs.opds.io/opds-2.0, https://readium.org/webpub-manifest
"""

import json
from collections.abc import Iterator
from typing import Any

from service.crosswalks import line, moment, plain
from service.feeds.asked import Asked
from service.feeds.publications import publication
from service.feeds.shelves import CRAWLABLE, ENTRY_PATH, NEW, PUBLICATIONS, Group, Shelf, Way
from service.feeds.told import Told

ROOT = "/opds/v2"
FEED = "application/opds+json"
PUBLICATION = "application/opds-publication+json"


def media_type(_shelf: Shelf) -> str:
    return FEED


def write(asked: Asked, shelf: Shelf) -> bytes:
    """The feed. One that lists nothing leads back to the start, since a feed must lead somewhere."""
    ways = shelf.ways
    if not (ways or shelf.entries):
        ways = (Way(asked("feed-start"), "", kind="navigation", rel="start"),)
    document: dict[str, Any] = {"metadata": _metadata(asked, shelf), "links": list(_links(asked, shelf))}
    if ways:
        document["navigation"] = [_way(asked, way) for way in ways]
    if shelf.entries:
        document["publications"] = [one(asked, told) for told in shelf.entries]
    if shelf.newest:
        document["groups"] = [_newest(asked, shelf)]
    if shelf.facets:
        document["facets"] = [_facet(asked, shelf, group) for group in shelf.facets]
    return _json(document)


def write_one(asked: Asked, told: Told) -> bytes:
    """The document of one resource."""
    return _json(one(asked, told))


def one(asked: Asked, told: Told) -> dict[str, Any]:
    itself = asked.links.feed(f"{ROOT}{ENTRY_PATH}/{told.id}")
    return publication(told, asked.tag("vocabulary"), itself=itself, kind=PUBLICATION)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _metadata(asked: Asked, shelf: Shelf) -> dict[str, Any]:
    told: dict[str, Any] = {
        "identifier": asked.tag(f"opds{shelf.path}", **shelf.named),
        "title": line(shelf.title),
        "modified": moment(shelf.updated),
    }
    if shelf.about:
        told["description"] = plain(shelf.about)
    if shelf.pages:
        told["numberOfItems"] = shelf.pages.total
        told["itemsPerPage"] = shelf.pages.size
        told["currentPage"] = shelf.pages.number
    return told


def _links(asked: Asked, shelf: Shelf) -> Iterator[dict[str, Any]]:
    links = asked.links
    yield {"rel": "self", "href": links.feed(ROOT + shelf.path, **shelf.parameters), "type": FEED}
    yield {"rel": "start", "href": links.feed(ROOT), "type": FEED, "title": asked.library_name}
    if shelf.up is not None:
        yield {"rel": "up", "href": links.feed(ROOT + shelf.up), "type": FEED}
    yield {
        "rel": "search",
        "href": f"{links.feed(ROOT + PUBLICATIONS)}{{?query}}",
        "type": FEED,
        "templated": True,
    }
    yield {"rel": "alternate", "href": shelf.html or links.home(), "type": "text/html"}
    if not shelf.path:
        yield {"rel": CRAWLABLE, "href": links.feed(ROOT + PUBLICATIONS), "type": FEED}
    if shelf.pages:
        pages = shelf.pages
        beside = {"first": pages.first, "previous": pages.previous, "next": pages.next, "last": pages.last}
        for rel, place in beside.items():
            if place is not None:
                yield {"rel": rel, "href": links.feed(ROOT + shelf.path, **place), "type": FEED}


def _way(asked: Asked, way: Way) -> dict[str, Any]:
    told = {
        "rel": way.rel,
        "href": asked.links.feed(ROOT + way.path, **way.parameters),
        "type": FEED,
        "title": line(way.title),
    }
    return told if way.count is None else {**told, "properties": {"numberOfItems": way.count}}


def _newest(asked: Asked, shelf: Shelf) -> dict[str, Any]:
    return {
        "metadata": {"title": asked("home-newest")},
        "links": [{"rel": ["self", NEW], "href": asked.links.feed(ROOT + PUBLICATIONS), "type": FEED}],
        "publications": [one(asked, told) for told in shelf.newest],
    }


def _facet(asked: Asked, shelf: Shelf, group: Group) -> dict[str, Any]:
    links = []
    for choice in group.choices:
        told: dict[str, Any] = {
            "href": asked.links.feed(ROOT + shelf.path, **choice.parameters),
            "type": FEED,
            "title": line(choice.title),
        }
        if choice.active:
            told["rel"] = "self"
        if choice.count is not None:
            told["properties"] = {"numberOfItems": choice.count}
        links.append(told)
    return {"metadata": {"title": group.title}, "links": links}
