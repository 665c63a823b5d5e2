"""LOM as a record: ours gives back every field that was written, another repository's what we have a field for.

The element is walked over once, along `PATHS`: what none of them names is not
looked into. What was found is asked for by its path afterwards, which costs nothing.
"""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ingest.formats import xml
from service.crosswalks import Concept, File, Record, Text, line
from service.crosswalks.lom import names

PATHS = (
    "general/identifier[]/catalog",
    "general/identifier[]/entry",
    "general/title/string",
    "general/language",
    "general/description/string",
    "general/keyword/string",
    "lifeCycle/version/string",
    "lifeCycle/contribute[]/role/value",
    "lifeCycle/contribute[]/entity",
    "lifeCycle/contribute[]/date/dateTime",
    "metaMetadata/contribute[]/role/value",
    "metaMetadata/contribute[]/entity",
    "metaMetadata/contribute[]/date/dateTime",
    "technical/location",
    "technical/duration/duration",
    "educational/learningResourceType[]/source",
    "educational/learningResourceType[]/value",
    "educational/intendedEndUserRole/value",
    "rights/cost/value",
    "rights/description/string",
    "relation[]/kind/value",
    "relation[]/resource/identifier[]/catalog",
    "relation[]/resource/identifier[]/entry",
    "classification[]/purpose/value",
    "classification[]/taxonPath[]/taxon[]/id",
    "classification[]/taxonPath[]/taxon[]/entry/string",
)
"""All that is read of a `lom` element. []: what stands in such an element stays together, apart from the next one's."""

Found = dict[str, list[Any]]
"""What was found, by its path from the nearest [] on: of a [] a `Found` each, else texts (of a `string` a `Text`); none
of them is empty."""

