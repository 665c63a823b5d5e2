"""The search index's contract on tantivy, and what only a folder can suffer."""

import multiprocessing
from pathlib import Path

import pytest

from service.adapters.index.tantivy import TantivyIndex, answering
from service.adapters.index.tantivy.reading import Reader
from service.errors import IndexUnavailable
from service.model import Audience
from service.search.understand import understand
from tests.contract.index_processes import GENERATION, Open, document
from tests.contract.search_index import IndexContract, ask, keys


def open_tantivy(place: str) -> TantivyIndex:
    return TantivyIndex(Path(place))


@pytest.fixture
def place(tmp_path: Path) -> str:
    return str(tmp_path / "index")


@pytest.fixture
def open_index() -> Open:
    return open_tantivy


@pytest.fixture
def index(place: str) -> TantivyIndex:
    made = open_tantivy(place)
    made.create(GENERATION)
    return made


class TestIndexOnTantivy(IndexContract):
    pass


@pytest.mark.parametrize("damage", ["empty", "rubbish", "gone"])
def test_damaged_files_are_unavailable_and_not_a_crash(index: TantivyIndex, place: str, damage: str) -> None:
    index.write(GENERATION, [document(1, "chung")], [])
    for path in (Path(place) / GENERATION).iterdir():
        if damage == "gone":
            path.unlink()
        else:
            path.write_bytes(b"" if damage == "empty" else b"rubbish" * 100)
    fresh = open_tantivy(place)
    with pytest.raises(IndexUnavailable):
        fresh.check(GENERATION)
    with pytest.raises(IndexUnavailable):
        fresh.search(GENERATION, understand("chung", audience=Audience(everything=True), known=lambda tokens: tokens))
    with pytest.raises(IndexUnavailable):
        fresh.write(GENERATION, [document(2, "chung")], [])


@pytest.mark.parametrize("name", ["", ".", "..", "../other", "a/b", ".hidden"])
def test_a_generation_name_never_leaves_the_folder(index: TantivyIndex, name: str) -> None:
    with pytest.raises(IndexUnavailable):
        index.create(name)


def test_a_reader_keeps_its_snapshot_while_others_write(index: TantivyIndex, place: str) -> None:
    index.write(GENERATION, [document(1, "chung")], [])
    reader = Reader(Path(place) / GENERATION)
    before = reader.snapshot()
    index.write(GENERATION, [document(2, "chung")], [])
    assert len(before.columns) == 1
    reader.expire()
    assert len(reader.snapshot().columns) == 2


def test_facets_of_unchanged_resources_are_not_fetched_again(index: TantivyIndex, place: str) -> None:
    index.write(GENERATION, [document(key, "chung", subject=("a",)) for key in range(1, 4)], [])
    reader = Reader(Path(place) / GENERATION)
    first = reader.snapshot().columns
    index.write(GENERATION, [document(2, "chung", version=2, subject=("b",))], [])
    reader.expire()
    second = reader.snapshot().columns
    assert second.entries[1] is first.entries[1]
    assert second.entries[2] is not first.entries[2]


def test_more_resources_than_one_aggregation_may_answer_are_asked_for_in_parts(index: TantivyIndex) -> None:
    index.write(GENERATION, [document(key * 3, "chung", title="Chung") for key in range(1, 31)], [])
    snapshot = Reader(Path(index._root) / GENERATION).snapshot()
    query = understand("chung", audience=Audience(everything=True), known=lambda tokens: tokens)
    questions = answering.Questions.of(snapshot, query)
    expected = [key * 3 for key in range(1, 31)]
    assert answering.matched(snapshot, questions).tolist() == expected
    assert answering.matched(snapshot, questions, buckets=7).tolist() == expected


def test_many_small_commits_do_not_leave_many_segments(index: TantivyIndex, place: str) -> None:
    for key in range(1, 41):
        index.write(GENERATION, [document(key, "chung")], [])
    assert Reader(Path(place) / GENERATION).snapshot().searcher.num_segments < 16
    assert len(keys(ask(index, "chung", limit=50))) == 40


def test_generations_made_by_many_at_once_are_made_once(place: str) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_create, args=(place,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert [path.name for path in Path(place).iterdir()] == [GENERATION]


def _create(place: str) -> None:
    open_tantivy(place).create(GENERATION)


def test_what_a_killed_maker_left_goes_with_its_generation(index: TantivyIndex, place: str) -> None:
    unfinished = Path(place) / f".{GENERATION}.1.2"
    unfinished.mkdir()
    index.drop(GENERATION)
    assert list(Path(place).iterdir()) == []
