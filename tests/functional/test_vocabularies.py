"""A library's own vocabularies: checked, taken in, given back, followed by index, pages and every other process.

The module is long because all of it changes copies of one library, which takes long to make.
"""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.sandbox import Sandbox
from service import compose
from service.errors import NotAllowed, UnknownVocabulary, VocabularyWrong
from service.library import vocabulary
from service.library.lanes import INDEXING, READING
from service.library.services import Services
from service.library.work import Worker
from service.messages import sentence
from service.model import OPERATOR, PUBLIC
from service.settings import Settings
from service.vocabularies import FIELDS, seeds
from tests.conftest import Served, ingest, make_pdf

Run = Callable[..., subprocess.CompletedProcess[bytes]]
SHEET = (
    "path,title,subject,grade,topic,licence,placements\n"
    "so-nguyen.pdf,Bài một,toan,lớp 6,Số nguyên,CC0-1.0,\n"
    'te-bao.pdf,Bài hai,sinh-hoc,lớp 10,,CC0-1.0,"series=canh-dieu,week=34"\n'
)


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of two described resources, copied for each test: taking in takes longer than most of them."""
    root = tmp_path_factory.mktemp("described")
    for name in ("so-nguyen", "te-bao"):
        make_pdf(root / "in" / f"{name}.pdf", [f"Một trang của {name}."])
    (root / "in" / "bang.csv").write_text(SHEET, encoding="utf-8")
    ingest(root / "home", root / "in", "--publish", "--sheet", str(root / "in" / "bang.csv"))
    return root / "home"


@pytest.fixture
def home(described: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(described, tmp_path / "home"))


@pytest.fixture
def run(home: Path) -> Run:
    def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "service.cli", *arguments],
            env={**os.environ, "HOCLIEU_HOME": str(home), "HOCLIEU_LANGUAGE": "en", **environment},
            capture_output=True,
            timeout=120,
            check=False,
        )

    return call


@pytest.fixture
def parts(home: Path) -> Iterator[Services]:
    services = compose.services(Settings(home=home))
    yield services
    services.catalogue.close()


def changed(name: str, which: str, /, *, gone: bool = False, **cells: str) -> bytes:
    """The vocabulary that ships, with other cells in the row of a code, or without that row."""
    rows = list(csv.DictReader(io.StringIO(seeds.content(name))))
    columns = [*rows[0], *(column for column in cells if column not in rows[0])]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(
        row | cells if row["code"] == which else row for row in rows if not (gone and row["code"] == which)
    )
    return text.getvalue().encode("utf-8")


def written(folder: Path, data: bytes) -> str:
    (folder / "mine.csv").write_bytes(data)
    return str(folder / "mine.csv")


def found(run: Run, query: str) -> list[str]:
    done = run("search", query, "--json")
    assert done.returncode == 0, done.stderr
    return [item["title"] for item in json.loads(done.stdout)["items"]]


def test_a_name_of_ones_own_is_searched_and_the_file_comes_back_byte_by_byte(run: Run, tmp_path: Path) -> None:
    assert found(run, "toanrieng") == []
    data = b"\xef\xbb\xbf" + changed("subject", "toan", alternatives="toanrieng|Môn Toán")
    done = run("vocabulary", "import", "subject", written(tmp_path, data))
    assert done.returncode == 0, done.stderr
    assert b"0 new, 1 changed, 0 gone" in done.stdout
    assert found(run, "toanrieng") == ["Bài một"]
    assert run("vocabulary", "export", "subject").stdout == data
    assert run("vocabulary", "export", "subject", "--shipped").stdout == seeds.content("subject").encode()
    assert b"imported 20" in run("vocabulary", "list").stdout
    assert b"agrees" in run("doctor").stdout
    again = run("vocabulary", "import", "subject", written(tmp_path, data))
    assert b"the same already" in again.stdout
    back = run("vocabulary", "import", "subject", written(tmp_path, seeds.content("subject").encode()))
    assert b"that ships" in back.stdout
    assert found(run, "toanrieng") == []
    assert b"imported 20" not in run("vocabulary", "list").stdout


def test_facets_follow_a_term_that_moves_below_another(run: Run, home: Path, tmp_path: Path) -> None:
    data = changed("subject", "toan", parent="khoi-tu-nhien") + "khoi-tu-nhien,,Khối tự nhiên,Sciences,,\r\n".encode()
    assert run("vocabulary", "import", "subject", written(tmp_path, data)).returncode == 0
    facets = json.loads(run("search", "Bài", "--json").stdout)["facets"]["subject"]
    assert {one["value"]: (one["parent"], one["count"]) for one in facets if one["value"] != "sinh-hoc"} == {
        "toan": ("khoi-tu-nhien", 1),
        "khoi-tu-nhien": (None, 1),
    }


def test_a_running_library_takes_what_another_process_imports(run: Run, home: Path, tmp_path: Path) -> None:
    with Served(home) as address:

        def label() -> str:
            with urllib.request.urlopen(f"{address}/api/v1/search?q=&lang=vi", timeout=30) as answer:
                facets = json.load(answer)["facets"]["subject"]
            return next(str(one["label"]) for one in facets if one["value"] == "toan")

        assert label() == "Toán"
        mine = written(tmp_path, changed("subject", "toan", vi="Toán mới"))
        assert run("vocabulary", "import", "subject", mine).returncode == 0
        # As long as it takes on a busy machine; a web process looks once a second.
        ends = time.monotonic() + 30
        while label() != "Toán mới" and time.monotonic() < ends:
            time.sleep(0.1)
        assert label() == "Toán mới"


def test_a_code_in_use_may_end_and_may_not_vanish(run: Run, parts: Services, tmp_path: Path) -> None:
    refused = run("vocabulary", "import", "subject", written(tmp_path, changed("subject", "sinh-hoc", gone=True)))
    assert refused.returncode == 2
    said = refused.stderr.decode()
    assert "1 resource has the code “sinh-hoc”" in said
    assert "“ended”" in said
    assert "Nothing has changed" in said
    assert run("vocabulary", "export", "subject").stdout == seeds.content("subject").encode()
    # Lesson hours refer to it too.
    assert "rows of the vocabulary “period” refer to the code “sinh-hoc”" in said
    mine = written(tmp_path, changed("subject", "sinh-hoc", ended="2025-07-01"))
    ended = run("vocabulary", "import", "subject", mine)
    assert ended.returncode == 0, ended.stderr
    now = parts.living.look(parts.catalogue)
    assert now.ended("subject", "sinh-hoc")
    assert now.label("subject", "sinh-hoc", "vi") == "Sinh học"
    assert found(run, "sinh hoc") == ["Bài hai"]


@pytest.mark.parametrize(("name", "code"), [("series", "canh-dieu"), ("week", "34"), ("programme", "ct2018")])
def test_a_code_that_placements_alone_name_may_end_and_may_not_vanish(parts: Services, name: str, code: str) -> None:
    gone = vocabulary.check(parts, name, changed(name, code, gone=True)).problems
    assert [dict(one.parameters) for one in gone if one.code == "vocabulary-in-use"] == [{"value": code, "count": 1}]
    with pytest.raises(VocabularyWrong):
        vocabulary.take_in(parts, OPERATOR, name, changed(name, code, gone=True))
    done = vocabulary.take_in(parts, OPERATOR, name, changed(name, code, ended="2026-09-01"))
    assert done.checked.ends == ((code, 1),)
    assert done.job


def test_a_code_that_nothing_names_may_vanish(parts: Services) -> None:
    assert vocabulary.check(parts, "week", changed("week", "33", gone=True)).problems == ()


def test_a_code_that_ends_is_told_with_how_many_have_it(run: Run, tmp_path: Path) -> None:
    done = run("vocabulary", "check", "week", written(tmp_path, changed("week", "34", ended="2026-09-01")))
    assert done.returncode == 0, done.stderr
    assert "1 resource has the code “34”, which this file ends" in done.stdout.decode()


def test_a_topic_of_a_programme_that_is_not_there_is_told_by_its_row(parts: Services) -> None:
    code = next(csv.DictReader(io.StringIO(seeds.content("topic"))))["code"]
    (wrong,) = vocabulary.check(parts, "topic", changed("topic", code, programme="ct2099")).problems
    assert (wrong.row, wrong.code) == (2, "vocabulary-no-such")
    assert wrong.parameters == {"column": "programme", "value": "ct2099", "vocabulary": "programme"}


def test_topics_that_requirements_stand_below_may_not_vanish(run: Run, tmp_path: Path) -> None:
    rows = seeds.content("topic").splitlines(keepends=True)
    code = next(row for row in csv.DictReader(io.StringIO(seeds.content("outcome"))))["topic"]
    text = "".join(row for row in rows if not row.startswith(f"{code},"))
    done = run("vocabulary", "check", "topic", written(tmp_path, text.encode()))
    assert done.returncode == 2
    assert f"rows of the vocabulary “outcome” refer to the code “{code}”" in done.stderr.decode()


def test_a_topic_comes_from_a_sheet_by_its_name_and_is_searched(run: Run, parts: Services) -> None:
    with parts.catalogue.reading() as work:
        (key,) = work.terms.resources("subject", "toan", after=0, limit=2)
        _, revision = work.resources.published([key])[key]
    (code,) = revision.every("topic")
    assert parts.vocabularies.label("topic", code, "vi") == "Số nguyên"
    assert code.startswith("toan-6-")
    # Words of the part that its topic stands in, and of nothing else here.
    assert found(run, "số và đại số")[:1] == ["Bài một"]
    assert found(run, "đại") == ["Bài một"]


def test_checking_changes_nothing_and_says_what_would_change(run: Run, tmp_path: Path) -> None:
    data = changed("grade", "lop-1", vi="Lớp Một") + "lop-13,thpt,Lớp 13,Grade 13,,\r\n".encode()
    done = run("vocabulary", "check", "grade", written(tmp_path, data))
    assert done.returncode == 0, done.stderr
    assert b"44 terms; 1 new, 1 changed, 0 gone" in done.stdout
    assert run("vocabulary", "export", "grade").stdout == seeds.content("grade").encode()
    whole = run("vocabulary", "check")
    assert whole.returncode == 0, whole.stderr
    assert all(f"{name}: ".encode() in whole.stdout for name in FIELDS)


@pytest.mark.parametrize(
    ("data", "row", "code"),
    [
        (seeds.content("grade").encode("utf-16"), 0, "vocabulary-encoding"),
        (b"", 1, "vocabulary-no-column"),
        (b"\xff\xd8\xff\xe0 picture", 0, "vocabulary-encoding"),
        (seeds.content("grade").encode() + b"x,,=1+1,X,,\n", 45, "vocabulary-formula"),
        (seeds.content("grade").encode() + b"x,y,X,X,,\n", 45, "vocabulary-no-parent"),
        (
            seeds.content("grade").encode() + b"".join(b"x%d,,X%d,X%d,,\n" % ((n,) * 3) for n in range(100_000)),
            50_002,
            "vocabulary-too-many",
        ),
    ],
)
def test_what_cannot_be_a_vocabulary_is_refused_with_its_row(parts: Services, data: bytes, row: int, code: str) -> None:
    first = vocabulary.check(parts, "grade", data).problems[0]
    assert (first.row, first.code) == (row, code)
    assert sentence(first.code, "vi", first.parameters)
    with pytest.raises(VocabularyWrong):
        vocabulary.take_in(parts, OPERATOR, "grade", data)
    assert vocabulary.give(parts, "grade") == seeds.content("grade").encode()


def test_what_the_commands_are_used_wrongly_for_is_said(run: Run, tmp_path: Path) -> None:
    wrong = run("vocabulary", "import", "grade", written(tmp_path, seeds.content("grade").encode() + b"x,,=1+1,X,,\n"))
    assert wrong.returncode == 2
    assert "Row 45: A spreadsheet would compute the cell “vi”" in wrong.stderr.decode()
    unknown = run("vocabulary", "export", "mon-hoc")
    assert unknown.returncode == 2
    assert b"subject, grade, type" in unknown.stderr
    assert run("vocabulary", "check", "grade").returncode == 2
    assert run("vocabulary", "import", "grade", str(tmp_path / "none.csv")).returncode == 2
    assert run("vocabulary", "export", "grade", str(tmp_path / "no" / "folder.csv")).returncode == 2
    assert run("vocabulary", "export", "grade", str(tmp_path / "grade.csv"), "--spreadsheet").returncode == 0
    assert (tmp_path / "grade.csv").read_bytes() == b"\xef\xbb\xbf" + seeds.content("grade").encode()


def test_only_the_operator_takes_one_in_and_it_is_written_down(parts: Services) -> None:
    data = changed("subject", "toan", vi="Toán mới")
    with pytest.raises(NotAllowed):
        vocabulary.take_in(parts, PUBLIC, "subject", data)
    with pytest.raises(UnknownVocabulary):
        vocabulary.take_in(parts, OPERATOR, "mon", data)
    with pytest.raises(VocabularyWrong):
        vocabulary.take_in(parts, OPERATOR, "subject", b"code\n")
    done = vocabulary.take_in(parts, OPERATOR, "subject", data)
    assert done.checked.changed == ("toan",)
    with parts.catalogue.reading() as work:
        (event,) = work.events.of_kind("vocabulary-imported")
        (row,) = work.vocabularies.all()
    assert event.details == {"vocabulary": "subject", "sha256": row.sha256, "added": 0, "changed": 1, "gone": 0}
    assert row.actor == event.actor == "operator"


def test_what_follows_is_owed_until_a_worker_has_done_it(parts: Services) -> None:
    """The import alone commits a job; whoever is killed before it is done leaves it to another worker."""
    done = vocabulary.take_in(parts, OPERATOR, "subject", changed("subject", "toan", alternatives="tenmoi"))
    with parts.catalogue.reading() as work:
        assert work.jobs.waiting("relist", [done.job])[done.job].state == "queued"
        (key,) = work.terms.resources("subject", "toan", after=0, limit=2)
        before = work.resources.by_key(key)
    with Sandbox() as sandbox:
        worker = Worker(parts, sandbox, lanes=READING + INDEXING)
        worker.start()
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            with parts.catalogue.reading() as work:
                if not any(kind in ("relist", "index") for kind, _ in work.jobs.numbers()):
                    break
            worker.wait(0.05)
        worker.stop()
    with parts.catalogue.reading() as work:
        after = work.resources.by_key(key)
        assert not any(kind in ("relist", "index") for kind, _ in work.jobs.numbers())
    assert before is not None
    assert after is not None
    assert after.row_version == before.row_version + 1
    assert after.modified_at == before.modified_at


def test_one_that_this_version_cannot_read_leaves_the_shipped_one_in_its_place(parts: Services) -> None:
    parts.catalogue.write(lambda work: work.vocabularies.add("subject", "code\nnothing else\n", actor="operator"))
    now = parts.living.look(parts.catalogue)
    assert now.label("subject", "toan", "vi") == "Toán"
    (wrong,) = [one for one in vocabulary.check_all(parts) if one.problems]
    assert wrong.name == "subject"


def test_processes_on_postgresql_agree(postgresql_database: str, tmp_path: Path) -> None:
    """Two processes' worth of parts on one database."""
    settings = Settings(home=tmp_path / "home", database_url=postgresql_database)
    one, other = compose.services(settings), compose.services(settings)
    try:
        data = changed("subject", "toan", vi="Toán mới")
        vocabulary.take_in(one, OPERATOR, "subject", data)
        assert other.vocabularies.label("subject", "toan", "vi") == "Toán"
        assert other.living.look(other.catalogue).label("subject", "toan", "vi") == "Toán mới"
        assert vocabulary.give(other, "subject") == data
        vocabulary.take_in(other, OPERATOR, "subject", seeds.content("subject").encode())
        assert one.living.look(one.catalogue).label("subject", "toan", "vi") == "Toán"
    finally:
        one.catalogue.close()
        other.catalogue.close()
