"""Which words a generation knows: files beside the objects, named by its row, the same for all engines.

A query's tokens that nothing holds do not count (`search/understand.py`). What
is known stands in immutable objects `lexicons/<generation>/…`: a large one,
made at reindex, and small ones with what came later, folded into larger ones
now and then. The row of the generation names them, so that a process sees
another's words with its next search, without asking the store.

Words are written before the documents that hold them. A death between the two
leaves words too many, which the job, done again, finds there; never a document
that a word of its own does not find. So words only come: workers need no
order between them, and once a language has been read most batches write none.

What was removed leaves its words until the next reindex. That can only hurt a
search that finds nothing, and such a search asks the index itself which of its
rare words are gone (`gone`). So the counts say how common a word is, not how
many resources hold it now: they are of the batch that brought it, or of
everything at a reindex.

Where files cannot be read, the index is asked for each word: slower, the same
answers. An export carries none, and they go with their generation.
"""

import datetime
import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress

from service.errors import NotFound
from service.library.lexicon_files import Words, key_of
from service.library.services import Services
from service.model import Audience, Generation, IndexDocument, SearchQuery
from service.ports import SearchIndex
from service.search.lexicon import merged, pack, packed, pieces_of, tokens_of

EVERYTHING = Audience(everything=True)
# More files make looking for a word that is nowhere slow; fewer make writers move words more often.
MOST_FILES = 12
# Of a file that no row names: whoever was about to name it is dead by then.
ORPHAN_SECONDS = 3_600
MAX_PIECE_CHARACTERS = 40
# Words of more resources do not vanish with a few removals, and asking for them costs the index time.
RARE = 20


def known(services: Services, generation: Generation, tokens: Collection[str]) -> frozenset[str]:
    """Which of these folded tokens the generation holds. Raises: IndexUnavailable: it had to be asked, and is away."""
    words = services.lexicons.of(services.objects, generation)
    found = frozenset(token for token in tokens if words.hold(token))
    if words.whole:
        return found
    return found | occurring(services.index, generation.name, [token for token in tokens if token not in found])


def gone(services: Services, generation: Generation, tokens: Collection[str]) -> frozenset[str]:
    """Of these known tokens those that nothing holds any more; only rare ones are asked for."""
    words = services.lexicons.of(services.objects, generation)
    rare = [token for token in tokens if 0 < words.count(token) <= RARE]
    return frozenset(rare) - occurring(services.index, generation.name, rare)


def occurring(index: SearchIndex, generation: str, tokens: Iterable[str]) -> frozenset[str]:
    """Which of these folded tokens the index holds, in a question each."""

    def occurs(token: str) -> bool:
        alone = SearchQuery(
            audience=EVERYTHING, dia=(token,), fold=(token,), known=(token,), required=1, sort="newest", limit=0, hits=0
        )
        return index.search(generation, alone).total > 0

    return frozenset(token for token in tokens if token and occurs(token))


def learn(
    services: Services, generation: Generation, documents: Iterable[IndexDocument], *, everything: bool = False
) -> None:
    """Before these documents are written: their words that the generation does not know yet.

    everything: all their words, so that the counts become those of the whole (a reindex).
    Raises: Unavailable: the store or the database is away, and the documents may not be written.
    """
    if generation.lexicon is None:
        # What is there was never counted, so what comes would not make it whole.
        return
    seen = services.lexicons.seen(generation.name)
    counts: Counter[str] = Counter()
    pieces: set[str] = set()
    for document in documents:
        unseen = pieces_of(document) if everything else pieces_of(document) - seen
        pieces |= unseen
        counts.update(tokens_of(unseen))
    if not counts:
        return
    if everything:
        add(services, generation, counts)
    elif new := _unknown(services.lexicons.of(services.objects, generation), counts):
        add(services, generation, new)
    # What is long is rubbish, and comes once.
    seen.update(piece for piece in pieces if len(piece) <= MAX_PIECE_CHARACTERS)
    row = _row(services, generation) if everything else generation
    if row and len(row.lexicon or ()) >= MOST_FILES:
        fold(services, generation)


def _unknown(words: Words, counts: Mapping[str, int]) -> dict[str, int]:
    return {token: counts[token] for token in words.lack(counts)}


def add(services: Services, generation: Generation, counts: Mapping[str, int]) -> None:
    """One more file. Nothing where the generation is dropped meanwhile."""
    name = _name()
    services.objects.put(key_of(generation.name, name), packed(counts.items()))
    try:
        services.catalogue.write(lambda work: work.generations.add_words(generation.name, name))
    except NotFound:
        services.objects.remove(key_of(generation.name, name))


def fold(services: Services, generation: Generation, *, everything: bool = False) -> None:
    """Small files into one, or all. Of several that do it at once, one does it."""
    row = _row(services, generation)
    if row is None:
        return
    words = services.lexicons.of(services.objects, row)
    names = list(row.lexicon or ()) if everything else _alike(row.lexicon or (), words)
    if not words.whole or len(names) < 2:
        return
    into, done = _name(), False
    services.objects.put(key_of(row.name, into), pack(merged([words.files[name] for name in names])))
    with suppress(NotFound):
        done = services.catalogue.write(lambda work: work.generations.add_words(row.name, into, instead_of=names))
    for name in names if done else (into,):
        services.objects.remove(key_of(row.name, name))
    _sweep(services, row)


def drop(services: Services, generation: str) -> None:
    """All files of a generation that goes. Idempotent."""
    for key in list(services.objects.keys(key_of(generation, ""))):
        services.objects.remove(key)
    services.lexicons.forget(generation)


def _alike(names: Sequence[str], words: Words) -> list[str]:
    """The smallest files, up to one that is much larger than they are together: each word is moved a few times."""
    ascending = sorted((name for name in names if name in words.files), key=lambda name: len(words.files[name]))
    chosen: list[str] = []
    size = 0
    for name in ascending:
        if len(chosen) >= 2 and len(words.files[name]) > 2 * size:
            break
        chosen.append(name)
        size += len(words.files[name])
    return chosen


def _row(services: Services, generation: Generation) -> Generation | None:
    with services.catalogue.reading() as work:
        rows = work.generations.all(generation.engine)
    return next((row for row in rows if row.name == generation.name), None)


def _sweep(services: Services, generation: Generation) -> None:
    """Files of dead writers, which no row has come to name."""
    before = _stamp(datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=ORPHAN_SECONDS))
    keys = [key for key in services.objects.keys(key_of(generation.name, "")) if key.rsplit("/", 1)[1] < before]
    row = _row(services, generation) if keys else None
    named = set(row.lexicon or ()) if row else set()
    for key in keys:
        if key.rsplit("/", 1)[1] not in named:
            services.objects.remove(key)


def _name() -> str:
    return f"{_stamp(datetime.datetime.now(datetime.UTC))}-{secrets.token_hex(4)}"


def _stamp(moment: datetime.datetime) -> str:
    return f"{moment:%Y%m%d%H%M%S}"
