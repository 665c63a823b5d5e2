"""A library's own vocabularies: check a file, take it in, give it back, and write anew what follows from it.

A file takes the place of a whole vocabulary, and is kept as it came, so that
it is given back byte by byte. Codes stay for ever where resources or other
vocabularies use them: a term that is over is marked `ended`, never left out.
What shipped holds again when its own bytes are imported. What a change means
to published resources (facets, words that are searched) is written by a
`relist` job, which commits together with the change.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from service.errors import UnknownVocabulary, VocabularyWrong
from service.library import placements
from service.library.permissions import require_role
from service.library.publishing import listed, touch
from service.library.services import Services
from service.model import PRIORITY_BATCH, Job, OwnVocabulary, Principal, ResourceKey
from service.ports import UnitOfWork
from service.vocabularies import FIELDS, Vocabularies, seeds
from service.vocabularies.reading import Problem, decode, judge, read, several
from service.vocabularies.shapes import ENDED, SHAPES
from service.vocabularies.terms import Term

# Commits are short and leave room between them, so that a person's publish does not wait.
PAGE = 50
PAUSE_SECONDS = 0.005
NAMED_PROBLEMS = 50
"""At most so many of one kind are told; who mends fifty rows runs it again."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file would come to. added, changed, gone: codes, against the one that holds now.

    ends: codes that are marked ended by it and that resources have, with how many; these keep them.
    """

    name: str
    terms: int
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    ends: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """What was taken in. same: these bytes held already, and nothing happened; shipped: they are those that ship.

    job: the subject of the `relist` job, empty where no resource can have any of the terms.
    """

    checked: Checked
    same: bool = False
    shipped: bool = False
    job: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A vocabulary that holds now. own: the row that put it in the place of the one that ships."""

    name: str
    terms: int
    ended: int
    own: OwnVocabulary | None = field(default=None)


def check(services: Services, name: str, data: bytes) -> Checked:
    """Everything that is wrong with a file, and what it would change. Raises: UnknownVocabulary."""
    _known(name)
    with services.catalogue.reading() as work:
        return _check(services, work, name, decode(data))[0]


def check_all(services: Services) -> list[Checked]:
    """The vocabularies that hold now, each with what is wrong in it."""
    with services.catalogue.reading() as work:
        own = work.vocabularies.current()
        return [_check(services, work, name, own.get(name) or seeds.content(name))[0] for name in FIELDS]


def take_in(services: Services, principal: Principal, name: str, data: bytes) -> Imported:
    """From now on the file is the vocabulary, for every process.

    Raises: NotAllowed; UnknownVocabulary; VocabularyWrong {name, problems}: `check` says what.
    """
    require_role(principal, "term")
    _known(name)
    text = decode(data)

    def act(work: UnitOfWork) -> Imported:
        held = work.vocabularies.current().get(name)
        checked, changes = _check(services, work, name, text)
        if checked.problems or isinstance(text, Problem):
            raise VocabularyWrong(name=name, problems=len(checked.problems))
        shipped = text.removeprefix("\ufeff") == seeds.content(name)
        if text == held or (shipped and held is None):
            return Imported(checked, same=True, shipped=held is None)
        row = work.vocabularies.add(name, None if shipped else text, actor=principal.role)
        counted = {"added": len(checked.added), "changed": len(checked.changed), "gone": len(checked.gone)}
        work.events.add(
            "vocabulary-imported", None, principal.role, {"vocabulary": name, "sha256": row.sha256, **counted}
        )
        job = f"{name}/{row.key}" if changes.keys() & work.terms.counts(name).keys() else ""
        if job:
            work.jobs.add("relist", job, priority=PRIORITY_BATCH)
        return Imported(checked, shipped=shipped, job=job)

    return services.catalogue.write(act)


def give(services: Services, name: str, *, shipped: bool = False) -> bytes:
    """A vocabulary as it was imported, byte by byte, or as it ships. Raises: UnknownVocabulary."""
    _known(name)
    with services.catalogue.reading() as work:
        own = None if shipped else work.vocabularies.current().get(name)
    return (own or seeds.content(name)).encode("utf-8")


def listing(services: Services) -> list[Listed]:
    with services.catalogue.reading() as work:
        newest = {row.name: row for row in work.vocabularies.all()}
        own = work.vocabularies.current().keys()
        now = services.living.of(work)
    return [
        Listed(
            name,
            terms=len(now.terms[name]),
            ended=sum(now.ended(name, code) for code in now.terms[name]),
            own=newest[name] if name in own else None,
        )
        for name in FIELDS
    ]


def _known(name: str) -> None:
    if name not in FIELDS:
        raise UnknownVocabulary(name=name, names=", ".join(FIELDS))


