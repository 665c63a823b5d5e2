"""Describe a document by what the file itself says: one good title, clean values, sane dates.

Runs after extraction, before segment. Readers hand over everything they met;
here the worthless goes (a title "Microsoft Word - x.doc", a date of 1904),
and a file that says nothing is at least called by its name.
"""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePath

from ingest.document import Document, Value
from ingest.formats.words import tidy
from ingest.vietnamese.letters import with_strokes
from ingest.vietnamese.tcvn3 import decoded

_SINGLE = ("title", "description", "language", "publisher", "created")
_PLACES = (
    "info", "xmp", "core", "meta", "opf", "head", "app", "outline", "catalogue", "heading", "first-page", "name",
)  # fmt: skip
"""For a field with one value, the earlier place wins."""

_JUNK_TITLE = re.compile(
    r"""microsoft\ (?:word|powerpoint|office)\b.* | (?:powerpoint|word|excel)\ (?:presentation|document)
    | adobe\ photoshop\ pdf | screenshot\b.* | camscanner.* | scanned\ (?:by|with)\ camscanner | pdf
    | (?:untitled|document|doc|slide|presentation|scan(?:ned)?(?:\ document)?|title|none|null|new|no\ slide\ title
        |bài\ thuyết\ trình|trình\ bày|tiêu\ đề)[\s_-]*\d*
    | (?:slide|page|trang)\s*\d+ | \W*\d*\W*""",
    re.IGNORECASE | re.VERBOSE,
)
_FILE_NAME = re.compile(
    r""".*\.(?:docx?|pptx?|ppsx?|xlsx?|pdf|odt|odp|rtf|tex|dvi|indd|qxd|pub|png|jpe?g|tiff?|html?|cdr|ai|fm|txt|wpd)""",
    re.IGNORECASE,
)
_JUNK_CREATOR = re.compile(
    r"""users?\W?\d* | admin(?:istrator)? | owner | windows\ user | microsoft | pc | computer | hp | dell | asus | acer
    | lenovo | microsoft\ corporation | hewlett-packard.* | grizli777 | home | company
    | anonymous | unknown | none | null | author | tác\ giả | \W*\d*\W*""",
    re.IGNORECASE | re.VERBOSE,
)
_LANGUAGE_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")
_LONGEST_TITLE = 500
_EARLIEST_YEAR = 1990
_MAX_KEYWORDS = 40


def describe(document: Document, name: str) -> Document:
    """The document with its values cleaned and chosen; `name` is what people called the file."""
    candidates = [clean for value in document.metadata for clean in _clean(value, document.language)]
    named = title_from_name(name)
    if named:
        candidates.append(Value("title", named, "name"))
    values = [*_singles(candidates), *_repeatable(candidates)]
    language = document.language or next((value.value for value in values if value.field == "language"), None)
    return replace(document, metadata=tuple(values), language=language)


def is_junk_title(title: str) -> bool:
    """Whether a title says nothing about the work: a program's, a template's or a file's name."""
    return bool(_JUNK_TITLE.fullmatch(title) or _FILE_NAME.fullmatch(title)) or not any(map(str.isalpha, title))


def title_from_name(name: str) -> str:
    """A file's name as a title: NFC, out of TCVN3, no extension, underscores as spaces; may be empty.

    At most 500 characters.
    """
    path = PurePath(name.replace("\\", "/"))
    # ".5 tiết" is a name, ".pdf" is an extension.
    stem = path.stem if re.fullmatch(r"\.[A-Za-z0-9]{1,5}", path.suffix) else path.name
    return tidy(decoded(stem).replace("_", " "))[:_LONGEST_TITLE].rstrip()


def _clean(value: Value, detected: str | None) -> Iterable[Value]:
    text = tidy(value.value)
    if detected == "vi":
        text = with_strokes(text)
    if value.field == "title":
        if text and len(text) <= _LONGEST_TITLE and not is_junk_title(text):
            yield replace(value, value=text)
    elif value.field in ("creator", "publisher"):
        if text and not _JUNK_CREATOR.fullmatch(text):
            yield replace(value, value=text)
    elif value.field == "keyword":
        for word in re.split(r"[;,\n]", text):
            if word.strip():
                yield replace(value, value=word.strip())
    elif value.field == "created":
        if _is_sane(text):
            yield replace(value, value=text)
    elif value.field == "language":
        tag = _LANGUAGE_TAG.fullmatch(text)
        # Templates say en-US under every text that was ever typed into them; the text itself knows better.
        if tag and (detected is None or tag[1].lower() == detected):
            yield replace(value, value=tag[1].lower())
    elif text:
        yield replace(value, value=text)


def _is_sane(text: str) -> bool:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return False
    # Clocks of other time zones may be a day ahead.
    tomorrow = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)
    return day.year >= _EARLIEST_YEAR and day <= tomorrow


def _singles(candidates: Sequence[Value]) -> Iterable[Value]:
    for field in _SINGLE:
        found = [value for value in candidates if value.field == field]
        if found:
            yield min(
                found, key=lambda value: _PLACES.index(value.where) if value.where in _PLACES else len(_PLACES) - 2
            )


def _repeatable(candidates: Sequence[Value]) -> Iterable[Value]:
    seen: set[tuple[str, str]] = set()
    keywords = 0
    for value in candidates:
        key = (value.field, value.value.casefold())
        if value.field in _SINGLE or key in seen:
            continue
        seen.add(key)
        keywords += value.field == "keyword"
        if value.field != "keyword" or keywords <= _MAX_KEYWORDS:
            yield value
