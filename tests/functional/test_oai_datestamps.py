"""OAI-PMH, requirements 5 and 6: datestamps are in UTC and in the order of commits, whoever holds a publish open."""

import time
from dataclasses import replace

import pytest

from service.library import federate, rendering
from service.model import Rendered
from tests.functional.repository import OAI, Clock, Repository, another, read

XSD = "oai/OAI-PMH.xsd"


def test_line_5_the_datestamp_is_utc_whatever_the_zone(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    for zone in ("Asia/Ho_Chi_Minh", "America/Los_Angeles"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        try:
            before = time.gmtime(time.time() - 1)
            id = repository.publish(zone)
            repository.settle()
            after = time.gmtime()
            root = repository.answer(f"verb=GetRecord&metadataPrefix=oai_dc&identifier={repository.oai_id(id)}")
            (got,) = read(root)
            assert time.strftime("%Y-%m-%dT%H:%M:%SZ", before) <= got.datestamp
            assert got.datestamp <= time.strftime("%Y-%m-%dT%H:%M:%SZ", after)
            found = repository.harvest("ListIdentifiers", since=got.datestamp, until=got.datestamp).records
            assert repository.oai_id(id) in {one.identifier for one in found}
            begun = repository.answer("verb=Identify").findtext(f".//{OAI}earliestDatestamp")
            assert begun <= got.datestamp
        finally:
            monkeypatch.undo()
            time.tzset()


def test_line_6_a_publish_that_is_held_open_during_a_harvest_is_not_missed(
    repository: Repository, clock: Clock
) -> None:
    """Stamped at 0 s, harvested at 3 s, committed at 5 s: who comes back from the first answer's date gets it."""
    old, new = repository.publish("Cũ"), repository.publish("Mới")
    with repository.services.catalogue.reading() as work:
        resource = work.resources.get(new)
        assert resource is not None
    rendered = _rendered(repository, new)
    assert rendering.write(repository.services, [old]) == {}
    federate.secret(repository.services)
    second = another(repository.services)
    clock.move(60)
    with second.writing() as work:
        assert work.oai.stamp([rendered]) == 1
        clock.move(3)
        first = repository.harvest()
        assert [one.identifier for one in first.records] == [repository.oai_id(old)]
        clock.move(2)
    second.close()
    clock.move(1)
    later = repository.harvest(since=first.at)
    assert repository.oai_id(new) in {one.identifier for one in later.records}
    # Without anybody in between the date of an answer is the present.
    assert later.at == clock.said()


def test_two_ids_of_one_record_in_a_batch_render_it_once(repository: Repository) -> None:
    id = repository.publish("Một")
    with repository.services.catalogue.writing() as work:
        resource = work.resources.get(id)
        assert resource is not None
        work.resources.add_alias("0" * 12, resource.key)
    assert rendering.write(repository.services, [id, "0" * 12, id]) == {}
    assert [one.identifier for one in repository.harvest().records] == [repository.oai_id(id)]
    with repository.services.catalogue.reading() as work:
        assert len(work.oai.lacks_of(resource.owner, 0, 10)) == len(set(work.oai.lacks_of(resource.owner, 0, 10))) > 0


def test_line_6_what_is_published_in_a_long_transaction_is_dated_by_its_end(
    repository: Repository, clock: Clock
) -> None:
    repository.publish("Cũ")
    repository.settle()
    second = Repository(replace(repository.services, catalogue=another(repository.services)))
    clock.move(60)
    began = clock.said()
    with second.services.catalogue.writing() as work:
        resource = work.resources.add(owner="default")
        work.blobs.add("f" * 64, 9)
        clock.move(5)
        first = repository.harvest()
        assert len(first.records) == 1
    assert resource.id
    new = second.publish("Mới")
    second.settle()
    second.services.catalogue.close()
    got = {one.identifier: one for one in repository.harvest(since=first.at).records}
    assert got[repository.oai_id(new)].datestamp > began


def _rendered(repository: Repository, id: str) -> Rendered:
    ((resource, view),) = rendering.views(repository.services, [id])
    return rendering.render(repository.services, resource, view)


def test_line_6_whatever_changes_a_record_s_output_or_sets_moves_its_datestamp(
    repository: Repository, clock: Clock
) -> None:
    id = repository.publish("Bài", subject="toan", grade="lop-10")
    still = repository.publish("Không đổi")
    repository.settle()

    def moved() -> bool:
        clock.move(10)
        before = repository.held()
        return repository.settle() == {} and _moved(repository, before) == {repository.oai_id(id)}

    def _moved(repository: Repository, before: object) -> set[str]:
        assert isinstance(before, dict)
        return {name for name, one in repository.held().items() if one != before.get(name)}

    repository.edit(id, "Bài sửa")
    assert moved()
    repository.edit(id, "Bài sửa", subject="ngu-van")
    assert moved()
    (got,) = [one for one in repository.harvest().records if one.identifier == repository.oai_id(id)]
    # Leaving a set is not a deletion.
    assert not got.deleted
    assert got.sets == ("grade:thpt:lop-10", "school:default", "subject:ngu-van", "type:video")
    assert repository.errors("verb=ListIdentifiers&metadataPrefix=oai_dc&set=subject:toan") == ["noRecordsMatch"]
    repository.set_access(id, "signed-in")
    assert moved()
    repository.set_access(id, "organisation")
    assert moved()
    with repository.services.catalogue.writing() as work:
        for name in (id, still):
            work.jobs.add("render", name, priority=1)
    clock.move(10)
    before = repository.held()
    repository.settle()
    assert repository.held() == before, "rendered again without a change"


def test_line_6_a_stale_fingerprint_queues_rendering_which_moves_only_what_changed(
    repository: Repository, clock: Clock
) -> None:
    with repository.services.catalogue.writing() as work:
        work.organisations.add("so", "Sở Giáo dục")
        work.organisations.add("thpt-a", "THPT A", "school", "so")
    ids = [repository.publish("Của sở", owner="so"), repository.publish("Của trường", owner="thpt-a")]
    repository.settle()
    assert rendering.sweep(repository.services) == 0
    before = repository.held("lom")
    clock.move(60)
    # The library is reached under another address from now on: every record says so.
    settings = repository.services.settings.model_copy(update={"public_url": "https://khohoclieu.example.vn"})
    moved = Repository(replace(repository.services, settings=settings))
    assert rendering.sweep(moved.services) == 2
    assert moved.settle() == {}
    after = moved.held("lom")
    assert {after[name].datestamp for name in after} == {clock.said()}
    got = {one.identifier: one for one in moved.harvest(prefix="lom").records}
    assert all("https://khohoclieu.example.vn/resources/" in one.metadata for one in got.values())
    assert rendering.sweep(moved.services) == 0
    # Another language says names in another order, in LOM; a fingerprint alone moves nothing.
    clock.move(60)
    with moved.services.catalogue.writing() as work:
        work.oai.stamp([replace(_rendered(moved, id), fingerprint="made by an older version") for id in ids])
    assert moved.held("lom") == after
    assert rendering.sweep(moved.services) == 2
    moved.settle()
    assert moved.held("lom") == after != before


def test_line_6_what_an_older_version_has_published_is_rendered_by_itself(repository: Repository) -> None:
    ids = repository.publish_many(3, "Từ trước")
    with repository.services.catalogue.writing() as work:
        for id in ids:
            work.jobs.cancel(id)
    assert repository.settle() == {}
    assert repository.errors("verb=ListRecords&metadataPrefix=oai_dc") == ["noRecordsMatch"]
    assert rendering.sweep(repository.services) == 3
    repository.settle()
    assert {one.identifier for one in repository.harvest().records} == set(map(repository.oai_id, ids))
    assert rendering.sweep(repository.services) == 0
    assert rendering.everything(repository.services) == 3
