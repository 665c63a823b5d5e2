"""The command line as an operator and a script meet it: reports, exit codes, sentences."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from tests.archives import Entry, honest, rar5, seven, zip_of

Run = Callable[..., subprocess.CompletedProcess[str]]
KEYS = {"path", "outcome", "resource", "media_type", "passages", "warnings", "reason", "seconds", "proposals"}


def pdf(path: Path, *pages: str, title: str = "", lock: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with pymupdf.open() as document:
        for text in pages:
            page = document.new_page()
            page.insert_htmlbox(pymupdf.Rect(60, 90, 540, 780), f"<p>{text}</p>")
        if title:
            document.set_metadata({"title": title})
        if lock:
            document.save(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw=lock, owner_pw=lock)
        else:
            document.save(path)
    return path


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def call(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "HOCLIEU_HOME": str(tmp_path / "home"), "HOCLIEU_LANGUAGE": "en", **settings}
        command = [sys.executable, "-m", "service.cli", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "ổ cứng"
    pdf(root / "toan" / "Bai_1 ham so.pdf", "Đồ thị của hàm số bậc hai là một parabol.", "Bài tập về nhà.")
    pdf(root / "li.pdf", "Chuyển động thẳng đều và vận tốc trung bình.", title="Chuyển động thẳng")
    pdf(root / "khoa.pdf", "Bí mật", lock="mở")
    (root / "hong.pdf").write_bytes(b"%PDF-1.7\n" + b"rubbish " * 50)
    (root / "rong.pdf").write_bytes(b"")
    (root / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0 thumbnails")
    (root / "toan" / "ban sao.pdf").write_bytes((root / "li.pdf").read_bytes())
    return root


def report_of(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def test_a_folder_goes_in_and_every_file_has_an_outcome(run: Run, folder: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    done = run("ingest", str(folder), "--publish", "--licence", "CC-BY-4.0", "--report", str(report))
    assert done.returncode == 0, done.stderr
    data = report_of(report)
    assert all(set(line) == KEYS for line in data["files"])
    outcomes = {line["path"]: (line["outcome"], line["reason"] and line["reason"]["code"]) for line in data["files"]}
    assert outcomes == {
        "toan/Bai_1 ham so.pdf": ("published", None),
        "li.pdf": ("published", None),
        "khoa.pdf": ("draft", "encrypted-file"),
        "hong.pdf": ("draft", "broken-file"),
        "rong.pdf": ("refused", "empty-file"),
        "Thumbs.db": ("skipped", "litter"),
        "toan/ban sao.pdf": ("duplicate", None),
    }
    lines = {line["path"]: line for line in data["files"]}
    read = lines["toan/Bai_1 ham so.pdf"]
    assert (read["passages"], read["media_type"]) == (2, "application/pdf")
    assert lines["toan/ban sao.pdf"]["resource"] == lines["li.pdf"]["resource"]
    assert data["totals"] | {"seconds": 0} == {
        "published": 2, "draft": 2, "duplicate": 1, "refused": 1, "skipped": 1, "companion": 0,
        "files": 7, "seconds": 0,
    }  # fmt: skip
    assert "hong.pdf: The file is broken and cannot be opened. Open the original and save it" in done.stderr
    found = json.loads(run("search", "do thi ham so bac hai", "--json").stdout)
    assert (found["total"], found["items"][0]["title"]) == (1, "Bai 1 ham so")
    assert found["items"][0]["hits"][0]["locator"] == {"kind": "page", "value": 1}
    assert "<mark>" in found["items"][0]["hits"][0]["snippet"]


def test_the_same_folder_twice_adds_nothing(run: Run, folder: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    run("ingest", str(folder), "--publish", "--licence", "CC-BY-4.0")
    again = run("ingest", str(folder), "--publish", "--licence", "CC-BY-4.0", "--report", str(report), "--jobs", "1")
    assert again.returncode == 0
    assert report_of(report)["totals"]["published"] == 0
    assert json.loads(run("search", "", "--json").stdout)["total"] == 2


def test_without_a_licence_items_stay_drafts_and_say_so_and_a_second_run_publishes_them(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    run("ingest", str(folder / "li.pdf"), "--publish", "--report", str(report))
    line = report_of(report)["files"][0]
    assert (line["path"], line["outcome"], line["reason"]["code"]) == ("li.pdf", "draft", "incomplete")
    assert "Licence" in line["reason"]["text"]
    run("ingest", str(folder / "li.pdf"), "--publish", "--licence", "CC0-1.0", "--report", str(report))
    assert report_of(report)["files"][0]["outcome"] == "published"
    assert json.loads(run("search", "", "--json").stdout)["total"] == 1


def test_a_file_in_a_trademarked_cupboard_never_reaches_the_public(run: Run, folder: Path) -> None:
    run("ingest", str(folder / "li.pdf"), "--publish", "--licence", "CNE")
    assert json.loads(run("search", "", "--json").stdout)["total"] == 0


def test_withdrawn_is_not_found_and_reinstated_is_found_again(run: Run, folder: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    run("ingest", str(folder / "li.pdf"), "--publish", "--licence", "CC0-1.0", "--report", str(report))
    id = report_of(report)["files"][0]["resource"]
    assert run("withdraw", id, "--reason", "sai sót").returncode == 0
    assert json.loads(run("search", "chuyển động", "--json").stdout)["total"] == 0
    assert run("withdraw", id, "--reason", "sai sót").returncode == 2
    assert run("reinstate", id.upper()).returncode == 0
    assert json.loads(run("search", "chuyen dong", "--json").stdout)["total"] == 1


@pytest.mark.parametrize(
    ("arguments", "status", "names"),
    [
        (("ingest", "/no/such/folder"), 2, "/no/such/folder"),
        (("ingest", ".", "--jobs", "0"), 2, "--jobs"),
        (("ingest", ".", "--organisation", "truong-la"), 2, "truong-la"),
        (("ingest", ".", "--licence", "MIT-ish"), 2, "MIT-ish"),
        (("ingest", "--sheet", "khong-co.xlsx"), 2, "There is no file or folder khong-co.xlsx."),
        (("withdraw", "zzzzzzzzzzzz", "--reason", "x"), 2, "no resource with the id zzzzzzzzzzzz."),
        (("frobnicate",), 2, "frobnicate"),
    ],
)
def test_wrong_use_is_one_sentence_that_names_the_thing(
    run: Run, arguments: tuple[str, ...], status: int, names: str
) -> None:
    done = run(*arguments)
    assert done.returncode == status
    assert names in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_named_with_what_is_allowed(run: Run) -> None:
    done = run("doctor", HOCLIEU_DATABASE_URL="mysql://host/db")
    assert done.returncode == 2
    assert "HOCLIEU_DATABASE_URL" in done.stderr
    assert "sqlite" in done.stderr


def test_a_misspelt_setting_is_refused_in_the_language_of_whoever_runs_it(run: Run) -> None:
    for language, said in (
        ("en", "There is no setting HOCLIEU_DATABSE_URL"),
        ("vi", "Không có thiết lập HOCLIEU_DATABSE_URL"),
    ):
        done = run("doctor", HOCLIEU_LANGUAGE=language, HOCLIEU_DATABSE_URL="sqlite:///secret")
        assert done.returncode == 2
        assert f"{said};" in done.stderr
        assert "HOCLIEU_DATABASE_URL" in done.stderr
        assert "secret" not in done.stderr
        assert "Traceback" not in done.stderr


def test_organisations_are_added_once_and_own_what_is_ingested(run: Run, folder: Path) -> None:
    assert run("organisations", "add", "thpt-be-van-dan", "THPT Bế Văn Đàn").returncode == 0
    assert run("organisations", "add", "thpt-be-van-dan", "Trường khác").returncode == 1
    run("ingest", str(folder / "li.pdf"), "--publish", "--licence", "CC0-1.0", "--organisation", "thpt-be-van-dan")
    found = json.loads(run("search", "", "--json").stdout)
    assert [row["value"] for row in found["facets"]["organisation"]] == ["thpt-be-van-dan"]


def test_reindex_and_reprocess_leave_the_answers_as_they_were(run: Run, folder: Path) -> None:
    run("ingest", str(folder), "--publish", "--licence", "CC0-1.0")
    before = json.loads(run("search", "chuyển động thẳng", "--json").stdout)
    assert run("reindex").returncode == 0
    queued = run("reprocess", "--type", "application/pdf")
    assert queued.returncode == 0
    assert "4" in queued.stdout
    after = json.loads(run("search", "chuyển động thẳng", "--json").stdout)
    assert [item["id"] for item in after["items"]] == [item["id"] for item in before["items"]]
    assert "agrees" in run("doctor").stdout


def test_help_fits_a_screen_in_both_languages(run: Run) -> None:
    for language, word in (("vi", "Học liệu"), ("en", "Resources")):
        shown = run("--help", HOCLIEU_LANGUAGE=language).stdout
        assert word in shown
        assert len(shown.splitlines()) <= 30
        assert "..." not in shown.partition("\n")[2]


def test_statistics_come_as_csv_with_a_header(run: Run) -> None:
    assert run("stats", "--csv").stdout.splitlines()[0] == "day,kind,resource,organisation,door,number"


def test_a_sheet_describes_the_files_it_lies_among_and_is_none_of_them(run: Run, folder: Path, tmp_path: Path) -> None:
    sheet = folder / "bang.csv"
    sheet.write_text(
        "path,title,subject,grade,licence,keywords\nli.pdf,Chuyển động thẳng đều,vl,lớp 10,CC0-1.0,vận tốc;gia tốc\n",
        encoding="utf-8",
    )
    report = tmp_path / "report.json"
    done = run("ingest", str(folder), "--publish", "--sheet", str(sheet), "--report", str(report))
    assert done.returncode == 0, done.stderr
    outcomes = {line["path"]: line["outcome"] for line in report_of(report)["files"]}
    assert outcomes["li.pdf"] == "published"
    assert outcomes["bang.csv"] == "skipped"
    item = json.loads(run("search", "vat li 10", "--json").stdout)["items"][0]
    assert (item["title"], item["subjects"], item["grades"]) == ("Chuyển động thẳng đều", ["vat-li"], ["lop-10"])


def test_a_row_that_cannot_be_used_is_refused_with_its_number_and_the_rest_goes_in(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    sheet = folder / "bang.csv"
    sheet.write_text(
        "path,subject,organisation\nli.pdf,ma thuật,\ntoan/Bai_1 ham so.pdf,toan,truong-la\nkhoa.pdf,toan,\n",
        encoding="utf-8",
    )
    report = tmp_path / "report.json"
    done = run("ingest", str(folder), "--sheet", str(sheet), "--report", str(report))
    assert done.returncode == 0
    assert "subject, row 2" in done.stderr
    lines = {line["path"]: line for line in report_of(report)["files"]}
    told = [(lines[name]["outcome"], lines[name]["reason"]["text"]) for name in ("li.pdf", "toan/Bai_1 ham so.pdf")]
    assert told == [
        ("refused", "“ma thuật” is no term of the vocabulary (subject, row 2)."),
        ("refused", "No organisation has the code or name “truong-la” (organisation, row 3)."),
    ]
    assert lines["khoa.pdf"]["outcome"] == "draft"


def test_schools_come_from_a_list_and_rows_say_whose_and_where_in_the_programme(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    schools = tmp_path / "schools.csv"
    schools.write_text(
        "code,name,kind,parent,note\nxa,UBND xã,ubnd-cap-xa,,\nth-a,Trường Tiểu học A,tieu-hoc,xa,giả định\n",
        encoding="utf-8",
    )
    assert run("organisations", "import", str(schools)).stdout.startswith("Added 2 organisations; 0 ")
    assert run("organisations", "import", str(schools)).stdout.startswith("Added 0 organisations; 2 ")
    assert "th-a\tTrường Tiểu học A\ttieu-hoc" in run("organisations", "list").stdout.splitlines()
    schools.write_text("code,name,parent\nth-b,Trường B,huyen\n", encoding="utf-8")
    refused = run("organisations", "import", str(schools))
    assert (refused.returncode, "parent, row 2" in refused.stderr) == (2, True)
    sheet = folder / "bang.csv"
    sheet.write_text(
        'path,subject,grade,organisation,placements\nli.pdf,vl,lớp 10,Trường Tiểu học A,"series=KNTT,week=19"\n',
        encoding="utf-8",
    )
    report = tmp_path / "report.json"
    run("ingest", str(folder), "--publish", "--licence", "CC0-1.0", "--sheet", str(sheet), "--report", str(report))
    assert report_of(report)["totals"]["published"] == 2
    facets = json.loads(run("search", "", "--json").stdout)["facets"]
    assert {row["value"]: row["count"] for row in facets["organisation"]} == {"default": 1, "th-a": 1}


def test_archives_go_in_like_folders(run: Run, tmp_path: Path) -> None:
    given, report = tmp_path / "given", tmp_path / "report.json"
    lesson = pdf(tmp_path / "bài 1.pdf", "Phân số bằng nhau và cách rút gọn.").read_bytes()
    members = {"Toán/bài 1.pdf": lesson, "Thumbs.db": b"x", "~$a.docx": b"x", "autorun.inf": b"x", "a.lnk": b"x"}
    inner = honest(tmp_path / "inner.zip", {"sâu.pdf": lesson}).read_bytes()
    given.mkdir()
    honest(given / "tuần 1.zip", {**members, "con.zip": inner, "rỗng.pdf": b""})
    seven(given / "b.7z", {"bài 1.pdf": lesson})
    rar5(given / "c.rar", {"Đọc thêm.pdf": pdf(tmp_path / "c.pdf", "Số thập phân.").read_bytes()})
    rar5(given / "khoá.rar", {"a.pdf": lesson}, locked=True)
    rar5(given / "x.part2.rar", {"a.pdf": lesson}, volume=True)
    zip_of(given / "hại.zip", [Entry(b"../../a.pdf", lesson)])
    done = run("ingest", str(given), "--publish", "--licence", "CC-BY-4.0", "--report", str(report))
    assert done.returncode == 0, done.stderr
    outcomes = {
        line["path"]: (line["outcome"], line["reason"] and line["reason"]["code"])
        for line in report_of(report)["files"]
    }
    assert outcomes == {
        "b.7z!/bài 1.pdf": ("published", None),
        "c.rar!/Đọc thêm.pdf": ("published", None),
        "hại.zip": ("refused", "hostile-archive"),
        "khoá.rar": ("draft", "encrypted-file"),
        "tuần 1.zip!/Thumbs.db": ("skipped", "litter"),
        "tuần 1.zip!/Toán/bài 1.pdf": ("duplicate", None),
        "tuần 1.zip!/a.lnk": ("skipped", "litter"),
        "tuần 1.zip!/autorun.inf": ("skipped", "litter"),
        "tuần 1.zip!/con.zip": ("published", None),
        "tuần 1.zip!/rỗng.pdf": ("refused", "empty-file"),
        "tuần 1.zip!/~$a.docx": ("skipped", "litter"),
        "x.part2.rar": ("draft", "split-archive"),
    }
    assert json.loads(run("search", "so thap phan", "--json").stdout)["items"][0]["title"] == "Đọc thêm"
