"""Packages for whoever does not harvest: what is in them, what comes next, what a receipt changes."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from lxml import etree

from service.errors import Invalid, NotAllowed, SettingNeeded
from service.library import handover, profile, publishing, receipts
from service.library.handover import Made
from service.model import OPERATOR, PUBLIC, Access, FileEntry, Value
from service.ports import blob_key
from tests.functional.repository import Repository, library

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
WHOLE = {"description": "Có ví dụ.", "creator": "Tổ Toán", "subject": "toan", "grade": "lop-10", "language": "vi"}


class Handing(Repository):
    """A library whose files are there. out: where packages go."""

    out: Path

    def offer(self, title: str, *, access: Access = "public", licence: str = "CC-BY-4.0", **values: str) -> str:
        data = f"%PDF-1.7 {title}".encode()
        sha256 = hashlib.sha256(data).hexdigest()
        self.services.objects.put(blob_key(sha256), data)
        told = {"title": title, "type": "video", "licence": licence, **WHOLE, **values}
        with self.services.catalogue.writing() as work:
            resource = work.resources.add(owner="default", access=access)
            work.blobs.add(sha256, len(data))
            draft = work.resources.add_revision(
                resource.key,
                values=[Value(field, value, "person") for field, value in told.items() if value],
                files=[FileEntry(1, sha256, len(data), "application/pdf", 'bài "một"/../x.pdf')],
            )
            publishing.publish(self.services, work, resource, draft, actor="operator")
        return resource.id

    def hand_over(self, **options: bool | int) -> Made:
        self.settle()
        return handover.hand_over(self.services, OPERATOR, profile.shipped(), self.out, **options)  # type: ignore[arg-type]

    def answer_with(self, made: Made, outcomes: Mapping[str, tuple[str, str]], separator: str = ",") -> receipts.Read:
        """The package's own form, filled in. outcomes: id -> (outcome, reason)."""
        assert made.folder is not None
        rows = list(csv.DictReader(io.StringIO((made.folder / "receipt.csv").read_text(encoding="utf-8-sig"))))
        filled = io.StringIO()
        table = csv.DictWriter(filled, rows[0].keys(), delimiter=separator)
        table.writeheader()
        for row in rows:
            outcome, reason = outcomes.get(row["identifier"].rsplit(":", 1)[-1], ("", ""))
            table.writerow({**row, "outcome": outcome, "reason": reason})
        path = self.out / "receipt.csv"
        path.write_text(filled.getvalue(), encoding="utf-8")
        return receipts.take_in(self.services, OPERATOR, path)


@pytest.fixture(params=["sqlite", "postgresql"])
def handing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Handing]:
    url = request.getfixturevalue("postgresql_database") if request.param == "postgresql" else ""
    services = library(tmp_path / "home", url)
    made = Handing(services)
    made.out = tmp_path / "out"
    yield made
    services.catalogue.close()


def rows(folder: Path, sheet: int) -> list[list[str]]:
    with zipfile.ZipFile(folder / "records.xlsx") as opened:
        root = etree.fromstring(opened.read(f"xl/worksheets/sheet{sheet}.xml"))
    return [[cell.findtext(f".//{MAIN}t") or "" for cell in row] for row in root.iter(f"{MAIN}row")]


def ids(folder: Path | None, sheet: int = 1) -> set[str]:
    assert folder is not None
    return {row[0].rsplit(":", 1)[-1] for row in rows(folder, sheet)[1:]}


