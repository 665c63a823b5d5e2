"""OAI-PMH, beyond the protocol: organisations that merge, what is ready for the nation, a trial, the inventory.

Each test has the name of the line that it shows; on both databases. The module is long because it is that list.
"""

import datetime
import gzip
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from starlette.testclient import TestClient

from service import compose
from service.app import create
from service.errors import AlreadyMerged, Invalid, TooManyRequests, Unavailable, UnknownOrganisation
from service.library import federate, inventory, merging, project, rendering, standings, trial
from service.model import OPERATOR
from service.settings import Settings
from tests.functional.repository import BASE_URL, OAI, Clock, Got, Repository, library, unpacked

WHOLE = {
    "description": "Bài giảng có ví dụ.",
    "creator": "Tổ Toán",
    "subject": "toan",
    "grade": "lop-10",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Repository]:
    url = request.getfixturevalue("postgresql_database") if request.param == "postgresql" else ""
    services = library(tmp_path, url)
    with services.catalogue.writing() as work:
        work.organisations.add("xa", "Xã Đồng Văn")
        for code in ("a", "b", "c"):
            work.organisations.add(code, f"Trường {code.upper()}", "school", "xa")
        work.organisations.add("diem", "Điểm trường", "school", "a")
    yield Repository(services)
    services.catalogue.close()


def members(repository: Repository, spec: str) -> dict[str, Got]:
    return {one.identifier: one for one in repository.harvest("ListIdentifiers", set=spec).records}


# --- organisations that merge -------------------------------------------------------------------


def test_line_6_a_merge_moves_owners_sets_and_datestamps_and_old_sets_go_on(
    repository: Repository, clock: Clock
) -> None:
    services = repository.services
    of_a, of_b, of_c, below = (repository.publish(code, owner=code) for code in ("a", "b", "c", "diem"))
    gone = repository.publish("Thu hồi", owner="a")
    repository.settle()
    repository.withdraw(gone)
    before = repository.held()
    clock.move(60)
    repository.merge("a", "b")
    repository.settle()
    held = repository.held()
    moved = {name for name, one in held.items() if one.datestamp == clock.said()}
    assert moved == {repository.oai_id(one) for one in (of_a, of_b, below)}
    assert held[repository.oai_id(of_c)] == before[repository.oai_id(of_c)]
    # A tombstone stays where it was, as it was.
    assert held[repository.oai_id(gone)] == before[repository.oai_id(gone)]
    assert held[repository.oai_id(of_a)].sets == ("school:a", "school:b", "school:xa", "type:video")
    assert held[repository.oai_id(below)].sets == ("school:a", "school:b", "school:diem", "school:xa", "type:video")
    live = {
        spec: {name for name, one in members(repository, spec).items() if not one.deleted}
        for spec in ("school:a", "school:b")
    }
    assert live["school:a"] == live["school:b"] == moved
    clock.move(60)
    # Whoever harvests the old set goes on to get what its successor publishes.
    since = clock.said()
    later = repository.publish("Mới của B", owner="b")
    old_code = repository.publish("Nộp bằng mã cũ", owner="a")
    repository.settle()
    got = repository.harvest("ListIdentifiers", set="school:a", since=since).records
    assert {one.identifier for one in got} == {repository.oai_id(later), repository.oai_id(old_code)}
    with services.catalogue.reading() as work:
        owner = work.resources.get(of_a)
        assert owner is not None
        assert owner.owner == "b"
        told = [(one.kind, dict(one.details)) for one in work.events.of(owner.key)]
        assert ("owner-changed", {"from": "a", "to": "b"}) in told
        (event,) = work.events.of_kind("organisation-merged")
        assert (event.actor, dict(event.details)) == ("operator", {"from": "a", "to": "b"})
    declared = {one.spec for one in federate.all_sets(services)}
    assert {"school:a", "school:b"} <= declared
    assert rendering.sweep(services) == 0


