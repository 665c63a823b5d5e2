"""What the library costs beside the bare OpenSearch, on one node with 1 GB: `python -m tests.benchmarks.cluster`.

searching   the use case of the pages beside the raw `_search` of the same body through the bare client, turn by
            turn, at 200,000 passages; texts and questions are those of `searching`
bulk        the adapter's writing beside `opensearchpy.helpers.parallel_bulk` of the same documents
readers     fifty threads that search as fast as they are answered, beside fifty of the bare client
growth      with --grow-to N: questions whose matches stay the same hundred, at 1,000 resources and at N

[--resources 20000] [--queries 120] [--seconds 30] [--grow-to 100000] [--text PATH…]
"""

import argparse
import itertools
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.helpers import parallel_bulk

from search_mappings import index as layout
from service import compose
from service.adapters.index.opensearch import OpenSearchIndex
from service.adapters.index.opensearch.documents import source
from service.adapters.index.opensearch.questions import body
from service.library import discover, entries, project
from service.library.services import Services
from service.library.views import SearchRequest
from service.model import PUBLIC, IndexDocument, SearchPage, SearchQuery
from service.settings import Settings
from tests.benchmarks.figures import Figure, figure, report
from tests.benchmarks.searching import PASSAGES_EACH, default_paths, questions, share, texts, words_of
from tests.relevance.library import Text, publish
from tests.servers.opensearch import OpenSearchServer, opensearch

NEEDS_SERVER = True
NAME, HEAP = "bench", "1g"
ROUNDS, READERS = 3, 50
P50, P95, BULK, GROWTH = 1.2, 1.3, 0.8, 3.0
BULK_RESOURCES, BATCH = 2_000, 500
SMALL, MARKED = 1_000, 100
MARKS = 10


class Watched:
    """An index that keeps the queries it is asked."""

    def __init__(self, index: OpenSearchIndex) -> None:
        self._index = index
        self.queries: list[SearchQuery] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)

    def search(self, generation: str, query: SearchQuery) -> SearchPage:
        self.queries.append(query)
        return self._index.search(generation, query)


def marked(made: Iterator[Text]) -> Iterator[Text]:
    """Of the first resources some hold a mark, so that what it finds stays the same however many come after them."""
    for number, text in enumerate(made):
        mark = f" daumoc{number % MARKS} daumoc" if number < MARKED * MARKS else ""
        yield replace(text, passages=(text.passages[0] + mark, *text.passages[1:]))


def nanoseconds(act: Callable[[], object]) -> int:
    began = time.perf_counter_ns()
    act()
    return time.perf_counter_ns() - began


