"""What is told of a resource, as one plain value, and the small things every metadata format needs.

A crosswalk is one file (or folder) here: `FORMAT` says what it is called,
`FIELDS` where each field of a `Record` stands in it, `write(record)` makes its
text. It knows no catalogue, no HTTP and no sibling. `service/library/records`
builds the record and lists the formats. Whatever a record holds, the output
is well-formed: each format passes every text through `plain`.
"""

import datetime
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, Protocol

XML_PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'
# https://www.w3.org/TR/xml/#charsets without the controls of C1, which every reader of XML warns of.
_NOT_XML = re.compile("[^\t\n -~\u0085\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
# RFC 3986, ASCII only: what every schema and every program takes for an address.
_CHARS = r"(?:[\w.~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*"
_WEB = re.compile(
    rf"https?://[A-Za-z0-9][\w.-]*(?::[0-9]{{1,5}})?(?:/{_CHARS})?(?:\?{_CHARS})?(?:#{_CHARS})?", re.ASCII
)
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?![0-9])")


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its language (BCP 47); empty where it is not known."""

    value: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Concept:
    """A term of a vocabulary. labels: the language of the library first.

    above: its ancestors, the root first. same: name of another vocabulary -> its word for this
    (type: dcmi, lom, hcrt, schema; licence: uri; grade: isced).
    """

    code: str
    labels: tuple[Text, ...] = ()
    above: tuple["Concept", ...] = ()
    same: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> Text:
        """The first label; the code where it has none."""
        return self.labels[0] if self.labels else Text(self.code)


@dataclass(frozen=True, slots=True)
class Alignment:
    """A place in a programme. framework: the programme and its textbook series; target: where in them, in words."""

    framework: str
    target: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that everybody may take. sha256: hex."""

    url: str
    media_type: str
    size_bytes: int
    sha256: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """All that is told of a resource.

    identifier: `oai:<repository>:<id>`; url: its page. audience: teacher, learner, parent, manager.
    placements: those that are confirmed.
    created: an ISO date as it was given, perhaps only a year; published, modified: UTC.
    part_of, based_on: addresses or titles. isbns: thirteen digits each; shelves: shelf marks.
    duration_seconds: of a recording.
    files: only those that everybody may take. thumbnail: an address, or empty.
    """

    identifier: str
    url: str
    titles: tuple[Text, ...] = ()
    descriptions: tuple[Text, ...] = ()
    languages: tuple[str, ...] = ()
    keywords: tuple[Text, ...] = ()
    type: Concept | None = None
    subjects: tuple[Concept, ...] = ()
    grades: tuple[Concept, ...] = ()
    outcomes: tuple[Concept, ...] = ()
    placements: tuple[Alignment, ...] = ()
    audience: tuple[str, ...] = ()
    creators: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    organisation: str = ""
    created: str = ""
    published: datetime.datetime | None = None
    modified: datetime.datetime | None = None
    version: str = ""
    licence: Concept | None = None
    free_of_charge: bool = True
    part_of: tuple[str, ...] = ()
    based_on: tuple[str, ...] = ()
    isbns: tuple[str, ...] = ()
    shelves: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    thumbnail: str = ""
    duration_seconds: float | None = None
    pages: int | None = None

    @property
    def title(self) -> Text:
        """The first title that something is left of; the identifier where there is none."""
        return next((text for text in self.titles if line(text.value)), Text(self.identifier))


@dataclass(frozen=True, slots=True)
class Format:
    """How a metadata format is called. name: in addresses; label: as its makers write it.

    accepts: media types of a request that mean it; the first is what it is sent as.
    namespace, schema: of its XML; empty for what is no XML.
    """

    name: str
    label: str
    accepts: tuple[str, ...]
    extension: str
    source: str
    namespace: str = ""
    schema: str = ""


class Crosswalk(Protocol):
    """What a module of this folder is. FIELDS: field of `Record` -> where it stands."""

    @property
    def FORMAT(self) -> Format: ...  # noqa: N802 - a module's constant
    @property
    def FIELDS(self) -> Mapping[str, str]: ...  # noqa: N802
    def write(self, record: Record) -> str: ...


def plain(text: str) -> str:
    """A text as XML and JSON may hold it: controls become spaces, lone surrogates and non-characters U+FFFD."""
    if text.isprintable():
        # Nearly every text: then it holds nothing of what follows.
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NOT_XML.sub(lambda found: " " if found[0] < "\u00a0" else "\ufffd", text).strip()


def line(text: str) -> str:
    """`plain` on one line, spaces made single."""
    return " ".join(plain(text).split())


def language_tag(language: str | None) -> str:
    """A language as xml:lang may say it; empty for what cannot be one, and for an unknown one."""
    return language if language and language != "und" and _LANGUAGE.fullmatch(language) else ""


def is_web(url: str) -> bool:
    """Whether it is an address that every schema takes."""
    return _WEB.fullmatch(url) is not None


def may_be_web(text: str) -> bool:
    """Whether an address of the web is meant, as people write them: letters of every script, spaces, `HTTP://`."""
    return text[:8].lower().startswith(("http://", "https://"))


def day(text: str) -> str:
    """The date at the beginning of a text: 2024, 2024-05 or 2024-05-06; empty where there is none."""
    found = _DAY.match(text)
    if found is None:
        return ""
    try:
        datetime.date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return ""
    return found[0]


def moment(at: datetime.datetime | None) -> str:
    """UTC to the second: 2026-11-28T03:15:00Z; empty for None."""
    if at is None:
        return ""
    # isoformat pads years before 1000, strftime does not everywhere.
    return f"{at.astimezone(datetime.UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def duration(seconds: float | None) -> str:
    """ISO 8601 in hours, minutes, seconds: PT1H2M3S; empty where there is none. seconds: finite, >= 0."""
    if seconds is None or not 0 < seconds < 1e9:
        return ""
    minutes, rest = divmod(max(1, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    parts = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if number)
    return f"PT{parts}"


def leaf(name: str, text: str | None, **attributes: str) -> str:
    """An element with a text; nothing where the text is empty. The first `_` of an attribute's name stands for `:`."""
    value = plain(text or "")
    return f"<{name}{_attributes(attributes)}>{escape(value, quote=False)}</{name}>" if value else ""


def tree(name: str, *inside: str | Iterable[str], **attributes: str) -> str:
    """An element around elements; nothing where there are none."""
    content = "".join(part if isinstance(part, str) else "".join(part) for part in inside)
    return f"<{name}{_attributes(attributes)}>{content}</{name}>" if content else ""


def void(name: str, **attributes: str) -> str:
    """An element with nothing inside; those of its attributes that are empty are left out."""
    return f"<{name}{_attributes(attributes)}/>"


def _attributes(attributes: Mapping[str, str]) -> str:
    return "".join(
        f' {name.replace("_", ":", 1)}="{escape(line(value))}"' for name, value in attributes.items() if line(value)
    )


def as_json(value: Any) -> str:
    """JSON of what is there: texts made plain, what is empty left out."""
    return json.dumps(_kept(value), ensure_ascii=False, indent=1)


def _kept(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {name: kept for name, one in value.items() if (kept := _kept(one)) not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [kept for one in value if (kept := _kept(one)) not in (None, "", [], {})]
    return value
