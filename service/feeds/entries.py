"""Resources as entries of Atom (RFC 4287), plain for `/atom` and with what OPDS 1.2 adds.

Source: https://www.rfc-editor.org/rfc/rfc4287, https://specs.opds.io/opds-1.2
"""

from collections.abc import Iterable

from service.crosswalks import Concept, File, Record, is_web, language_tag, leaf, line, moment, plain, tree, void
from service.feeds.told import Told

ATOM = "application/atom+xml"
ACQUIRED = f"{ATOM};profile=opds-catalog;kind=acquisition"
NAVIGATED = f"{ATOM};profile=opds-catalog;kind=navigation"
ENTRY = f"{ATOM};type=entry;profile=opds-catalog"
NAMESPACES = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns_dc": "http://purl.org/dc/terms/",
    "xmlns_opds": "http://opds-spec.org/2010/catalog",
    "xmlns_thr": "http://purl.org/syndication/thread/1.0",
    "xmlns_opensearch": "http://a9.com/-/spec/opensearch/1.1/",
}
SUMMARY_CHARACTERS = 2_000


def link(rel: str, href: str, kind: str = "", **more: str) -> str:
    """An atom:link. kind: its media type."""
    return void("link", rel=rel, href=href, type=kind, **more)


def author(name: str, uri: str = "") -> str:
    return tree("author", leaf("name", line(name)), leaf("uri", uri))


def plain_entry(told: Told, vocabulary: str) -> str:
    """For news readers: the page, the files as enclosures. vocabulary: the beginning of the schemes' names."""
    enclosures = [
        link("enclosure", file.url, file.media_type, length=str(file.size_bytes), title=file.name)
        for file in told.record.files
    ]
    pictures = [link("preview", told.cover, "image/jpeg")] if told.cover else []
    return _entry(told, vocabulary, [*enclosures, *pictures])


def catalogue_entry(told: Told, vocabulary: str, *, itself: str, root: bool = False) -> str:
    """For reading programs: acquisition links, covers. itself: the address of the entry; root: it is the document."""
    acquisitions = [
        link(told.acquisition, file.url, file.media_type, length=_length(file), title=file.name)
        for file in told.acquired
    ]
    covers = (
        [
            link("http://opds-spec.org/image", told.cover, "image/jpeg"),
            link("http://opds-spec.org/image/thumbnail", told.cover, "image/jpeg"),
        ]
        if told.cover
        else []
    )
    return _entry(told, vocabulary, [*acquisitions, *covers], itself=itself, root=root)


def _length(file: File) -> str:
    """Empty for a page elsewhere, of which nobody knows."""
    return str(file.size_bytes) if file.sha256 else ""


def _entry(told: Told, vocabulary: str, links: Iterable[str], *, itself: str = "", root: bool = False) -> str:
    record = told.record
    rights = record.licence.label if record.licence else None
    return tree(
        "entry",
        leaf("id", record.identifier),
        leaf("title", line(record.title.value), xml_lang=language_tag(record.title.language)),
        leaf("updated", moment(record.modified)),
        leaf("published", moment(record.published)),
        [author(name, name if is_web(name) else "") for name in _authors(record)],
        [leaf("dc:language", tag) for code in record.languages if (tag := language_tag(code))],
        [leaf("dc:publisher", line(name)) for name in record.publishers],
        leaf("dc:issued", moment(record.published)[:10]),
        leaf("dc:extent", told.extent),
        _categories("subject", record.subjects, vocabulary),
        _categories("grade", record.grades, vocabulary),
        _categories("type", (record.type,) if record.type else (), vocabulary),
        leaf("summary", _summary(record), type="text"),
        leaf("rights", line(rights.value) if rights else ""),
        link("alternate", told.page, "text/html"),
        # Where what is told comes from (RFC 4287, 4.2.7.2).
        [link("via", told.elsewhere, "text/html")] if told.elsewhere else [],
        [link("self" if root else "alternate", itself, ENTRY)] if itself else [],
        [link("license", told.licence_url)] if told.licence_url else [],
        links,
        **(NAMESPACES if root else {}),
    )


def _authors(record: Record) -> tuple[str, ...]:
    """Who made it; where nobody says, who shares it: an entry without an author is none."""
    made = tuple(name for name in record.creators if line(name))
    return made or (record.organisation or record.identifier,)


def _categories(name: str, concepts: Iterable[Concept], vocabulary: str) -> list[str]:
    return [
        void("category", term=concept.code, scheme=f"{vocabulary}/{name}", label=concept.label.value)
        for concept in concepts
    ]


def _summary(record: Record) -> str:
    text = plain("\n\n".join(one.value for one in record.descriptions))
    return text if len(text) <= SUMMARY_CHARACTERS else f"{text[: SUMMARY_CHARACTERS - 1].rstrip()}…"
