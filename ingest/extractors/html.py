"""HTML, a file of its own: sections by headings, what its head says of it."""

from collections.abc import Iterator

from ingest.document import Bundle, Document, Value
from ingest.errors import TooExpensive
from ingest.formats import html
from ingest.formats.dates import date_of
from ingest.formats.sections import sections
from ingest.vietnamese.language import main_language

VERSION = "2"
MEDIA_TYPES = {"text/html": 100, "application/xhtml+xml": 100}

# A page with all its pictures inside; twenty times the largest that teachers' programs export.
_MOST_BYTES = 256 * 1024**2
_FIELDS = {
    "author": "creator", "dc.creator": "creator", "dcterms.creator": "creator", "citation_author": "creator",
    "description": "description", "dc.description": "description", "dcterms.description": "description",
    "keywords": "keyword", "dc.subject": "keyword", "dcterms.subject": "keyword",
    "dc.publisher": "publisher", "dcterms.publisher": "publisher", "dc.title": "title", "dcterms.title": "title",
    "dc.rights": "rights", "dcterms.license": "rights", "dc.language": "language",
    "dcterms.created": "created", "article:published_time": "created", "dc.date": "created", "created": "created",
}  # fmt: skip


def extract(bundle: Bundle) -> Document:
    """Read one page. Raises: TooExpensive(limit="size")."""
    if bundle.main.stat().st_size > _MOST_BYTES:
        raise TooExpensive(limit="size")
    page = html.read(bundle.main.read_bytes())
    passages, contents = sections(page.blocks)
    values = list(_values(page))
    if contents:
        values.append(Value("title", contents[0].title, "heading"))
    return Document(
        media_type="text/html",
        metadata=tuple(values),
        language=main_language((passage.language, len(passage.text)) for passage in passages),
        passages=tuple(passages),
        contents=tuple(contents),
    )


def _values(page: html.Html) -> Iterator[Value]:
    if page.title:
        yield Value("title", page.title, "head")
    if page.language:
        yield Value("language", page.language, "head")
    for name, content in page.metadata.items():
        if field := _FIELDS.get(name):
            yield Value(field, date_of(content) if field == "created" else content, "head")
