"""The catalogue in OPDS 1.2: Atom.

Source: https://specs.opds.io/opds-1.2
"""

from collections.abc import Iterator

from service.crosswalks import XML_PROLOG, leaf, line, moment, tree, void
from service.feeds import opds2
from service.feeds.asked import Asked
from service.feeds.entries import ACQUIRED, ENTRY, NAMESPACES, NAVIGATED, author, catalogue_entry, link
from service.feeds.shelves import CRAWLABLE, ENTRY_PATH, FACET, OPENSEARCH, PUBLICATIONS, Kind, Shelf, Way
from service.feeds.told import Told

ROOT = "/opds"
PUBLICATION = ENTRY
TYPES: dict[Kind, str] = {"navigation": NAVIGATED, "acquisition": ACQUIRED}


def media_type(shelf: Shelf) -> str:
    return TYPES[shelf.kind]


def write(asked: Asked, shelf: Shelf) -> bytes:
    """The feed."""
    links = asked.links
    pages = shelf.pages
    document = tree(
        "feed",
        leaf("id", asked.tag(f"opds{shelf.path}", **shelf.named)),
        leaf("title", line(shelf.title)),
        leaf("subtitle", shelf.about),
        leaf("updated", moment(shelf.updated)),
        author(asked.library_name, links.home()),
        leaf("icon", f"{links.public_url}/favicon.ico"),
        _counted(shelf) if pages else [],
        link("self", links.feed(ROOT + shelf.path, **shelf.parameters), TYPES[shelf.kind]),
        link("start", links.feed(ROOT), NAVIGATED, title=asked.library_name),
        [link("up", links.feed(ROOT + shelf.up), NAVIGATED)] if shelf.up is not None else [],
        link("search", links.feed("/opensearch.xml"), OPENSEARCH),
        link("alternate", links.feed(opds2.ROOT + shelf.path, **shelf.parameters), opds2.FEED),
        link("alternate", shelf.html or links.home(), "text/html"),
        [link(CRAWLABLE, links.feed(ROOT + PUBLICATIONS), ACQUIRED)] if not shelf.path else [],
        _beside(asked, shelf),
        _facets(asked, shelf),
        (_way(asked, shelf, way) for way in shelf.ways),
        (entry(asked, told) for told in shelf.entries),
        **NAMESPACES,
        xml_lang=asked.language,
    )
    return (XML_PROLOG + document).encode()


def write_one(asked: Asked, told: Told) -> bytes:
    """The document of one resource."""
    return (XML_PROLOG + entry(asked, told, root=True)).encode()


def entry(asked: Asked, told: Told, *, root: bool = False) -> str:
    itself = asked.links.feed(f"{ROOT}{ENTRY_PATH}/{told.id}")
    return catalogue_entry(told, asked.tag("vocabulary"), itself=itself, root=root)


def _counted(shelf: Shelf) -> Iterator[str]:
    assert shelf.pages  # noqa: S101 - asked for where there are some
    yield leaf("opensearch:totalResults", str(shelf.pages.total))
    yield leaf("opensearch:startIndex", str((shelf.pages.number - 1) * shelf.pages.size + 1))
    yield leaf("opensearch:itemsPerPage", str(shelf.pages.size))


def _beside(asked: Asked, shelf: Shelf) -> Iterator[str]:
    if shelf.pages is None:
        return
    pages = shelf.pages
    for rel, place in (
        ("first", pages.first),
        ("previous", pages.previous),
        ("next", pages.next),
        ("last", pages.last),
    ):
        if place is not None:
            yield link(rel, asked.links.feed(ROOT + shelf.path, **place), ACQUIRED)


def _facets(asked: Asked, shelf: Shelf) -> Iterator[str]:
    for group in shelf.facets:
        for choice in group.choices:
            yield void(
                "link",
                rel=FACET,
                href=asked.links.feed(ROOT + shelf.path, **choice.parameters),
                type=ACQUIRED,
                title=choice.title,
                opds_facetGroup=group.title,
                opds_activeFacet="true" if choice.active else "",
                thr_count="" if choice.count is None else str(choice.count),
            )


def _way(asked: Asked, shelf: Shelf, way: Way) -> str:
    count = "" if way.count is None else str(way.count)
    about = way.about or (asked("feed-count", count=way.count) if way.count is not None else way.title)
    address = asked.links.feed(ROOT + way.path, **way.parameters)
    return tree(
        "entry",
        leaf("id", asked.tag(f"opds{way.path}", **way.parameters)),
        leaf("title", line(way.title)),
        leaf("updated", moment(shelf.updated)),
        leaf("content", about, type="text"),
        link(way.rel, address, TYPES[way.kind], thr_count=count),
    )
