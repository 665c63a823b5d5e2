"""What people and full disks do to an index in a cluster: each is a sentence or a repair, nothing is lost silently."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.document import Locator
from search_mappings import index as layout
from service.adapters.index.opensearch import Cluster, Login, OpenSearchIndex, parse, writing
from service.errors import IndexChanged, IndexMissing, IndexOverloaded, IndexReadOnly, IndexUnavailable
from service.messages import LANGUAGES, remedy, sentence
from service.model import Audience, IndexPassage, ResourceKey, SearchQuery
from service.search.analysis import analyse
from service.search.understand import understand
from tests.contract.index_processes import GENERATION, document
from tests.contract.search_index import ask, keys
from tests.servers.opensearch import OpenSearchServer

GOLDEN = Path(__file__).parents[1] / "golden/analysis.jsonl"
ALL = Audience(everything=True)


@pytest.fixture
def name(opensearch_server: OpenSearchServer, index_name: str) -> str:
    """Of the generation's index."""
    return f"{index_name}-{GENERATION}"


@pytest.fixture
def cluster(opensearch_server: OpenSearchServer, index_name: str) -> Cluster:
    return Cluster(parse(opensearch_server.url(index_name)), Login(), seconds=30.0, connect_seconds=5.0)


@pytest.fixture
def index(cluster: Cluster) -> OpenSearchIndex:
    made = OpenSearchIndex(cluster)
    made.create(GENERATION)
    made.promote(GENERATION)
    return made


@pytest.fixture
def making_by_itself(opensearch_server: OpenSearchServer) -> Iterator[None]:
    """As clusters are out of the box: the first document that names an index makes one."""
    for value in ("true", None):
        body = {"persistent": {"action.auto_create_index": value}}
        opensearch_server.ask("PUT", "_cluster/settings", body)
        if value:
            yield


def question(text: str) -> SearchQuery:
    return understand(text, audience=ALL, known=lambda tokens: tokens)


def said(error: IndexUnavailable) -> None:
    """It has its sentence and its remedy in both languages."""
    for language in LANGUAGES:
        assert sentence(error.code, language, error.parameters)
        assert remedy(error.code, language, error.parameters)


@pytest.mark.parametrize("line", GOLDEN.read_text(encoding="utf-8").splitlines(), ids=lambda line: line[10:40])
def test_the_cluster_makes_the_tokens_that_we_make(
    index: OpenSearchIndex, opensearch_server: OpenSearchServer, name: str, line: str
) -> None:
    import unicodedata

    row = json.loads(line)
    text = unicodedata.normalize("NFC", row["text"])
    ours = analyse(text)
    for analyzer, tokens in (("dia", ours.dia), ("fold", ours.fold), ("bi", ours.bigrams)):
        asked = {"analyzer": layout.ANALYZERS[analyzer], "text": text}
        told = opensearch_server.ask("POST", f"{name}/_analyze", asked)
        assert [token["token"] for token in told["tokens"]] == row[analyzer] == tokens


@pytest.mark.usefixtures("making_by_itself")
def test_an_index_removed_by_hand_is_missed_and_not_made_anew_without_its_mapping(
    index: OpenSearchIndex, opensearch_server: OpenSearchServer, name: str
) -> None:
    index.write(GENERATION, [document(1, "chung")], [])
    opensearch_server.ask("DELETE", name)
    for act in (
        lambda: index.search(GENERATION, question("chung")),
        lambda: index.write(GENERATION, [document(2, "chung")], []),
        lambda: index.write(GENERATION, [], [ResourceKey(1)]),
        lambda: index.check(GENERATION),
        lambda: list(index.versions(GENERATION)),
    ):
        with pytest.raises(IndexMissing) as raised:
            act()
        said(raised.value)
        assert raised.value.parameters["generation"] == GENERATION
        assert not index.exists(GENERATION)


