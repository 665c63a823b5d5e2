"""What every search index promises.

The module is long because a port's promises are read as one list.
"""

import dataclasses
import multiprocessing
import random
import time
from functools import partial

import pytest

from ingest.document import Locator
from service.errors import IndexUnavailable, Invalid
from service.library.lexicons import occurring
from service.model import FACETS, Audience, IndexPassage, ResourceKey, SearchPage
from service.ports import SearchIndex
from service.search.understand import understand
from tests.contract.index_processes import (
    GENERATION,
    Open,
    document,
    write_after,
    write_each,
    write_until_killed,
)

EVERYBODY = Audience(everything=False)
ALL = Audience(everything=True)
SPAWN = multiprocessing.get_context("spawn")
JOIN_SECONDS = 60


def ask(index: SearchIndex, text: str = "", *, audience: Audience = ALL, **changes: object) -> SearchPage:
    """The way every door asks."""
    query = understand(text, audience=audience, known=partial(occurring, index, GENERATION))
    return index.search(GENERATION, dataclasses.replace(query, **changes))  # type: ignore[arg-type]


def keys(page: SearchPage) -> list[int]:
    return [found.key for found in page.found]


class IndexContract:
    """Subclasses give `index` (with the generation made), `place` and `open_index` for other processes."""

    # --- what is found

    def test_a_word_of_a_passage_finds_its_resource_at_its_place(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "mở đầu", "hàm số bậc hai"), document(2, "thơ mới")], [])
        page = ask(index, "bậc hai")
        assert (page.total, keys(page)) == (1, [1])
        found = page.found[0]
        assert (found.id, found.places, found.hits[0].locator) == ("r00000000001", 1, Locator("page", 2))
        assert found.hits[0].text == "hàm số bậc hai"

    def test_a_bare_query_finds_accented_text(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "Đường thẳng song song")], [])
        assert keys(ask(index, "duong thang")) == [1]

    def test_old_and_new_tone_placement_are_the_same_word(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "hoà bình và quý báu"), document(2, "khỏe mạnh")], [])
        assert keys(ask(index, "hòa")) == [1]
        assert keys(ask(index, "khoẻ")) == [2]

    def test_decomposed_text_is_the_same_as_composed(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "ba\u0323\u0302c hai")], [])
        assert keys(ask(index, "bậc")) == [1]

    def test_metadata_alone_finds_a_resource_without_places(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "chữ khác", title="Quang hợp", keywords=("Sinh học",))], [])
        for text in ("quang hop", "sinh học"):
            page = ask(index, text)
            assert (keys(page), page.found[0].places, page.found[0].hits) == ([1], 0, ())

    def test_a_resource_without_passages_is_found_by_its_title(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, title="Bản đồ địa chất")], [])
        assert keys(ask(index, "bản đồ")) == [1]

    def test_the_accented_word_comes_before_its_toneless_twin(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "ban đồ"), document(2, "bán đỗ"), document(3, "bản đồ")], [])
        assert keys(ask(index, "bản đồ"))[0] == 3

    def test_neighbouring_words_come_before_scattered_ones(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "số tự nhiên của hàm ba"), document(2, "ba tự nhiên của hàm số")], [])
        assert keys(ask(index, "ham so"))[0] == 2

    def test_a_title_adds_to_its_best_passage(self, index: SearchIndex) -> None:
        texts = ("quang hợp ở thực vật",)
        index.write(GENERATION, [document(1, *texts), document(2, *texts, title="Quang hợp")], [])
        page = ask(index, "quang hợp")
        assert keys(page) == [2, 1]
        assert page.found[0].score > page.found[1].score > 0

    def test_nothing_known_finds_nothing(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "hàm số")], [])
        for text in ("xyzzy", "?!…", "xyzzy quuux"):
            page = ask(index, text, count_facets=FACETS)
            assert (page.total, page.found) == (0, ())

    def test_unknown_words_do_not_count(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "hàm số")], [])
        assert keys(ask(index, "hàm số xyzzy")) == [1]

    def test_up_to_three_known_words_must_all_be_in_one_place(self, index: SearchIndex) -> None:
        index.write(
            GENERATION, [document(1, "một hai", "ba"), document(2, "một hai ba"), document(3, title="Một hai ba")], []
        )
        assert sorted(keys(ask(index, "một hai ba"))) == [2, 3]

    def test_of_more_words_two_fifths_are_enough(self, index: SearchIndex) -> None:
        every = "một hai ba bốn năm sáu bảy tám"
        index.write(GENERATION, [document(1, every), document(2, "một hai"), document(3, "một hai ba")], [])
        assert sorted(keys(ask(index, every))) == [1, 3]

    def test_shorthand_is_found_written_out_and_as_it_is(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "Vật lí lớp 10"), document(2, "đề VL10"), document(3, "Vật thể 10")], [])
        assert sorted(keys(ask(index, "vl10"))) == [1, 2]
        assert keys(ask(index, "vl 10")) == [1]

    def test_what_was_typed_scores_beside_what_was_meant_and_matches_nothing(self, index: SearchIndex) -> None:
        texts = ("con tên", "con tên tem", "con tem")
        index.write(GENERATION, [document(key, text) for key, text in enumerate(texts, 1)], [])
        meant = ask(index, "con tên")
        typed = ask(index, "con tên", typed_fold=("tem",), typed_bigrams=("con_tem", "ten_tem"))
        assert (meant.total, typed.total) == (2, 2)
        assert (keys(meant), keys(typed)) == ([1, 2], [2, 1])

    def test_a_token_alone_tells_whether_anything_holds_it(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "hàm số", title="Đại số")], [])
        assert occurring(index, GENERATION, ["ham", "dai", "hinh", "", "x" * 70_000]) == {"ham", "dai"}
        index.write(GENERATION, [], [ResourceKey(1)])
        assert occurring(index, GENERATION, ["ham", "dai"]) == frozenset()

    # --- totals, facets, order, pages

    def test_totals_count_resources_exactly(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(key, *["chung một từ"] * (key % 4 + 1)) for key in range(1, 121)], [])
        page = ask(index, "chung")
        assert (page.total, len(page.found)) == (120, 20)

    def test_pages_follow_one_another_without_gap_or_repetition(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(key, "chung một từ") for key in range(1, 121)], [])
        for sort in ("fit", "newest", "used"):
            seen = [
                key
                for offset in range(0, 140, 7)
                for key in keys(ask(index, "chung", offset=offset, limit=7, sort=sort))
            ]
            assert sorted(seen) == list(range(1, 121))

    def test_a_cursor_goes_on_behind_the_last_one_shown_in_every_order(self, index: SearchIndex) -> None:
        texts = ("chung", "chung một từ", "chung chung")
        made = [document(key, texts[key % 3], day=key % 4, used=key % 5) for key in range(1, 31)]
        index.write(GENERATION, made, [])
        for text in ("chung", ""):
            for sort in ("fit", "newest", "used"):
                whole = keys(ask(index, text, limit=40, sort=sort))
                seen: list[int] = []
                page = ask(index, text, limit=7, sort=sort)
                while True:
                    seen += keys(page)
                    assert page.total == 30
                    if not page.after:
                        break
                    page = ask(index, text, limit=7, sort=sort, after=page.after)
                assert seen == whole
                assert not ask(index, text, limit=30, sort=sort).after
            assert not page.partial

    def test_a_cursor_that_is_none_is_refused(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "chung")], [])
        long = '["fit",' + "1" * 5_000 + ",1]"
        for cursor in (
            "x",
            "-1",
            "1.5",
            "[",
            "null",
            '["fit"]',
            '["fit",1,"a"]',
            '["fit",NaN,1]',
            "[" * 100,
            long,
            "²",
        ):
            with pytest.raises(Invalid):
                ask(index, "chung", after=cursor)

    def test_a_facet_is_counted_with_its_own_filter_left_out(self, index: SearchIndex) -> None:
        index.write(
            GENERATION,
            [
                document(1, "chung", grade=("lop-10", "thpt"), subject=("toan",)),
                document(2, "chung", grade=("lop-11", "thpt"), subject=("toan",)),
                document(3, "chung", grade=("lop-10", "thpt"), subject=("vat-li",)),
                document(4, "khác", grade=("lop-10", "thpt"), subject=("toan",)),
            ],
            [],
        )
        page = ask(index, "chung", filters={"grade": ("lop-10",)}, count_facets=("grade", "subject"))
        assert sorted(keys(page)) == [1, 3]
        assert page.facets == {"grade": {"lop-10": 2, "lop-11": 1, "thpt": 3}, "subject": {"toan": 1, "vat-li": 1}}
        both = ask(
            index, "chung", filters={"grade": ("lop-10", "lop-11"), "subject": ("toan",)}, count_facets=("grade",)
        )
        assert sorted(keys(both)) == [1, 2]
        assert both.facets == {"grade": {"lop-10": 1, "lop-11": 1, "thpt": 2}}

    def test_programme_series_and_week_are_facets_like_any_other(self, index: SearchIndex) -> None:
        placed = {"programme": ("ct2018",), "series": ("kntt",)}
        index.write(
            GENERATION,
            [
                document(1, "chung", grade=("lop-2", "tieu-hoc"), week=("19", "20"), **placed),
                document(2, "chung", grade=("lop-2", "tieu-hoc"), week=("19",), **placed | {"series": ("ctst",)}),
                document(3, "chung", grade=("lop-3", "tieu-hoc"), week=("19",), programme=("ct2006",)),
            ],
            [],
        )
        page = ask(index, "chung", filters={"grade": ("lop-2",), "week": ("19",)}, count_facets=FACETS)
        assert sorted(keys(page)) == [1, 2]
        assert page.facets["week"] == {"19": 2, "20": 1}
        assert page.facets["grade"] == {"lop-2": 2, "lop-3": 1, "tieu-hoc": 3}
        assert (page.facets["series"], page.facets["programme"]) == ({"kntt": 1, "ctst": 1}, {"ct2018": 2})
        assert keys(ask(index, "", filters={"programme": ("ct2006",)})) == [3]
        assert keys(ask(index, "", filters={"series": ("kntt",), "week": ("20",)})) == [1]
        assert ask(index, "", filters={"week": ("1",)}).total == 0

    def test_topics_are_counted_with_all_above_them_and_without_their_own_filter(self, index: SearchIndex) -> None:
        above = ("toan-10-1", "toan")
        index.write(
            GENERATION,
            [
                document(1, "chung", subject=("toan",), topic=("toan-10-1-1", *above)),
                document(2, "chung", subject=("toan",), topic=("toan-10-1-2", *above)),
                document(3, "chung", subject=("toan",), topic=("toan-10-2", "toan")),
                document(4, "chung", subject=("tin-hoc",), topic=("tin-hoc-6-1", "tin-hoc")),
                document(5, "chung", subject=("toan",)),
            ],
            [],
        )
        page = ask(index, "chung", filters={"topic": ("toan-10-1",)}, count_facets=FACETS)
        assert sorted(keys(page)) == [1, 2]
        counts = {"toan-10-1-1": 1, "toan-10-1-2": 1, "toan-10-1": 2, "toan-10-2": 1, "toan": 3}
        assert page.facets["topic"] == {**counts, "tin-hoc-6-1": 1, "tin-hoc": 1}
        assert page.facets["subject"] == {"toan": 2}
        narrowed = ask(
            index, "", filters={"topic": ("toan-10-1-1", "tin-hoc"), "subject": ("toan",)}, count_facets=FACETS
        )
        assert (keys(narrowed), narrowed.facets["topic"]) == ([1], counts)

    def test_an_unknown_or_odd_code_filters_everything_out(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "chung", subject=("a b",))], [])
        assert ask(index, "chung", filters={"subject": ("không có",)}).total == 0
        assert ask(index, "chung", filters={"subject": ("a b",)}).total == 1
        assert ask(index, "chung", filters={"subject": ("a",)}).total == 0

    def test_filters_never_score(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "chung một từ", subject=("toan",)), document(2, "từ chung")], [])
        plain = {found.key: found.score for found in ask(index, "chung").found}
        filtered = ask(index, "chung", filters={"subject": ("toan",)})
        assert filtered.found[0].score == pytest.approx(plain[ResourceKey(1)])

    def test_an_empty_query_browses_newest_first(self, index: SearchIndex) -> None:
        index.write(
            GENERATION, [document(key, "x", day=20_000 + key % 3, subject=("toan",)) for key in range(1, 7)], []
        )
        page = ask(index, "", count_facets=("subject",))
        assert keys(page) == [5, 2, 4, 1, 6, 3]
        assert (page.total, page.facets["subject"]) == (6, {"toan": 6})
        assert all(found.hits == () and found.places == 0 for found in page.found)

    def test_order_by_use_and_by_day(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "chung", used=3, day=3), document(2, "chung", used=9, day=1)], [])
        assert keys(ask(index, "chung", sort="used")) == [2, 1]
        assert keys(ask(index, "chung", sort="newest")) == [1, 2]
        assert ask(index, "chung", sort="used").found[0].hits[0].text == "chung"

    def test_hits_stand_on_different_places_and_all_places_are_counted(self, index: SearchIndex) -> None:
        long = dataclasses.replace(
            document(1),
            passages=tuple(
                IndexPassage(1, Locator("page", number // 2 + 1), f"chung {number}") for number in range(14)
            ),
        )
        index.write(GENERATION, [long], [])
        found = ask(index, "chung", hits=3).found[0]
        assert found.places == 7
        assert len({(hit.file, hit.locator) for hit in found.hits}) == 3

    def test_who_wants_no_hits_gets_neither_hits_nor_places(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "chung", "chung nữa"), document(2, "riêng", title="Chung")], [])
        page = ask(index, "chung", hits=0)
        assert {found.key: (found.hits, found.places) for found in page.found} == {1: ((), 0), 2: ((), 0)}
        assert keys(page) == keys(ask(index, "chung"))
        assert [found.score for found in page.found] == [found.score for found in ask(index, "chung").found]

    def test_every_kind_of_locator_comes_back_as_it_was(self, index: SearchIndex) -> None:
        locators = [Locator("page", 1), Locator("second", 0), Locator("item", "chuong-1/bài 2"), Locator("section", 12)]
        passages = tuple(IndexPassage(number, locator, "chung") for number, locator in enumerate(locators, 1))
        index.write(GENERATION, [dataclasses.replace(document(1), passages=passages)], [])
        hits = ask(index, "chung", hits=10).found[0].hits
        assert {(hit.file, hit.locator) for hit in hits} == set(enumerate(locators, 1))

    def test_a_search_inside_one_resource_leaves_the_others_out(self, index: SearchIndex) -> None:
        index.write(
            GENERATION, [document(1, "chung", "chung nữa", subject=("a",)), document(2, "chung", subject=("b",))], []
        )
        page = ask(index, "chung", resource=ResourceKey(1), count_facets=("subject",))
        assert (page.total, keys(page), page.found[0].places, page.facets["subject"]) == (1, [1], 2, {"a": 1})
        assert keys(ask(index, "", resource=ResourceKey(2))) == [2]

    # --- who may see it

    def test_results_totals_and_facets_are_for_the_eyes_that_ask(self, index: SearchIndex) -> None:
        index.write(
            GENERATION,
            [
                document(1, "chung", subject=("a",)),
                document(2, "chung", audience="signed-in", subject=("a",)),
                document(3, "chung", audience="organisation", organisation="truong-1", subject=("a",)),
                document(4, "chung", audience="organisation", organisation="truong-2", subject=("a",)),
            ],
            [],
        )
        seen = {
            EVERYBODY: [1],
            Audience(everything=False, signed_in=True): [1, 2],
            Audience(everything=False, signed_in=True, organisations=frozenset({"truong-1"})): [1, 2, 3],
            ALL: [1, 2, 3, 4],
        }
        for audience, expected in seen.items():
            for text in ("chung", ""):
                page = ask(index, text, audience=audience, count_facets=("subject",))
                assert sorted(keys(page)) == expected
                assert (page.total, page.facets["subject"]) == (len(expected), {"a": len(expected)})

    # --- writing

    def test_a_resource_is_replaced_whole(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "cũ", "vẫn cũ", title="Xưa", subject=("a",))], [])
        index.write(GENERATION, [document(1, "mới", version=2, title="Nay", subject=("b",))], [])
        assert [ask(index, text).total for text in ("cũ", "xưa", "mới", "nay")] == [0, 0, 1, 1]
        assert ask(index, "", count_facets=("subject",)).facets["subject"] == {"b": 1}

    def test_an_older_version_never_overwrites_a_newer_one(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "mới", version=5)], [])
        index.write(GENERATION, [document(1, "cũ", version=4), document(2, "khác")], [])
        assert dict(index.versions(GENERATION)) == {1: 5, 2: 1}
        assert [ask(index, text).total for text in ("cũ", "mới", "khác")] == [0, 1, 1]
        index.write(GENERATION, [document(1, "nữa", version=5)], [])
        assert ask(index, "nữa").total == 1

    def test_removing_takes_passages_too_and_may_be_repeated(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "chung"), document(2, "chung")], [])
        for _ in range(2):
            index.write(GENERATION, [], [ResourceKey(1)])
        assert (keys(ask(index, "chung")), dict(index.versions(GENERATION))) == ([2], {2: 1})

    def test_what_was_removed_may_come_back_as_it_was(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "chung", version=3)], [])
        index.write(GENERATION, [], [ResourceKey(1)])
        assert index.write(GENERATION, [document(1, "chung", version=3)], []) == {}
        assert keys(ask(index, "chung")) == [1]

    def test_the_newest_of_one_resource_twice_in_a_batch_stays(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "mới", version=2), document(1, "cũ")], [])
        assert [ask(index, text).total for text in ("cũ", "mới")] == [0, 1]

    def test_versions_come_by_key(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(key, version=key) for key in (3, 1, 2)], [])
        assert list(index.versions(GENERATION)) == [(1, 1), (2, 2), (3, 3)]

    def test_control_characters_and_lone_surrogates_are_indexed_and_given_back(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "trước \x00\ud800 sau", title="a\udfff b")], [])
        assert "sau" in ask(index, "trước sau").found[0].hits[0].text

    # --- generations

    def test_generations_are_apart(self, index: SearchIndex) -> None:
        index.create("second")
        index.write("second", [document(1, "chung")], [])
        assert ask(index, "chung").total == 0
        assert dict(index.versions("second")) == {1: 1}
        index.drop("second")
        assert not index.exists("second")
        assert index.exists(GENERATION)

    def test_making_and_dropping_may_be_repeated(self, index: SearchIndex) -> None:
        index.write(GENERATION, [document(1, "chung")], [])
        index.create(GENERATION)
        assert ask(index, "chung").total == 1
        for _ in range(2):
            index.drop(GENERATION)
        index.create(GENERATION)
        assert ask(index, "chung").total == 0

    def test_promoting_takes_effect_at_once_and_may_be_repeated(self, index: SearchIndex) -> None:
        index.create("second")
        for generation in (GENERATION, "second", "second"):
            index.promote(generation)
            index.check(generation)

    def test_a_missing_generation_is_unavailable(self, index: SearchIndex) -> None:
        query = understand("a", audience=ALL, known=lambda tokens: tokens)
        for act in (
            lambda: index.check("none"),
            lambda: index.search("none", query),
            lambda: index.write("none", [document(1)], []),
            lambda: list(index.versions("none")),
        ):
            with pytest.raises(IndexUnavailable):
                act()

    def test_the_fingerprint_stays(self, index: SearchIndex, place: str, open_index: Open) -> None:
        assert index.fingerprint() == open_index(place).fingerprint()

    # --- many processes

    def test_a_reader_sees_another_process_commit_within_two_seconds(
        self, index: SearchIndex, place: str, open_index: Open
    ) -> None:
        assert ask(index, "").total == 0
        process = SPAWN.Process(target=write_after, args=(open_index, place, 0.3, 7, "từ nơi khác"))
        process.start()
        process.join(JOIN_SECONDS)
        assert process.exitcode == 0
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline and not ask(index, "").total:
            time.sleep(0.05)
        assert keys(ask(index, "nơi khác")) == [7]

    def test_processes_writing_at_once_queue_and_lose_nothing(
        self, index: SearchIndex, place: str, open_index: Open
    ) -> None:
        count = 15
        processes = [
            SPAWN.Process(target=write_each, args=(open_index, place, first, count)) for first in (1, 1001, 2001)
        ]
        for process in processes:
            process.start()
        for key in range(3001, 3001 + count):
            index.write(GENERATION, [document(key, "đoạn")], [])
        for process in processes:
            process.join(JOIN_SECONDS)
        assert [process.exitcode for process in processes] == [0, 0, 0]
        expected = [first + number for first in (1, 1001, 2001, 3001) for number in range(count)]
        fresh = open_index(place)
        assert [key for key, _ in fresh.versions(GENERATION)] == expected
        assert ask(fresh, "đoạn").total == len(expected)

    def test_a_writer_killed_anywhere_leaves_whole_resources_and_no_lock(
        self, index: SearchIndex, place: str, open_index: Open
    ) -> None:
        rng = random.Random(3)
        for _ in range(4):
            begun = SPAWN.Event()
            victim = SPAWN.Process(target=write_until_killed, args=(open_index, place, begun, rng.uniform(0.0, 0.25)))
            victim.start()
            victim.join(JOIN_SECONDS)
            assert begun.is_set()
            assert victim.exitcode == -9
            fresh = open_index(place)
            for key, version in [row for row in fresh.versions(GENERATION) if row[0] != 99]:
                inside = ask(fresh, f"v{version} trang", resource=key, limit=1)
                assert (inside.total, inside.found[0].places) == (1, 200)
            began = time.monotonic()
            fresh.write(GENERATION, [document(99, "sau tai nạn")], [ResourceKey(key) for key in range(1, 6)])
            assert keys(ask(fresh, "sau tai nạn")) == [99]
            assert time.monotonic() - began < JOIN_SECONDS
