"""A harvest leaves nothing behind for ever, withdraws nothing that is still there, and lets be who refuses."""

import threading

import pytest

from service.errors import HarvestStopped
from service.library import merging
from service.model import OPERATOR
from service.ports import Source as Followed
from tests.functional.faulty_source import ANSWERED, Query, Record, Reply, Source
from tests.functional.follower import Here

AWAY = Reply(b"", 302, {"Location": "ftp://a.example/"})
"""What no other part of the list would mend."""


def breaking(number: int) -> bytes:
    """What stands in the page, and the answer, of one record."""
    return f"<dc:title>Bài {number}<".encode()


def followed(here: Here) -> Followed:
    with here.services.catalogue.reading() as work:
        return work.harvests.sources()[0]


def licences(here: Here) -> set[str | None]:
    with here.services.catalogue.reading() as work:
        shown = work.resources.published([one.key for one in work.resources.after(0, 1000)])
        return {revision.first("licence") for _, revision in shown.values()}


def owners(here: Here) -> set[str]:
    with here.services.catalogue.reading() as work:
        return {one.owner for one in work.resources.after(0, 1000)}


# --- what is still there ------------------------------------------------------------------------


def test_what_stands_beside_a_record_that_breaks_its_page_is_not_withdrawn(here: Here, source: Source) -> None:
    source.deletes = "no"
    here.harvest(source.url)
    source.trouble = lambda _query, _number, right: Reply(b"oops", 500) if breaking(12) in right else None
    assert here.harvest(source.url, whole=True).counts.withdrawn == 0
    assert set(here.titles()) == set(source.records)


def test_nor_is_what_came_in_a_harvest_that_broke(here: Here, source: Source) -> None:
    source.deletes = "no"

    source.trouble = lambda query, _number, _right: AWAY if query.get("resumptionToken") == "10||" else None
    with pytest.raises(HarvestStopped):
        here.harvest(source.url)
    assert len(here.titles()) == 10
    # The next one is whole again. What is here as it is there is not asked for one by one.
    source.trouble = lambda _query, _number, right: Reply(b"oops", 500) if breaking(2) in right else None
    assert here.harvest(source.url).counts.withdrawn == 0
    assert set(here.titles()) == set(source.records)


def test_where_a_record_had_no_name_nothing_is_taken_for_gone(here: Here, source: Source) -> None:
    source.deletes = "no"
    assert here.harvest(source.url).compared
    del source.records["oai:kho:3"]
    nameless = b"<identifier>oai:kho:2</identifier>"
    source.trouble = lambda _query, _number, right: Reply(right.replace(nameless, b"")) if nameless in right else None
    done = here.harvest(source.url, whole=True)
    assert (done.counts.withdrawn, done.compared) == (0, False)
    source.trouble = lambda *_: None
    done = here.harvest(source.url, whole=True)
    assert (done.counts.withdrawn, done.compared) == (1, True)


@pytest.mark.parametrize("deletes", ["no", "transient"])
def test_a_source_that_does_not_tell_of_deletions_for_ever_is_compared(
    here: Here, source: Source, deletes: str
) -> None:
    source.deletes = deletes
    here.harvest(source.url)
    del source.records["oai:kho:2"]
    assert here.harvest(source.url, whole=True).counts.withdrawn == 1
    assert set(here.titles()) == set(source.records)


# --- what came another way ----------------------------------------------------------------------


def unlicensed(source: Source) -> None:
    for one in source.records.values():
        one.licence = ""


def test_another_licence_reaches_what_is_older_than_the_day_that_was_named(here: Here, source: Source) -> None:
    unlicensed(source)
    here.harvest(source.url, licence="CC-BY-4.0")
    here.harvest(source.url, licence="CC-BY-SA-4.0", since="2026-01-01T00:10:00Z")
    assert (licences(here), here.watermark()) == ({"CC-BY-4.0", "CC-BY-SA-4.0"}, "")
    here.harvest(source.url)
    assert (licences(here), here.watermark()) == ({"CC-BY-SA-4.0"}, "2026-01-31T23:00:00Z")


def test_another_licence_reaches_what_stands_beside_a_record_that_breaks_its_page(here: Here, source: Source) -> None:
    unlicensed(source)
    here.harvest(source.url, licence="CC-BY-4.0")
    source.trouble = lambda _query, _number, right: Reply(b"oops", 500) if breaking(12) in right else None
    done = here.harvest(source.url, licence="CC-BY-SA-4.0")
    assert (done.counts.changed, done.counts.refused) == (22, 1)


def test_a_day_that_is_named_after_a_harvest_that_broke_closes_no_gap(here: Here, source: Source) -> None:
    source.trouble = lambda query, _number, _right: AWAY if "resumptionToken" in query else None
    with pytest.raises(HarvestStopped):
        here.harvest(source.url)
    source.trouble = lambda *_: None
    here.harvest(source.url, since="2026-01-01T00:15:00Z")
    assert (len(here.titles()), here.watermark()) == (13, "")
    here.harvest(source.url)
    assert set(here.titles()) == set(source.records)


@pytest.mark.parametrize("by_day", [False, True])
def test_a_day_before_the_last_harvest_moves_the_next_one_on(here: Here, source: Source, by_day: bool) -> None:
    source.by_day = by_day
    here.harvest(source.url)
    former = here.watermark()
    source.records["oai:kho:1"] = Record("oai:kho:1", ANSWERED, "Bài mới")
    source.trouble = lambda _query, _number, right: Reply(right.replace(ANSWERED.encode(), b"2026-03-01T00:00:00Z", 1))
    here.harvest(source.url, since="2026-01-31T00:00:00Z")
    assert here.watermark() > former
    moved = here.watermark()
    here.harvest(source.url, since="2026-04-01T00:00:00Z")
    assert here.watermark() == moved