def test_a_live_alias_on_two_indexes_is_put_right(
    index: OpenSearchIndex, opensearch_server: OpenSearchServer, index_name: str, name: str
) -> None:
    index.create("second")
    both = [{"add": {"index": f"{index_name}-second", "alias": f"{index_name}-live"}}]
    opensearch_server.ask("POST", "_aliases", {"actions": both})
    assert len(opensearch_server.ask("GET", f"_alias/{index_name}-live")) == 2
    index.check(GENERATION)
    assert list(opensearch_server.ask("GET", f"_alias/{index_name}-live")) == [name]


def test_aliases_removed_by_hand_come_back(
    index: OpenSearchIndex, opensearch_server: OpenSearchServer, index_name: str, name: str
) -> None:
    opensearch_server.ask("DELETE", f"{name}/_alias/*")
    with pytest.raises(IndexMissing):
        index.write(GENERATION, [document(1, "chung")], [])
    index.check(GENERATION)
    index.write(GENERATION, [document(1, "chung")], [])
    assert keys(ask(index, "chung")) == [1]
    assert list(opensearch_server.ask("GET", f"_alias/{index_name}-live")) == [name]


def test_a_mapping_changed_by_hand_is_said(
    index: OpenSearchIndex, opensearch_server: OpenSearchServer, name: str
) -> None:
    index.check(GENERATION)
    opensearch_server.ask("PUT", f"{name}/_mapping", {"properties": {"extra": {"type": "keyword"}}})
    with pytest.raises(IndexChanged) as raised:
        index.check(GENERATION)
    said(raised.value)


def test_an_index_that_a_person_made_is_not_taken_for_ours(
    index: OpenSearchIndex, opensearch_server: OpenSearchServer, index_name: str
) -> None:
    opensearch_server.ask("PUT", f"{index_name}-third")
    with pytest.raises(IndexChanged):
        index.check("third")


def test_an_index_of_another_version_of_the_library_still_answers(
    index: OpenSearchIndex, opensearch_server: OpenSearchServer, name: str
) -> None:
    opensearch_server.ask("PUT", f"{name}/_mapping", {"_meta": {"fingerprint": "older"}})
    index.check(GENERATION)


def test_a_disk_past_its_watermark_takes_no_writes_and_goes_on_answering(
    index: OpenSearchIndex, opensearch_server: OpenSearchServer, name: str
) -> None:
    index.write(GENERATION, [document(1, "chung")], [])
    for value in (True, None):
        # What the cluster does by itself past the flood stage, and undoes when there is room again.
        opensearch_server.ask("PUT", f"{name}/_settings", {"index.blocks.read_only_allow_delete": value})
        if value:
            with pytest.raises(IndexReadOnly) as raised:
                index.write(GENERATION, [document(2, "chung")], [])
            said(raised.value)
            assert keys(ask(index, "chung")) == [1]
    index.write(GENERATION, [document(2, "chung")], [])
    assert ask(index, "chung").total == 2


def test_what_the_cluster_refuses_is_told_with_its_reason_and_the_rest_is_in(index: OpenSearchIndex) -> None:
    poison = document(2, "chung", subject=("x" * 40_000,))
    refused = index.write(GENERATION, [document(1, "chung"), poison, document(3, "chung")], [])
    assert list(refused) == [2]
    assert "32766" in refused[ResourceKey(2)]
    assert sorted(keys(ask(index, "chung"))) == [1, 3]


class Crowded(Cluster):
    """A cluster that has no room for some items of the first requests."""

    times, whole = 2, False

    def ask(self, method: str, path: str, body: bytes | None = None, **options: Any) -> Any:
        if not path.endswith("_bulk") or not self.times:
            return super().ask(method, path, body, **options)
        self.times -= 1
        if self.whole:
            raise IndexOverloaded(part="index")
        lines = (body or b"").splitlines(keepends=True)
        told = super().ask(method, path, b"".join(lines[2:]), **options) if lines[2:] else {"items": []}
        full = {"type": "rejected_execution_exception", "reason": "queue"}
        return {"items": [{"index": {"status": 429, "error": full}}, *told["items"]]}


