"""`/atom`: new and changed resources, the last change first, of a subject, a grade, a school.

Paged by place (RFC 5005, section 3): whoever follows `next` meets nothing
twice and skips nothing while others are published, however far it goes.
"""

from starlette.responses import Response

from service.crosswalks import XML_PROLOG, leaf, line, moment, tree
from service.feeds.asked import Asked
from service.feeds.entries import ATOM, NAMESPACES, author, link, plain_entry
from service.feeds.sending import sent
from service.feeds.told import told
from service.http.parameters import text
from service.library import syndicate

ENTRIES = 50
HTML = "text/html"


def atom(asked: Asked) -> Response:
    """New and changed resources as Atom, with the filters of a search: `subject=`, `grade=`, `organisation=` …"""
    asked.door.limits.spend(asked.request, "page")
    services, links, filtered = asked.door.services, asked.links, asked.filtered
    before, after = text(asked.request, "before"), text(asked.request, "after")
    # Looked at first: what changes while the page is made changes it after this moment.
    changed = syndicate.newest_change(services)
    page = syndicate.recent(services, asked.filters, size=ENTRIES, before=before, after=after)
    vocabulary = asked.tag("vocabulary")
    entries = [told(asked, view) for view in page.views]
    updated = max((view.resource.modified_at for view in page.views), default=changed)

    def here(**place: str) -> str:
        return links.feed("/atom", **filtered, **place)

    document = tree(
        "feed",
        leaf("id", asked.tag("atom", **filtered)),
        leaf("title", line(title(asked))),
        leaf("subtitle", asked("feed-atom-about", name=asked.library_name)),
        leaf("updated", moment(updated)),
        author(asked.library_name, links.home()),
        leaf("icon", f"{links.public_url}/favicon.ico"),
        leaf("generator", "Học liệu mở"),
        link("self", here(before=before, after="" if before else after), ATOM),
        link("alternate", links.search(**filtered, sort="newest"), HTML),
        link("first", here(), ATOM),
        [link("previous", here(after=page.newer), ATOM)] if page.newer else [],
        [link("next", here(before=page.older), ATOM)] if page.older else [],
        (plain_entry(one, vocabulary) for one in entries),
        **NAMESPACES,
        xml_lang=asked.language,
    )
    return sent(asked.request, (XML_PROLOG + document).encode(), media_type=ATOM, changed=changed)


def title(asked: Asked) -> str:
    """What the feed is called: the library, and what was chosen."""
    if asked.chosen:
        return asked("feed-atom-of", name=asked.library_name, chosen=asked.chosen)
    return asked("feed-atom", name=asked.library_name)
