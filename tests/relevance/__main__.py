"""How well search ranks: `python -m tests.relevance DIR --index URL [--exact] [--json]`.

DIR holds corpus.jsonl (id, title, text), queries.jsonl (id, variant, text) and
qrels.tsv. Builds a library of its own from it at the index URL, asks every
query variant through the use case of the web page, removes everything again.

With --json one object a line {variant, queries, ndcg_10, mrr_10, recall_10,
p50_ms, p95_ms}, otherwise a table. Exit 2: the URL holds an index already.
"""

import argparse
import json
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from service import compose
from service.errors import SettingsError
from service.library import discover, project
from service.library.services import Services
from service.library.views import SearchRequest
from service.model import PUBLIC
from service.settings import Settings
from tests.relevance.library import Text, publish

DEPTH = 10
COLUMNS = ("variant", "queries", "ndcg_10", "mrr_10", "recall_10", "p50_ms", "p95_ms")


def lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def judgements(path: Path) -> dict[str, dict[str, int]]:
    """Query id -> corpus id -> gain, of those above 0."""
    judged: dict[str, dict[str, int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        query, text, gain = line.split("\t")
        if int(gain) > 0:
            judged.setdefault(query, {})[text] = int(gain)
    return judged


def ndcg(ranked: Sequence[str], judged: Mapping[str, int]) -> float:
    """Discounted gain of the first ten over that of the best possible ten."""
    gains = [judged.get(name, 0) for name in ranked[:DEPTH]]
    best = sorted(judged.values(), reverse=True)[:DEPTH]
    return _discounted(gains) / _discounted(best)


def _discounted(gains: Sequence[int]) -> float:
    return sum((2**gain - 1) / math.log2(place + 2) for place, gain in enumerate(gains))


def reciprocal(ranked: Sequence[str], judged: Mapping[str, int]) -> float:
    return next((1 / place for place, name in enumerate(ranked[:DEPTH], 1) if name in judged), 0.0)


def recall(ranked: Sequence[str], judged: Mapping[str, int]) -> float:
    return len(judged.keys() & set(ranked[:DEPTH])) / len(judged)


def measure(
    services: Services,
    names: Mapping[str, str],
    queries: Sequence[dict[str, str]],
    judged: Mapping[str, Mapping[str, int]],
    *,
    exact: bool = False,
) -> Iterator[dict[str, str | int | float]]:
    """A row of figures for each variant, in the order they first come in."""
    for variant in dict.fromkeys(query["variant"] for query in queries):
        scores: list[tuple[float, float, float]] = []
        spent: list[float] = []
        for query in queries:
            if query["variant"] != variant or query["id"] not in judged:
                continue
            began = time.perf_counter()
            results = discover.search(services, PUBLIC, SearchRequest(text=query["text"], size=DEPTH, exact=exact))
            spent.append((time.perf_counter() - began) * 1000)
            ranked = [names[item.id] for item in results.items]
            right = judged[query["id"]]
            scores.append((ndcg(ranked, right), reciprocal(ranked, right), recall(ranked, right)))
        if scores:
            means = [round(100 * statistics.fmean(column), 2) for column in zip(*scores, strict=True)]
            ordered = sorted(spent)
            p50, p95 = (round(ordered[int(share * (len(ordered) - 1))], 2) for share in (0.5, 0.95))
            yield dict(zip(COLUMNS, (variant, len(scores), *means, p50, p95), strict=True))


def holds_something(url: str) -> bool:
    """Whether an index is at the URL already. Raises: SettingsError."""
    if url.startswith("opensearch"):
        from service.adapters.index.opensearch import OpenSearchIndex

        index = compose.services(Settings(index_url=url)).index
        assert isinstance(index, OpenSearchIndex)
        index.begin()
        return bool(index.generations())
    folder = Path(unquote(urlsplit(url).path))
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.relevance", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--index", required=True, metavar="URL")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--exact", action="store_true", help="search what is written: no accents given, nothing mended")
    asked = parser.parse_args(arguments)
    try:
        taken = holds_something(asked.index)
    except SettingsError as error:
        print(f"This index URL cannot be used: {error.parameters}", file=sys.stderr)
        return 2
    if taken:
        print(f"There is something at {asked.index} already; name an empty place.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as home:
        try:
            services = compose.services(Settings(home=Path(home), index_url=asked.index))
        except SettingsError as error:
            print(f"This index URL cannot be used: {error.parameters}", file=sys.stderr)
            return 2
        services.catalogue.migrate()
        generation = project.ensure(services)
        try:
            texts = [Text(row["id"], row["title"], (row["text"],)) for row in lines(asked.folder / "corpus.jsonl")]
            names = publish(services, texts)
            queries = list(lines(asked.folder / "queries.jsonl"))
            rows = measure(services, names, queries, judgements(asked.folder / "qrels.tsv"), exact=asked.exact)
            if not asked.json:
                print(*(f"{column:>10}" for column in COLUMNS))
            for row in rows:
                print(json.dumps(row) if asked.json else " ".join(f"{value:>10}" for value in row.values()), flush=True)
        finally:
            services.index.drop(generation.name)
            services.index.close()
            services.catalogue.close()
            folder = Path(unquote(urlsplit(asked.index).path))
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
    return 0


if __name__ == "__main__":
    sys.exit(main())
