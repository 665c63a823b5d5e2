"""A record of another repository as values of ours: its metadata with a link, no file.

Words become terms where a vocabulary knows them, by code, by address or by
name; what it does not know is kept as a keyword. What a resource cannot be
shown without (a title, an address, a licence) is asked for here, and its lack
is the reason at the record.
"""

import datetime
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from service.crosswalks import Concept, Record, Text, dc_reading, language_tag, line, mods_reading, plain
from service.crosswalks.lom import names as lom_names
from service.crosswalks.lom import reading as lom_reading
from service.library.address import address
from service.library.harvesting import origins
from service.library.harvesting.answers import Broken, Got
from service.library.publishing import access_for, listed
from service.model import FROM_SOURCE, Access, Resource, ResourceId, ResourceKey, Revision, Value
from service.ports import Brought, Origin, Source
from service.vocabularies import Vocabularies

READERS: Mapping[str, Any] = {
    lom_names.NAMESPACE: lom_reading.read_element,
    mods_reading.NAMESPACE: mods_reading.read_element,
    dc_reading.NAMESPACE: dc_reading.read_element,
}
"""Namespace of the metadata's element -> what reads it."""
PREFERRED = ("oai_lom", "lom", "mods", "oai_dc")
"""Formats in the order in which a source is asked for them: the richest first."""

TITLE_CHARACTERS, TEXT_CHARACTERS, WORD_CHARACTERS, MOST = 1_000, 20_000, 300, 50
LINK, SOURCE_NAME = "link", "source"
"""Fields of what was harvested: where it is, and what the repository calls itself from which it came."""
_NO_FILES: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """What a record says. values: all of origin `source`. origins: where it stood, the source first."""

    identifier: str
    datestamp: str
    values: tuple[Value, ...]
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class Mapper:
    """For one source and one state of the vocabularies."""

    vocabularies: Vocabularies
    source: Source
    harvested: str
    """The date of this harvest, as provenance says it."""
    _meant: dict[tuple[str, str], str] = field(default_factory=dict)

    def read(self, got: Got, before: Sequence[Origin]) -> Read:
        """before: where it stood before it came to the source.

        Raises: Broken: unknown-format, no-title, no-link, no-licence.
        """
        root = got.metadata
        namespace = root.tag.partition("}")[0].lstrip("{") if root is not None else ""
        reader = READERS.get(namespace)
        if reader is None:
            raise Broken("unknown-format", namespace[:200], passing=False)
        record: Record = reader(root)
        values = tuple(self._values(record))
        header = got.header
        here = Origin(self.source.base_url, header.identifier, header.datestamp, namespace, self.harvested)
        return Read(header.identifier, header.datestamp, values, (here, *before))

    def brought(self, read: Read) -> Brought:
        """With what follows from the values."""
        revision = Revision(ResourceKey(0), 1, "published", read.values, _NO_FILES, self._resource.created_at)
        access = access_for(self.vocabularies, revision, "public")
        stood = [one.identifier for one in read.origins]
        return Brought(
            identifier=read.identifier,
            datestamp=read.datestamp,
            original=origins.original(read.identifier, read.origins[1:]),
            digest=_digest(read.values, access, self.source.organisation, stood),
            values=read.values,
            terms=tuple(listed(self.vocabularies, self._resource, revision)),
            access=access,
            origins=read.origins,
        )

    @cached_property
    def _resource(self) -> Resource:
        """What all of them have in common."""
        now = datetime.datetime.now(datetime.UTC)
        return Resource(
            key=ResourceKey(0),
            id=ResourceId(""),
            owner=self.source.organisation,
            origin=f"{FROM_SOURCE}{self.source.key}",
            visibility="live",
            access="public",
            embargo_until=None,
            published=1,
            created_at=now,
            modified_at=now,
        )

    def _values(self, record: Record) -> Iterator[Value]:
        titles = list(_texts(record.titles, TITLE_CHARACTERS))
        if not titles:
            raise Broken("no-title", passing=False)
        said = (record.url, *(one.url for one in record.files))
        link = next((found for one in said if (found := _address(one))), "")
        if not link:
            raise Broken("no-link", record.url[:200], passing=False)
        yield from (_value("title", text) for text in titles)
        yield from (_value("description", text) for text in _texts(record.descriptions, TEXT_CHARACTERS))
        yield from (Value("language", code, "source") for code in self._languages(record.languages))
        yield Value("type", self._type(record.type), "source")
        yield Value("licence", self._licence(record.licence), "source")
        words: list[Text] = []
        for name, concepts in (("subject", record.subjects), ("grade", record.grades), ("outcome", record.outcomes)):
            codes, unknown = self._codes(name, concepts)
            yield from (Value(name, code, "source") for code in codes)
            words += unknown
        yield from self._keywords((*words, *record.keywords), record)
        for name, said in (
            ("creator", record.creators),
            ("publisher", record.publishers),
            ("reviewer", record.reviewers),
            ("audience", record.audience),
            ("isPartOf", record.part_of),
            ("isBasedOn", record.based_on),
        ):
            yield from (Value(name, text, "source") for text in _lines(said))
        if record.created:
            yield Value("created", record.created[:40], "source")
        yield Value(LINK, link, "source")
        yield Value(SOURCE_NAME, self.source.name, "source")

    def _languages(self, said: Sequence[str]) -> list[str]:
        codes = dict.fromkeys(self._code("language", one) or language_tag(one) for one in said[:MOST])
        return [code for code in codes if code] or ["und"]

    def _type(self, concept: Concept | None) -> str:
        if concept is None:
            return "other"
        if code := self._named("type", concept):
            return code
        for other in ("lom", "dcmi"):
            if word := concept.same.get(other, ""):
                found = self._meant.get((other, word))
                if found is None:
                    terms = self.vocabularies.terms["type"].values()
                    found = next((term.code for term in terms if term.extra.get(other, "") == word), "")
                    self._meant[other, word] = found
                if found:
                    return found
        return "other"

    def _licence(self, concept: Concept | None) -> str:
        code = self._named("licence", concept) if concept else ""
        if not code and concept and (uri := concept.same.get("uri", "")):
            code = self._code("licence", uri)
        if not (code := code or self.source.licence):
            said = concept.same.get("uri") or concept.label.value if concept else ""
            raise Broken("no-licence", line(said)[:200], passing=False)
        return code

    def _codes(self, name: str, concepts: Sequence[Concept]) -> tuple[list[str], list[Text]]:
        """Codes that are terms here, and the names of those that are none."""
        codes: dict[str, None] = {}
        unknown: list[Text] = []
        for concept in concepts[:MOST]:
            if code := self._named(name, concept):
                codes[code] = None
            elif line(concept.label.value):
                unknown.append(concept.label)
        return list(codes), unknown

    def _keywords(self, words: Sequence[Text], record: Record) -> Iterator[Value]:
        """Words that name a subject or a grade are one, where the format has no place for these (Dublin Core)."""
        plainly = not (record.subjects or record.grades)
        found: dict[tuple[str, str], Value] = {}
        for text in _texts(words, WORD_CHARACTERS):
            names = ("subject", "grade") if plainly else ()
            name, code = next(((name, code) for name in names if (code := self._code(name, text.value))), ("", ""))
            value = Value(name, code, "source") if code else _value("keyword", text)
            found.setdefault((value.field, value.value), value)
        yield from list(found.values())[: 2 * MOST]

    def _named(self, name: str, concept: Concept) -> str:
        """The code of a concept: its own where it is known here, else what one of its labels means."""
        if concept.code and self.vocabularies.get(name, concept.code):
            return concept.code
        return next((code for label in concept.labels if (code := self._code(name, label.value))), "")

    def _code(self, name: str, text: str) -> str:
        """What a text means, remembered: a hundred thousand records say the same few words."""
        text = text[:WORD_CHARACTERS]
        code = self._meant.get((name, text))
        if code is None:
            if len(self._meant) > _REMEMBERED:
                self._meant.clear()
            code = self._meant[name, text] = self.vocabularies.resolve(name, text) or ""
        return code


