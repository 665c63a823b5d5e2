"""Personal data stops at the door: find lists of pupils and staff in a document and in its name.

Runs after segment, on passages that are cut and clean. What it finds is told
by kind, place and number, never with the data itself; whoever publishes holds
the item back (`service/library/personal.py`).

    names     every passage is scanned for names of people: the only scan that all of them pay
    rows      from three names on, what stands beside each of them
    kinds     which of it is a date of birth, a mark, a number of somebody
    lists     more than five persons of one kind, over pages that continue one another

Not covered: text mangled by old encodings, given names alone, lists of people
whose names are not Vietnamese.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from ingest.document import Document, Finding, Locator, Passage
from ingest.privacy.kinds import Cues, cues_of
from ingest.privacy.lists import LIST_PERSONS, Kept, Page, is_worth_judging, kept
from ingest.privacy.names import names
from ingest.privacy.rows import columns, may_be_list, rows
from ingest.privacy.words import WORDS, Phrases, spoken

MAX_FINDINGS = 200
"""A register of a thousand pages is held for its first places."""

# A list goes on over a page break: its last row stands this near the end, the next one this near the beginning.
_REST_CHARACTERS = 600

_HELD_NAMES, _FREE_NAMES = Phrases(WORDS["file_names"]["held"]), Phrases(WORDS["file_names"]["free"])


def find(document: Document, name: str) -> tuple[Finding, ...]:
    """Lists of pupils or staff, by place, in the order of the document. `name`: what people called the file."""
    titled = cues_of(_words(name))
    found = list(_of_name(name))
    for each in _lists(document, titled):
        found += _findings(document.passages, each)
    return tuple(found[:MAX_FINDINGS])


def _words(name: str) -> str:
    return re.sub(r"[_\-.+]+", " ", PurePath(name.replace("\\", "/")).name)


def _of_name(name: str) -> Iterator[Finding]:
    said = spoken(_words(name))
    if _HELD_NAMES.stand_in(said) and not _FREE_NAMES.stand_in(said):
        yield Finding("file-name", None, None, 1)


def _lists(document: Document, titled: Cues) -> Iterator[list[Kept]]:
    """What each list of the document holds."""
    headings: Mapping[Locator, str] = {entry.locator: entry.title for entry in document.contents}
    last, carried = -2, titled
    for run in _runs(document.passages):
        if sum(len(page.names) for page in run) < LIST_PERSONS or not is_worth_judging(run):
            continue
        said = [titled]
        for page in run:
            passage = document.passages[page.index]
            said += map(cues_of, (headings.get(passage.locator, ""), passage.marginal, passage.text))
        # A page without its own heading goes on with that of the page before.
        cues = frozenset().union(*said, carried if run[0].index == last + 1 else ())
        last, carried = run[-1].index, cues
        yield list(kept(run, cues))


def _runs(passages: Sequence[Passage]) -> Iterator[list[Page]]:
    """Passages with names, those together over which a list goes on."""
    scanned = [names(passage.text) for passage in passages]
    wanted = {
        beside
        for index, found in enumerate(scanned)
        if may_be_list(passages[index].text, found)
        for beside in (index - 1, index, index + 1)
        if 0 <= beside < len(scanned) and scanned[beside]
    }
    run: list[Page] = []
    for index in sorted(wanted):
        text, found = passages[index].text, scanned[index]
        page = Page(index, text, found, tuple(rows(text, found)))
        if run and not (run[-1].index == index - 1 and _goes_on(run[-1], page)):
            yield run
            run = []
        run.append(page)
    if run:
        yield run


def _goes_on(page: Page, following: Page) -> bool:
    """Whether a list that ends a passage is taken up by the next one."""
    last, first = page.rows[-1], following.rows[0]
    return (
        last.is_tight
        and first.is_tight
        and len(page.text) - last.name.end <= _REST_CHARACTERS
        and first.name.start <= _REST_CHARACTERS
    )


def _findings(passages: Sequence[Passage], found: Sequence[Kept]) -> Iterator[Finding]:
    """One finding a kind, place and column."""
    numbers: Counter[tuple[str, Locator, str | None]] = Counter()
    for each in found:
        locator = passages[each.page.index].locator
        for letter, places in columns(each.page.text, each.places).items():
            numbers[each.kind, locator, letter] += places
    for (kind, locator, letter), number in numbers.items():
        yield Finding(kind, locator, letter, number)
