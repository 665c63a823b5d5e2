"""What a library has learnt to read into what is typed, over its life, and how each door tells it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.app import create
from service.errors import Unavailable
from service.library import discover, doctor, project, reindexing, rewriter_files, rewriters
from service.library.rewriter_files import Rewriters
from service.library.services import Services
from service.library.views import SearchRequest, SearchResults
from service.model import PUBLIC
from service.ports import SearchIndex
from tests.functional.test_lexicons import Store
from tests.relevance.library import Text, publish

TEXTS = ("hàm số bậc hai và đồ thị hàm số", "phương trình bậc hai", "quang hợp của cây xanh")


def add(services: Services, *texts: str) -> list[str]:
    return list(publish(services, [Text(text, "Bài", (text,)) for text in texts]))


def ask(services: Services, text: str, **changes: object) -> SearchResults:
    return discover.search(services, PUBLIC, SearchRequest(text=text, **changes))  # type: ignore[arg-type]


def meant(services: Services, text: str) -> str | None:
    return ask(services, text).rewritten


def files(services: Services) -> set[str]:
    return {key.split("/", 1)[1] for key in services.objects.keys(f"{rewriter_files.FOLDER}/")}


def test_accents_come_back_and_change_no_total(parts: Services, opened: Callable[[], Services]) -> None:
    assert meant(parts, "ham so") is None
    add(parts, *TEXTS)
    for services in (parts, opened()):
        bare, exact = ask(services, "bac hai"), ask(services, "bac hai", exact=True)
        assert (bare.rewritten, exact.rewritten, exact.suggestion) == ("bậc hai", None, None)
        assert bare.total == exact.total == 2
        assert bare.facets == exact.facets
        assert "<mark>bậc hai</mark>" in bare.items[0].hits[0].snippet


def test_a_mended_letter_finds_and_can_be_undone(parts: Services) -> None:
    add(parts, *TEXTS)
    found = ask(parts, "phuong trihn")
    assert (found.query, found.rewritten, found.searched, found.total) == (*["phuong trihn"], *["phương trình"] * 2, 1)
    exact = ask(parts, "trihn", exact=True)
    assert (exact.rewritten, exact.suggestion, exact.total) == (None, "trình", 0)
    inside = ask(parts, "trihn", resource=found.items[0].id)
    assert (inside.rewritten, inside.suggestion, inside.total) == (None, "trình", 0)


class Counting:
    """An index that counts what it is asked."""

    def __init__(self, index: SearchIndex) -> None:
        self._index, self.asked = index, 0

    def __getattr__(self, name: str) -> object:
        self.asked += name == "search"
        return getattr(self._index, name)


def test_a_letter_that_was_right_is_searched_as_it_was_typed(parts: Services) -> None:
    # Mended, the question asks for three words that no resource holds together; as it was typed, for two that one has.
    add(parts, *TEXTS, "bản nhạc cho violin")
    counting = Counting(parts.index)
    services = replace(parts, index=counting)  # type: ignore[arg-type]
    found = ask(services, "phuong trinh violinn")
    assert (found.rewritten, found.suggestion, found.total) == ("phương trình violinn", None, 1)
    assert found.searched == "phương trình violinn"
    as_typed = ask(services, "phương trình violinn")
    assert (as_typed.rewritten, as_typed.suggestion, as_typed.total) == (None, None, 1)
    counting.asked = 0
    assert (ask(services, "phuong trihn").total, counting.asked) == (1, 1)
    with TestClient(create(parts), base_url="http://127.0.0.1") as client:
        page = client.get("/search?q=phuong+trinh+violinn").text
        assert "Có phải muốn tìm" not in page
        assert "phương trình violinn" in page
        told = client.get("/api/v1/search?q=phuong+trinh+violinn").json()
        assert (told["rewritten"], told["suggestion"], told["total"]) == ("phương trình violinn", None, 1)
        feed = client.get("/opds/v2/publications?q=phuong+trinh+violinn").json()
        assert "phương trình violinn" in [one["title"] for group in feed["facets"] for one in group["links"]]


def test_only_what_everybody_may_see_is_learnt_from(parts: Services) -> None:
    add(parts, *TEXTS)
    (closed,) = add(parts, "bậc hai")
    with parts.catalogue.writing() as work:
        found = work.resources.get(closed)
        assert found is not None
        work.resources.save(replace(found, access="organisation"))
    reindexing.reindex(parts)
    held = parts.rewriters.of(parts.objects, project.live(parts))
    assert held is not None
    assert (held.learnt(found.key), len(held.resources)) == (False, 3)
    assert meant(parts, "bac hai") == "bậc hai"


def test_what_is_written_again_is_learnt_once(parts: Services) -> None:
    ids = add(parts, *TEXTS)
    before = project.live(parts).syllables
    project.write(parts, ids)
    assert project.live(parts).syllables == before
    add(parts, "một bài khác")
    assert project.live(parts).syllables != before
    held = parts.rewriters.of(parts.objects, project.live(parts))
    assert held is not None
    assert len(held.resources) == len(TEXTS) + 1


def test_reindexing_learns_anew_and_files_go_with_their_generation(parts: Services) -> None:
    lost, *_ = add(parts, *TEXTS)
    before = project.live(parts).name
    with parts.catalogue.writing() as work:
        found = work.resources.get(lost)
        assert found is not None
        work.resources.save(replace(found, visibility="hidden"))
    reindexing.reindex(parts)
    live = project.live(parts)
    assert (meant(parts, "cay xanh"), meant(parts, "do thi")) == ("cây xanh", None)
    reindexing.drop_old(parts)
    assert files(parts) == {f"{live.name}/{live.syllables}"}
    assert live.name != before


def test_batch_after_batch_leaves_no_more_than_the_file_and_the_one_before(parts: Services) -> None:
    for number in range(5):
        add(parts, f"bài số {number} nói về từ mới{'abcde'[number]}")
    live = project.live(parts)
    assert f"{live.name}/{live.syllables}" in files(parts)
    assert len(files(parts)) == 2
    stray = rewriter_files.key_of(live.name, "20200101000000-dead")
    parts.objects.put(stray, b"")
    add(parts, "thêm một bài")
    assert not parts.objects.exists(stray)


def test_two_workers_add_to_what_the_other_one_learnt(parts: Services, opened: Callable[[], Services]) -> None:
    other = opened()
    add(parts, "hàm số")
    add(other, "quang hợp")
    add(parts, "bậc hai")
    assert [meant(parts, text) for text in ("ham so", "quang hop", "bac hai")] == ["hàm số", "quang hợp", "bậc hai"]


@pytest.mark.parametrize("harm", ["gone", "damaged"])
def test_without_a_file_what_was_typed_is_searched(parts: Services, home: Path, harm: str) -> None:
    add(parts, *TEXTS)
    for path in (home / "objects").rglob("syllables/*/*"):
        path.unlink() if harm == "gone" else path.write_bytes(path.read_bytes()[:-9] + b"rubbish!!")
    fresh = replace(parts, rewriters=Rewriters())
    found = ask(fresh, "bac hai")
    assert (found.rewritten, found.total) == (None, 2)
    # What comes then begins it anew.
    add(replace(parts, rewriters=Rewriters()), "đạo hàm")
    assert meant(replace(parts, rewriters=Rewriters()), "dao ham") == "đạo hàm"


def test_while_the_store_refuses_it_indexing_and_searching_go_on(parts: Services) -> None:
    add(parts, *TEXTS)
    assert meant(parts, "bac hai") == "bậc hai"
    away = replace(parts, objects=Store(parts.objects, "syllables/"))  # type: ignore[arg-type]
    add(away, "đạo hàm")
    assert (meant(away, "bac hai"), ask(away, "dao ham").total) == ("bậc hai", 1)
    with pytest.raises(Unavailable):
        away.objects.put("syllables/x", b"")
    # It is learnt with what comes next.
    add(replace(parts, rewriters=away.rewriters), "tích phân")
    assert (meant(parts, "dao ham"), meant(parts, "tich phan")) == ("đạo hàm", "tích phân")


def test_an_index_from_before_learns_when_it_is_built_anew(parts: Services) -> None:
    old = replace(project.live(parts), name="before", state="old", syllables=None)
    rewriters.learn(parts, old, [])
    assert "before" not in parts.rewriters.learnt
    with parts.catalogue.writing() as work:
        work.generations.remove(project.live(parts).name)
        work.generations.add(replace(old, state="live"))
    parts.index.create("before")
    add(parts, *TEXTS)
    assert (meant(parts, "bac hai"), files(parts)) == (None, set())
    assert "doctor-index-unlearnt" in {check.code for check in doctor.examine(parts, {})}
    reindexing.reindex(parts)
    assert meant(parts, "bac hai") == "bậc hai"


def test_every_door_tells_it_and_takes_it_back(parts: Services) -> None:
    subjects = [(("subject", "toan"),), (("subject", "vat-li"),)]
    texts = [(f"{text} {number}", subjects[number % 2]) for text in TEXTS for number in range(15)]
    publish(parts, [Text(text, "Bài", (text,), facets) for text, facets in texts])
    with TestClient(create(parts), base_url="http://127.0.0.1") as client:
        page = client.get("/search?q=bac+hai&sort=newest&language=vi").text
        assert (
            'Kết quả cho <b>bậc hai</b> — <a href="/search?q=bac+hai&amp;language=vi&amp;sort=newest&amp;exact=1">'
            in page
        )
        assert "tìm đúng “bac hai”" in page
        assert 'href="/search?q=bac+hai&amp;language=vi&amp;sort=newest&amp;page=2"' in page
        assert "q=b%E1%BA%ADc+hai" in page, "a place is opened with the words that found it"
        exact = client.get("/search?q=bac+hai&sort=newest&exact=1").text
        assert "Kết quả cho <b>" not in exact
        assert 'href="/search?q=bac+hai&amp;sort=newest&amp;exact=1&amp;page=2"' in exact
        assert "exact=1" in exact.split('id="filters"')[1], "a filter keeps to what was typed"
        english = client.get("/en/search?q=bac+hai").text
        assert "Results for <b>bậc hai</b>" in english
        told = client.get("/api/v1/search?q=bac+hai").json()
        assert (told["query"], told["rewritten"], told["total"]) == ("bac hai", "bậc hai", 30)
        assert client.get("/api/v1/search?q=bac+hai&exact=1").json()["rewritten"] is None
        feed = client.get("/opds/v2/publications?q=bac+hai").json()
        assert feed["metadata"]["title"] == "“bậc hai”"
        assert "exact=1" in json.dumps(feed)
        kept = client.get("/opds/v2/publications?q=bac+hai&exact=1").json()
        assert kept["metadata"]["title"] == "“bac hai”"
        assert "exact=1" in json.dumps(kept["facets"]), "a filter keeps to what was typed"