_REMEMBERED = 50_000
_ANOTHER = re.compile(r"\s(?=https?://)", re.IGNORECASE)


def _address(said: str) -> str:
    """An address as it is kept here, empty for none. Others write spaces in them, and two beside each other."""
    first, *_ = _ANOTHER.split(said.strip(), 1)
    return address(first.rstrip(" ;,").replace(" ", "%20")) or ""


def _value(field: str, text: Text) -> Value:
    return Value(field, text.value, "source", language=language_tag(text.language) or None)


def _texts(texts: Iterable[Text], most: int) -> Iterator[Text]:
    """Composed, without what cannot be shown, cut, none twice."""
    seen: set[str] = set()
    for text in texts:
        value = unicodedata.normalize("NFC", plain(text.value))[:most].strip()
        if value and value not in seen:
            seen.add(value)
            yield Text(value, text.language)
        if len(seen) >= MOST:
            return


def _lines(said: Iterable[str]) -> Iterator[str]:
    return (line(text.value) for text in _texts(map(Text, said), TITLE_CHARACTERS))


def _digest(values: Sequence[Value], access: Access, owner: str, stood: Sequence[str]) -> str:
    """Of all that may change a record here; not of what the repository calls itself, nor of dates."""
    told = (
        f"{value.field}\t{value.language}\t{len(value.value)}\t{value.value}\n"
        for value in values
        if value.field != SOURCE_NAME
    )
    return hashlib.sha256(f"{access}\n{owner}\n{stood}\n{''.join(told)}".encode()).hexdigest()[:32]
