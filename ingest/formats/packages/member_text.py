"""The text of one member of a package: pages, topics, questions, links, the data that a player draws from.

Packages of every kind consist of the same few sorts of files. What has a
reader of its own (PDF, office files) or no text (pictures, video) is told
apart by name, so that the package can say what it holds.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.errors import BrokenFile
from ingest.formats import charset, html
from ingest.formats.packages import phet, qti_text, script_text
from ingest.formats.words import tidy
from ingest.formats.zip import Members

_PAGES = ("html", "htm", "xhtml", "php", "asp")
_SCRIPTS = ("js", "json")
# fmt: off
DOCUMENTS = frozenset({
    "pdf", "doc", "docx", "odt", "rtf", "ppt", "pptx", "pps", "ppsx", "odp", "xls", "xlsx", "ods", "epub",
})
MEDIA = frozenset({"mp4", "m4v", "webm", "ogv", "mov", "avi", "wmv", "flv", "mpg", "mpeg", "mp3", "m4a", "ogg", "wav"})
# fmt: on
# A page with a simulation in it has 3 MB, with its sounds and pictures 20.
_PAGE_BYTES = 64 * 1024**2
# Beyond this a script is a program with its libraries; data of a lesson that long was not met.
_SCRIPT_BYTES = 8 * 1024**2
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script\b", re.IGNORECASE)
_LIBRARY = re.compile(
    r"""(?:^|[/._-])(?:jquery|bootstrap|angular|react|vue|mathjax|modernizr|swfobject|scorm|apiwrapper|require|lodash
    |underscore|backbone|video-?js|createjs|gsap|tweenmax|d3|three|pixi|polyfills?|vendors?|min)(?:[/._-]|$)""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Text:
    """title: what the member calls itself; text: paragraphs, a line each; language: as it says."""

    title: str = ""
    text: str = ""
    language: str | None = None


def extension(name: str) -> str:
    """The extension of a member in lower case, without its dot."""
    return posixpath.splitext(name)[1][1:].lower()


def is_page(name: str) -> bool:
    """Whether a member is a page by its name."""
    return extension(name) in _PAGES


def read(members: Members, name: str) -> Text:
    """Title and text of a member; empty for kinds without text of their own.

    Raises: EncryptedFile, TooExpensive; a broken member is empty, the others are worth having.
    """
    kind = extension(name)
    size = members.size(name)
    try:
        if kind in _PAGES and size <= _PAGE_BYTES:
            return _page(members.read(name))
        if kind == "xml" and size <= _SCRIPT_BYTES:
            return Text(*qti_text.read(members.read(name)))
        if kind in _SCRIPTS and size <= _SCRIPT_BYTES and not _LIBRARY.search(name):
            return Text(text=_lines(script_text.texts(charset.decode(members.read(name)))))
        if kind in ("txt", "md") and size <= _SCRIPT_BYTES:
            return Text(text=_lines(charset.decode(members.read(name)).splitlines()))
    except BrokenFile:
        return Text()
    return Text()


def _page(data: bytes) -> Text:
    page = html.read(data)
    lines = [block.text for block in page.blocks]
    source = charset.decode(data)
    # A simulation shows what stands in its table of strings; of the rest of its program nothing is for people.
    drawn = phet.strings(source)
    if not drawn:
        drawn = [text for script in _scripts(source) for text in script_text.texts(script)]
    return Text(page.title, _lines([*lines, *drawn]), page.language or phet.locale(source))


def _scripts(source: str) -> Iterator[str]:
    """The scripts in a page; one pattern for both ends would look for the end of each unclosed one anew."""
    place = 0
    while begin := _SCRIPT.search(source, place):
        opened = source.find(">", begin.end())
        closed = _SCRIPT_END.search(source, opened)
        if opened < 0 or closed is None:
            return
        place = closed.end()
        if closed.start() - opened <= _SCRIPT_BYTES and "src=" not in source[begin.end() : opened].lower():
            yield source[opened + 1 : closed.start()]


def _lines(texts: list[str]) -> str:
    """Each line once: menus and captions are repeated on every page."""
    return "\n".join(dict.fromkeys(line for text in texts for part in text.split("\n") if (line := tidy(part))))


def described(members: Members, name: str) -> html.Html:
    """A page with its metadata; empty where it cannot be read. Raises: EncryptedFile, TooExpensive."""
    try:
        return html.read(members.read(name)) if members.size(name) <= _PAGE_BYTES else html.Html()
    except BrokenFile:
        return html.Html()