_STRING, _APART = "string", "[]"
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_UNITS = (86_400, 3_600, 60, 1)
_FOLD = re.compile(r"\r?\n[ \t]")
_FULL_NAME = re.compile(r"^(?:\w+\.)?FN(?:;[^:\n]*)?:(.*)$", re.MULTILINE | re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class _Step:
    """What to do with an element: look into it, or take its text where there are no steps inside.

    key: under which what it is, or holds apart, is kept; empty: what it holds is kept where it stands.
    """

    key: str
    inside: "Mapping[str, _Step]"
    is_string: bool


def _steps(paths: Sequence[str], before: str = "") -> Mapping[str, _Step]:
    """Steps by the name of the element as lxml says it. before: the path to here, from the nearest [] on."""
    inside: dict[str, list[str]] = {}
    for path in paths:
        first, _, rest = path.partition("/")
        inside.setdefault(first, []).extend([rest] if rest else [])
    made = {}
    for first, rests in inside.items():
        name = first.removesuffix(_APART)
        path, apart = f"{before}{name}", first != name
        kept = path if apart or not rests else ""
        made[f"{{{names.NAMESPACE}}}{name}"] = _Step(kept, _steps(rests, "" if apart else f"{path}/"), name == _STRING)
    return made


_STEPS = _steps(PATHS)


def read(data: bytes) -> Record:
    """The record that a `lom` element tells of.

    Raises: ingest.errors.BrokenFile: not well-formed XML, or with a document type of its own.
    """
    return read_element(xml.parse(data))


def read_element(root: Any) -> Record:
    """The record that a `lom` element tells of, as it stands in another document."""
    told: Found = {}
    _walk(root, _STEPS, told)
    locations = told.get("technical/location", [])
    files = tuple(_files(told))
    of_files = {file.url for file in files}
    said = tuple(_identifiers(told, "general/identifier"))
    identifiers = dict(said)
    concepts = _concepts(told)
    life, meta = told.get("lifeCycle/contribute", []), told.get("metaMetadata/contribute", [])
    return Record(
        identifier=identifiers.get("oai") or next(iter(identifiers.values()), ""),
        url=next((one for one in locations if one not in of_files), ""),
        titles=tuple(told.get("general/title/string", ())),
        descriptions=tuple(told.get("general/description/string", ())),
        languages=tuple(told.get("general/language", ())),
        keywords=tuple(told.get("general/keyword/string", ())),
        type=_type(told),
        subjects=concepts.get("subjects", ()),
        grades=concepts.get("grades", ()),
        outcomes=concepts.get("outcomes", ()),
        audience=tuple(told.get("educational/intendedEndUserRole/value", ())),
        creators=_people(life, "author"),
        publishers=_people(life, "publisher"),
        reviewers=_people(meta, "validator"),
        organisation=next(iter(_people(life, "content provider")), ""),
        created=_date(life, "author"),
        published=_moment(_date(life, "publisher")),
        modified=_moment(_date(meta, "creator")),
        version=next((text.value for text in told.get("lifeCycle/version/string", ())), ""),
        licence=_licence(told.get("rights/description/string", [])),
        free_of_charge="yes" not in told.get("rights/cost/value", ()),
        part_of=_related(told, "ispartof"),
        based_on=_related(told, "isbasedon"),
        isbns=tuple(entry for catalog, entry in said if catalog.upper() == names.ISBN),
        files=files,
        thumbnail=next(iter(_related(told, "hasthumbnail")), ""),
        duration_seconds=_seconds(told.get("technical/duration/duration", [])),
    )


def _walk(element: Any, steps: Mapping[str, _Step], found: Found) -> None:
    for child in element:
        step = steps.get(child.tag)
        if step is None:
            continue
        made: Any
        if not step.inside:
            made = (child.text or "").strip()
            if made and step.is_string:
                made = Text(made, child.get("language", ""))
        elif step.key:
            made = {}
            _walk(child, step.inside, made)
        else:
            _walk(child, step.inside, found)
            continue
        if made:
            found.setdefault(step.key, []).append(made)


def _type(told: Found) -> Concept | None:
    words = told.get("educational/learningResourceType", ())
    standard, own = (
        next((one["value"][0] for one in words if one.get("source") == [source] and "value" in one), "")
        for source in (names.BASE, names.TYPES)
    )
    if not (standard or own):
        return None
    return Concept(own or standard, same={"lom": standard} if standard else {})


def _concepts(told: Found) -> dict[str, tuple[Concept, ...]]:
    """Field of a record -> what its classifications name."""
    found: dict[str, tuple[Concept, ...]] = {}
    for classification in told.get("classification", ()):
        for field, purpose in names.PURPOSES.items():
            if purpose in classification.get("purpose/value", ()):
                found[field] = (*found.get(field, ()), *_taxa(classification))
    return found


def _taxa(classification: Found) -> Iterator[Concept]:
    for path in classification.get("taxonPath", ()):
        *above, own = (Concept(_first(one, "id"), tuple(one.get("entry/string", ()))) for one in path["taxon"])
        yield Concept(own.code, own.labels, tuple(above)) if above else own


def _first(found: Found, name: str) -> str:
    return str(next(iter(found.get(name, ())), ""))


def _people(contributions: Sequence[Found], role: str) -> tuple[str, ...]:
    held = (one for one in contributions if "entity" in one and role in one.get("role/value", ()))
    return tuple(name for one in held for card in one["entity"] if (name := _name(card)))


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


def _date(contributions: Sequence[Found], role: str) -> str:
    held = (one for one in contributions if "date/dateTime" in one and role in one.get("role/value", ()))
    return next((str(one["date/dateTime"][0]) for one in held), "")


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


def _identifiers(found: Found, path: str) -> Iterator[tuple[str, str]]:
    for one in found.get(path, ()):
        for entry in one.get("entry", ()):
            yield _first(one, "catalog"), entry


def _relations(told: Found, kind: str) -> Iterator[Found]:
    return (one for one in told.get("relation", ()) if kind in one.get("kind/value", ()))


def _related(told: Found, kind: str) -> tuple[str, ...]:
    return tuple(entry for one in _relations(told, kind) for _, entry in _identifiers(one, "resource/identifier"))


def _files(root: Found) -> Iterator[File]:
    for one in _relations(root, "hasformat"):
        told = dict(_identifiers(one, "resource/identifier"))
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
