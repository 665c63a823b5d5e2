"""A profile: what another repository asks of a record before it takes it, as a data file (TOML).

A profile names fields in the order of the columns that its tables have, what
each has to be like, and which files may go along. Whether a record meets it is
found out when the record is rendered; what it lacks is kept, so that a report
costs nothing. The profile that ships is `profiles/national.toml`; how one is
written is told in docs/national.md.
"""

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal, cast

from service.crosswalks import Concept, Record, Text, duration, line, moment
from service.errors import Invalid, SettingsError
from service.settings import Settings

SHIPPED = "national"
# A part of the name of an OAI set.
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LACKS = ("missing", "not-taken", "unknown", "unmapped", "too-long")
Lack = tuple[str, str]
"""(field, one of LACKS)."""


@dataclass(frozen=True, slots=True)
class Said:
    """A value of a field. known: a vocabulary has it; same: other vocabularies' words for it."""

    code: str
    label: str
    known: bool = True
    same: Mapping[str, str] = field(default_factory=dict)


def _plain(*values: str) -> list[Said]:
    return [Said(value, value) for value in values if line(value)]


def _texts(texts: Sequence[Text]) -> list[Said]:
    return _plain(*(text.value for text in texts))


def _concepts(*concepts: Concept | None) -> list[Said]:
    return [Said(one.code, one.label.value, bool(one.labels), one.same) for one in concepts if one is not None]


def _levels(grades: Sequence[Concept]) -> list[Said]:
    """The root of each grade; one level once."""
    roots = {root.code: root for one in grades for root in (one.above[0] if one.above else one,)}
    return _concepts(*roots.values())


READ: Mapping[str, Callable[[Record], list[Said]]] = {
    "identifier": lambda one: _plain(one.identifier),
    "url": lambda one: _plain(one.url),
    "title": lambda one: _texts(one.titles),
    "description": lambda one: _texts(one.descriptions),
    "language": lambda one: _plain(*one.languages),
    "keyword": lambda one: _texts(one.keywords),
    "type": lambda one: _concepts(one.type),
    "subject": lambda one: _concepts(*one.subjects),
    "grade": lambda one: _concepts(*one.grades),
    "level": lambda one: _levels(one.grades),
    "outcome": lambda one: _concepts(*one.outcomes),
    "placement": lambda one: _plain(*(f"{placed.framework}: {placed.target}" for placed in one.placements)),
    "audience": lambda one: _plain(*one.audience),
    "creator": lambda one: _plain(*one.creators),
    "publisher": lambda one: _plain(*one.publishers),
    "reviewer": lambda one: _plain(*one.reviewers),
    "organisation": lambda one: _plain(one.organisation),
    "created": lambda one: _plain(one.created),
    "published": lambda one: _plain(moment(one.published)),
    "modified": lambda one: _plain(moment(one.modified)),
    "version": lambda one: _plain(one.version),
    "licence": lambda one: _concepts(one.licence),
    "part-of": lambda one: _plain(*one.part_of),
    "based-on": lambda one: _plain(*one.based_on),
    "isbn": lambda one: _plain(*one.isbns),
    "shelf": lambda one: _plain(*one.shelves),
    "file": lambda one: _plain(*(file.url for file in one.files)),
    "thumbnail": lambda one: _plain(one.thumbnail),
    "duration": lambda one: _plain(duration(one.duration_seconds)),
    "pages": lambda one: _plain(str(one.pages or "")),
}
"""Name of a field -> its values in a record."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A column, and what its values have to be like.

    form: what stands in the column: `label`, `code`, or the name of another vocabulary (`uri`, `dcmi`, `lom` …).
    of: codes, one of which each value has to be; refused: codes that none may be; known: a vocabulary has the code;
    mapped: this other vocabulary has a word for it; longest: characters; not_for: types that need not have it.
    """

    name: str
    column: str
    en: str = ""
    form: str = "label"
    required: bool = False
    of: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    known: bool = False
    mapped: str = ""
    longest: int = 0
    not_for: frozenset[str] = frozenset()

    def lacks(self, record: Record) -> list[Lack]:
        said = READ[self.name](record)
        if not said:
            exempt = record.type is not None and record.type.code in self.not_for
            return [(self.name, "missing")] if self.required and not exempt else []
        wrong = {
            "not-taken": any(one.code in self.refused or (self.of and one.code not in self.of) for one in said),
            "unknown": self.known and not all(one.known for one in said),
            "unmapped": bool(self.mapped) and not all(one.same.get(self.mapped) for one in said),
            "too-long": self.longest > 0 and any(len(one.label) > self.longest for one in said),
        }
        return [(self.name, lack) for lack, is_so in wrong.items() if is_so]

    def cell(self, record: Record, separator: str) -> str:
        """What stands in its column."""
        return separator.join(self._form(one) for one in READ[self.name](record))

    def _form(self, one: Said) -> str:
        if self.form in ("label", "code"):
            return line(one.label if self.form == "label" else one.code)
        return line(one.same.get(self.form, "") or one.code)


