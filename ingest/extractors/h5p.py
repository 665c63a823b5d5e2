"""H5P: title, licence and language from h5p.json, a passage for each part with an id of its own.

Fifty content types and more share one shape: a part is a library with its
parameters and an id (`subContentId`), and parts hold parts. What people read
is told by the values (`json_text`), no content type is known by name.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.document import Bundle, ContentsEntry, Document, Locator, Passage, Value
from ingest.errors import BrokenFile
from ingest.formats.packages import json_text
from ingest.formats.packages.parts import passage
from ingest.formats.words import tidy
from ingest.formats.zip import Members
from ingest.vietnamese.language import main_language

VERSION = "2"
MEDIA_TYPES = {"application/x-h5p": 100}

ROOT = "content"
"""The item of what stands outside all parts: the folder that holds it."""

_MOST_BYTES = 64 * 1024**2
_DEEPEST = 60
_UNTITLED = ("untitled ", "chưa có tiêu đề")
# https://h5p.org/documentation/developers/json-file-definitions: U is undisclosed.
_NO_LICENCE = ("", "U")


@dataclass
class _Part:
    """item: the part's own id; texts in their order, parts inside it left out."""

    item: str
    title: str
    level: int
    texts: list[str] = field(default_factory=list)


def extract(bundle: Bundle) -> Document:
    """Read one package. Raises: BrokenFile: no h5p.json or content.json that can be read."""
    with Members(bundle.main) as members:
        about = _json(members, "h5p.json")
        content = _json(members, "content/content.json")
    if not isinstance(about, dict):
        raise BrokenFile(part="json")
    parts = [_Part(ROOT, _string(about.get("title")), 0)]
    _walk(content, "", parts[0], parts, 0)
    passages = [found for part in parts if (found := _passage(part)) is not None]
    return Document(
        media_type="application/x-h5p",
        metadata=tuple(_metadata(about)),
        language=main_language((one.language, len(one.text)) for one in passages),
        passages=tuple(passages),
        contents=tuple(
            ContentsEntry(part.title, max(1, part.level), Locator("item", part.item))
            for part in parts[1:]
            if part.title
        ),
    )


def _json(members: Members, name: str) -> Any:
    try:
        # A byte order mark is not JSON, and is met.
        return json.loads(members.read(name, most=_MOST_BYTES).decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise BrokenFile(part="json") from error


def _walk(value: Any, key: str, part: _Part, parts: list[_Part], depth: int) -> None:
    if isinstance(value, str):
        if text := json_text.read(value, key):
            part.texts.append(text)
    elif depth > _DEEPEST:
        return
    elif isinstance(value, list):
        for one in value:
            _walk(one, key, part, parts, depth + 1)
    elif isinstance(value, dict):
        if isinstance(value.get("library"), str) and "params" in value:
            part = _inside(value, part, parts)
        for name, one in value.items():
            if not json_text.silent(name):
                _walk(one, name, part, parts, depth + 1)


def _inside(value: dict[str, Any], part: _Part, parts: list[_Part]) -> _Part:
    """The part that begins here; without an id it is one with what it stands in."""
    about = value.get("metadata")
    title = _string(about.get("title")) if isinstance(about, dict) else ""
    if title.casefold().startswith(_UNTITLED):
        title = ""
    item = _string(value.get("subContentId"))
    if not item:
        part.texts += [title] if title else []
        return part
    found = _Part(item, title, part.level + 1)
    parts.append(found)
    return found


def _passage(part: _Part) -> Passage | None:
    return passage(part.item, part.title, "\n".join(dict.fromkeys(part.texts)))


def _metadata(about: dict[str, Any]) -> Iterator[Value]:
    for name in ("title", "language", "defaultLanguage"):
        text = _string(about.get(name))
        # "und" and "zxx" say that there is none.
        if text and text not in ("und", "zxx"):
            yield Value("title" if name == "title" else "language", text, "h5p")
    if (licence := _string(about.get("license"))) not in _NO_LICENCE:
        version = _string(about.get("licenseVersion"))
        yield Value("rights", f"{licence} {version}".strip(), "h5p")
    if library := _string(about.get("mainLibrary")):
        # H5P.CoursePresentation: how teachers who make such things call them.
        yield Value("keyword", library.removeprefix("H5P."), "h5p")
    authors = about.get("authors")
    for author in authors if isinstance(authors, list) else []:
        name = _string(author.get("name")) if isinstance(author, dict) else ""
        if name:
            yield Value("creator", name, "h5p")


def _string(value: Any) -> str:
    return tidy(value) if isinstance(value, str) else ""
