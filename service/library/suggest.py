"""What somebody who is typing may mean: names of subjects, grades and types, titles, topics; without tones too.

Read from the term table and the catalogue, which know at any moment what is
public, whatever engine searches. Titles stand there by their beginnings
(`process.listed`); what is suggested is shown as it is called now.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from service.library.permissions import allows
from service.library.services import Services
from service.model import PUBLIC, Resource, ResourceId, Revision
from service.ports import UnitOfWork
from service.search.beginnings import TITLE, TOPIC, WORD, beginning
from service.vocabularies import Vocabularies, folded

Kind = Literal["subject", "grade", "type", "topic", "title"]

NAMED = ("subject", "grade", "type")
MOST = 8
MOST_NAMES = 3
FEWEST_CHARACTERS = 2
# Titles often repeat ("Giáo án tuần 3"); some are looked at so that enough different ones are left.
LOOKED_AT = 24


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to choose. kind: a code of NAMED is browsed, a topic searched, a title opened.

    code: of a name; resource: of a title; language: of the text, empty where it is the page's own.
    """

    kind: Kind
    text: str
    language: str = ""
    code: str = ""
    resource: ResourceId | None = None


def suggest(services: Services, text: str, *, language: str) -> list[Suggestion]:
    """At most MOST of what begins so, or has a word that does; nothing for fewer than FEWEST_CHARACTERS.

    language: of the names. Only what everybody may see, whoever asks: others may look over a shoulder.
    """
    typed = beginning(text)
    if len(typed) < FEWEST_CHARACTERS:
        return []
    with services.catalogue.reading() as work:
        found = {one.text.casefold(): one for one in _names(services.vocabularies, work, folded(text), language)}
        for kind, fields in (("topic", (TOPIC,)), ("title", (TITLE, WORD))):
            most = MOST - 2 if kind == "topic" else MOST
            for field in fields:
                if len(found) >= most:
                    break
                keys = work.terms.beginning(field, typed, limit=LOOKED_AT)
                shown = work.resources.published(keys)
                for key in keys:
                    if key in shown and allows(PUBLIC, *shown[key], "see"):
                        for one in _of(kind, *shown[key], typed):
                            if len(found) < most:
                                found.setdefault(one.text.casefold(), one)
    return list(found.values())


def _of(kind: str, resource: Resource, revision: Revision, typed: str) -> Iterator[Suggestion]:
    if kind == "topic":
        for word in revision.every("keyword"):
            if beginning(word).startswith(typed):
                yield Suggestion("topic", word)
        return
    for value in revision.values:
        if value.field == "title":
            language = value.language or revision.first("language") or ""
            yield Suggestion("title", value.value, "" if language == "und" else language, resource=resource.id)
            return


def _names(vocabularies: Vocabularies, work: UnitOfWork, typed: str, language: str) -> Iterator[Suggestion]:
    """Names of what the library has something of."""
    given = 0
    for kind, code in vocabularies.beginning(NAMED, typed):
        if given == MOST_NAMES:
            return
        if work.terms.resources(kind, code, after=0, limit=1):
            given += 1
            yield Suggestion(cast("Kind", kind), vocabularies.label(kind, code, language), code=code)