@dataclass(frozen=True, slots=True)
class Profile:
    """fingerprint: of the file. files: licences whose files go along in a package."""

    name: str
    version: str
    vi: str
    en: str
    rules: tuple[Rule, ...]
    fingerprint: str
    files: Literal["open", "leaving", "none"] = "open"
    separator: str = "; "

    def label(self, language: str) -> str:
        return self.en if language == "en" else self.vi

    def field(self, name: str, language: str) -> str:
        """What people call a field: its first column."""
        rule = next((one for one in self.rules if one.name == name), None)
        return name if rule is None else (rule.en or rule.column) if language == "en" else rule.column

    def judge(self, record: Record) -> tuple[Lack, ...]:
        """What it lacks, each once, in the order of the columns."""
        return tuple(dict.fromkeys(lack for rule in self.rules for lack in rule.lacks(record)))

    def row(self, record: Record) -> list[str]:
        """A cell for each column."""
        return [rule.cell(record, self.separator) for rule in self.rules]

    def takes_files(self, record: Record) -> bool:
        """Whether files go along; a record names only those that everybody may take."""
        licence = record.licence.same if record.licence else {}
        if self.files == "open":
            return licence.get("open") == "yes"
        return self.files == "leaving" and licence.get("leaves") != "no"


_KEYS = {"name", "column", "en", "form", "required", "of", "except", "known", "mapped", "longest", "not_for"}
_KINDS: Mapping[str, type] = {
    **dict.fromkeys(("required", "known"), bool),
    **dict.fromkeys(("of", "except", "not_for"), list),
    "longest": int,
}
_TOP = {"name", "version", "vi", "en", "separator", "files", "field"}


def parse(data: bytes, place: str) -> Profile:
    """Raises: Invalid {field: profile, value}: says where and what is wrong."""

    def wrong(what: str) -> Invalid:
        return Invalid(field="profile", value=f"{place}: {what}")

    try:
        told: dict[str, Any] = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeError, tomllib.TOMLDecodeError) as error:
        raise wrong(str(error)) from error
    if strange := sorted(set(told) - _TOP):
        raise wrong(f"unknown key {strange[0]}")
    name = told.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise wrong("name has to be of a-z, 0-9 and -")
    files = told.get("files", {}).get("licences", "open") if isinstance(told.get("files", {}), dict) else None
    if files not in ("open", "leaving", "none"):
        raise wrong("files.licences is open, leaving or none")
    rows = told.get("field")
    if not isinstance(rows, list) or not rows:
        raise wrong("no [[field]]")
    label = str(told.get("vi") or told.get("en") or name)
    return Profile(
        name=name,
        version=str(told.get("version", "")),
        vi=label,
        en=str(told.get("en") or label),
        rules=tuple(_rule(row, number, wrong) for number, row in enumerate(rows, start=1)),
        fingerprint=hashlib.sha256(data).hexdigest()[:32],
        files=cast("Literal['open', 'leaving', 'none']", files),
        separator=str(told.get("separator", "; ")),
    )


def _rule(row: Any, number: int, wrong: Callable[[str], Invalid]) -> Rule:
    at = f"field {number}"
    if not isinstance(row, dict) or row.get("name") not in READ:
        raise wrong(f"{at}: name is one of {', '.join(READ)}")
    if strange := sorted(set(row) - _KEYS):
        raise wrong(f"{at}: unknown key {strange[0]}")
    for key, value in row.items():
        kind = _KINDS.get(key, str)
        codes = not isinstance(value, list) or all(isinstance(one, str) for one in value)
        if type(value) is not kind or not codes:
            raise wrong(f"{at}: {key} is no {kind.__name__}")
    return Rule(
        name=row["name"],
        column=row.get("column") or row["name"],
        en=row.get("en", ""),
        form=row.get("form", "label"),
        required=row.get("required", False),
        of=frozenset(row.get("of", ())),
        refused=frozenset(row.get("except", ())),
        known=row.get("known", False),
        mapped=row.get("mapped", ""),
        longest=row.get("longest", 0),
        not_for=frozenset(row.get("not_for", ())),
    )


def read(path: Path) -> Profile:
    """Raises: Invalid."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Invalid(field="profile", value=f"{path}: {error.strerror}") from error
    return parse(data, str(path))


@cache
def shipped() -> Profile:
    name = f"{SHIPPED}.toml"
    return parse(resources.files("service.library").joinpath("profiles", name).read_bytes(), name)


@cache
def _own(path: str) -> Profile:
    return read(Path(path))


def of_library(settings: Settings) -> Profile:
    """The one that records are judged by when they are rendered; read once a process. Raises: SettingsError."""
    if not settings.national_profile:
        return shipped()
    try:
        return _own(settings.national_profile)
    except Invalid as error:
        raise SettingsError(
            name="HOCLIEU_NATIONAL_PROFILE", value=settings.national_profile, allowed=str(error.parameters["value"])
        ) from error
