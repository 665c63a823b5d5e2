"""A librarian's evening with a sheet: a template, a dry run, a report that is corrected and handed in again."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from service import compose
from service.library.services import Services
from service.model import Resource, Revision
from service.settings import Settings
from tests.conftest import make_pdf

HEAD = ["Tệp", "Tên học liệu", "Môn học", "Lớp", "Bộ sách", "Tuần", "Giấy phép", "Đơn vị"]
CC0 = "CC0-1.0"
ROWS = [
    ["một.pdf; phiếu.txt", "Phép cộng", "Toán", 2, "KNTT", 19, CC0, ""],
    ["hai.pdf", "=1+1", "ma thuật", 3, "", "", CC0, ""],
    ["ba.pdf", "Bài ba", "Toán", 3, "", "", CC0, "Trường không có"],
    ["không có.pdf", "Bài bốn", "Toán", 3, "", "", CC0, ""],
    ["năm.pdf", "Bài năm", "Toán", 3, "", "", "", ""],
]


@dataclass(frozen=True)
class Desk:
    """A folder of files, a sheet, and a library that is empty at first."""

    root: Path

    @property
    def home(self) -> Path:
        return self.root / "home"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "service.cli", *arguments],
            env={**os.environ, "HOCLIEU_HOME": str(self.home), "HOCLIEU_LANGUAGE": "vi"},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    def ingest(self, sheet: str, *options: str) -> dict[str, dict[str, Any]]:
        """Take the folder in with a sheet. Returns: the lines of the JSON report by path."""
        report = self.root / "report.json"
        done = self.run(
            "ingest", str(self.root / "vào"), "--publish", "--sheet", str(self.root / "vào" / sheet), *options,
            "--report", str(report), "--report", str(self.root / "vào" / "ket-qua.csv"),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return {line["path"]: line for line in json.loads(report.read_text(encoding="utf-8"))["files"]}

    def corrected(self, name: str, change: Callable[[dict[str, str]], None]) -> None:
        """The report, a row at a time through somebody's hands."""
        with (self.root / "vào" / "ket-qua.csv").open(encoding="utf-8-sig", newline="") as source:
            rows = list(csv.DictReader(source))
        for row in rows:
            change(row)
        with (self.root / "vào" / name).open("w", encoding="utf-16", newline="") as target:
            writer = csv.DictWriter(target, list(rows[0]), delimiter="\t")
            writer.writeheader()
            writer.writerows(rows)

    def open(self) -> Services:
        return compose.services(Settings(home=self.home))

    def shown(self, id: str) -> tuple[Resource, Revision]:
        parts = self.open()
        try:
            with parts.catalogue.reading() as work:
                resource = work.resources.get(id)
                assert resource is not None
                assert resource.published
                revision = work.resources.revision(resource.key, resource.published)
                assert revision is not None
                return resource, revision
        finally:
            parts.catalogue.close()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    folder = tmp_path / "vào"
    for name, text in (("một", "Phép cộng có nhớ."), ("hai", "Phép trừ."), ("ba", "Phép nhân."), ("năm", "Phép chia.")):
        make_pdf(folder / f"{name}.pdf", [text])
    (folder / "phiếu.txt").write_text("Tính rồi viết kết quả vào ô trống.", encoding="utf-8")
    with xlsxwriter.Workbook(str(folder / "bang.xlsx"), {"strings_to_formulas": False}) as book:
        page = book.add_worksheet()
        page.merge_range("A1:H1", "DANH MỤC HỌC LIỆU")
        for number, row in enumerate([HEAD, *ROWS], start=1):
            page.write_row(number, 0, row)
    return Desk(tmp_path)


def outcomes(lines: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> list[tuple[str, str | None]]:
    return [(lines[name]["outcome"], lines[name]["reason"] and lines[name]["reason"]["code"]) for name in names]


def stored(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "objects").rglob("*") if path.is_file())