def test_line_6_a_merge_that_is_killed_goes_on_and_misses_nothing_that_is_deposited_meanwhile(
    repository: Repository, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = repository.services
    monkeypatch.setattr(merging, "PAGE", 2)
    ids = repository.publish_many(5, "Bài", owner="a")
    with services.catalogue.writing() as work:
        draft = work.resources.add(owner="a")
    repository.settle()
    clock.move(60)
    repository.merge("a", "b")
    with services.catalogue.writing() as work:
        (job,) = work.jobs.lease(("merge",), worker="dies", limit=1, seconds=0.001)
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(Unavailable):
        merging.carry_out(services, job, stopped)
    with services.catalogue.reading() as work:
        assert len(work.resources.owned("a", 99)) == 4
        assert work.organisations.owing() == [("a", "b")]
    meanwhile = repository.publish("Meanwhile", owner="a")
    # Its lease has run out, and somebody says it once more: that is one job.
    repository.merge("a", "b")
    repository.settle()
    with services.catalogue.reading() as work:
        assert list(work.resources.owned("a", 99)) == []
        assert {one.key for one in work.resources.owned("b", 99)} >= {draft.key}
    assert set(members(repository, "school:b")) == {repository.oai_id(one) for one in (*ids, meanwhile)}
    assert merging.queue_owed(services) == 0
    with services.catalogue.writing() as work:
        assert len(work.events.of_kind("organisation-merged")) == 1
        found = work.resources.get(ids[0])
        assert found is not None
        assert sum(one.kind == "owner-changed" for one in work.events.of(found.key)) == 1
        # What an import brings for an organisation that is gone is found by itself.
        work.resources.save(replace(found, owner="a"))
    assert merging.queue_owed(services) == 1


def test_line_12_merges_in_a_line_and_wrong_ones(repository: Repository, clock: Clock) -> None:
    services = repository.services
    ids = [repository.publish(code, owner=code) for code in ("a", "b", "c")]
    repository.merge("a", "b")
    repository.settle()
    repository.merge("b", "c")
    repository.settle()
    for code in ("a", "b", "c"):
        assert set(members(repository, f"school:{code}")) == set(map(repository.oai_id, ids))
    with pytest.raises(AlreadyMerged):
        merging.merge(services, OPERATOR, "a", "xa")
    with pytest.raises(AlreadyMerged):
        merging.merge(services, OPERATOR, "c", "a")
    with pytest.raises(UnknownOrganisation):
        merging.merge(services, OPERATOR, "c", "nobody")
    with pytest.raises(Invalid):
        merging.merge(services, OPERATOR, "c", "c")


def test_old_codes_answer_as_their_successor_on_pages_and_in_searches_and_feeds(tmp_path: Path) -> None:
    services = compose.services(Settings(home=tmp_path, public_url=BASE_URL))
    services.catalogue.migrate()
    with services.catalogue.writing() as work:
        work.organisations.add("a", "Trường A")
        work.organisations.add("b", "Trường B")
    repository = Repository(services)
    ids = [repository.publish("Bài của A", owner="a"), repository.publish("Bài của B", owner="b")]
    project.ensure(services)
    repository.merge("a", "b")
    repository.settle()
    project.write(services, ids)
    with TestClient(create(services), base_url="http://library.test") as client:
        found = [client.get(f"/api/v1/search?organisation={code}").json() for code in ("a", "b")]
        assert {one["id"] for one in found[0]["items"]} == set(ids)
        assert found[0] == found[1]
        assert [one["value"] for one in found[0]["facets"]["organisation"]] == ["b"]
        pages = [client.get(f"/search?organisation={code}").text for code in ("a", "b")]
        assert "Bài của A" in pages[0]
        assert "Trường B" in pages[0]
        assert "Trường A" not in pages[0]
        feeds = [client.get(f"/atom?organisation={code}").text for code in ("a", "b")]
        assert feeds[0].count("<entry>") == feeds[1].count("<entry>") == 2
        assert "Trường B" in client.get("/embed/new?organisation=a").text
        record = client.get(f"/api/v1/resources/{ids[0]}").json()
        assert record["organisation"] == {"code": "b", "name": "Trường B"}
    services.index.close()
    services.catalogue.close()


# --- ready for the nation -----------------------------------------------------------------------


def test_line_12_what_has_all_that_is_asked_for_is_in_a_set_and_the_rest_is_reported(
    repository: Repository, clock: Clock
) -> None:
    services = repository.services
    ready = repository.publish("Đủ", owner="a", **WHOLE)
    bare = repository.publish("Thiếu", owner="a")
    repository.publish("Trong nhà", owner="b", access="organisation", **WHOLE)
    repository.settle()
    assert set(members(repository, "ready:national")) == set(members(repository, "ready")) == {repository.oai_id(ready)}
    (of_a, of_b) = standings.reports(services, "vi")
    assert (of_a.standing.ready, of_a.standing.listed, of_a.standing.inside) == (1, 2, 0)
    assert (of_b.standing.ready, of_b.standing.listed, of_b.standing.inside) == (0, 0, 1)
    lacks = {(one.name, one.lack): one.number for one in of_a.lacking}
    assert lacks == {(field, "missing"): 1 for field in ("creator", "description", "grade", "level", "subject")}
    assert ("Mô tả", "description") in {(one.field, one.name) for one in of_a.lacking}
    ((id, told),) = standings.each(services, "a")
    assert (id, set(told)) == (bare, set(lacks))
    clock.move(60)
    repository.edit(bare, "Nay đủ", **WHOLE)
    repository.edit(ready, "Nay thiếu", grade="")
    repository.settle()
    got = members(repository, "ready:national")
    assert set(got) == {repository.oai_id(bare)}
    assert {one.datestamp for one in repository.held().values()} == {clock.said()}


def test_line_6_another_profile_judges_every_record_anew(repository: Repository, clock: Clock, tmp_path: Path) -> None:
    id = repository.publish("Chỉ có tên")
    other = repository.publish("Cũng thế", type="audio")
    repository.settle()
    assert repository.errors("verb=ListRecords&metadataPrefix=lom&set=ready:national") == ["noRecordsMatch"]
    path = tmp_path / "so.toml"
    path.write_text('name = "so"\nvi = "Của Sở"\n[[field]]\nname = "type"\nof = ["video"]\n', encoding="utf-8")
    settings = repository.services.settings.model_copy(update={"national_profile": str(path)})
    theirs = Repository(replace(repository.services, settings=settings))
    clock.move(60)
    assert rendering.sweep(theirs.services) == 2
    theirs.settle()
    assert set(members(theirs, "ready:so")) == {repository.oai_id(id)}
    # Its sets are what they were.
    assert theirs.held()[repository.oai_id(other)].datestamp < clock.said()
    assert {one.spec: one.name for one in federate.all_sets(theirs.services)}["ready:so"] == "Của Sở"
    assert rendering.sweep(theirs.services) == 0


# --- a trial ------------------------------------------------------------------------------------


def test_a_trial_set_holds_every_type_and_stays(
    repository: Repository, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "SIZE", 4)
    services = repository.services
    repository.publish_many(6, "Phim")
    (sound,) = repository.publish_many(1, "Âm thanh", type="audio")
    repository.settle()
    clock.move(60)
    assert trial.fill(services) == 4
    assert trial.fill(services) == 0
    repository.settle()
    first = members(repository, "trial")
    assert len(first) == 4
    assert repository.oai_id(sound) in first
    assert {one.datestamp for one in first.values()} == {clock.said()}
    repository.publish("Bản đồ", type="map")
    repository.settle()
    assert trial.fill(services) == 1
    repository.settle()
    assert set(first) < set(members(repository, "trial"))
    repository.withdraw(sound)
    repository.publish("Âm thanh khác", type="audio")
    repository.settle()
    assert trial.fill(services) == 1
    repository.settle()
    again = members(repository, "trial")
    assert again[repository.oai_id(sound)].deleted
    assert len(again) == 6


# --- the inventory ------------------------------------------------------------------------------


def table(content: bytes) -> dict[str, dict[str, str]]:
    head, *rows = unpacked(content).decode().splitlines()
    columns = head.split("\t")
    found = [dict(zip(columns, row.split("\t"), strict=True)) for row in rows]
    assert [row["identifier"] for row in found] == sorted(row["identifier"] for row in found)
    return {row["identifier"]: row for row in found}


def sent(repository: Repository, prefix: str) -> dict[str, str]:
    """SHA-256 of what stands inside `metadata` of each record, byte by byte as it is sent."""
    sums: dict[str, str] = {}
    query = f"verb=ListRecords&metadataPrefix={prefix}"
    while query:
        content = repository.client.get(f"/oai?{query}").content
        for part in content.split(b"<record>")[1:]:
            name = part.split(b"<identifier>")[1].split(b"</identifier>")[0].decode()
            if b"<metadata>" in part:
                inside = part.split(b"<metadata>")[1].rsplit(b"</metadata>", 1)[0]
                sums[name] = hashlib.sha256(inside).hexdigest()
        token = etree.fromstring(content).findtext(f".//{OAI}resumptionToken")
        query = f"verb=ListRecords&resumptionToken={token}" if token else ""
    return sums


def test_the_inventory_tells_of_every_record_what_a_harvest_gets(
    repository: Repository, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inventory, "PAGE", 3)
    ids = repository.publish_many(7, "Bài & <dấu>", **WHOLE)
    repository.settle()
    clock.move(5)
    repository.withdraw(ids[0])
    answer = repository.client.get("/about/harvest/inventory.tsv.gz")
    assert answer.headers["content-type"] == "application/gzip"
    listed = table(answer.content)
    held = repository.held()
    assert {name: (one["datestamp"], one["status"] == "deleted") for name, one in listed.items()} == {
        name: (one.datestamp, one.deleted) for name, one in held.items()
    }
    for prefix in ("oai_dc", "lom", "mods"):
        sums = sent(repository, prefix)
        assert len(sums) == 6
        assert {name: one[f"sha256_{prefix}"] for name, one in listed.items() if one[f"sha256_{prefix}"]} == sums


def test_whoever_has_the_inventory_is_told_so_once_it_has_settled(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/about/harvest/inventory.tsv.gz"
    assert table(repository.client.get(path).content) == {}
    id = repository.publish("Bài")
    repository.settle()
    # Another change within the second would look the same.
    assert "etag" not in repository.client.get(path).headers
    past = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=2)
    known = inventory.State(past, 1)
    monkeypatch.setattr(inventory, "state", lambda _services: known)
    answer = repository.client.get(path)
    assert repository.oai_id(id) in table(answer.content)
    for headers in (
        {"If-None-Match": answer.headers["etag"]},
        {"If-Modified-Since": answer.headers["last-modified"]},
    ):
        again = repository.client.get(path, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
    monkeypatch.setattr(inventory, "state", lambda _services: replace(known, records=2))
    assert repository.client.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 200
    head = repository.client.head(path)
    assert (head.status_code, head.content) == (200, b"")


def test_one_inventory_is_made_at_a_time(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    from service.oai.inventory import Inventory

    door = next(
        route.endpoint.__self__
        for route in create(repository.services).routes
        if getattr(route, "path", "") == "/about/harvest/inventory.tsv.gz"
    )
    assert isinstance(door, Inventory)
    first = door._packed()
    began = next(first)
    with pytest.raises(TooManyRequests):
        next(door._packed())
    # Whoever goes away in the middle leaves nothing behind.
    first.close()
    whole = b"".join(door._packed())
    assert gzip.decompress(whole).startswith(b"identifier\t")
    assert whole.startswith(began)


# --- the page for harvesters --------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_all_that_a_harvester_needs_stands_on_one_page_in_two_languages(tmp_path: Path, prefix: str) -> None:
    downtimes = "2020-01-01T00:00Z..2020-01-02T00:00Z, 2099-12-05T22:00+07:00..2099-12-06T02:00+07:00"
    services = library(tmp_path, admin_emails="kho@so.example.vn, b@example.vn", planned_downtime=downtimes)
    with TestClient(create(services), base_url="http://elsewhere.test") as client:
        page = client.get(f"{prefix}/about/harvest").text
        for told in (
            f"{BASE_URL}/oai",
            "oai:thuvien.example.vn:",
            "mailto:kho@so.example.vn",
            "mailto:b@example.vn",
            "persistent",
            "oai_dc",
            "oai_lom",
            "mods",
            "ready:national",
            "harvested",
            "set=trial",
            "inventory.tsv.gz",
            federate.begun(services),
            "2099-12-05 22:00",
        ):
            assert told in page, told
        assert "2020-01-01" not in page
        assert "elsewhere.test" not in page
        assert ("Bản ghi đã xoá" in page) is (prefix == "")
        assert f'href="{prefix}/about/harvest"' in client.get(f"{prefix}/about").text
    services.catalogue.close()
