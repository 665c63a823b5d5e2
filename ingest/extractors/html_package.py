"""HTML5 simulations and websites in a zip without a manifest: each page an item named after its member.

The page that it opens with comes first and gives the title. PhET and iSpring
draw their words by program; these are taken from the data in the pages.
"""

import posixpath
from collections.abc import Iterator

from ingest.document import Bundle, ContentsEntry, Document, Locator, Passage, Value
from ingest.formats.html import Html
from ingest.formats.packages import member_text
from ingest.formats.packages.parts import passage
from ingest.formats.zip import Members
from ingest.vietnamese.language import main_language

VERSION = "2"
MEDIA_TYPES = {"application/x-html5-simulation": 100}

_FIRST = ("index.html", "index.htm", "default.html", "story.html", "index_lms.html", "start.html")
_META = {
    "author": "creator", "description": "description", "og:description": "description", "keywords": "keyword",
    "dc.title": "title", "dc.creator": "creator", "dc.description": "description", "dc.rights": "rights",
    "dcterms.rights": "rights", "copyright": "rights", "license": "rights", "og:title": "title",
}  # fmt: skip


def extract(bundle: Bundle) -> Document:
    """Read one zip of pages. Raises: BrokenFile: no readable directory; EncryptedFile; HostileArchive."""
    with Members(bundle.main) as members:
        pages = sorted((name for name in members.names if member_text.is_page(name)), key=_place)
        passages: list[Passage] = []
        contents: list[ContentsEntry] = []
        languages: list[str] = []
        seen: set[str] = set()
        for name in pages:
            read = member_text.read(members, name)
            # Without a page of their own, slides drawn by program belong to the page in the nearest folder above.
            drawn = [member_text.read(members, data).text for data in _data(members, name, pages)]
            text = "\n".join(filter(None, [read.text, *drawn]))
            # The same page framed for phones, for old browsers: exports have it several times.
            if text in seen:
                continue
            seen.add(text)
            found = passage(name, read.title, text)
            if found is not None:
                passages.append(found)
                contents.append(ContentsEntry(read.title or posixpath.basename(name), 1, Locator("item", name)))
            languages += [read.language] if read.language else []
        metadata = [*_metadata(member_text.described(members, pages[0]))] if pages else []
        metadata += [Value("language", language, "page") for language in languages[:1]]
    return Document(
        media_type="application/x-html5-simulation",
        metadata=tuple(metadata),
        language=main_language((one.language, len(one.text)) for one in passages),
        passages=tuple(passages),
        contents=tuple(contents) if len(contents) > 1 else (),
    )


def _place(name: str) -> tuple[int, int, str]:
    base = posixpath.basename(name).lower()
    return name.count("/"), _FIRST.index(base) if base in _FIRST else len(_FIRST), name


def _data(members: Members, page: str, pages: list[str]) -> Iterator[str]:
    """Scripts and data whose nearest page, going up the folders, is this one (the first of its folder)."""
    homes: dict[str, str] = {}
    for name in pages:
        homes.setdefault(posixpath.dirname(name), name)
    for name in members.names:
        if member_text.extension(name) in ("js", "json"):
            folder = posixpath.dirname(name)
            while folder not in homes and folder:
                folder = posixpath.dirname(folder)
            if homes.get(folder) == page:
                yield name


def _metadata(page: Html) -> Iterator[Value]:
    if page.title:
        yield Value("title", page.title, "page")
    for name, text in page.metadata.items():
        if field := _META.get(name):
            yield Value(field, text, "page")
