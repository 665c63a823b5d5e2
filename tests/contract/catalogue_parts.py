"""What every catalogue promises about readings, blobs, fixity, events, generations, counters and own vocabularies.

The module is long because a port's promises are read as one list.
"""

import datetime
from dataclasses import replace

import pytest

from ingest.document import Extent, Finding, Locator
from ingest.document import Warning as DocumentWarning
from service.errors import Conflict, NotFound, Purged
from service.model import (
    Count,
    Generation,
    Reading,
    ResourceId,
)
from service.ports import Catalogue
from tests.contract.catalogue_resources import NOW, a_draft, sha
from tests.contract.catalogue_terms import published

FAR = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)

READ = Reading(
    bundle=sha(1),
    fingerprint="p1",
    media_type="application/pdf",
    passages=12,
    language="vi",
    extent=Extent(pages=12, seconds=1.5, width_pixels=3, height_pixels=4),
    warnings=(DocumentWarning("few-letters", {"page": 3}), DocumentWarning("no-outline")),
    document_key="documents/x/p1",
    seconds=0.25,
    findings=(Finding("births", Locator("page", 3), "C", 34), Finding("file-name", None, None, 1)),
)
BROKEN = Reading(
    bundle=sha(2),
    fingerprint="p1",
    media_type="application/pdf",
    passages=0,
    language=None,
    extent=Extent(),
    error="broken-file",
    error_parameters={"tên": "a.pdf", "byte": 7},
)


