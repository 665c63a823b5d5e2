"""LOM as a record: ours gives back every field that was written, another repository's what we have a field for.

The element is walked over once, along `PATHS`: what none of them names is not
looked into. What was found is asked by path afterwards, which costs nothing.
"""

import datetime
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from ingest.formats import xml
from service.crosswalks import Concept, File, Record, Text, line
from service.crosswalks.lom import names

PATHS = (
    "general/identifier/catalog",
    "general/identifier/entry",
    "general/title/string",
    "general/language",
    "general/description/string",
    "general/keyword/string",
    "lifeCycle/version/string",
    "lifeCycle/contribute/role/value",
    "lifeCycle/contribute/entity",
    "lifeCycle/contribute/date/dateTime",
    "metaMetadata/contribute/role/value",
    "metaMetadata/contribute/entity",
    "metaMetadata/contribute/date/dateTime",
    "technical/location",
    "technical/duration/duration",
    "educational/learningResourceType/source",
    "educational/learningResourceType/value",
    "educational/intendedEndUserRole/value",
    "rights/cost/value",
    "rights/description/string",
    "relation/kind/value",
    "relation/resource/identifier/catalog",
    "relation/resource/identifier/entry",
    "classification/purpose/value",
    "classification/taxonPath/taxon/id",
    "classification/taxonPath/taxon/entry/string",
)
"""All that is read of a `lom` element."""

Found = dict[str, list[Any]]
"""What stands in an element, by name: a `Found` each, where a path ends a text (of a `string` a `Text`), none empty."""

_STRING = "string"
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_UNITS = (86_400, 3_600, 60, 1)
_FOLD = re.compile(r"\r?\n[ \t]")
_FULL_NAME = re.compile(r"^(?:\w+\.)?FN(?:;[^:\n]*)?:(.*)$", re.MULTILINE | re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)")


def _steps(paths: tuple[str, ...]) -> dict[str, Any]:
    """Name of an element as lxml says it -> its bare name and the steps inside it, none where a path ends."""
    inside: dict[str, list[str]] = {}
    for path in paths:
        first, _, rest = path.partition("/")
        inside.setdefault(first, []).extend([rest] if rest else [])
    return {f"{{{names.NAMESPACE}}}{name}": (name, _steps(tuple(rest))) for name, rest in inside.items()}


_STEPS = _steps(PATHS)


def read(data: bytes) -> Record:
    """The record that a `lom` element tells of.

    Raises: ingest.errors.BrokenFile: not well-formed XML, or with a document type of its own.
    """
    return read_element(xml.parse(data))


def read_element(root: Any) -> Record:
    """The record that a `lom` element tells of, as it stands in another document."""
    told = _walk(root, _STEPS)
    locations = _all(told, "technical", "location")
    files = tuple(_files(told))
    of_files = {file.url for file in files}
    identifiers = dict(_identifiers(_all(told, "general")))
    life, meta = _contributions(told, "lifeCycle"), _contributions(told, "metaMetadata")
    concepts = _concepts(told)
    return Record(
        identifier=identifiers.get("oai") or next(iter(identifiers.values()), ""),
        url=next((one for one in locations if one not in of_files), ""),
        titles=tuple(_all(told, "general", "title", _STRING)),
        descriptions=tuple(_all(told, "general", "description", _STRING)),
        languages=tuple(_all(told, "general", "language")),
        keywords=tuple(_all(told, "general", "keyword", _STRING)),
        type=_type(told),
        subjects=concepts["subjects"],
        grades=concepts["grades"],
        outcomes=concepts["outcomes"],
        audience=tuple(_all(told, "educational", "intendedEndUserRole", "value")),
        creators=_people(life, "author"),
        publishers=_people(life, "publisher"),
        reviewers=_people(meta, "validator"),
        organisation=next(iter(_people(life, "content provider")), ""),
        created=_date(life, "author"),
        published=_moment(_date(life, "publisher")),
        modified=_moment(_date(meta, "creator")),
        version=next((text.value for text in _all(told, "lifeCycle", "version", _STRING)), ""),
        licence=_licence(_all(told, "rights", "description", _STRING)),
        free_of_charge="yes" not in _all(told, "rights", "cost", "value"),
        part_of=_related(told, "ispartof"),
        based_on=_related(told, "isbasedon"),
        files=files,
        thumbnail=next(iter(_related(told, "hasthumbnail")), ""),
        duration_seconds=_seconds(_all(told, "technical", "duration", "duration")),
    )


def _walk(element: Any, steps: Mapping[str, Any]) -> Found:
    found: Found = {}
    for child in element:
        step = steps.get(child.tag)
        if step is None:
            continue
        name, inside = step
        made: Any
        if inside:
            made = _walk(child, inside)
        else:
            made = (child.text or "").strip()
            if made and name == _STRING:
                made = Text(made, child.get("language", ""))
        if made:
            found.setdefault(name, []).append(made)
    return found


