"""Near copies in a library: noted once, told with names, swept for what is old, gone with a purge."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.document import Bundle, Document, Extent, Locator, Passage
from ingest.errors import BrokenFile
from service.errors import NotAllowed, NotFound
from service.library import copies, curate, process, sketches
from service.library.deposit import Offered, deposit
from service.library.documents import document_key
from service.library.outcomes import Line, look
from service.library.purge import purge
from service.library.services import Services
from service.model import OPERATOR, PUBLIC, Job, Resource, Value
from service.ports import UnitOfWork
from service.search.sketching import RECIPE
from tests.copies.series import paragraphs

TEXT = list(paragraphs()[:10])
NEARLY = [*TEXT[:9], paragraphs()[40]]
OTHER = list(paragraphs()[100:110])


class Reader:
    """A paragraph a page. Stands for the sandbox."""

    def read(self, bundle: Bundle) -> Document:
        if bundle.name.startswith("broken"):
            raise BrokenFile
        texts = bundle.main.read_text(encoding="utf-8").split("\n\n")
        pages = tuple(Passage(Locator("page", at), text, "vi") for at, text in enumerate(texts, start=1))
        return Document("text/plain", (), "vi", pages, extent=Extent(pages=len(pages)))


def work_off(parts: Services) -> int:
    """Do what is queued of these kinds. Returns: how many jobs."""
    done = 0
    while True:
        jobs = parts.catalogue.write(
            lambda work: work.jobs.lease([*process.KINDS, "sketch"], worker="w", limit=1, seconds=60)
        )
        for job in jobs:
            _do(parts, job)
            done += 1
        if not jobs:
            return done


def _do(parts: Services, job: Job) -> None:
    record = sketches.renew(parts, job) if job.kind == "sketch" else process.process(parts, Reader(), job)

    def act(work: UnitOfWork) -> None:
        held = work.jobs.done([job.id], worker="w")
        if record is not None:
            record(work, bool(held))

    parts.catalogue.write(act)


@pytest.fixture
def take(parts: Services, tmp_path: Path) -> Callable[..., Resource]:
    """Deposit and read a text."""

    def taken(name: str, texts: list[str], *, publish: bool = False) -> Resource:
        path = tmp_path / name
        path.write_text("\n\n".join(texts), encoding="utf-8")
        values = [Value("licence", "CC0-1.0", "person"), Value("title", f"Bài {name}", "person", language="vi")]
        made = deposit(parts, OPERATOR, [Offered(path, name)], owner="default", values=values, publish=publish)
        work_off(parts)
        return made.resource

    return taken


def noted(parts: Services, resource: Resource) -> list[tuple[str, str, bool]]:
    """(id, title, whether its percent is about what it is)"""
    with parts.catalogue.reading() as work:
        return [(one.id, one.title, 80 <= one.percent <= 100) for one in copies.noted(work, resource.key)]


def test_a_draft_is_told_what_it_is_nearly_a_copy_of(parts: Services, take: Callable[..., Resource]) -> None:
    first, other = take("một", TEXT, publish=True), take("khác", OTHER)
    near = take("hai", NEARLY)
    assert noted(parts, near) == [(first.id, "Bài một", True)]
    assert noted(parts, first) == noted(parts, other) == []
    line = Line("hai.txt")
    with parts.catalogue.reading() as work:
        line.finish(look(work, near.id, None), "vi", publish=False)
        (event,) = [one for one in work.events.of(near.key) if one.kind == "near-copy"]
    assert (event.actor, event.details["of"]) == ("machine", first.id)
    assert line.outcome == "draft"
    (warning,) = line.warnings
    assert (warning["code"], warning["parameters"]["resource"]) == ("near-copy", first.id)
    assert first.id in warning["text"]
    assert "Bài một" in warning["text"]


def test_it_is_noted_once_whichever_comes_again(parts: Services, take: Callable[..., Resource]) -> None:
    first, near = take("một", TEXT), take("hai", NEARLY)
    for one in (first, near):
        with parts.catalogue.writing() as work:
            work.jobs.add("publish", one.id, priority=50)
            work.jobs.add("sketch", one.id, priority=50)
        assert work_off(parts) == 2
    with parts.catalogue.reading() as work:
        assert [event.resource for event in work.events.of_kind("near-copy")] == [near.key]


def test_who_asks_is_told_both_ways_and_only_the_operator_may(parts: Services, take: Callable[..., Resource]) -> None:
    first, near = take("một", TEXT, publish=True), take("hai", NEARLY)
    assert [one.id for one in copies.of_resource(parts, OPERATOR, first.id)] == [near.id]
    assert [one.id for one in copies.of_resource(parts, OPERATOR, near.id)] == [first.id]
    (pair,) = copies.everything(parts, OPERATOR)
    assert (pair.id, pair.title, pair.near.id, pair.near.title) == (near.id, "Bài hai", first.id, "Bài một")
    with pytest.raises(NotAllowed):
        copies.of_resource(parts, PUBLIC, first.id)
    with pytest.raises(NotFound):
        copies.of_resource(parts, PUBLIC, near.id)
    with pytest.raises(NotFound):
        copies.of_resource(parts, OPERATOR, "zzzzzzzzzzzz")
    with pytest.raises(NotAllowed):
        copies.everything(parts, PUBLIC)


def test_what_was_withdrawn_is_named_no_more(parts: Services, take: Callable[..., Resource]) -> None:
    first, near = take("một", TEXT, publish=True), take("hai", NEARLY)
    curate.withdraw(parts, OPERATOR, first.id, reason="bản cũ")
    assert noted(parts, near) == []
    assert copies.everything(parts, OPERATOR) == ()
    assert copies.of_resource(parts, OPERATOR, near.id) == ()
    assert noted(parts, take("ba", [*NEARLY, "Thêm một dòng."])) == [(near.id, "Bài hai", True)]


def test_a_purge_takes_the_sketch_too(parts: Services, take: Callable[..., Resource]) -> None:
    first = take("một", TEXT, publish=True)
    with parts.catalogue.reading() as work:
        hashes = [file.sha256 for revision in work.resources.revisions(first.key) for file in revision.files]
        assert len(work.sketches.of(hashes)) == 1
    purge(parts, OPERATOR, first.id, reason="Toà án yêu cầu.")
    with parts.catalogue.reading() as work:
        assert work.sketches.of(hashes) == {}
    assert noted(parts, take("hai", NEARLY)) == []
    assert sketches.sweep(parts) == 0


def test_old_resources_get_theirs_by_jobs_and_nothing_is_read_again(
    parts: Services, take: Callable[..., Resource]
) -> None:
    made = [take("một", TEXT, publish=True), take("khác", OTHER), take("hai", NEARLY), take("broken", ["x"])]
    with parts.catalogue.writing() as work:
        held = {
            file.sha256: one.id
            for one in made
            for revision in work.resources.revisions(one.key)
            for file in revision.files
        }
        before = work.sketches.of(list(held))
        work.sketches.forget(list(held))
    assert len(before) == 4
    assert sketches.sweep(parts) == 4
    with parts.catalogue.reading() as work:
        assert work.jobs.numbers()["sketch", "queued"] == 4
    work_off(parts)
    with parts.catalogue.reading() as work:
        assert work.sketches.of(list(held)) == before
        assert len(work.events.of_kind("near-copy")) == 1
    assert sketches.sweep(parts) == 0


def test_a_text_that_is_lost_is_not_looked_for_for_ever(parts: Services, take: Callable[..., Resource]) -> None:
    made = take("một", TEXT)
    with parts.catalogue.writing() as work:
        (revision,) = work.resources.revisions(made.key)
        sha256 = revision.files[0].sha256
        (reading,) = work.readings.newest([sha256]).values()
        work.sketches.forget([sha256])
    assert reading.document_key == document_key(sha256, reading.fingerprint)
    parts.objects.remove(reading.document_key)
    assert sketches.sweep(parts) == 1
    work_off(parts)
    with parts.catalogue.reading() as work:
        assert work.sketches.of([sha256])[sha256] == sketches.unreadable()
    assert sketches.sweep(parts) == 0


def test_sketches_of_an_older_recipe_are_made_anew(parts: Services, take: Callable[..., Resource]) -> None:
    made = take("một", TEXT)
    with parts.catalogue.writing() as work:
        (revision,) = work.resources.revisions(made.key)
        sha256 = revision.files[0].sha256
        now = work.sketches.of([sha256])[sha256]
        work.sketches.save(sha256, type(now)("0", now.shingles, now.signature))
    assert now.recipe == RECIPE
    assert sketches.sweep(parts) == 1
    work_off(parts)
    with parts.catalogue.reading() as work:
        assert work.sketches.of([sha256]) == {sha256: now}
