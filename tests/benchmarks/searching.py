"""What a search costs beyond what tantivy itself needs for an exact answer, at 200,000 passages.

Passages are runs of real Vietnamese text, put together anew: the words' own
frequencies and neighbourhoods, and so the lengths of posting lists, are those
of the text. Queries are runs of it too, toned and bare, of one to eight words,
and the commonest words alone.

The baseline is the fair one: the same clauses over the same passages, with the
count of all that match, then a terms aggregation over the resource's number,
as anybody would write them, in the same run and turn by turn. The use case
does that and everything else: audience, facets, order, hits, snippets, catalogue.

    python -m tests.benchmarks.searching [--resources 20000] [--text PATH…] [--queries 120]

PATH: PDF or text files; default: the curriculum beside the project, else the sample's sources.
"""

import argparse
import random
import re
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from service import compose
from service.adapters.index.tantivy import TantivyIndex
from service.adapters.index.tantivy.questions import Questions
from service.adapters.index.tantivy.reading import Reader, Snapshot
from service.library import discover, entries, lexicons, project
from service.library.lexicons import occurring
from service.library.services import Services
from service.library.views import SearchRequest
from service.model import PUBLIC, Audience, IndexDocument, ResourceKey
from service.ports import SearchIndex
from service.search.analysis import fold
from service.search.understand import understand
from service.settings import Settings
from tests.benchmarks.figures import Figure, figure, report
from tests.relevance.library import Text, publish

PASSAGES_EACH = 10
WORDS_EACH = (60, 180)
AT_MOST = 1.5
ROUNDS = 3
LEARNT = 400
PROJECT = Path(__file__).parents[2]
PLACES = (PROJECT.parent / "shared/curriculum", PROJECT / "deploy/sample/sources")


def words_of(paths: Sequence[Path]) -> list[str]:
    """All words of the files, in order."""
    texts = []
    for path in paths:
        if path.suffix == ".pdf":
            import pymupdf

            with pymupdf.open(path) as document:
                texts += [page.get_text() for page in document]
        else:
            texts.append(path.read_text(encoding="utf-8"))
    return unicodedata.normalize("NFC", " ".join(texts)).split()


def default_paths() -> list[Path]:
    for place in PLACES:
        if found := sorted(path for path in place.glob("*") if path.suffix in (".pdf", ".txt")):
            return found
    raise SystemExit("no text to generate from: name files with --text")