def _all(found: Found, *path: str) -> list[Any]:
    """What stands at a path, in the order of the document."""
    held: list[Any] = [found]
    for name in path:
        held = [one for inside in held for one in inside.get(name, ())]
        if not held:
            break
    return held


def _type(told: Found) -> Concept | None:
    words = [(one.get("source", []), one.get("value")) for one in _all(told, "educational", "learningResourceType")]
    standard = next((value[0] for source, value in words if source == [names.BASE] and value), "")
    own = next((value[0] for source, value in words if source == [names.TYPES] and value), "")
    if not (standard or own):
        return None
    return Concept(own or standard, same={"lom": standard} if standard else {})


def _concepts(told: Found) -> Mapping[str, tuple[Concept, ...]]:
    """Field of a record -> what its classifications name."""
    found: dict[str, list[Concept]] = {field: [] for field in names.PURPOSES}
    for classification in _all(told, "classification"):
        purposes = _all(classification, "purpose", "value")
        fields = [field for field, purpose in names.PURPOSES.items() if purpose in purposes]
        for path in classification.get("taxonPath", ()) if fields else ():
            taxa = [Concept(_first(one, "id"), tuple(_all(one, "entry", _STRING))) for one in path.get("taxon", ())]
            if taxa:
                concept = Concept(taxa[-1].code, taxa[-1].labels, tuple(taxa[:-1]))
                for field in fields:
                    found[field].append(concept)
    return {field: tuple(concepts) for field, concepts in found.items()}


def _first(found: Found, name: str) -> str:
    return str(next(iter(found.get(name, ())), ""))


def _contributions(told: Found, area: str) -> list[tuple[list[str], Found]]:
    """(roles, contribution), in their order."""
    return [(_all(one, "role", "value"), one) for one in _all(told, area, "contribute")]


def _people(contributions: list[tuple[list[str], Found]], role: str) -> tuple[str, ...]:
    cards = (card for roles, one in contributions if role in roles for card in one.get("entity", ()))
    return tuple(filter(None, map(_name, cards)))


@lru_cache(maxsize=4096)
def _name(card: str) -> str:
    """The name that a vCard is shown with. A line that begins with a space goes on from the one before.

    Remembered: the same few people made thousands of records.
    """
    unfolded = _FOLD.sub("", card)
    found = _FULL_NAME.search(unfolded)
    if found is None:
        return "" if "BEGIN:VCARD" in card.upper() else line(card)
    return line(_ESCAPED.sub(lambda escaped: " " if escaped[1] in "nN" else escaped[1], found[1]))


def _date(contributions: list[tuple[list[str], Found]], role: str) -> str:
    dates = (text for roles, one in contributions if role in roles for text in _all(one, "date", "dateTime"))
    return next(dates, "")


def _moment(text: str) -> datetime.datetime | None:
    try:
        at = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=datetime.UTC)


def _licence(told: list[Text]) -> Concept | None:
    if not told:
        return None
    code = next((text.value for text in told if text.language == "x-code"), "")
    uri = next((text.value for text in told if text.language == "x-uri"), "")
    if not (code or uri):
        # Another repository's: its address is among the words.
        uri = next((text.value for text in told if text.value.startswith(("http://", "https://"))), "")
    labels = tuple(text for text in told if text.language not in ("x-uri", "x-code") and text.value != uri)
    return Concept(code, labels, same={"uri": uri} if uri else {})


def _identifiers(holders: list[Found]) -> Iterator[tuple[str, str]]:
    for one in (one for holder in holders for one in holder.get("identifier", ())):
        for entry in one.get("entry", ()):
            yield _first(one, "catalog"), entry


def _relations(told: Found, kind: str) -> Iterator[Found]:
    return (one for one in told.get("relation", ()) if kind in _all(one, "kind", "value"))


def _related(told: Found, kind: str) -> tuple[str, ...]:
    return tuple(entry for one in _relations(told, kind) for _, entry in _identifiers(one.get("resource", [])))


def _files(root: Found) -> Iterator[File]:
    for one in _relations(root, "hasformat"):
        told = dict(_identifiers(one.get("resource", [])))
        size = told.get(names.BYTES, "")
        if names.URI in told:
            yield File(
                url=told[names.URI],
                media_type=told.get(names.MEDIA_TYPE, ""),
                size_bytes=int(size) if size.isdecimal() and len(size) < 19 else 0,
                sha256=told.get(names.SHA256, ""),
                name=told.get(names.NAME, ""),
            )


def _seconds(told: list[str]) -> float | None:
    for text in told:
        if (found := _DURATION.fullmatch(text)) and any(found.groups()):
            return sum(float(number or 0) * unit for number, unit in zip(found.groups(), _UNITS, strict=True))
    return None