def test_a_package_holds_table_descriptions_permitted_files_and_checksums(handing: Handing) -> None:
    opened = handing.offer("Hàm số")
    kept = handing.offer("Được dùng để dạy", licence="InC-EDU")
    closed = handing.offer("Sau khi đăng nhập", access="signed-in")
    lacking = handing.offer("Thiếu mô tả", description="")
    handing.offer("Trong nhà", access="organisation")
    made = handing.hand_over()
    assert (made.records, made.files, made.withdrawn, made.lacking, made.failed) == (3, 1, 0, 1, {})
    folder = made.folder
    assert folder is not None
    assert folder.name == made.name
    assert made.name.startswith("national-20")
    assert made.name.endswith("-001")
    head, *table = rows(folder, 1)
    assert head == [*(rule.column for rule in profile.shipped().rules), "Tệp trong gói"]
    told = {row[0].rsplit(":", 1)[-1]: dict(zip(head, row, strict=True)) for row in table}
    assert set(told) == {opened, kept, closed}
    assert lacking not in told
    assert told[opened]["Tên học liệu"] == "Hàm số"
    assert told[opened]["Lớp"] == "Lớp 10"
    assert told[opened]["Giấy phép"] == "https://creativecommons.org/licenses/by/4.0/"
    # Only what its licence lets everybody copy goes along.
    assert told[kept]["Tệp trong gói"] == told[closed]["Tệp trong gói"] == ""
    (file,) = [path for path in (folder / "files").rglob("*") if path.is_file()]
    assert file.read_bytes() == b"%PDF-1.7 " + "Hàm số".encode()
    assert told[opened]["Tệp trong gói"] == f"files/{opened}/{file.name}"
    assert {path.stem for path in (folder / "lom").iterdir()} == set(told)
    assert etree.parse(folder / "lom" / f"{opened}.xml").getroot().tag.endswith("}lom")
    lines = [json.loads(line) for line in (folder / "records.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["identifier"].rsplit(":", 1)[-1] for line in lines} == set(told)
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.count(": OK") == 3 + 1 + 3
    assert "accepted" in (folder / "README.txt").read_text(encoding="utf-8")
    assert [path.name for path in handing.out.iterdir()] == [made.name]


def test_the_next_package_holds_what_changed_and_names_what_is_gone(handing: Handing) -> None:
    stays, changes, goes, fades = (handing.offer(title) for title in ("Một", "Hai", "Ba", "Bốn"))
    first = handing.hand_over()
    assert ids(first.folder) == {stays, changes, goes, fades}
    assert handing.hand_over().folder is None
    # Another set is no news to whoever holds the record.
    with handing.services.catalogue.writing() as work:
        found = work.resources.get(stays)
        assert found is not None
        work.oai.try_out([found.key])
        work.jobs.add("render", stays, priority=1)
    handing.edit(changes, "Hai, đã sửa")
    handing.withdraw(goes)
    handing.edit(fades, "Bốn", description="")
    new = handing.offer("Năm")
    second = handing.hand_over()
    assert second.name.endswith("-002")
    assert ids(second.folder) == {changes, new}
    assert ids(second.folder, 2) == {goes, fades}
    assert second.folder is not None
    assert {row[2] for row in rows(second.folder, 2)[1:]} == {
        "đã thu hồi khỏi thư viện",
        "không còn đáp ứng yêu cầu",
    }
    assert handing.hand_over().folder is None
    handing.reinstate(goes)
    assert ids(handing.hand_over().folder) == {goes}
    everything = handing.hand_over(everything=True)
    assert ids(everything.folder) == {stays, changes, goes, new}
    assert ids(everything.folder, 2) == {fades}


def test_a_receipt_says_what_was_taken_and_what_was_refused_is_sent_again_when_it_is_better(handing: Handing) -> None:
    good, bad, unsaid = (handing.offer(title) for title in ("Một", "Hai", "Ba"))
    first = handing.hand_over()
    for separator in (",", ";", "\t"):
        # Read again it says the same.
        done = handing.answer_with(first, {good: ("Đã nhận", ""), bad: ("refused", "Mô tả; quá ngắn")}, separator)
        assert (done.accepted, done.unsaid, done.unknown) == (1, 1, ())
        assert done.refused == ((handing.oai_id(bad), "Mô tả; quá ngắn"),)
    assert handing.hand_over().folder is None
    handing.edit(bad, "Hai", description="Một mô tả đủ dài.")
    handing.edit(unsaid, "Ba", description="Một mô tả khác.")
    second = handing.hand_over()
    assert ids(second.folder) == {bad, unsaid}
    # Of a version that another one has taken the place of nothing is learnt.
    late = handing.answer_with(first, {bad: ("accepted", ""), unsaid: ("refused", "Cũ")})
    assert (late.accepted, late.refused, late.overtaken) == (0, (), 2)
    assert handing.answer_with(second, {bad: ("accepted", ""), unsaid: ("accepted", "")}).accepted == 2
    with handing.services.catalogue.reading() as work:
        assert [bool(one.receipt_at) for one in work.handovers.packages("national")] == [True, True]
        assert len(work.events.of_kind("handed-over")) == 2
        assert len(work.events.of_kind("receipt-read")) == 5
        keys = [found.key for one in (good, bad, unsaid) if (found := work.resources.get(one))]
        states = work.handovers.items("national", keys)
    assert {states[key].state for key in keys} == {"accepted"}


@pytest.mark.parametrize(
    "text",
    [
        "identifier,outcome\nx,accepted\n",
        "package,identifier,outcome,reason\n{name},oai:x:1,maybe,\n",
        "package,identifier,outcome,reason\nnational-1999-01-01-001,oai:x:1,accepted,\n",
        "package,identifier,outcome,reason\n{name},,accepted,\n",
        'package,identifier,outcome,reason\n{name},"oai:x:1,accepted,\n',
        "\x00\x01",
    ],
)
def test_a_receipt_that_is_none_changes_nothing(tmp_path: Path, text: str) -> None:
    handing = Handing(library(tmp_path / "home"))
    handing.out = tmp_path / "out"
    id = handing.offer("Một")
    made = handing.hand_over()
    path = tmp_path / "receipt.csv"
    path.write_text(text.replace("{name}", made.name), encoding="utf-8")
    with pytest.raises(Invalid, match="receipt"):
        receipts.take_in(handing.services, OPERATOR, path)
    with handing.services.catalogue.reading() as work:
        found = work.resources.get(id)
        assert found is not None
        assert work.handovers.items("national", [found.key])[found.key].state == "sent"
    with pytest.raises(NotAllowed):
        receipts.take_in(handing.services, PUBLIC, path)
    handing.services.catalogue.close()


def test_a_file_that_is_lost_leaves_out_its_record_and_a_killed_run_leaves_nothing_that_counts(tmp_path: Path) -> None:
    handing = Handing(library(tmp_path / "home"))
    handing.out = tmp_path / "out"
    whole, lost = handing.offer("Một"), handing.offer("Hai")
    key = blob_key(hashlib.sha256(b"%PDF-1.7 Hai").hexdigest())
    handing.services.objects.remove(key)

    def die(_records: int) -> None:
        raise KeyboardInterrupt

    handing.settle()
    with pytest.raises(KeyboardInterrupt):
        handover.hand_over(handing.services, OPERATOR, profile.shipped(), handing.out, step=die)
    assert list(handing.out.iterdir()) == []
    first = handing.hand_over()
    assert (ids(first.folder), first.failed) == ({whole}, {lost: "object-missing"})
    assert first.name.endswith("-001")
    assert first.folder is not None
    assert not (first.folder / "lom" / f"{lost}.xml").exists()
    handing.services.objects.put(key, b"%PDF-1.7 Hai")
    assert ids(handing.hand_over().folder) == {lost}
    handing.services.catalogue.close()


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"public_url": ""}, "HOCLIEU_PUBLIC_URL"),
        ({"repository_id": "hoclieu.example"}, "HOCLIEU_REPOSITORY_ID"),
        ({"public_url": "", "repository_id": "hoclieu.example"}, "HOCLIEU_PUBLIC_URL, HOCLIEU_REPOSITORY_ID"),
    ],
)
def test_nothing_goes_out_under_an_address_or_identifiers_that_are_nobody_s(
    tmp_path: Path, given: Mapping[str, str], names: str
) -> None:
    handing = Handing(library(tmp_path / "home", **given))
    handing.out = tmp_path / "out"
    handing.offer("Một")
    with pytest.raises(SettingNeeded) as caught:
        handing.hand_over()
    assert caught.value.parameters["names"] == names
    assert not handing.out.exists()
    handing.services.catalogue.close()


