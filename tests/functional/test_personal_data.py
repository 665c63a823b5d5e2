"""Lists of pupils and staff: never published, hidden where they were, brought back only by a decision."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from ingest import pipeline, registry
from ingest.document import Bundle, Document
from service import compose
from service.app import create
from service.errors import Invalid, NotAllowed, NotFound, PersonalData
from service.library import bundles, curate, doctor, look, pictures, process, project, publishing, reprocessing
from service.library.deposit import Offered, deposit
from service.library.services import Services
from service.model import OPERATOR, PUBLIC, Job, Reading, Value
from service.settings import Settings
from tests.functional.test_commands import Run, pdf, report_of, run  # noqa: F401 - a fixture
from tests.privacy.layouts import pdf_of_table
from tests.privacy.registers import register

READERS = registry.load()
PUBLISHED = ("--publish", "--licence", "CC0-1.0")


def class_list(path: Path) -> Path:
    return pdf_of_table(register(random.Random(3), "class", 12), path)


def test_a_class_list_stays_a_draft_whatever_is_asked(run: Run, tmp_path: Path) -> None:  # noqa: F811
    folder, report = tmp_path / "in", tmp_path / "report.json"
    pdf(folder / "bai.pdf", "Đồ thị của hàm số bậc hai là một parabol.")
    class_list(folder / "lop.pdf")
    for _ in range(2):
        done = run("ingest", str(folder), *PUBLISHED, "--report", str(report))
        assert done.returncode == 0, done.stderr
        line = next(line for line in report_of(report)["files"] if line["path"] == "lop.pdf")
        assert (line["outcome"], line["reason"]["code"]) == ("draft", "personal-data")
        assert "page 1: 12 dates of birth" in line["reason"]["text"]
    assert json.loads(run("search", "", "--json").stdout)["total"] == 1
    assert run("clear", line["resource"], "--reason", "A made-up class.").returncode == 0
    run("ingest", str(folder), *PUBLISHED, "--report", str(report))
    line = next(line for line in report_of(report)["files"] if line["path"] == "lop.pdf")
    assert line["outcome"] == "published"
    assert json.loads(run("search", "", "--json").stdout)["total"] == 2


def test_the_reason_is_said_in_vietnamese_with_its_places(run: Run, tmp_path: Path) -> None:  # noqa: F811
    done = run("ingest", str(class_list(tmp_path / "Sổ điểm 6A.pdf")), *PUBLISHED, HOCLIEU_LANGUAGE="vi")
    assert "tên tệp giống sổ sách của nhà trường; trang 1: 12 ngày sinh" in done.stderr


class Reader:
    """The real pipeline in this process; `blind` reads as a version that looked for nothing."""

    def __init__(self) -> None:
        self.blind = False

    def read(self, bundle: Bundle) -> Document:
        document = pipeline.read(bundle, READERS)
        return replace(document, findings=()) if self.blind else document


class NoPictures:
    def picture(self, *_: object, **__: object) -> bytes:
        raise AssertionError("what is hidden is not drawn")

    layer: Any = picture


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Services]:
    made = compose.services(Settings(home=tmp_path / "home"))
    made.catalogue.migrate()
    project.ensure(made)
    yield made
    made.catalogue.close()


@pytest.fixture
def reader() -> Reader:
    return Reader()


def work_off(parts: Services, reader: Reader) -> None:
    """All queued jobs of reading and indexing, as a worker does them."""
    while True:
        with parts.catalogue.writing() as work:
            jobs = work.jobs.lease(("read", "publish", "index"), worker="test", limit=10, seconds=60)
        if not jobs:
            return
        for job in jobs:
            if job.kind == "index":
                project.write(parts, [job.subject])
            else:
                record = process.process(parts, reader, job)
                assert record is not None
                parts.catalogue.write(lambda work, record=record: record(work, True))  # type: ignore[misc]
        with parts.catalogue.writing() as work:
            work.jobs.done([job.id for job in jobs], worker="test")


def newest(parts: Services, id: str) -> Reading:
    with parts.catalogue.reading() as work:
        resource = work.resources.get(id)
        assert resource is not None
        revision = work.resources.revisions(resource.key)[-1]
        return work.readings.newest(bundles.names_of(revision))[bundles.names_of(revision)[0]]


@pytest.fixture
def shown(parts: Services, reader: Reader, tmp_path: Path) -> str:
    """A class list that an older version published."""
    values = [Value("licence", "CC0-1.0", "person")]
    path = class_list(tmp_path / "lop.pdf")
    done = deposit(parts, OPERATOR, [Offered(path, path.name)], owner="default", values=values, publish=True)
    reader.blind = True
    work_off(parts, reader)
    reader.blind = False
    with parts.catalogue.writing() as work:
        work.readings.save(replace(newest(parts, done.resource.id), fingerprint="older"))
    return done.resource.id


def kinds(parts: Services, id: str) -> list[str]:
    with parts.catalogue.reading() as work:
        resource = work.resources.get(id)
        assert resource is not None
        return [event.kind for event in work.events.of(resource.key)]


def checks(parts: Services) -> dict[str, doctor.Check]:
    return {check.code: check for check in doctor.examine(parts, {})}


@pytest.fixture
def hidden(parts: Services, reader: Reader, shown: str) -> str:
    """The same after reading it again."""
    assert look.resource(parts, PUBLIC, shown).resource.visibility == "live"
    assert "doctor-readings-old" in checks(parts)
    assert reprocessing.reprocess(parts) == 1
    work_off(parts, reader)
    return shown


def test_what_was_public_is_hidden_when_reading_it_again_finds_a_list(parts: Services, hidden: str) -> None:
    client = TestClient(create(parts), base_url="http://library.test")
    for route in ("/resources/{id}", "/resources/{id}/files/1", "/api/v1/resources/{id}/passages"):
        assert client.get(route.format(id=hidden)).status_code == 404
    assert hidden not in client.get("/search?q=").text
    assert kinds(parts, hidden)[-1] == "hidden"
    with parts.catalogue.reading() as work:
        resource = work.resources.get(hidden)
        assert resource is not None
        details = work.events.of(resource.key)[-1].details
    assert details["reason"] == "personal-data"
    assert "births page 1 12" in str(details["findings"])
    found = checks(parts)
    assert found["doctor-personal-data"].parameters == {"count": 1, "resources": hidden}
    assert "doctor-readings-old" not in found


def test_reading_it_once_more_changes_nothing(parts: Services, reader: Reader, hidden: str) -> None:
    before = kinds(parts, hidden)
    with parts.catalogue.writing() as work:
        work.jobs.add("read", hidden, priority=50)
    work_off(parts, reader)
    assert kinds(parts, hidden) == before


def test_what_is_hidden_gets_no_thumbnail(parts: Services, hidden: str) -> None:
    job = Job(1, "illustrate", f"{hidden}/thumbnail", 50, "leased", 0, 0, "", {}, None)
    pictures.illustrate(parts, NoPictures(), job)
    with pytest.raises(NotFound):
        look.thumbnail(parts, PUBLIC, hidden)


def test_it_comes_back_only_when_somebody_says_that_it_is_no_personal_data(parts: Services, hidden: str) -> None:
    with pytest.raises(PersonalData) as refused:
        curate.reinstate(parts, OPERATOR, hidden)
    assert "trang 1: 12 ngày sinh" in str(refused.value.parameters["places"])
    with pytest.raises((NotFound, NotAllowed)):
        curate.clear(parts, PUBLIC, hidden, reason="Lớp tự đặt.")
    with pytest.raises(Invalid):
        curate.clear(parts, OPERATOR, hidden, reason=" ")
    assert curate.clear(parts, OPERATOR, hidden, reason="Lớp tự đặt.")
    assert kinds(parts, hidden)[-1] == "cleared"
    assert curate.reinstate(parts, OPERATOR, hidden).visibility == "live"
    with pytest.raises(Invalid):
        curate.clear(parts, OPERATOR, hidden, reason="Lần nữa.")


def test_a_clearance_holds_for_the_kinds_that_were_looked_at(parts: Services, reader: Reader, hidden: str) -> None:
    curate.clear(parts, OPERATOR, hidden, reason="Lớp tự đặt.")
    curate.reinstate(parts, OPERATOR, hidden)
    reading = newest(parts, hidden)
    other = replace(reading.findings[0], kind="health")
    with parts.catalogue.writing() as work:
        work.readings.save(replace(reading, findings=(*reading.findings, other)))
        work.jobs.add("read", hidden, priority=50)
    work_off(parts, reader)
    assert kinds(parts, hidden)[-1] == "hidden"


def test_no_caller_publishes_what_is_held(parts: Services, reader: Reader, tmp_path: Path) -> None:
    path = class_list(tmp_path / "lop.pdf")
    values = [Value("licence", "CC0-1.0", "person")]
    done = deposit(parts, OPERATOR, [Offered(path, path.name)], owner="default", values=values)
    work_off(parts, reader)
    with parts.catalogue.writing() as work:
        draft = work.resources.open_revision(done.resource.key)
        current = work.resources.by_key(done.resource.key)
        assert draft is not None
        assert current is not None
        with pytest.raises(PersonalData):
            publishing.publish(parts, work, current, draft, actor="operator")