class ReadingsContract:
    def test_a_reading_comes_back_whole(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.readings.save(READ)
            work.readings.save(BROKEN)
        with catalogue.reading() as work:
            assert work.readings.newest([sha(1), sha(2), sha(3)]) == {sha(1): READ, sha(2): BROKEN}

    def test_the_newest_is_the_one_saved_last(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            for fingerprint in ("p1", "p2", "p1"):
                work.readings.save(replace(READ, fingerprint=fingerprint, passages=int(fingerprint[1])))
            assert work.readings.newest([sha(1)])[sha(1)].fingerprint == "p1"
            work.readings.save(replace(READ, fingerprint="p2", passages=99))
            assert work.readings.newest([sha(1)])[sha(1)].passages == 99

    def test_what_was_cleared_is_remembered_by_bundle_and_kind(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.readings.clear(sha(1), {"births", "names"}, actor="operator", reason="tên đặt ra")
            work.readings.clear(sha(1), {"births"}, actor="operator", reason="xem lại")
            work.readings.clear(sha(2), {"marks"}, actor="operator", reason="đề bài")
        with catalogue.reading() as work:
            assert work.readings.cleared([sha(1), sha(3)]) == {sha(1): {"births", "names"}}

    def test_stale_walks_over_what_an_older_pipeline_read_last(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            for number in range(1, 6):
                work.readings.save(replace(READ, bundle=sha(number)))
            work.readings.save(replace(READ, bundle=sha(2), fingerprint="p2"))
            first = work.readings.stale("p2", "", 3)
            rest = work.readings.stale("p2", first[-1].bundle, 3)
        assert [reading.bundle for reading in (*first, *rest)] == [sha(1), sha(3), sha(4), sha(5)]
        assert len(first) == 3

    def test_what_is_forgotten_says_nothing_of_the_text_any_more(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            for reading in (READ, replace(READ, fingerprint="p2"), BROKEN, replace(READ, bundle=sha(3))):
                work.readings.save(reading)
            work.readings.forget([sha(1), sha(2), sha(9)])
            work.readings.forget([])
        with catalogue.reading() as work:
            left = work.readings.newest([sha(1), sha(2), sha(3)])
            # An older reading of the bundle has forgotten too.
            first = {row["document_key"] for page in work.tables.rows("readings", 10) for row in page}
        silent = {"passages": 0, "warnings": (), "document_key": None, "findings": (), "error_parameters": {}}
        assert left == {
            sha(1): replace(READ, fingerprint="p2", **silent),
            sha(2): replace(BROKEN, **silent),
            sha(3): replace(READ, bundle=sha(3)),
        }
        assert first == {None, READ.document_key}

    def test_documents_of_readings_that_were_replaced_are_outdated_and_dropped(self, catalogue: Catalogue) -> None:
        old, new, alone = f"documents/{sha(1)}/p1", f"documents/{sha(1)}/p2", f"documents/{sha(3)}/p1"
        with catalogue.writing() as work:
            work.readings.save(replace(READ, document_key=old))
            work.readings.save(replace(READ, fingerprint="p2", document_key=new))
            work.readings.save(replace(READ, bundle=sha(3), document_key=alone))
            assert work.readings.outdated(FAR, 9) == [old]
            assert work.readings.outdated(FAR, 9, after=old) == []
            assert work.readings.outdated(NOW - datetime.timedelta(days=9999), 9) == []
            assert work.readings.named([old, new, alone, f"documents/{sha(9)}/p1", "documents"]) == {old, new, alone}
            work.readings.drop_documents([old, new])
            assert work.readings.named([old, new, alone]) == {new, alone}
            assert work.readings.outdated(FAR, 9) == []
        with catalogue.reading() as work:
            assert work.readings.newest([sha(1)])[sha(1)].document_key == new


class BlobsContract:
    def test_only_what_nothing_points_to_and_was_offered_before_is_unreferenced(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            a_draft(work, 1)
            work.blobs.add(sha(3), 13)
            work.blobs.add(sha(2), 12)
            work.blobs.add(sha(2), 12)
            assert work.blobs.unreferenced(FAR, 10) == [sha(2), sha(3)]
            assert work.blobs.unreferenced(FAR, 1) == [sha(2)]
            assert work.blobs.unreferenced(NOW - datetime.timedelta(days=9999), 10) == []

    def test_a_walk_goes_over_what_files_point_to_and_nobody_purged(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            assert work.blobs.oldest() is None
            for number in (1, 2, 3):
                a_draft(work, number)
            work.blobs.add(sha(4), 14)
            work.blobs.refuse(sha(2))
            walked = work.blobs.after("", 9)
            assert [sha256 for sha256, _ in walked] == sorted([sha(1), sha(3)])
            assert work.blobs.after(walked[0][0], 9) == walked[1:]
            assert work.blobs.after("", 1) == walked[:1]
            assert work.blobs.known([sha(1), sha(2), sha(4), sha(5)]) == {sha(1), sha(2), sha(4)}
            oldest = work.blobs.oldest()
            assert oldest is not None
            assert oldest.tzinfo is datetime.UTC
            assert work.blobs.unreferenced(FAR, 9, after=sha(4)) == []

    def test_blobs_are_counted_once_each(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            assert work.blobs.total() == (0, 0)
            for _ in range(2):
                work.blobs.add(sha(1), 5_000_000_000)
            work.blobs.add(sha(2), 12)
            assert work.blobs.total() == (2, 5_000_000_012)

    def test_a_blob_with_a_file_stays(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            a_draft(work, 1)
            work.blobs.add(sha(2), 12)
            work.blobs.remove(sha(2))
            work.blobs.remove(sha(2))
            with pytest.raises(Conflict):
                work.blobs.remove(sha(1))
            assert work.blobs.unreferenced(FAR, 10) == []

    def test_of_many_the_refused_ones_are_told_and_left_out(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.blobs.refuse(sha(2))
            work.blobs.add(sha(1), 11)
            assert work.blobs.add_all({sha(number): 10 + number for number in (1, 2, 3)}) == {sha(2)}
            assert work.blobs.total() == (2, 24)
            assert work.blobs.unreferenced(FAR, 10) == [sha(1), sha(3)]

    def test_refused_bytes_may_not_come_back(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.blobs.add(sha(1), 11)
            for number in (1, 2, 2):
                work.blobs.refuse(sha(number))
            for number in (1, 2):
                with pytest.raises(Purged):
                    work.blobs.add(sha(number), 11)

    def test_which_are_refused_is_told_of_many_at_once(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            for number in (1, 70_000):
                work.blobs.refuse(sha(number))
        with catalogue.reading() as work:
            assert work.blobs.refused([]) == frozenset()
            assert work.blobs.refused([sha(2)]) == frozenset()
            # More than any engine takes in one statement.
            assert work.blobs.refused([sha(number) for number in range(70_001)]) == {sha(1), sha(70_000)}


class FixityContract:
    def test_a_run_goes_on_until_it_is_finished(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            assert (work.fixity.newest(), work.fixity.finished()) == (None, None)
            run = work.fixity.begin()
            assert work.fixity.begin() == run
            moved = replace(run, reached=sha(1), objects=2, size_bytes=6_000_000_000, faults=1)
            work.fixity.save(moved)
            assert work.fixity.newest() == moved
            assert work.fixity.finished() is None
            ended = replace(moved, finished_at=NOW)
            work.fixity.save(ended)
            again = work.fixity.begin()
            assert again.key != run.key
        with catalogue.reading() as work:
            assert work.fixity.finished() == ended
            assert work.fixity.newest() == again

    def test_faults_are_noted_until_they_are_gone(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            for number in (1, 2, 3):
                work.blobs.add(sha(number), 1)
            work.blobs.refuse(sha(3))
            found = {sha(1): "damaged", sha(2): "missing", sha(3): "missing", sha(4): "damaged"}
            # Purged, and never here: nothing is lost of them.
            assert work.fixity.note(found) == sorted([sha(1), sha(2)])  # type: ignore[arg-type]
            assert work.fixity.note({sha(1): "missing"}) == []
            assert work.fixity.numbers() == {"missing": 2}
            assert [(one.sha256, one.fault) for one in work.fixity.faults(9)] == [
                (sha256, "missing") for sha256 in sorted([sha(1), sha(2)])
            ]
            assert len(work.fixity.faults(1)) == 1
            work.fixity.note({sha(1): None})
            work.blobs.remove(sha(2))
            assert work.fixity.numbers() == {}
            work.fixity.note({sha(1): "damaged"})
            work.blobs.refuse(sha(1))
            assert work.fixity.faults(9) == []


class EventsContract:
    def test_events_of_a_resource_come_in_order_with_their_details(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            one, other = work.resources.add(owner="default"), work.resources.add(owner="default")
            work.events.add("deposited", one.key, "operator", {"files": 2, "tên": "Bài 1"})
            work.events.add("deposited", other.key, "operator", {})
            work.events.add("reindexed", None, "operator", {})
            work.events.add("published", one.key, "machine", {})
        with catalogue.reading() as work:
            events = work.events.of(one.key)
        assert [(event.kind, event.actor) for event in events] == [("deposited", "operator"), ("published", "machine")]
        assert events[0].details == {"files": 2, "tên": "Bài 1"}
        assert events[0].at.tzinfo is datetime.UTC

    def test_events_of_a_kind_come_in_order_whatever_they_are_of(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            one, other = work.resources.add(owner="default"), work.resources.add(owner="default")
            work.events.add("purged", other.key, "operator", {"reason": "Toà án", "files": 1})
            work.events.add("deposited", one.key, "operator", {})
            work.events.add("purged", None, "operator", {})
            work.events.add("purged", one.key, "operator", {})
        with catalogue.reading() as work:
            assert [event.resource for event in work.events.of_kind("purged")] == [other.key, None, one.key]
            assert work.events.of_kind("purged")[0].details == {"reason": "Toà án", "files": 1}
            assert work.events.of_kind("purge") == []

    def test_one_for_each_of_many_resources(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            first, second = (work.resources.add(owner="default").key for _ in range(2))
            work.events.add_all("deposited", {first: {"files": 2}, second: {"name": "“đ”"}}, "operator")
            told = [(event.kind, event.resource, event.actor, event.details) for event in work.events.of(second)]
            assert told == [("deposited", second, "operator", {"name": "“đ”"})]
            assert [event.details for event in work.events.of(first)] == [{"files": 2}]
            work.events.add_all("deposited", {}, "operator")


class GenerationsContract:
    def test_making_one_live_makes_the_former_old(self, catalogue: Catalogue) -> None:
        names = ("g1", "g2", "g3")
        with catalogue.writing() as work:
            for age, name in enumerate(names):
                moment = NOW + datetime.timedelta(seconds=age)
                work.generations.add(Generation(name, "tantivy", "f", "building", moment))
            work.generations.add(Generation("other", "opensearch", "f", "live", NOW))
            for name in ("g1", "g2", "g2"):
                work.generations.set_state(name, "live")
            assert [(g.name, g.state) for g in work.generations.all("tantivy")] == [
                ("g1", "old"),
                ("g2", "live"),
                ("g3", "building"),
            ]
            assert [g.state for g in work.generations.all("opensearch")] == ["live"]
            work.generations.remove("g1")
            work.generations.remove("g1")
            assert [g.name for g in work.generations.all("tantivy")] == ["g2", "g3"]
            with pytest.raises(NotFound):
                work.generations.set_state("g1", "live")

    def test_files_of_words_come_one_by_one_or_instead_of_others(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.generations.add(Generation("g1", "tantivy", "f", "live", NOW, lexicon=()))
            work.generations.add(Generation("g0", "tantivy", "f", "old", NOW))
            assert all(work.generations.add_words("g1", file) for file in ("a", "b", "c"))
        with catalogue.writing() as work:
            assert work.generations.add_words("g1", "d", instead_of=["a", "c"])
            assert not work.generations.add_words("g1", "e", instead_of=["a", "b"])
            with pytest.raises(NotFound):
                work.generations.add_words("g2", "a")
        with catalogue.reading() as work:
            assert [one.lexicon for one in work.generations.all("tantivy")] == [None, ("b", "d")]

    def test_the_file_of_syllables_takes_the_place_of_the_one_that_was_read(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.generations.add(Generation("g1", "tantivy", "f", "live", NOW, syllables=""))
            work.generations.add(Generation("g0", "tantivy", "f", "old", NOW))
            assert work.generations.set_syllables("g1", "a", instead_of="")
            assert not work.generations.set_syllables("g1", "b", instead_of="")
            assert work.generations.set_syllables("g1", "c", instead_of="a")
            assert not work.generations.set_syllables("g0", "a", instead_of="")
            with pytest.raises(NotFound):
                work.generations.set_syllables("g2", "a", instead_of="")
        with catalogue.reading() as work:
            assert [one.syllables for one in work.generations.all("tantivy")] == [None, "c"]

    def test_a_second_live_one_is_a_conflict(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.generations.add(Generation("g1", "tantivy", "f", "live", NOW))
        with pytest.raises(Conflict), catalogue.writing() as work:
            work.generations.add(Generation("g2", "tantivy", "f", "live", NOW))


class CountersContract:
    def test_counts_add_up_by_day_kind_resource_organisation_and_door(self, catalogue: Catalogue) -> None:
        day = datetime.date(2026, 3, 1)
        one = ResourceId("000000000000")
        opened = Count(day, "opening", one, "default", "web", 2)
        searched = Count(day, "search", None, "", "api", 1)
        with catalogue.writing() as work:
            work.counters.add([opened, opened, searched])
            work.counters.add([opened, searched, replace(opened, door="api"), replace(opened, kind="hit-opened")])
            work.counters.add([replace(opened, day=day + datetime.timedelta(days=1), kind="download", number=5)])
            work.counters.add([])
        with catalogue.reading() as work:
            assert list(work.counters.rows(day, day)) == [
                replace(opened, kind="hit-opened"),
                replace(opened, door="api"),
                replace(opened, number=6),
                replace(searched, number=2),
            ]
            assert work.counters.used([one, ResourceId("zzzzzzzzzzzz")]) == {one: 13}

    def test_the_most_used_are_what_everybody_may_see(self, catalogue: Catalogue) -> None:
        day = datetime.date(2026, 3, 1)
        with catalogue.writing() as work:
            keys = [published(work) for _ in range(3)] + [published(work, visibility="hidden")]
            ids = [one.id for key in keys if (one := work.resources.by_key(key))]
            for one, kind, number in ((0, "opening", 3), (1, "play", 4), (2, "search", 50), (3, "download", 60)):
                work.counters.add([Count(day, kind, ids[one], "default", "web", number)])
            work.counters.add([Count(day + datetime.timedelta(days=1), "download", ids[0], "default", "api", 2)])
            work.counters.add([Count(day, "opening", ResourceId("zzzzzzzzzzzz"), "default", "web", 70)])
        with catalogue.reading() as work:
            assert work.counters.most_used(9) == [(keys[0], 5), (keys[1], 4)]
            assert work.counters.most_used(1) == [(keys[0], 5)]


class OwnVocabulariesContract:
    def test_the_newest_of_each_name_holds_and_former_ones_are_kept(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            assert work.vocabularies.newest() == 0
            assert work.vocabularies.current() == {}
            first = work.vocabularies.add("subject", "\ufeffcode\r\ntoán\r\n", actor="operator")
            other = work.vocabularies.add("grade", "code\n", actor="operator")
            second = work.vocabularies.add("subject", "code\nvăn\n", actor="operator")
        with catalogue.reading() as work:
            assert first.key < other.key < second.key == work.vocabularies.newest()
            assert work.vocabularies.current() == {"grade": "code\n", "subject": "code\nvăn\n"}
            assert work.vocabularies.around(second.key) == (first, second)
            assert work.vocabularies.around(other.key) == (None, other)
            assert work.vocabularies.around(second.key + 1) == (None, None)
            assert [(one.name, one.content) for one in work.vocabularies.all()] == [
                ("subject", None),
                ("grade", None),
                ("subject", None),
            ]
            assert first.sha256 != second.sha256

    def test_one_without_content_gives_way_to_what_ships(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            held = work.vocabularies.add("subject", "code\n", actor="operator")
            gone = work.vocabularies.add("subject", None, actor="operator")
            assert work.vocabularies.current() == {}
            assert work.vocabularies.newest() == gone.key
            assert work.vocabularies.around(gone.key) == (held, gone)
