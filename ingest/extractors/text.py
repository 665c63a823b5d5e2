"""Plain text and Markdown, in whatever encoding they were saved.

A text is one section that `segment` cuts; Markdown (told by its name, since
its bytes are those of any text) has a section a heading. Markdown is turned
into HTML by markdown-it-py and read as such, raw HTML in it too.
"""

import re
from collections.abc import Iterator
from pathlib import PurePath

from ingest.document import Bundle, Document, Value
from ingest.errors import TooExpensive
from ingest.formats import charset, html
from ingest.formats.dates import date_of
from ingest.formats.passages import plain
from ingest.formats.sections import sections
from ingest.vietnamese.language import main_language

VERSION = "2"
MEDIA_TYPES = {"text/plain": 50, "text/markdown": 100}

_MARKDOWN = (".md", ".markdown", ".mdown", ".mkd")
# A hundred long novels.
_MOST_BYTES = 64 * 1024**2
# Metadata before the text, as Pandoc, Jekyll and Hugo write it; lists and nested values are theirs alone.
_FRONT = re.compile(r"---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_LINE = re.compile(
    r"""^(title|author|date|description|keywords|lang|language):[ \t]*["']?(.+?)["']?[ \t]*$""", re.MULTILINE
)
_FIELDS = {"author": "creator", "date": "created", "keywords": "keyword", "lang": "language"}


def extract(bundle: Bundle) -> Document:
    """Read one text. Raises: TooExpensive(limit="size")."""
    if bundle.main.stat().st_size > _MOST_BYTES:
        raise TooExpensive(limit="size")
    text = charset.decode(bundle.main.read_bytes()).replace("\r\n", "\n").replace("\r", "\n")
    if PurePath(bundle.name).suffix.lower() in _MARKDOWN:
        return _markdown(text)
    passages = plain(text)
    return Document("text/plain", language=passages[0].language if passages else None, passages=passages)


def _markdown(text: str) -> Document:
    from markdown_it import MarkdownIt

    values: list[Value] = []
    if front := _FRONT.match(text):
        values = list(_values(front[1]))
        text = text[front.end() :]
    page = html.read(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))
    passages, contents = sections(page.blocks)
    if contents:
        values.append(Value("title", contents[0].title, "heading"))
    return Document(
        media_type="text/markdown",
        metadata=tuple(values),
        language=main_language((passage.language, len(passage.text)) for passage in passages),
        passages=tuple(passages),
        contents=tuple(contents),
    )


def _values(front: str) -> Iterator[Value]:
    for name, text in _LINE.findall(front):
        field = _FIELDS.get(name, name)
        yield Value(field, date_of(text) if field == "created" else text, "head")
