"""`/opensearch.xml`: how a browser's own search box, and a reading program, asks this library.

Source: https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md
"""

from starlette.responses import JSONResponse, Response

from service.crosswalks import XML_PROLOG, leaf, line, tree, void
from service.feeds.asked import Asked
from service.feeds.entries import ACQUIRED
from service.feeds.opds1 import ROOT as FIRST
from service.feeds.opds2 import FEED
from service.feeds.opds2 import ROOT as SECOND
from service.feeds.sending import OPEN, sent
from service.feeds.shelves import OPENSEARCH, PUBLICATIONS
from service.http.parameters import text
from service.library.suggest import suggest

KEPT_DAY = "public, max-age=86400"
SUGGESTIONS = "application/x-suggestions+json"
# Names of the standard, with the lengths that it allows.
SHORT, LONG = 16, 48
MOST_CHARACTERS = 100
WORDS = "{searchTerms}"


def description(asked: Asked) -> Response:
    """The description of the search, for browsers and reading programs (OpenSearch)."""
    asked.door.limits.spend(asked.request, "page")
    links, name = asked.links, asked.library_name
    addresses = (
        ("text/html", f"{links.search()}?q={WORDS}", "results"),
        (ACQUIRED, f"{links.feed(FIRST + PUBLICATIONS)}?q={WORDS}&page={{startPage?}}", "results"),
        (FEED, f"{links.feed(SECOND + PUBLICATIONS)}?q={WORDS}&page={{startPage?}}", "results"),
        (SUGGESTIONS, f"{links.feed('/opensearch/suggestions')}?q={WORDS}", "suggestions"),
        (OPENSEARCH, links.feed("/opensearch.xml"), "self"),
    )
    document = tree(
        "OpenSearchDescription",
        leaf("ShortName", _cut(name, SHORT)),
        leaf("LongName", _cut(name, LONG)),
        leaf("Description", asked("feed-about", name=name)),
        (
            # Only the first page has no number before it.
            void("Url", type=kind, template=template, rel=rel, pageOffset="1" if "startPage" in template else "")
            for kind, template, rel in addresses
        ),
        leaf("Image", f"{links.public_url}/favicon.ico", type="image/svg+xml", width="16", height="16"),
        leaf("Language", asked.language),
        leaf("InputEncoding", "UTF-8"),
        leaf("OutputEncoding", "UTF-8"),
        xmlns="http://a9.com/-/spec/opensearch/1.1/",
    )
    return sent(asked.request, (XML_PROLOG + document).encode(), media_type=OPENSEARCH, cache=KEPT_DAY)


def _cut(name: str, characters: int) -> str:
    return line(line(name)[:characters])


def suggestions(asked: Asked) -> Response:
    """What somebody who types `q=` into the browser's own box may mean, in the form of OpenSearch."""
    asked.door.limits.spend(asked.request, "suggestion")
    typed = text(asked.request, "q")[:MOST_CHARACTERS]
    found = suggest(asked.door.services, typed, language=asked.language)
    headers = {**OPEN, "Cache-Control": "private, max-age=30"}
    return JSONResponse([typed, [one.text for one in found]], headers=headers, media_type=SUGGESTIONS)
