"""Whether two indexes answer alike: `python -m tests.relevance.parity --index URL [--queries 300] [--json]`.

Loads one library, the passages of `relevance/xquad_vi` (where it stands beside
the project) and the texts of the sample, into the embedded index and into the
one at URL, and asks both the same questions through the use case of the web
page: questions in four variants, titles, lines, shorthand, with filters.

Prints what is equal and by how much the rest differs. Engines count documents
and round lengths a little differently, so lists need not be identical: the
same totals and facets, the same first result in 95 of 100, on average 95 of
100 of the first ten, and nDCG@10 within half a point. Exit 1 where one is missed.
"""

import argparse
import json
import random
import re
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from deploy.sample import section
from service import compose
from service.library import discover, placements, project
from service.library.services import Services
from service.library.views import SearchRequest, SearchResults
from service.model import PUBLIC, ResourceId
from service.settings import Settings
from service.vocabularies import seeds
from tests.relevance.__main__ import DEPTH, judgements, lines, ndcg
from tests.relevance.library import Text, publish

PROJECT = Path(__file__).parents[2]
QUESTIONS = PROJECT.parent / "shared/relevance/xquad_vi"
SAMPLE = PROJECT / "deploy/sample"
# What begins a line of a source (deploy/sample/README.md), and what stands around words.
MARKS = re.compile(r"^(?:#+ |[>$=~#-] |!\S+ |_ \d+$|===$|\|.*)|\*+|[~^](?=\{)|[{}]")
SHORTHAND = ("vl10", "khtn 6", "GDCD 9", "toán 10", "sgk lop 4", "hoa 10", "KHBD toan 2", "ls 12", "giáo án")
FIRST, OVERLAP, NDCG = 0.95, 0.95, 0.5


@dataclass(frozen=True, slots=True)
class Asked:
    """A question. name: of the judged one, empty where nobody judged."""

    text: str
    name: str = ""
    filters: tuple[tuple[str, str], ...] = ()

    def request(self) -> SearchRequest:
        return SearchRequest(text=self.text, size=DEPTH, filters={name: (code,) for name, code in self.filters})


@dataclass(frozen=True, slots=True)
class Parity:
    """Of all questions: shares with equal totals, facets and first results, mean share of common top tens, nDCG."""

    questions: int
    totals: float
    facets: float
    first: float
    overlap: float
    ndcg_here: float
    ndcg_there: float

    @property
    def kept(self) -> bool:
        alike = self.totals == self.facets == 1.0 and self.first >= FIRST and self.overlap >= OVERLAP
        return alike and abs(self.ndcg_here - self.ndcg_there) <= NDCG


def texts(questions: Path | None) -> Iterator[Text]:
    """The judged passages, one a resource; then the sample's sources, a section a page, and where they stand."""
    if questions:
        yield from (Text(row["id"], row["title"], (row["text"],)) for row in lines(questions / "corpus.jsonl"))
    for path in sorted(SAMPLE.glob("*/*.txt")):
        source = section.read(path)
        passages = (_plain([part.title, *part.lines]) for part in source.sections)
        facets = [(name, code) for name in ("grade", "subject") for code in source.head[name].split(";")]
        beside = {name: source.head[name].split(";") for name in ("grade", "subject")}
        named = filter(None, source.head.get("topic", "").split(";"))
        facets += [("topic", seeds.load().resolve("topic", name, beside) or name) for name in named]
        placed = placements.parse(source.head.get("placements", ""), seeds.load(), where=source.name)
        facets += [(placements.FIELD, placements.text(one)) for one in placed]
        yield Text(source.name, source.head["title"], tuple(filter(None, passages)), tuple(facets))


def _plain(lines: Sequence[str | list[str]]) -> str:
    """As people read it, and type it: without the marks of the source."""
    told = (line if isinstance(line, str) else " ".join(line) for line in lines)
    return " ".join(filter(None, (MARKS.sub("", line).strip() for line in told)))


def questions(count: int, rng: random.Random, judged: Path | None) -> list[Asked]:
    """Four in five of the judged ones, of every variant alike; the rest titles, lines and shorthand of the sample."""
    asked: list[Asked] = []
    if judged:
        rows = list(lines(judged / "queries.jsonl"))
        variants = sorted({row["variant"] for row in rows})
        for variant in variants:
            own = [row for row in rows if row["variant"] == variant]
            asked += [Asked(row["text"], row["id"]) for row in rng.sample(own, count * 4 // 5 // len(variants))]
    sample = list(texts(None))
    words = [part.split() for text in sample for part in text.passages]
    asked += [Asked(text) for text in SHORTHAND]
    asked += [Asked(text.title) for text in sample]
    while len(asked) < count:
        run = rng.choice(words)
        start = rng.randrange(max(1, len(run) - 6))
        filters = (("subject", "toan"),) if len(asked) % 3 == 0 else ()
        asked.append(Asked(" ".join(run[start : start + rng.randint(1, 6)]), filters=filters))
    return asked[:count]


def build(home: Path, here: str, there: str, judged: Path | None) -> tuple[Services, Services, dict[ResourceId, str]]:
    """One library with two indexes. Returns: it with the one and with the other, and what its texts were called."""
    one = compose.services(Settings(home=home, index_url=here))
    one.catalogue.migrate()
    project.ensure(one)
    names = publish(one, texts(judged))
    other = replace(one, index=compose.services(Settings(home=home, index_url=there)).index)
    other.index.begin()
    project.ensure(other)
    project.write(other, list(names))
    return one, other, names


def compare(
    one: Services, other: Services, names: Mapping[ResourceId, str], asked: Sequence[Asked], judged: Path | None
) -> Parity:
    right = judgements(judged / "qrels.tsv") if judged else {}
    totals, facets, first, overlap = [], [], [], []
    gains: list[tuple[float, float]] = []
    for question in asked:
        here, there = (discover.search(services, PUBLIC, question.request()) for services in (one, other))
        totals.append(here.total == there.total)
        facets.append(here.facets == there.facets)
        ours, theirs = _ranked(here, names), _ranked(there, names)
        first.append(ours[:1] == theirs[:1])
        overlap.append(len({*ours} & {*theirs}) / max(len(ours), len(theirs), 1) if ours or theirs else 1.0)
        if question.name in right:
            gains.append((ndcg(ours, right[question.name]), ndcg(theirs, right[question.name])))
    here_gain, there_gain = (100 * statistics.fmean(column) for column in zip(*(gains or [(0.0, 0.0)]), strict=True))
    means = (statistics.fmean(column) for column in (totals, facets, first, overlap))
    return Parity(len(asked), *means, here_gain, there_gain)


def _ranked(results: SearchResults, names: Mapping[ResourceId, str]) -> list[str]:
    return [names[ResourceId(item.id)] for item in results.items]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.relevance.parity", description=__doc__)
    parser.add_argument("--index", required=True, metavar="URL")
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    judged = QUESTIONS if QUESTIONS.is_dir() else None
    with tempfile.TemporaryDirectory() as home:
        one, other, names = build(Path(home), "", given.index, judged)
        try:
            parity = compare(one, other, names, questions(given.queries, random.Random(given.seed), judged), judged)
        finally:
            other.index.drop(project.live(other).name)
            other.index.close()
            one.catalogue.close()
    print(json.dumps(asdict(parity)))
    return 0 if parity.kept else 1


if __name__ == "__main__":
    sys.exit(main())