def raw_of(services: Services, texts: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The body that the use case sends for each text that is found; understanding is no part of the raw search."""
    watched = Watched(services.index)  # type: ignore[arg-type]
    bodies = {}
    for text in texts:
        watched.queries.clear()
        if discover.search(replace(services, index=watched), PUBLIC, SearchRequest(text=text)).total:  # type: ignore[arg-type]
            # One request where something is found.
            (query,) = watched.queries
            bodies[text] = body(query, seconds=30.0)
    return bodies


def searching(services: Services, bare: OpenSearch, index: str, asked: Sequence[str]) -> list[Figure]:
    """The best of three rounds for each query and side."""
    bodies = raw_of(services, asked)
    ours: dict[str, list[int]] = {text: [] for text in bodies}
    theirs: dict[str, list[int]] = {text: [] for text in bodies}
    for _ in range(ROUNDS):
        for text, told in bodies.items():
            theirs[text].append(nanoseconds(lambda told=told: bare.search(index=index, body=told)))
            ours[text].append(
                nanoseconds(lambda text=text: discover.search(services, PUBLIC, SearchRequest(text=text)))
            )
    mine, raw = ([min(times) for times in each.values()] for each in (ours, theirs))
    return [
        figure(f"cluster_search_{name}", share(mine, part), "ms", baseline=share(raw, part), at_most=limit)
        for name, part, limit in (("p50_ms", 0.5, P50), ("p95_ms", 0.95, P95))
    ]


def bulk(services: Services, bare: OpenSearch, documents: Sequence[IndexDocument]) -> list[Figure]:
    """Passages a second, seen by searches at the end; fresh indexes each time."""
    index = services.index
    ours, theirs = [], []
    for turn in range(ROUNDS):
        generation, beside = f"bulk-{turn}", f"{NAME}-bare-{turn}"
        index.create(generation)
        bare.indices.create(index=beside, body=layout.body())

        def write(generation: str = generation) -> None:
            for start in range(0, len(documents), BATCH):
                assert index.write(generation, documents[start : start + BATCH], []) == {}

        def write_bare(beside: str = beside) -> None:
            actions = ({"_index": beside, "_id": str(each.key), "_source": source(each)} for each in documents)
            for done, told in parallel_bulk(bare, actions, chunk_size=BATCH, request_timeout=120):
                assert done, told
            bare.indices.refresh(index=beside)

        theirs.append(nanoseconds(write_bare))
        ours.append(nanoseconds(write))
        index.drop(generation)
        bare.indices.delete(index=beside)
    passages = sum(len(document.passages) for document in documents)
    mine, raw = (passages / (min(times) / 1e9) for times in (ours, theirs))
    return [figure("cluster_bulk_passages_per_second", mine, "1/s", baseline=raw, at_least=BULK)]


def together(act: Callable[[str], object], asked: Sequence[str], seconds: float) -> tuple[int, list[str]]:
    """Fifty threads. Returns: answers, and what went wrong."""
    counts, errors = [0] * READERS, []
    until = time.monotonic() + seconds

    def read(number: int) -> None:
        for text in itertools.cycle(random.Random(number).sample(list(asked), len(asked))):
            if time.monotonic() > until:
                return
            try:
                act(text)
            except Exception as error:  # noqa: BLE001 - whatever a reader would have met is a fault of the run
                errors.append(repr(error)[:200])
            counts[number] += 1

    threads = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts), errors


def readers(services: Services, bare: OpenSearch, index: str, asked: Sequence[str], seconds: float) -> list[Figure]:
    bodies = raw_of(services, asked)
    raw, _ = together(lambda text: bare.search(index=index, body=bodies[text]), list(bodies), seconds)
    mine, errors = together(
        lambda text: discover.search(services, PUBLIC, SearchRequest(text=text)), list(bodies), seconds
    )
    for error in errors[:5]:
        print(error, file=sys.stderr)
    return [
        figure(f"cluster_readers_{READERS}_errors", len(errors), f"of {mine} searches", at_most=0),
        figure(f"cluster_readers_{READERS}_searches", mine / seconds, "1/s", baseline=raw / seconds),
    ]


def marks_p95(services: Services) -> float:
    """Of questions that find the same resources at every size."""
    times = []
    for number in range(MARKS):
        for text in (f"daumoc{number}", f"daumoc{number} daumoc", f"daumoc daumoc{number} mười"):
            asked = SearchRequest(text=text)
            times.append(min(nanoseconds(lambda asked=asked: discover.search(services, PUBLIC, asked)) for _ in "123"))
    return share(times, 0.95)


def measure(given: argparse.Namespace, server: OpenSearchServer, home: Path) -> list[Figure]:
    rng = random.Random(given.seed)
    words = words_of(given.text or default_paths())
    # As long as a search of the bare client may take: here nothing is cut off.
    services = compose.services(Settings(home=home, index_url=server.url(NAME), index_seconds=30.0))
    services.catalogue.migrate()
    generation = project.ensure(services).name
    index = f"{NAME}-{generation}"
    bare = OpenSearch(server.hosts, timeout=30, pool_maxsize=READERS)
    made = marked(texts(words, max(given.resources, given.grow_to), rng))
    told: list[Figure] = []
    began = time.monotonic()
    publish(services, itertools.islice(made, min(SMALL, given.resources)))
    small = marks_p95(services)
    publish(services, itertools.islice(made, given.resources - SMALL))
    passages = given.resources * PASSAGES_EACH
    told.append(figure("cluster_published_passages_per_second", passages / (time.monotonic() - began), "1/s"))
    asked = questions(words, given.queries, rng)
    told += searching(services, bare, index, asked)
    told += readers(services, bare, index, asked, given.seconds)
    keys = [key for key, _ in itertools.islice(services.index.versions(generation), BULK_RESOURCES)]
    told += bulk(services, bare, list(entries.documents(services, keys).values()))
    if given.grow_to > given.resources:
        publish(services, made)
        told += [replace(each, name=f"{each.name}_grown") for each in searching(services, bare, index, asked)]
    size = max(given.resources, given.grow_to) * PASSAGES_EACH
    name = f"cluster_same_matches_p95_ms at {size} passages, beside {SMALL * PASSAGES_EACH}"
    told.append(figure(name, marks_p95(services), "ms", baseline=small, at_most=GROWTH))
    stats = bare.indices.stats(index=index)["indices"][index]["primaries"]
    told.append(figure("cluster_index_bytes_per_passage", stats["store"]["size_in_bytes"] / size, "bytes"))
    services.index.close()
    services.catalogue.close()
    return told


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.cluster")
    parser.add_argument("--resources", type=int, default=20_000)
    parser.add_argument("--queries", type=int, default=120)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--grow-to", type=int, default=0)
    parser.add_argument("--text", nargs="*", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with opensearch(heap=HEAP) as server, tempfile.TemporaryDirectory() as home:
        told = measure(given, server, Path(home))
    print(json.dumps({"load": os.getloadavg()[0]}), file=sys.stderr)
    return report(told)


if __name__ == "__main__":
    sys.exit(main())
