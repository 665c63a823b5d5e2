"""What somebody who is typing may mean: names of subjects, grades, types and textbook series, topics of a programme and
keywords, titles; without tones too.

Read from the term table and the catalogue, which know at any moment what is
public, whatever engine searches: a letter costs five questions at most, each of
bounded length along an index at any size of the library. Titles stand there by
their beginnings (`publishing.listed`); what is suggested is shown as it is
called now.

The most used come first (`used`), then the shortest. Of more titles than
WALKED that begin alike, those are looked at that are used most and those that
come first by letters.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, cast

from service.library.permissions import public
from service.library.services import Services
from service.library.used import CODED, Used
from service.model import Resource, ResourceId, ResourceKey, Value
from service.ports import UnitOfWork
from service.search.analysis import fold
from service.search.beginnings import TITLE, TOPIC, WORD, beginning, is_whole
from service.vocabularies import Vocabularies, folded

Kind = Literal["subject", "grade", "type", "series", "programme", "topic", "title"]

NAMED = ("subject", "grade", "type", "series", "programme")
MOST = 8
MOST_NAMES = 3
# Where titles leave room there are more.
MOST_TOPICS = 3
FEWEST_CHARACTERS = 2
# Rows of titles that begin alike, of which the best are chosen; different topics, and resources counted of each.
# SQLite lets another thread run at each row, and takes its turn again up to 5 ms later where one is busy: on a full
# machine rows are what a letter costs.
WALKED, TOPICS, COUNTED = 100, 12, 20
# Titles whose words are read: some may be called the same in the end.
READ = 20
# Names asked for at once; more begin with two letters of a language that has many short words.
ASKED = 12
# Topics of a programme that are asked for, those that most resources have first; and of those how many stand before
# keywords, which say the same in readers' own words.
ASKED_TOPICS, BEFORE_KEYWORDS = 6, 2
_SAID = ("title", "language", "keyword")
_Told = tuple[Resource, Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to choose. kind: what has a code is browsed, a topic without one searched, a title opened.

    code: of a name, or of a programme's topic; resource: of a title; language: of the text, empty where it is the
    page's own.
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
    used = services.most_used.known(services.catalogue)
    with services.catalogue.reading() as work:
        names, coded = _names(services.vocabularies, work, used, folded(text), language)
        values = sorted(
            work.terms.public_values(TOPIC, typed, limit=TOPICS, counted=COUNTED),
            key=lambda one: (-one[2], len(one[0]), one[0]),
        )
        keys = _titles(work, used, typed)
        told = work.resources.told({*keys, *(key for _, key, _ in values)}, _SAID)
    told = {key: one for key, one in told.items() if public(one[0])}
    keywords = [_topic(value, told[key][1]) for value, key, _ in values if key in told]
    topics = [*coded[:BEFORE_KEYWORDS], *keywords, *coded[BEFORE_KEYWORDS:]]
    titles = [_title(*told[key], typed) for key in keys if key in told]
    found: dict[str, Suggestion] = {}
    _add(found, names, MOST_NAMES)
    _add(found, topics, len(found) + MOST_TOPICS)
    _add(found, titles, MOST)
    # Topics that there is room for stand with the others.
    _add(found, topics, MOST)
    return sorted(found.values(), key=lambda one: (one.kind == "title", one.kind == "topic"))


def _add(found: dict[str, Suggestion], more: Sequence[Suggestion | None], most: int) -> None:
    for one in more:
        if one is not None and len(found) < most:
            found.setdefault(one.text.casefold(), one)


def _titles(work: UnitOfWork, used: Used, typed: str) -> list[ResourceKey]:
    """The best first: what begins so before what has a word that does; then by use, then by length."""
    kept: dict[ResourceKey, None] = {}
    for field in (TITLE, WORD):
        if len(kept) >= MOST:
            break
        rows = dict.fromkeys(
            (*used.beginning(field, typed, limit=READ), *work.terms.public_beginning(field, typed, limit=WALKED))
        )
        best = sorted(rows, key=lambda row: (-used.uses.get(row[1], 0), len(row[0]), row))
        seen: set[str] = set()
        for value, key in best:
            # The same title over and over ("Giáo án tuần 3") is one suggestion.
            again = field == TITLE and is_whole(value) and value in seen
            if not again and len(kept) < READ:
                kept.setdefault(key)
                seen.add(value)
    return list(kept)


def _title(resource: Resource, values: Sequence[Value], typed: str) -> Suggestion | None:
    """None: it was called so when its use was read, and is no longer."""
    title = next((value for value in values if value.field == "title"), None)
    if title is None or f" {typed}" not in f" {' '.join(fold(title.value))}":
        return None
    language = title.language or next((value.value for value in values if value.field == "language"), "")
    return Suggestion("title", title.value, "" if language == "und" else language, resource=resource.id)


def _topic(folded_topic: str, values: Sequence[Value]) -> Suggestion | None:
    """As the resource that has it writes it."""
    for value in values:
        if value.field == "keyword" and beginning(value.value) == folded_topic:
            return Suggestion("topic", value.value)
    return None


def _names(
    vocabularies: Vocabularies, work: UnitOfWork, used: Used, typed: str, language: str
) -> tuple[list[Suggestion], list[Suggestion]]:
    """Names, and topics of programmes, of what everybody finds something of; one question to the catalogue.

    What has come since topics were counted stands behind all that were.
    """
    names = list(islice(vocabularies.beginning(NAMED, typed), ASKED))
    topics = heapq.nsmallest(
        ASKED_TOPICS, vocabularies.beginning((CODED,), typed), key=lambda one: -used.topics.get(one[1], 0)
    )
    there = work.terms.public_any([*names, *topics])
    made = [
        Suggestion(cast("Kind", kind), vocabularies.label_alone(kind, code, language), code=code)
        for kind, code in (*names, *topics)
        if (kind, code) in there
    ]
    return [one for one in made if one.kind != CODED], [one for one in made if one.kind == CODED]