# --- formats ------------------------------------------------------------------------------------


@pytest.mark.parametrize("away", [Reply(b"oops", 500), Reply(b"not XML")], ids=["500", "not-oai"])
def test_a_format_that_was_guessed_is_asked_for_again(here: Here, source: Source, away: Reply) -> None:
    source.formats = ("oai_dc", "mods")
    source.trouble = lambda query, _number, _right: away if query["verb"] == "ListMetadataFormats" else None
    here.harvest(source.url)
    assert (followed(here).format, len(here.titles())) == ("", 23)
    asked = len(source.asked)
    here.harvest(source.url)
    assert [one.get("from") for one in source.asked[asked:] if one["verb"] == "ListRecords"] == ["2026-01-31T23:00:00Z"]
    source.trouble = lambda *_: None
    asked = len(source.asked)
    here.harvest(source.url)
    first = next(one for one in source.asked[asked:] if one["verb"] == "ListRecords")
    assert (first["metadataPrefix"], "from" in first, followed(here).format) == ("mods", False, "mods")
    # From here on it stays, whether or not the source says again what it has.
    source.trouble = lambda query, _number, _right: away if query["verb"] == "ListMetadataFormats" else None
    here.harvest(source.url)
    assert followed(here).format == "mods"


# --- whose it is --------------------------------------------------------------------------------


def test_what_a_merged_organisation_follows_is_its_successor_s(here: Here, source: Source) -> None:
    with here.services.catalogue.writing() as work:
        for code in ("kho-cu", "kho-moi"):
            work.organisations.add(code, code)
    here.harvest(source.url, organisation="kho-cu")
    merging.merge(here.services, OPERATOR, "kho-cu", "kho-moi")
    with here.services.catalogue.writing() as work:
        jobs = work.jobs.lease(("merge",), worker="test", limit=10, seconds=60)
    for job in jobs:
        merging.carry_out(here.services, job, threading.Event())
    source.records["oai:kho:1"] = Record("oai:kho:1", ANSWERED, "Bài đã sửa")
    source.records["oai:kho:90"] = Record("oai:kho:90", ANSWERED, "Bài mới")
    done = here.harvest(source.url)
    assert (done.counts.new, done.counts.changed, owners(here)) == (1, 1, {"kho-moi"})
    # That alone is no reason to read everything anew.
    assert source.asked[-1]["from"] == "2026-01-31T23:00:00Z"
    assert followed(here).organisation == "kho-moi"


def test_nor_is_what_comes_while_its_organisation_is_merged_left_behind(here: Here, source: Source) -> None:
    with here.services.catalogue.writing() as work:
        for code in ("kho-cu", "kho-moi"):
            work.organisations.add(code, code)

    def merged(query: Query, _number: int, _right: bytes) -> None:
        if query["verb"] == "ListRecords":
            merging.merge(here.services, OPERATOR, "kho-cu", "kho-moi")

    source.trouble = merged
    here.harvest(source.url, organisation="kho-cu")
    assert owners(here) == {"kho-moi"}
    with here.services.catalogue.reading() as work:
        assert work.terms.counts("organisation") == {"kho-moi": 23}


# --- a source that refuses ----------------------------------------------------------------------


@pytest.mark.parametrize("status", [403, 404])
def test_a_source_that_refuses_its_lists_is_left_alone_at_once(here: Here, source: Source, status: int) -> None:
    source.trouble = lambda query, _number, _right: Reply(b"no", status) if query["verb"].startswith("List") else None
    with pytest.raises(HarvestStopped) as raised:
        here.harvest(source.url)
    assert raised.value.parameters["reason"] == "http-status"
    assert len(source.asked) <= 5


def test_a_source_that_begins_to_refuse_is_left_alone_at_once(here: Here, source: Source) -> None:
    asked: list[Query] = []

    def tired(query: Query, _number: int, _right: bytes) -> Reply | None:
        asked.append(query)
        return Reply(b"no", 403) if len(asked) > 4 else None

    source.trouble = tired
    with pytest.raises(HarvestStopped):
        here.harvest(source.url)
    assert len(source.asked) <= 7
    assert len(here.titles()) == 10


def test_a_large_source_that_refuses_records_alone_is_not_asked_for_each_part(here: Here) -> None:
    with Source(450, page=100) as source:
        source.trouble = lambda query, _number, _right: Reply(b"no", 403) if query["verb"] == "ListRecords" else None
        with pytest.raises(HarvestStopped):
            here.harvest(source.url)
        assert len(source.asked) <= 8


def test_a_source_that_names_its_records_and_gives_none_is_left_alone(here: Here, source: Source) -> None:
    source.trouble = lambda query, _number, _right: Reply(b"no", 403) if "Record" in query["verb"] else None
    with pytest.raises(HarvestStopped) as raised:
        here.harvest(source.url)
    assert raised.value.parameters == {"url": source.url, "reason": "http-status", "detail": "403"}
    assert len(source.asked) < 20
    assert here.watermark() == ""


def test_a_record_that_is_refused_costs_itself_alone(here: Here, source: Source) -> None:
    source.trouble = lambda _query, _number, right: Reply(b"no", 403) if breaking(2) in right else None
    here.harvest(source.url)
    assert set(source.records) - set(here.titles()) == {"oai:kho:2"}


def test_between_parts_of_a_broken_list_a_source_has_a_pause(here: Here) -> None:
    with Source(210, page=50) as source:
        source.trouble = lambda _query, _number, right: Reply(b"no", 403) if breaking(150) in right else None
        here.harvest(source.url)
        windows = {(one.get("from"), one.get("until")) for one in source.asked if one["verb"] == "ListRecords"}
        assert len(here.pauses) >= len(windows) - 1