def test_the_commands_merge_report_hand_over_and_read_a_receipt(tmp_path: Path) -> None:
    home = tmp_path / "home"
    handing = Handing(library(home))
    handing.out = tmp_path / "out"
    with handing.services.catalogue.writing() as work:
        work.organisations.add("a", "Trường A")
        work.organisations.add("b", "Trường B")
    opened = handing.offer("Một")
    handing.publish("Hai", owner="a")
    handing.services.catalogue.close()

    given = {"HOCLIEU_HOME": str(home), "HOCLIEU_LANGUAGE": "en", "HOCLIEU_REPOSITORY_ID": "thuvien.example.vn"}

    def run(*arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "service.cli", *arguments],
            env={**os.environ, **given},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == code, done.stderr
        return done.stdout + done.stderr

    assert "a is merged into b: owners" in run("organisations", "merge", "a", "b")
    told = json.loads(run("readiness", "--json"))
    assert {one["organisation"]: (one["ready"], one["listed"]) for one in told["organisations"]} == {
        "b": (0, 1),
        "default": (1, 1),
    }
    refused = run("handover", str(handing.out), code=2)
    assert "Not set: HOCLIEU_PUBLIC_URL." in refused
    assert "HOCLIEU_PUBLIC_URL=https://" in refused
    given["HOCLIEU_PUBLIC_URL"] = "https://thuvien.example.vn"
    assert "1 record with 1 file," in run("handover", str(handing.out))
    (folder,) = handing.out.iterdir()
    form = folder / "receipt.csv"
    form.write_text(form.read_text(encoding="utf-8-sig").replace(",,", ",accepted,"), encoding="utf-8")
    assert "Accepted: 1." in run("handover", "receipt", str(form))
    assert opened in form.read_text(encoding="utf-8")