def _check(
    services: Services, work: UnitOfWork, name: str, text: str | Problem
) -> tuple[Checked, Mapping[str, Term | None]]:
    """Returns: also the codes whose terms differ from those that hold now, with what they were."""
    if isinstance(text, Problem):
        return Checked(name, 0, problems=(text,)), {}
    table = read(text, name)
    # A row that cannot be read would seem to be gone.
    if table.problems:
        return Checked(name, len(table.terms), problems=_few(table.problems)), {}
    now = services.living.of(work)
    tables = {**now.terms, name: table.terms}
    problems = list(judge(tables, name, table.rows))
    changes = changed(now.terms[name], table.terms)
    gone = [code for code in changes if code not in table.terms]
    problems += _needed(work, tables, name, gone)
    return (
        Checked(
            name,
            len(table.terms),
            added=tuple(code for code in changes if code not in now.terms[name]),
            changed=tuple(code for code in changes if code in table.terms and code in now.terms[name]),
            gone=tuple(gone),
            problems=_few(problems),
            ends=tuple(sorted(_carried(work, name, _ending(changes, table.terms)).items())),
        ),
        changes,
    )


def changed(before: Mapping[str, Term], after: Mapping[str, Term]) -> dict[str, Term | None]:
    """Codes whose terms differ, with what they were: None for those that are new."""
    return {code: before.get(code) for code in {**before, **after} if before.get(code) != after.get(code)}


def _ending(changes: Mapping[str, Term | None], after: Mapping[str, Term]) -> list[str]:
    """Codes that were chosen until now and will not be from a day on."""
    return [
        code
        for code, before in changes.items()
        if code in after and ENDED in after[code].extra and before is not None and ENDED not in before.extra
    ]


def _needed(
    work: UnitOfWork, tables: Mapping[str, Mapping[str, Term]], name: str, gone: Sequence[str]
) -> Iterator[Problem]:
    """Codes that may not go: resources have them, or other vocabularies refer to them."""
    for code, number in sorted(_carried(work, name, gone).items()):
        yield Problem("vocabulary-in-use", 0, {"value": code, "count": number})
    left = set(gone)
    for other, shape in SHAPES.items():
        for column in (column for column, meant in shape.names.items() if meant == name and other != name):
            counts: dict[str, int] = {}
            for term in tables.get(other, {}).values():
                for part in several(term.extra.get(column, "")):
                    if part in left:
                        counts[part] = counts.get(part, 0) + 1
            for code, number in sorted(counts.items()):
                yield Problem("vocabulary-referred-to", 0, {"value": code, "count": number, "vocabulary": other})


def _carried(work: UnitOfWork, name: str, gone: Sequence[str]) -> Mapping[str, int]:
    """Code -> how many resources have it, as a value of their own or in one of their placements."""
    keys = placements.KEYS_OF.get(name, ())
    found = work.resources.carrying(name, gone)
    if not (gone and keys):
        return found
    wanted, holders = set(gone), {code: set[ResourceKey]() for code in gone}
    for resource, stored in work.resources.placed():
        placement = placements.read(stored)
        for code in {str(getattr(placement, key)) for key in keys} & wanted:
            holders[code].add(resource)
    # A resource that has it both ways is one; which of the two are the same is not asked, since one is enough.
    counts = {code: max(found.get(code, 0), len(held)) for code, held in holders.items()}
    return {code: number for code, number in counts.items() if number}


def _few(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    counts: dict[str, int] = {}
    few = []
    for problem in problems:
        counts[problem.code] = counts.get(problem.code, 0) + 1
        if counts[problem.code] <= NAMED_PROBLEMS:
            few.append(problem)
    few += (
        Problem("vocabulary-more", 0, {"count": number - NAMED_PROBLEMS, "kind": code})
        for code, number in counts.items()
        if number > NAMED_PROBLEMS
    )
    return tuple(few)


def relist(services: Services, job: Job) -> None:
    """Write anew the terms and index entries of the resources that have a term which an import changed.

    Interrupted, it begins anew: a resource that is written twice is as it is when it is written once.
    """
    name, _, key = job.subject.partition("/")
    with services.catalogue.reading() as work:
        before, here = work.vocabularies.around(int(key))
        had = work.terms.counts(name).keys()
    if here is None:
        return
    codes = [code for code in changed(_terms(name, before), _terms(name, here)) if code in had]
    done: set[ResourceKey] = set()
    for code in codes:
        after = 0
        while True:
            keys = services.catalogue.write(partial(_page, services, name=name, code=code, after=after, done=done))
            if not keys:
                break
            # Only now it is committed; a run that met another's commit is run again.
            done.update(keys)
            after = keys[-1]
            time.sleep(PAUSE_SECONDS)


def _terms(name: str, row: OwnVocabulary | None) -> Mapping[str, Term]:
    if row is None or row.content is None:
        return seeds.load().terms[name]
    return read(row.content, name).terms


def _page(
    services: Services, work: UnitOfWork, *, name: str, code: str, after: int, done: set[ResourceKey]
) -> Sequence[ResourceKey]:
    vocabularies: Vocabularies = services.living.of(work)
    keys = work.terms.resources(name, code, after=after, limit=PAGE)
    shown = work.resources.published([key for key in keys if key not in done])
    for key, (resource, revision) in shown.items():
        if resource.visibility == "live":
            work.terms.replace(key, listed(vocabularies, touch(work, resource), revision))
    return keys
