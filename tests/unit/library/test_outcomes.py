"""What a report says of an item: it is published only where people find what went in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.document import Bundle as Read
from ingest.document import Document
from service.library import curate, personal, process
from service.library.archives import Found
from service.library.batch import Offer, Options
from service.library.deposit import Bundle, Deposited, Offered, deposit_all
from service.library.dry_run import DryRun
from service.library.outcomes import Line, look
from service.library.services import Services
from service.library.sheet import Told
from service.model import OPERATOR, Job, Resource, Value
from service.ports import UnitOfWork

Take = Callable[..., Resource]


class Reader:
    """Reads nothing out of anything. Stands for the sandbox."""

    def read(self, _bundle: Read) -> Document:
        return Document("text/plain", (), "vi", ())


def work_off(parts: Services) -> None:
    """Read and publish what is queued."""
    for job in parts.catalogue.write(lambda work: work.jobs.lease(process.KINDS, worker="w", limit=9, seconds=60)):
        record = process.process(parts, Reader(), job)
        assert record is not None

        def act(work: UnitOfWork, job: Job = job, record: process.Record = record) -> None:
            record(work, bool(work.jobs.done([job.id], worker="w")))

        parts.catalogue.write(act)


@pytest.fixture
def take(parts: Services, tmp_path: Path) -> Take:
    """Take in one file, said of the resource that it is there."""
    path = tmp_path / "bài.txt"
    path.write_text("Nước bay hơi.", encoding="utf-8")

    def taken(title: str, *, corrects: str = "", licence: str = "CC0-1.0", read: bool = True) -> Resource:
        said = [("licence", licence), ("title", title), ("type", "other")]
        values = [Value(name, value, "sheet") for name, value in said if value]
        bundle = Bundle([Offered(path, path.name)], values, corrects)
        (done,) = deposit_all(parts, OPERATOR, [bundle], owner="default", publish=True)
        assert isinstance(done, Deposited)
        if read:
            work_off(parts)
        return done.resource

    return taken


def told(parts: Services, resource: Resource) -> tuple[str | None, str | None]:
    """Outcome and code of the reason, as a report has them."""
    line = Line("bài.txt")
    with parts.catalogue.reading() as work:
        line.finish(look(work, resource.id, None), "vi", publish=True)
    return line.outcome, (line.reason or {}).get("code")


def terms(parts: Services) -> dict[str, int]:
    with parts.catalogue.reading() as work:
        return dict(work.terms.counts("type"))


def test_what_is_out_is_published(parts: Services, take: Take) -> None:
    assert told(parts, take("Một")) == ("published", None)


def hidden(parts: Services, resource: Resource) -> None:
    """As what turns out to hold personal data is, and is cleared of it since."""

    def act(work: UnitOfWork) -> None:
        found = work.resources.get(resource.id)
        assert found is not None
        personal.hide(work, found, ())

    parts.catalogue.write(act)


@pytest.mark.parametrize("withdrawn", [False, True], ids=["hidden", "withdrawn meanwhile"])
def test_what_nobody_sees_is_corrected_and_no_more_seen(parts: Services, take: Take, withdrawn: bool) -> None:
    made = take("Một")
    if not withdrawn:
        hidden(parts, made)
    assert take("Hai", corrects=made.id, read=False).id == made.id
    if withdrawn:
        curate.withdraw(parts, OPERATOR, made.id, reason="Sai")
    work_off(parts)
    assert told(parts, made) == ("draft", "kept-hidden")
    with parts.catalogue.reading() as work:
        assert [(one.state, one.first("title")) for one in work.resources.revisions(made.key)] == [
            ("superseded", "Một"), ("published", "Hai"),
        ]  # fmt: skip
    assert terms(parts) == {}
    curate.reinstate(parts, OPERATOR, made.id)
    assert told(parts, made) == ("published", None)
    assert terms(parts) == {"other": 1}


def test_a_dry_run_does_not_promise_it(parts: Services, take: Take, tmp_path: Path) -> None:
    made = take("Một")
    hidden(parts, made)
    run = DryRun(parts, OPERATOR, Options(publish=True), Reader())
    said = Told(2, (Value("title", "Hai", "sheet"),), corrects=made.id)
    offer = Offer([Found(tmp_path / "bài.txt", "bài.txt")], [Line("bài.txt")], said)
    run.deposit_of("default", [offer], lambda _: None)
    assert (offer.line.outcome, offer.line.resource) == ("draft", made.id)


def test_a_correction_that_is_not_out_is_a_draft(parts: Services, take: Take) -> None:
    made = take("Một")
    take("Hai", corrects=made.id, read=False)
    assert told(parts, made)[0] == "draft"
    work_off(parts)
    assert told(parts, made) == ("published", None)
