"""The embedded index and a cluster answer alike (`tests/relevance/parity.py`)."""

import json
import statistics
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from service.library import look, project, similar
from service.library.views import ResourceView
from service.model import PUBLIC
from tests.relevance import __main__ as relevance
from tests.relevance import parity
from tests.servers.opensearch import OpenSearchServer


def test_three_hundred_questions_find_the_same_on_both_engines(
    opensearch_server: OpenSearchServer, index_name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = parity.main(["--index", opensearch_server.url(index_name)])
    figures = json.loads(capsys.readouterr().out)
    assert set(figures) == set(asdict(parity.Parity(0, 0, 0, 0, 0, 0, 0)))
    assert (code, figures["questions"], figures["totals"], figures["facets"]) == (0, 300, 1.0, 1.0), figures


def test_similar_resources_are_the_same_on_both_engines(
    opensearch_server: OpenSearchServer, index_name: str, tmp_path: Path
) -> None:
    """As near as any question is to be (see `parity`), and nearly every page of the sample has some; also of those that
    nobody described, which have nothing in common with others but words.
    """
    one, other, names = parity.build(tmp_path, "", opensearch_server.url(index_name), None)
    try:
        first, overlap = [], []
        views = [look.resource(one, PUBLIC, resource) for resource in names]
        for view in [*views, *map(_undescribed, views)]:
            here, there = (similar.nearest(services, PUBLIC, view) for services in (one, other))
            first.append(here[:1] == there[:1])
            overlap.append(len({*here} & {*there}) / max(len(here), len(there), 1) if here or there else 1.0)
        assert sum(bool(similar.nearest(one, PUBLIC, view)) for view in views) >= 0.9 * len(views)
        assert statistics.fmean(first) >= parity.FIRST
        assert statistics.fmean(overlap) >= parity.OVERLAP
    finally:
        other.index.drop(project.live(other).name)
        other.index.close()
        one.catalogue.close()


def _undescribed(view: ResourceView) -> ResourceView:
    values = tuple(value for value in view.revision.values if value.field not in ("subject", "grade"))
    return replace(view, revision=replace(view.revision, values=values))


def test_ranking_is_measured_on_a_cluster_and_nothing_of_it_stays(
    opensearch_server: OpenSearchServer, index_name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"id": str(n), "title": f"Bài {n}", "text": text} for n, text in enumerate(("hàm số", "quang hợp"))]
    (tmp_path / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    asked = {"id": "q", "variant": "bare", "text": "quang hop"}
    (tmp_path / "queries.jsonl").write_text(json.dumps(asked), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("query\ttext\tgain\nq\t1\t1\n", encoding="utf-8")
    url = opensearch_server.url(index_name)
    assert relevance.main([str(tmp_path), "--index", url, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ndcg_10"] == 100.0
    assert not opensearch_server.ask("GET", f"{index_name}-*/_alias")
    opensearch_server.ask("PUT", f"{index_name}-other")
    assert relevance.main([str(tmp_path), "--index", url]) == 2
