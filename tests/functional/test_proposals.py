"""Proposals from a folder to values: in the report, in lists, accepted by the operator, found in the index."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from service import compose
from service.errors import Invalid, NotAllowed, NotFound
from service.library import purge
from service.library.proposals import deciding
from service.library.services import Services
from service.model import OPERATOR, PUBLIC, Revision
from service.settings import Settings
from tests.conftest import make_pdf

TEXT = "Đồ thị của hàm số bậc hai là một parabol có đỉnh và trục đối xứng; hãy lập bảng biến thiên của hàm số."


def run(home: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", *arguments],
        env={**os.environ, "HOCLIEU_HOME": str(home), "HOCLIEU_LANGUAGE": "en"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, object]]]:
    """A library of a published lesson and a draft, and the report's lines by path."""
    root = tmp_path_factory.mktemp("taken")
    home, report = root / "home", root / "report.json"
    make_pdf(root / "in" / "Toán 10" / "GA tuần 5 bài 16.pdf", [TEXT])
    run(home, "ingest", str(root / "in"), "--publish", "--licence", "CC0-1.0", "--report", str(report))
    lines = json.loads(report.read_text(encoding="utf-8"))["files"]
    make_pdf(root / "drafts" / "Đề kiểm tra Hoá học 11.pdf", ["Thời gian làm bài: 45 phút."])
    run(home, "ingest", str(root / "drafts"), "--report", str(report))
    lines += json.loads(report.read_text(encoding="utf-8"))["files"]
    return home, {line["path"]: line for line in lines}


@pytest.fixture(scope="module")
def parts(taken: tuple[Path, object]) -> Iterator[Services]:
    services = compose.services(Settings(home=taken[0]))
    yield services
    services.catalogue.close()


def newest(parts: Services, resource_id: object) -> Revision:
    with parts.catalogue.reading() as work:
        resource = work.resources.get(str(resource_id))
        assert resource is not None
        return work.resources.revisions(resource.key)[-1]


def test_proposals_become_facts_only_when_they_are_accepted(
    taken: tuple[Path, dict[str, dict[str, object]]], parts: Services
) -> None:
    home, lines = taken
    lesson, test = lines["Toán 10/GA tuần 5 bài 16.pdf"], lines["Đề kiểm tra Hoá học 11.pdf"]
    suggested = {one["field"]: one for one in reversed(lesson["proposals"])}  # type: ignore[call-overload]
    assert {name: one["value"] for name, one in suggested.items()} == {
        "type": "lesson-plan",
        "subject": "toan",
        "grade": "lop-10",
        "language": "vi",
        "placement": "programme=ct2018,subject=toan,grade=lop-10,lesson=16,week=5",
    }
    assert {"where": "folder", "seen": "Toán 10", "confidence": 0.92} in suggested["grade"]["evidence"]
    assert all(0 <= one["confidence"] <= 1 for one in suggested.values())

    # No fact yet: neither value nor facet.
    assert newest(parts, lesson["resource"]).every("subject") == ()
    with parts.catalogue.reading() as work:
        assert work.terms.counts("subject") == {}
    shown = run(home, "proposals", "list", "--field", "grade")
    assert "Grade: Grade 10  (folder: Toán 10)" in shown
    assert "Grade: Grade 11  (file name: " in shown
    assert [row.state for row in deciding.listing(parts, OPERATOR, least=0.6)] == ["published", "draft"]

    said = run(home, "proposals", "accept", "--min-confidence", "0.8", "--field", "grade")
    assert "Grade: 2 accepted" in said
    assert "1 draft and 1 published resource" in said
    # The command returned when the index had it.
    found = json.loads(run(home, "search", "parabol", "--json"))
    assert [item["grades"] for item in found["items"]] == [["lop-10"]]
    done = deciding.accept(parts, OPERATOR, least=0.6)
    assert (done.published, done.drafts) == ([lesson["resource"]], [test["resource"]])
    assert "grade" not in done.values

    published, draft = newest(parts, lesson["resource"]), newest(parts, test["resource"])
    assert (published.state, published.number, published.first("type")) == ("published", 3, "lesson-plan")
    assert (published.every("subject")[0], published.every("grade")) == ("toan", ("lop-10",))
    accepted = [value for value in published.values if value.where == "proposal"]
    # The language of so short a text is not sure enough.
    assert {value.field for value in accepted} == {"type", "subject", "grade", "placement"}
    assert {value.origin for value in accepted} == {"person"}
    assert (draft.state, draft.number, draft.first("type"), draft.every("grade")) == ("draft", 1, "test", ("lop-11",))
    with parts.catalogue.reading() as work:
        events = work.events.of_kind(deciding.EVENT)
        assert [(event.actor, event.details.get("grade")) for event in events[:2]] == [
            ("operator", "lop-10"),
            ("operator", "lop-11"),
        ]
        assert events[0].details["least"] == "0.8"
    left = deciding.of(parts, OPERATOR, str(lesson["resource"]))
    assert {one.field for one in left if one.accepted_by} == {"type", "subject", "grade", "placement"}
    rows = json.loads(run(home, "proposals", "list", "--json", "--resource", str(lesson["resource"])))
    assert {row["field"] for row in rows if row["accepted_by"] == "operator"} == {one.field for one in left} - {
        "language"
    }
    # Again: nothing is left to accept, and nothing changes.
    assert not deciding.accept(parts, OPERATOR, least=0.6).values
    assert newest(parts, lesson["resource"]).number == 3

    # A purge takes the words that were seen, and the path.
    purge.purge(parts, OPERATOR, str(test["resource"]), reason="Theo yêu cầu.")
    with parts.catalogue.reading() as work:
        gone = work.resources.get(str(test["resource"]))
        assert gone is not None
        assert (dict(work.proposals.of([gone.key])), work.proposals.path(gone.key)) == ({}, "")


def test_only_the_operator_decides_and_wrong_words_are_refused(parts: Services) -> None:
    with pytest.raises(NotAllowed):
        deciding.accept(parts, PUBLIC, least=0.5)
    with pytest.raises(NotAllowed):
        next(deciding.listing(parts, PUBLIC))
    with pytest.raises(NotAllowed):
        deciding.of(parts, PUBLIC, "0")
    with pytest.raises(Invalid):
        deciding.accept(parts, OPERATOR, least=1.5)
    with pytest.raises(Invalid):
        deciding.accept(parts, OPERATOR, least=0.5, name="title")
    with pytest.raises(NotFound):
        deciding.accept(parts, OPERATOR, least=0.5, resource_id="không có")