def test_a_sheet_is_tried_taken_in_corrected_and_handed_in_again(desk: Desk) -> None:
    names = ["một.pdf", "phiếu.txt", "hai.pdf", "ba.pdf", "không có.pdf", "năm.pdf", "bang.xlsx"]
    expected = [
        ("published", None), ("companion", None), ("refused", "unknown-term"), ("refused", "unknown-organisation"),
        ("refused", "file-not-there"), ("draft", "incomplete"), ("skipped", "the-sheet"),
    ]  # fmt: skip

    tried = desk.ingest("bang.xlsx", "--dry-run")
    assert outcomes(tried, names) == expected
    parts = desk.open()
    with parts.catalogue.reading() as work:
        assert list(work.resources.after(0, 10)) == []
        assert work.blobs.total() == (0, 0)
        assert sum(work.jobs.numbers().values()) == 0
    parts.catalogue.close()
    assert [name for name in stored(desk.home) if len(name) == 64] == []

    done = desk.ingest("bang.xlsx")
    assert outcomes(done, names) == expected
    same = ("outcome", "reason", "media_type", "passages", "warnings")
    assert [[done[name][part] for part in same] for name in names] == [
        [tried[name][part] for part in same] for name in names
    ]
    # The sheet's own words for the column, and the number of the row that a spreadsheet shows.
    assert "cột Môn học, dòng 4" in done["hai.pdf"]["reason"]["text"]
    first, revision = desk.shown(done["một.pdf"]["resource"])
    assert [(file.name, file.role) for file in revision.files] == [("một.pdf", "main"), ("phiếu.txt", "main")]
    assert revision.first("placement") == "programme=ct2018,subject=toan,grade=lop-2,series=kntt,week=19"

    def correct(row: dict[str, str]) -> None:
        if row["Tệp"] == "hai.pdf":
            # Nothing that a spreadsheet would compute went out.
            assert row["Tên học liệu"] == "'=1+1"
            row["Môn học"] = "Toán"
        elif row["Tệp"] == "ba.pdf":
            row["Đơn vị"] = ""
        elif row["Tệp"] == "năm.pdf":
            row["Giấy phép"], row["Môn học"] = CC0, "Tin học"
        elif row["Tệp"].startswith("một.pdf"):
            assert row["Mã học liệu"] == first.id
            row["Tên học liệu"], row["Môn học"] = "Phép cộng có nhớ", "Tin học"

    desk.corrected("sua.csv", correct)
    again = desk.ingest("sua.csv")
    assert outcomes(again, ["hai.pdf", "ba.pdf", "năm.pdf", "một.pdf"]) == [("published", None)] * 4
    assert desk.shown(again["hai.pdf"]["resource"])[1].first("title") == "=1+1"
    fifth = desk.shown(again["năm.pdf"]["resource"])[1]
    # What a sheet said is no more; the draft's id has stayed.
    assert (again["năm.pdf"]["resource"], fifth.every("subject")) == (done["năm.pdf"]["resource"], ("tin-hoc",))
    whole, mended = desk.shown(first.id)
    assert (whole.published, mended.first("title"), mended.every("subject")) == (2, "Phép cộng có nhớ", ("tin-hoc",))
    assert mended.files == revision.files

    desk.ingest("sua.csv")
    assert desk.shown(first.id)[0].published == 2


def test_a_template_has_a_row_a_file_and_a_sheet_that_cannot_be_read_stops_before_the_first(desk: Desk) -> None:
    path = desk.root / "vào" / "mau.xlsx"
    made = desk.run("sheet-template", str(path), "--folder", str(desk.root / "vào"))
    assert (made.returncode, "6 tệp" in made.stdout) == (0, True), made.stderr
    path.write_bytes(path.read_bytes()[:2000])
    done = desk.run("ingest", str(desk.root / "vào"), "--sheet", str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "Không đọc được bảng mau.xlsx." in done.stderr
    assert "Traceback" not in done.stderr