@pytest.mark.parametrize("whole", [False, True])
def test_items_that_found_no_room_are_sent_again(
    index: OpenSearchIndex, cluster: Cluster, whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "FIRST_WAIT_SECONDS", 0.01)
    crowded = Crowded(cluster.address, Login(), seconds=30.0, connect_seconds=5.0)
    crowded.whole = whole
    assert OpenSearchIndex(crowded).write(GENERATION, [document(key, "chung") for key in (1, 2, 3)], []) == {}
    assert (crowded.times, sorted(keys(ask(index, "chung")))) == (0, [1, 2, 3])


def test_a_cluster_that_has_no_room_for_long_is_an_outage(
    cluster: Cluster, index: OpenSearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "FIRST_WAIT_SECONDS", 0.001)
    crowded = Crowded(cluster.address, Login(), seconds=30.0, connect_seconds=5.0)
    crowded.times = 100
    with pytest.raises(IndexOverloaded) as raised:
        OpenSearchIndex(crowded).write(GENERATION, [document(1, "chung"), document(2, "chung")], [])
    said(raised.value)
    assert list(index.versions(GENERATION)) == [(2, 1)]


# --- documents that nobody should have made


def test_a_resource_as_bad_as_they_come_is_found_and_given_back(index: OpenSearchIndex) -> None:
    text = "trước \x00\x01\x1f\x7f\ufeff\ud800 " + "x" * 40_000 + " sau"
    bad = document(1, text, title="Đầu " + "đề dài " * 1_500, grade=tuple(f"ma-{n}" for n in range(5_000)))
    assert index.write(GENERATION, [bad], []) == {}
    page = ask(index, "trước sau", count_facets=("grade",))
    assert keys(page) == keys(ask(index, "đầu đề dài")) == [1]
    assert page.found[0].hits[0].text == text.replace("\ud800", "?")
    assert len(page.facets["grade"]) == 5_000
    assert ask(index, "x" * 40_000).total == 0


def test_a_text_of_ten_megabytes_is_searched_to_its_end(index: OpenSearchIndex) -> None:
    text = "một đoạn rất dài. " * 450_000 + "cuối cùng"
    assert len(text.encode()) > 10_000_000
    assert index.write(GENERATION, [document(1, text)], []) == {}
    assert ask(index, "cuoi cung").found[0].hits[0].text == text


def test_fifty_thousand_passages_on_half_as_many_places_are_counted_exactly(index: OpenSearchIndex) -> None:
    passages = tuple(IndexPassage(1, Locator("page", n // 2 + 1), f"chung {n % 7}") for n in range(50_000))
    assert index.write(GENERATION, [replace(document(1), passages=passages)], []) == {}
    found = ask(index, "chung").found[0]
    assert found.places == 25_000
    assert len({hit.locator for hit in found.hits}) == 3


def test_more_passages_than_an_index_takes_of_a_resource_are_refused_with_the_reason(index: OpenSearchIndex) -> None:
    passages = tuple(IndexPassage(1, Locator("page", n + 1), "chung") for n in range(100_001))
    refused = index.write(GENERATION, [replace(document(1), passages=passages), document(2, "chung")], [])
    assert list(refused) == [1]
    assert "100000" in refused[ResourceKey(1)]
    assert keys(ask(index, "chung")) == [2]


def test_a_resource_larger_than_a_request_may_be_is_refused_with_its_size(index: OpenSearchIndex) -> None:
    text = "chung " * 500_000
    refused = index.write(GENERATION, [document(1, *[text] * 34), document(2, "chung")], [])
    assert refused[ResourceKey(1)].startswith("too-large: 10")
    assert keys(ask(index, "chung")) == [2]


def test_thousands_of_words_in_a_query_are_asked_in_one_request(index: OpenSearchIndex) -> None:
    index.write(GENERATION, [document(1, "chung một từ")], [])
    assert keys(ask(index, "chung " + " ".join(f"vl{n % 12 + 1} toán {n}" for n in range(1_000)))) == [1]
