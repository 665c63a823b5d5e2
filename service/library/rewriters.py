"""What was meant by what somebody typed, learnt from what is public (`search/rewriting.py`).

One immutable file `syllables/<generation>/…` says which word follows which;
the generation's row names it. `hoclieu reindex` learns it from everything;
between two, workers learn from what they write and make a new file when they
know an eighth more. A small library has a new one with every batch.

Nothing hangs on it: where there is none, or none can be read, searches ask for
what was typed, and indexing goes on. What a worker had learnt and not written
when it ended is learnt at the next reindex; what was removed or closed since
is forgotten then. An export carries none, and they go with their generation.
"""

import datetime
import secrets
from collections.abc import Iterable
from contextlib import suppress
from logging import getLogger

from service.errors import LibraryError, NotFound, ObjectMissing
from service.library.lexicons import ORPHAN_SECONDS
from service.library.rewriter_files import FOLDER, key_of, opened
from service.library.services import Services
from service.model import Generation, IndexDocument
from service.search.understand import Known

__all__ = ["FOLDER", "drop", "learn", "meant", "save"]

log = getLogger(__name__)

# Words of text. A file of so many is half a MB and written in some hundredths of a second.
SMALL = 100_000
MORE = 1 / 8
_TRIES = 3


def meant(services: Services, generation: Generation, text: str, known: Known, *, letters: bool = True) -> str | None:
    """The text with its accents, and without wrong letters; None: as it is, or nothing is known that says more.

    letters: False leaves all letters as they are.
    """
    syllables = services.rewriters.of(services.objects, generation) if text and generation.syllables else None
    if syllables is None:
        return None
    from service.search.rewriting import rewritten

    return rewritten(text, syllables, known, letters=letters)


def learn(
    services: Services, generation: Generation, documents: Iterable[IndexDocument], *, everything: bool = False
) -> None:
    """From those of these documents that everybody may see and that it does not know yet.

    everything: more is coming, and `save` after it (a reindex). Raises: nothing that a store or a database does.
    """
    if generation.syllables is None:
        # What is there was never learnt from, and a few texts alone would say wrong things of the others.
        return
    from service.search.learning import Learning

    rewriters = services.rewriters
    with rewriters.writing:
        held = rewriters.of(services.objects, generation)
        learning = rewriters.learnt.setdefault(generation.name, Learning())
        learning.learn(
            one
            for one in documents
            if one.audience == "public" and one.key not in learning.resources and not (held and held.learnt(one.key))
        )
        known = held.tokens if held else 0
        due = known <= SMALL or learning.tokens >= known * MORE
        if learning.tokens and (learning.full or (due and not everything)):
            _save(services, generation)


def save(services: Services, generation: Generation) -> None:
    """What was learnt and stands in no file yet. Raises: nothing that a store or a database does."""
    with services.rewriters.writing:
        learning = services.rewriters.learnt.get(generation.name)
        if learning is not None and learning.tokens:
            _save(services, generation)


def drop(services: Services, generation: str) -> None:
    """All files of a generation that goes. Idempotent."""
    for key in list(services.objects.keys(key_of(generation, ""))):
        services.objects.remove(key)
    services.rewriters.forget(generation)


def _save(services: Services, generation: Generation) -> None:
    try:
        for _ in range(_TRIES):
            if _written(services, generation.name):
                break
    except LibraryError as error:
        # It is tried again with the next batch.
        log.warning("syllables-unwritten", extra={"generation": generation.name, "reason": error.code})


def _written(services: Services, generation: str) -> bool:
    """One more try. False: somebody else was faster, and theirs is to be added to."""
    row = _row(services, generation)
    if row is None or row.syllables is None:
        services.rewriters.forget(generation)
        return True
    before = None
    if row.syllables:
        # A damaged one, or one that is gone, is begun anew.
        with suppress(ValueError, ObjectMissing):
            before = opened(services.objects, key_of(generation, row.syllables))
    name = f"{_stamp(datetime.datetime.now(datetime.UTC))}-{secrets.token_hex(4)}"
    services.objects.put(key_of(generation, name), services.rewriters.learnt[generation].file(before))
    done = False
    with suppress(NotFound):
        done = services.catalogue.write(
            lambda work: work.generations.set_syllables(generation, name, instead_of=row.syllables or "")
        )
    if not done:
        services.objects.remove(key_of(generation, name))
        return False
    services.rewriters.learnt.pop(generation, None)
    _sweep(services, generation, named=name, former=row.syllables)
    return True


def _sweep(services: Services, generation: str, *, named: str, former: str) -> None:
    """Files of dead writers, after an hour. The one before stays until the next: somebody may be about to load it."""
    if older := services.rewriters.former.pop(generation, ""):
        services.objects.remove(key_of(generation, older))
    services.rewriters.former[generation] = former
    before = _stamp(datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=ORPHAN_SECONDS))
    for key in list(services.objects.keys(key_of(generation, ""))):
        name = key.rsplit("/", 1)[1]
        if name not in (named, former) and name < before:
            services.objects.remove(key)


def _row(services: Services, generation: str) -> Generation | None:
    with services.catalogue.reading() as work:
        rows = work.generations.all(services.index.engine)
    return next((row for row in rows if row.name == generation), None)


def _stamp(moment: datetime.datetime) -> str:
    return f"{moment:%Y%m%d%H%M%S}"
