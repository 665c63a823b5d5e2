"""LOM as a record: ours gives back every field that was written, another repository's what we have a field for."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

from ingest.formats import xml
from service.crosswalks import Concept, File, Record, Text, line
from service.crosswalks.lom import names

_IN = {"": names.NAMESPACE}
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_UNITS = (86_400, 3_600, 60, 1)


def read(data: bytes) -> Record:
    """The record that a `lom` element tells of.

    Raises: ingest.errors.BrokenFile: not well-formed XML, or with a document type of its own.
    """
    return read_element(xml.parse(data))


def read_element(root: Any) -> Record:
    """The record that a `lom` element tells of, as it stands in another document."""
    root = _Areas(root)
    locations = _texts(root, "technical/location")
    files = tuple(_files(root))
    identifiers = dict(_identifiers(root, "general"))
    return Record(
        identifier=identifiers.get("oai") or next(iter(identifiers.values()), ""),
        url=next((one for one in locations if one not in {file.url for file in files}), ""),
        titles=_strings(root, "general/title"),
        descriptions=_strings(root, "general/description"),
        languages=_texts(root, "general/language"),
        keywords=_strings(root, "general/keyword"),
        type=_type(root),
        subjects=_concepts(root, "subjects"),
        grades=_concepts(root, "grades"),
        outcomes=_concepts(root, "outcomes"),
        audience=_texts(root, "educational/intendedEndUserRole/value"),
        creators=_people(root, "lifeCycle", "author"),
        publishers=_people(root, "lifeCycle", "publisher"),
        reviewers=_people(root, "metaMetadata", "validator"),
        organisation=next(iter(_people(root, "lifeCycle", "content provider")), ""),
        created=_date(root, "lifeCycle", "author"),
        published=_moment(_date(root, "lifeCycle", "publisher")),
        modified=_moment(_date(root, "metaMetadata", "creator")),
        version=next((text.value for text in _strings(root, "lifeCycle/version")), ""),
        licence=_licence(root),
        free_of_charge="yes" not in _texts(root, "rights/cost/value"),
        part_of=_related(root, "ispartof"),
        based_on=_related(root, "isbasedon"),
        files=files,
        thumbnail=next(iter(_related(root, "hasthumbnail")), ""),
        duration_seconds=_seconds(root),
    )


class _Areas:
    """A `lom` element by its areas: most ask for something in one of them, and half of these are not there."""

    def __init__(self, root: Any) -> None:
        self._areas: dict[str, list[Any]] = {}
        for child in root.iterchildren(f"{{{names.NAMESPACE}}}*"):
            self._areas.setdefault(child.tag.rpartition("}")[2], []).append(child)

    def findall(self, path: str, namespaces: Any) -> list[Any]:
        area, _, rest = path.partition("/")
        found = self._areas.get(area, [])
        return [one for each in found for one in each.findall(rest, namespaces)] if rest else found


def _all(element: Any, path: str) -> list[Any]:
    found: list[Any] = element.findall(path, _IN)
    return found


def _texts(element: Any, path: str) -> tuple[str, ...]:
    return tuple(filter(None, ((found.text or "").strip() for found in _all(element, path))))


def _strings(element: Any, path: str) -> tuple[Text, ...]:
    found = _all(element, f"{path}/string")
    return tuple(Text(one.text.strip(), one.get("language", "")) for one in found if (one.text or "").strip())


def _type(root: Any) -> Concept | None:
    words = [(_texts(one, "source"), _texts(one, "value")) for one in _all(root, "educational/learningResourceType")]
    standard = next((value[0] for source, value in words if source == (names.BASE,) and value), "")
    own = next((value[0] for source, value in words if source == (names.TYPES,) and value), "")
    if not (standard or own):
        return None
    return Concept(own or standard, same={"lom": standard} if standard else {})


def _concepts(root: Any, field: str) -> tuple[Concept, ...]:
    found = []
    for classification in _all(root, "classification"):
        if names.PURPOSES[field] not in _texts(classification, "purpose/value"):
            continue
        for path in _all(classification, "taxonPath"):
            taxa = [Concept(_code(taxon), _strings(taxon, "entry")) for taxon in _all(path, "taxon")]
            if taxa:
                found.append(Concept(taxa[-1].code, taxa[-1].labels, tuple(taxa[:-1])))
    return tuple(found)


def _code(taxon: Any) -> str:
    return next(iter(_texts(taxon, "id")), "")


def _contributions(root: Any, area: str, role: str) -> Iterator[Any]:
    return (one for one in _all(root, f"{area}/contribute") if role in _texts(one, "role/value"))


def _people(root: Any, area: str, role: str) -> tuple[str, ...]:
    cards = [card for one in _contributions(root, area, role) for card in _texts(one, "entity")]
    return tuple(filter(None, map(_name, cards)))


def _name(card: str) -> str:
    """The name that a vCard is shown with. A line that begins with a space goes on from the one before."""
    unfolded = re.sub(r"\r?\n[ \t]", "", card)
    found = re.search(r"^(?:\w+\.)?FN(?:;[^:\n]*)?:(.*)$", unfolded, re.MULTILINE | re.IGNORECASE)
    if found is None:
        return "" if "BEGIN:VCARD" in card.upper() else line(card)
    return line(re.sub(r"\\(.)", lambda escaped: " " if escaped[1] in "nN" else escaped[1], found[1]))


def _date(root: Any, area: str, role: str) -> str:
    dates = [text for one in _contributions(root, area, role) for text in _texts(one, "date/dateTime")]
    return next(iter(dates), "")


def _moment(text: str) -> datetime.datetime | None:
    try:
        at = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=datetime.UTC)


def _licence(root: Any) -> Concept | None:
    told = _strings(root, "rights/description")
    if not told:
        return None
    code = next((text.value for text in told if text.language == "x-code"), "")
    uri = next((text.value for text in told if text.language == "x-uri"), "")
    if not (code or uri):
        # Another repository's: its address is among the words.
        uri = next((text.value for text in told if text.value.startswith(("http://", "https://"))), "")
    labels = tuple(text for text in told if text.language not in ("x-uri", "x-code") and text.value != uri)
    return Concept(code, labels, same={"uri": uri} if uri else {})


def _identifiers(element: Any, path: str) -> Iterator[tuple[str, str]]:
    for one in _all(element, f"{path}/identifier"):
        for entry in _texts(one, "entry"):
            yield next(iter(_texts(one, "catalog")), ""), entry


def _relations(root: Any, kind: str) -> Iterator[Any]:
    return (one for one in _all(root, "relation") if kind in _texts(one, "kind/value"))


def _related(root: Any, kind: str) -> tuple[str, ...]:
    return tuple(entry for one in _relations(root, kind) for _, entry in _identifiers(one, "resource"))


def _files(root: Any) -> Iterator[File]:
    for one in _relations(root, "hasformat"):
        told = dict(_identifiers(one, "resource"))
        size = told.get(names.BYTES, "")
        if names.URI in told:
            yield File(
                url=told[names.URI],
                media_type=told.get(names.MEDIA_TYPE, ""),
                size_bytes=int(size) if size.isdecimal() and len(size) < 19 else 0,
                sha256=told.get(names.SHA256, ""),
                name=told.get(names.NAME, ""),
            )


def _seconds(root: Any) -> float | None:
    for text in _texts(root, "technical/duration/duration"):
        if (found := _DURATION.fullmatch(text)) and any(found.groups()):
            return sum(float(number or 0) * unit for number, unit in zip(found.groups(), _UNITS, strict=True))
    return None