def texts(words: Sequence[str], resources: int, rng: random.Random) -> Iterator[Text]:
    """Resources of ten passages; each passage is three runs from different places of the text."""

    def run(length: int) -> str:
        start = rng.randrange(len(words) - length)
        return " ".join(words[start : start + length])

    for number in range(resources):
        lengths = [rng.randint(*WORDS_EACH) // 3 for _ in range(PASSAGES_EACH)]
        passages = tuple(" ".join(run(length) for _ in range(3)) for length in lengths)
        facets = (("grade", f"lop-{rng.randint(1, 12)}"), ("subject", rng.choice(("toan", "vat-li", "ngu-van"))))
        yield Text(f"t{number}", run(8), passages, facets)


def questions(words: Sequence[str], count: int, rng: random.Random) -> list[str]:
    """Runs of one to eight words, every second one bare; one in ten are the commonest words together."""
    plain = [word for word in words if word.isalpha()]
    common = [word for word, _ in sorted(_counted(plain).items(), key=lambda row: -row[1])[:12]]
    asked = []
    for number in range(count):
        length = number % 8 + 1
        start = rng.randrange(len(plain) - length)
        text = " ".join(rng.sample(common, min(length, 4)) if number % 10 == 9 else plain[start : start + length])
        asked.append(bare(text) if number % 2 else text)
    return asked


def _counted(words: Sequence[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word.lower()] = counts.get(word.lower(), 0) + 1
    return counts


def bare(text: str) -> str:
    plain = unicodedata.normalize("NFD", re.sub("[đĐ]", "d", text))
    return "".join(character for character in plain if not unicodedata.combining(character))


def baseline(snapshot: Snapshot, index: SearchIndex, generation: str, text: str) -> int:
    """The same clauses in tantivy alone. Understanding is not part of it: its queries are ready beforehand."""
    query = understand(text, audience=Audience(everything=True), known=partial(occurring, index, generation))
    clauses = Questions.of(snapshot, query).passages()

    def ask() -> None:
        snapshot.searcher.search(clauses, 10, count=True)
        snapshot.searcher.aggregate(clauses, {"rid": {"terms": {"field": "rid", "size": len(snapshot.columns)}}})

    return _nanoseconds(ask)


def _nanoseconds(act: Callable[[], object]) -> int:
    began = time.perf_counter_ns()
    act()
    return time.perf_counter_ns() - began


def share(values: Sequence[int], part: float) -> float:
    """A quantile in milliseconds."""
    return sorted(values)[int(part * (len(values) - 1))] / 1e6


class Timed:
    """An index that counts the seconds of its writes, analysis and commit together."""

    def __init__(self, index: TantivyIndex) -> None:
        self._index = index
        self.seconds = 0.0
        self.longest = 0.0

    def __getattr__(self, name: str) -> object:
        return getattr(self._index, name)

    def write(self, generation: str, documents: Sequence[IndexDocument], removed: Collection[ResourceKey]) -> None:
        spent = _nanoseconds(lambda: self._index.write(generation, documents, removed)) / 1e9
        self.seconds += spent
        self.longest = max(self.longest, spent)


def searching(services: Services, folder: Path, asked: Sequence[str]) -> list[Figure]:
    """The use case against the baseline, turn by turn, the best of three rounds for each query and side."""
    snapshot = Reader(folder).snapshot()
    ours: dict[str, list[int]] = {text: [] for text in asked}
    theirs: dict[str, list[int]] = {text: [] for text in asked}
    for _ in range(ROUNDS):
        for text in asked:
            theirs[text].append(baseline(snapshot, services.index, folder.name, text))
            ours[text].append(
                _nanoseconds(lambda text=text: discover.search(services, PUBLIC, SearchRequest(text=text)))
            )
    mine, bare_engine = [min(times) for times in ours.values()], [min(times) for times in theirs.values()]
    return [
        figure(
            f"search_p{round(part * 100)}_ms",
            share(mine, part),
            "ms",
            baseline=share(bare_engine, part),
            at_most=AT_MOST,
        )
        for part in (0.5, 0.95)
    ]


def words(services: Services, asked: Sequence[str]) -> list[Figure]:
    """What the lexicon costs: whoever writes documents, as a share of writing them, and whoever asks, by query."""
    live = project.live(services)
    with services.catalogue.reading() as work:
        keys = [resource.key for resource in work.resources.after(0, LEARNT)]
    documents = list(entries.documents(services, keys).values())
    services.index.create("again")
    written = _nanoseconds(lambda: services.index.write("again", documents, []))
    learnt = [_nanoseconds(lambda: lexicons.learn(services, live, documents)) for _ in range(ROUNDS)]
    services.index.drop("again")
    tokens = [fold(text) for text in asked]
    looked = [_nanoseconds(lambda one=one: lexicons.known(services, live, one)) / len(one) for one in tokens]
    return [
        figure("words_learnt_share_of_writing", sorted(learnt)[ROUNDS // 2] / written, "", at_most=0.10),
        figure("word_looked_up_us", share(looked, 0.5) * 1_000, "us"),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.searching")
    parser.add_argument("--resources", type=int, default=20_000)
    parser.add_argument("--text", nargs="*", type=Path)
    parser.add_argument("--queries", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng = random.Random(given.seed)
    words_of_text = words_of(given.text or default_paths())
    with tempfile.TemporaryDirectory() as home:
        services = compose.services(Settings(home=Path(home)))
        index = services.index
        assert isinstance(index, TantivyIndex)
        services.catalogue.migrate()
        generation = project.ensure(services).name
        writes = Timed(index)
        publish(replace(services, index=writes), texts(words_of_text, given.resources, rng))  # type: ignore[arg-type]
        passages = given.resources * PASSAGES_EACH
        figures = [figure("indexing_passages_per_second", passages / writes.seconds, "1/s", at_least=1_000)]
        figures += [figure("index_write_longest_s", writes.longest, "s")]
        figures += searching(services, Path(home) / "index" / generation, questions(words_of_text, given.queries, rng))
        figures += words(services, questions(words_of_text, given.queries, rng))
        services.catalogue.close()
    return report(figures)


if __name__ == "__main__":
    sys.exit(main())
