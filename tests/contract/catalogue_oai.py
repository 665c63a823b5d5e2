"""What every catalogue promises about what harvesters get: datestamps in the order of commits, tombstones, sets.

And about what is judged, tried out and handed over. The module is long because a port's promises are read as one list.
"""

import datetime
from collections.abc import Sequence
from dataclasses import replace

import pytest

from service.adapters.database import oai
from service.errors import Conflict
from service.model import HARVESTED, Handed, Harvested, Rendered, Resource, Standing, Window
from service.ports import Catalogue, UnitOfWork
from tests.contract.catalogue_resources import TITLE, a_draft, publish

FORMS = {"oai_dc": "<dc>một</dc>", "lom": "<lom/>"}
NOON = datetime.datetime(2026, 3, 1, 12, 0, 0, 900_000, tzinfo=datetime.UTC)
TODAY = NOON.date()


class Clock:
    """The adapter's clock, in the hands of a test."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime.datetime:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += datetime.timedelta(seconds=seconds)


def published(work: UnitOfWork, blob: int) -> Resource:
    resource, draft = a_draft(work, blob, values=(TITLE,))
    return publish(work, resource, draft)[0]


def rendered(resource: Resource, *sets: str, digest: str = "d1", fingerprint: str = "f1") -> Rendered:
    return Rendered(resource.key, resource.id, resource.row_version, sets, FORMS, fingerprint, digest)


def gone(resource: Resource) -> Rendered:
    return Rendered(resource.key, resource.id, resource.row_version)


def listed(work: UnitOfWork, window: Window = Window(), format: str = "oai_dc") -> Sequence[Harvested]:  # noqa: B008
    return work.oai.page(window, format, after=None, limit=1000)


class OaiRecordsContract:
    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> Clock:
        clock = Clock()
        monkeypatch.setattr(oai, "now", clock)
        return clock

    @pytest.fixture
    def three(self, catalogue: Catalogue) -> list[Resource]:
        with catalogue.writing() as work:
            return [published(work, number) for number in (1, 2, 3)]

    def test_what_is_stamped_is_listed_with_its_format(
        self, catalogue: Catalogue, clock: Clock, three: list[Resource]
    ) -> None:
        one = three[0]
        with catalogue.writing() as work:
            assert work.oai.stamp([rendered(one, "subject:toan:hinh", "type:video")]) == 1
        with catalogue.reading() as work:
            header = Harvested(one.id, "2026-03-01T12:00:00Z", False, "subject:toan:hinh type:video", None)
            assert list(listed(work)) == [header._replace(xml=FORMS["oai_dc"].encode())]
            assert work.oai.get(one.id, "lom") == header._replace(xml=FORMS["lom"].encode())
            assert list(listed(work, format="")) == [header]
            assert work.oai.get(one.id, "none") == header
            assert work.oai.get(three[1].id, "lom") is None
            assert work.oai.specs() == ["subject", "subject:toan", "subject:toan:hinh", "type", "type:video"]

    def test_a_datestamp_moves_when_the_output_does_and_not_when_only_the_way_there_did(
        self, catalogue: Catalogue, clock: Clock, three: list[Resource]
    ) -> None:
        with catalogue.writing() as work:
            work.oai.stamp([rendered(one, "type:video") for one in three])
        clock.move(60)
        with catalogue.writing() as work:
            again = [rendered(three[0], "type:video", fingerprint="f2"), rendered(three[1], "type:audio", digest="d2")]
            assert work.oai.stamp(again) == 1
        with catalogue.reading() as work:
            stamps = {one.id: one.datestamp for one in listed(work)}
            assert sorted(work.oai.made_with()) == [("default", "f1"), ("default", "f2")]
            assert [key for key, _ in work.oai.made("default", "f1", after=0, limit=9)] == [three[1].key, three[2].key]
            assert [one.id for one in listed(work, Window(set="type:audio"))] == [three[1].id]
            assert three[1].id not in [one.id for one in listed(work, Window(set="type:video"))]
        assert stamps[three[0].id] == stamps[three[2].id] == "2026-03-01T12:00:00Z"
        assert stamps[three[1].id] == "2026-03-01T12:01:00Z"

    def test_a_clock_that_was_set_back_gives_no_earlier_datestamp(
        self, catalogue: Catalogue, clock: Clock, three: list[Resource]
    ) -> None:
        with catalogue.writing() as work:
            work.oai.stamp([rendered(three[0])])
        clock.move(-3600)
        with catalogue.writing() as work:
            work.oai.stamp([rendered(three[1])])
            assert work.oai.issued() == "2026-03-01T12:00:00Z"
        with catalogue.reading() as work:
            assert {one.datestamp for one in listed(work)} == {"2026-03-01T12:00:00Z"}

    def test_what_goes_away_is_a_tombstone_in_the_sets_where_it_was(
        self, catalogue: Catalogue, clock: Clock, three: list[Resource]
    ) -> None:
        with catalogue.writing() as work:
            work.oai.stamp([rendered(one, "subject:toan:hinh") for one in three])
        clock.move(1)
        with catalogue.writing() as work:
            work.oai.retract(three[0].key, three[0].row_version + 1)
            assert work.oai.stamp([gone(three[1])]) == 1
        with catalogue.reading() as work:
            for window in (Window(), Window(set="subject"), Window(set="subject:toan:hinh")):
                found = {one.id: one for one in listed(work, window)}
                assert [found[one.id].deleted for one in three] == [True, True, False], window
                assert found[three[0].id].xml is None
                assert found[three[0].id].datestamp == "2026-03-01T12:00:01Z"
        clock.move(1)
        with catalogue.writing() as work:
            # Told again it stays what it is; and it may come back.
            work.oai.retract(three[0].key, three[0].row_version + 2)
            back = replace(rendered(three[1], "type:video"), version=three[1].row_version + 1)
            assert work.oai.stamp([gone(three[0]), back]) == 1
        with catalogue.reading() as work:
            found = {one.id: one for one in listed(work)}
            assert (found[three[0].id].deleted, found[three[0].id].datestamp) == (True, "2026-03-01T12:00:01Z")
            assert (found[three[1].id].deleted, found[three[1].id].datestamp) == (False, "2026-03-01T12:00:02Z")

    def test_what_never_was_listed_leaves_no_tombstone(self, catalogue: Catalogue, three: list[Resource]) -> None:
        with catalogue.writing() as work:
            work.oai.retract(three[0].key, 5)
            assert work.oai.stamp([gone(three[1])]) == 0
            assert list(listed(work)) == []
            assert work.oai.issued() == ""

    def test_what_was_rendered_of_an_older_state_never_takes_the_place_of_a_newer_one(
        self, catalogue: Catalogue, three: list[Resource]
    ) -> None:
        one = three[0]
        with catalogue.writing() as work:
            work.oai.stamp([rendered(one)])
            work.oai.retract(one.key, one.row_version + 1)
            assert work.oai.stamp([rendered(one, digest="d2")]) == 0
            assert listed(work)[0].deleted

    def test_lists_are_walked_by_datestamp_and_id_each_record_once(self, catalogue: Catalogue, clock: Clock) -> None:
        with catalogue.writing() as work:
            made = [published(work, number) for number in range(1, 24)]
        for start in (10, 0):
            with catalogue.writing() as work:
                work.oai.stamp([rendered(one, "grade:thpt:lop-10") for one in made[start : start + 10]])
            clock.move(1)
        with catalogue.writing() as work:
            work.oai.stamp([rendered(one, "grade:thpt:lop-11") for one in made[20:]])
        with catalogue.reading() as work:
            whole = [(one.datestamp, one.id) for one in listed(work)]
            assert whole == sorted(whole)
            assert len(set(whole)) == len(made)
            for window, number in (
                (Window(), 23),
                (Window(set="grade:thpt"), 23),
                (Window(set="grade:thpt:lop-10"), 20),
            ):
                walked: list[tuple[str, str]] = []
                while page := work.oai.page(window, "lom", after=walked[-1] if walked else None, limit=4):
                    walked += ((one.datestamp, one.id) for one in page)
                assert walked == [place for place in whole if place in set(walked)]
                assert len(walked) == work.oai.total(window) == number
            second = Window("2026-03-01T12:00:01Z", "2026-03-01T12:00:01Z", "grade")
            assert {one.id for one in listed(work, second)} == {one.id for one in made[:10]}
            assert work.oai.total(second) == 10
            assert work.oai.total(Window(until="2026-03-01T11:59:59Z")) == 0
            assert work.oai.total(Window(set="no:such")) == 0
            last = work.oai.last(second, "lom", whole[-1])
            assert last is not None
            assert (last.datestamp, last.id) == max(place for place in whole if place[0] == second.since)
            assert work.oai.last(second, "lom", whole[0]) is None

    def test_what_came_from_elsewhere_counts_where_it_is_told(
        self, catalogue: Catalogue, clock: Clock, three: list[Resource]
    ) -> None:
        own, foreign, withdrawn = three
        with catalogue.writing() as work:
            work.oai.stamp([rendered(foreign, HARVESTED), rendered(withdrawn, HARVESTED)])
        clock.move(1)
        with catalogue.writing() as work:
            work.oai.stamp([rendered(own, "type:video"), gone(withdrawn)])
        first, second = "2026-03-01T12:00:00Z", "2026-03-01T12:00:01Z"
        windows = (Window(), Window(set=HARVESTED), Window(set="type"), Window(set="none"))
        with catalogue.reading() as work:
            assert [work.oai.total(window) for window in windows] == [1, 2, 1, 0]
            for window in (*windows, *(replace(one, since=second) for one in windows)):
                assert work.oai.total(window) == len(listed(work, window)), window
            assert work.oai.total(Window(until=first)) == 0
            assert work.oai.total(Window(until=first, set=HARVESTED)) == 1

    def test_no_datestamp_is_earlier_than_the_library_which_began_once(
        self, catalogue: Catalogue, clock: Clock, three: list[Resource]
    ) -> None:
        with catalogue.reading() as work:
            begun = work.oai.begun()
        clock.at = datetime.datetime.now(datetime.UTC)
        with catalogue.writing() as work:
            work.organisations.add("later", "Trường lập sau")
            work.oai.stamp([rendered(one) for one in three])
        with catalogue.reading() as work:
            assert work.oai.begun() == begun <= min(one.datestamp for one in listed(work))

    def test_what_is_listed_and_should_not_be_is_found_and_the_other_way_round(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            right, missing, hidden, inside, later, sooner, foreign = (published(work, n) for n in range(1, 8))
            work.resources.save(replace(later, embargo_until=TODAY + datetime.timedelta(1)))
            work.resources.save(replace(sooner, embargo_until=TODAY))
            work.resources.save(replace(foreign, origin="elsewhere"))
            a_draft(work, 9)
            work.oai.stamp([rendered(one) for one in (right, hidden, inside)])
            work.resources.save(replace(hidden, visibility="hidden"))
            work.resources.save(replace(inside, access="organisation"))
        with catalogue.reading() as work:
            found = work.oai.astray(TODAY, after=0, limit=99)
            assert [key for key, _ in found] == [missing.key, hidden.key, inside.key, sooner.key]
            assert [key for key, _ in work.oai.astray(TODAY, after=missing.key, limit=2)] == [hidden.key, inside.key]
            later_on = work.oai.astray(TODAY + datetime.timedelta(1), after=0, limit=99)
            assert later.key in [key for key, _ in later_on]

    def test_what_records_lack_is_counted_by_owner_as_long_as_they_are_listed(
        self, catalogue: Catalogue, clock: Clock, three: list[Resource]
    ) -> None:
        one, two, last = three
        with catalogue.writing() as work:
            work.organisations.add("a", "A")
            last = work.resources.save(replace(last, owner="a"))
            inside = work.resources.save(replace(published(work, 4), access="organisation"))
            lacking = (("description", "missing"), ("type", "unknown"))
            work.oai.stamp(
                [rendered(one), replace(rendered(two), lacks=lacking), replace(rendered(last), lacks=lacking)]
            )
        with catalogue.reading() as work:
            assert work.oai.standing() == [Standing("a", 0, 1, 0), Standing("default", 1, 2, 1)]
            assert sorted(work.oai.lacking()) == [
                ("a", "description", "missing", 1),
                ("a", "type", "unknown", 1),
                ("default", "description", "missing", 1),
                ("default", "type", "unknown", 1),
            ]
            assert work.oai.lacks_of("default", 0, 9) == [
                (two.key, two.id, "description", "missing"),
                (two.key, two.id, "type", "unknown"),
            ]
            assert work.oai.lacks_of("default", two.key, 9) == []
        clock.move(1)
        with catalogue.writing() as work:
            # Nothing moves when only this changes; and what is withdrawn lacks nothing.
            assert work.oai.stamp([replace(rendered(two, fingerprint="f2"), lacks=(("type", "unknown"),))]) == 0
            work.oai.retract(last.key, last.row_version)
            assert work.oai.lacking() == [("default", "type", "unknown", 1)]
        assert inside.id

    def test_everything_is_walked_by_id_with_its_forms(
        self, catalogue: Catalogue, clock: Clock, three: list[Resource]
    ) -> None:
        with catalogue.writing() as work:
            work.oai.stamp([rendered(three[0]), rendered(three[1], HARVESTED), rendered(three[2], "type")])
            work.oai.retract(three[0].key, three[0].row_version)
        ids = sorted(one.id for one in three)
        with catalogue.reading() as work:
            first = work.oai.by_id("", 2, forms=True)
            rest = work.oai.by_id(first[-1].id, 2)
            own = work.oai.by_id("", 3, own=True)
        assert [one.id for one in own] == sorted((three[0].id, three[2].id))
        assert [one.id for one in (*first, *rest)] == ids
        assert {one.id for one in (*first, *rest) if one.deleted} == {three[0].id}
        assert all(one.forms == ({} if one.deleted else FORMS) for one in first)
        assert all(not one.forms for one in rest)

    def test_the_trial_counts_what_is_listed_and_offers_what_is_not_in_it(
        self, catalogue: Catalogue, clock: Clock, three: list[Resource]
    ) -> None:
        with catalogue.writing() as work:
            for one, code in zip(three, ("video", "video", "audio"), strict=True):
                work.terms.replace(one.key, [("type", code)])
            work.oai.stamp([rendered(one) for one in three])
            assert work.oai.trial() == (0, {})
            work.oai.try_out([three[0].key, three[2].key])
            work.oai.try_out([three[0].key])
            assert work.oai.trial() == (2, {"video": 1, "audio": 1})
            assert work.oai.trial_candidates("video", 9) == [(three[1].key, three[1].id)]
            assert work.oai.trial_candidates("audio", 9) == []
            assert work.oai.on_trial([one.key for one in three]) == {three[0].key, three[2].key}
            work.oai.retract(three[2].key, three[2].row_version)
            assert work.oai.trial() == (1, {"video": 1})

    def test_the_first_secret_stays(self, catalogue: Catalogue) -> None:
        with catalogue.reading() as work:
            assert work.oai.secret() == ""
        for value in ("aa", "bb"):
            with catalogue.writing() as work:
                work.oai.keep_secret(value)
        with catalogue.reading() as work:
            assert work.oai.secret() == "aa"

    def test_it_is_known_while_somebody_gives_datestamps(self, catalogue: Catalogue, three: list[Resource]) -> None:
        assert catalogue.settled()
        with catalogue.writing() as work:
            work.oai.stamp([rendered(three[0])])
            assert not catalogue.settled()
        assert catalogue.settled()


class HandoversContract:
    def test_packages_have_names_of_their_own_and_receipts(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            first = work.handovers.add("p-1", "national", records=3, withdrawn=1)
            second = work.handovers.add("p-2", "national", records=0, withdrawn=2)
            other = work.handovers.add("q-1", "other", records=1, withdrawn=0)
            with pytest.raises(Conflict):
                work.handovers.add("p-1", "national", records=1, withdrawn=1)
        with catalogue.writing() as work:
            work.handovers.received(second.key)
        with catalogue.reading() as work:
            assert [one.name for one in work.handovers.packages("national")] == ["p-1", "p-2"]
            assert [bool(one.receipt_at) for one in work.handovers.packages("national")] == [False, True]
            assert work.handovers.get("q-1") == other
            assert work.handovers.get("p-3") is None
            assert (first.records, first.withdrawn) == (3, 1)

    def test_what_somebody_has_of_a_resource_is_known_by_profile(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            one, two = published(work, 1), published(work, 2)
            package = work.handovers.add("p-1", "national", records=1, withdrawn=0)
            sent = Handed(one.key, "sent", "t1 f", "d", package.key)
            work.handovers.record("national", [sent, Handed(two.key, "lacking", "t1 f")])
            work.handovers.record("other", [Handed(one.key, "lacking", "t1 g")])
            refused = replace(sent, state="refused", reason="Thiếu mô tả.")
            work.handovers.record("national", [refused])
            work.handovers.record("national", [])
        with catalogue.reading() as work:
            keys = [one.key, two.key]
            assert work.handovers.items("national", keys) == {
                one.key: refused,
                two.key: Handed(two.key, "lacking", "t1 f"),
            }
            assert work.handovers.items("other", keys) == {one.key: Handed(one.key, "lacking", "t1 g")}
            assert work.handovers.items("third", keys) == {}
