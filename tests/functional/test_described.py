"""Rows of a sheet that name an address: found, opened where they lie, listed as ours, and never there twice."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ingest.sandbox import Sandbox
from service.app import create
from service.library import lesson_parts, pictures, project, sheet
from service.library.batch import Batch, Options
from service.library.dry_run import DryRun
from service.library.lanes import INDEXING, READING
from service.library.outcomes import Line
from service.library.services import Services
from service.library.sheet import report
from service.library.work import Worker
from service.model import OPERATOR, ResourceId
from tests.functional.repository import library

HEAD = ["Địa chỉ", "Tên học liệu", "Môn học", "Lớp", "Giấy phép", "Đơn vị", "Tệp"]
CC0 = "CC0-1.0"
FILM = "https://phim.example.vn/phép-cộng"
ROWS = [
    [FILM, "Phép cộng có nhớ", "Toán", "2", CC0, "", ""],
    ["https://PHIM.example.vn/ph%C3%A9p-c%E1%BB%99ng", "Lại phép cộng", "Toán", "2", CC0, "", ""],
    [FILM, "Phép cộng của trường", "Toán", "2", CC0, "th-a", ""],
    ["https://noi-bo.example.vn/", "Tài liệu nội bộ", "Toán", "3", "InC", "", ""],
    ["https://khac.example.vn/", "Chưa rõ giấy phép", "", "", "", "", ""],
    ["javascript:alert(1)", "Bài hỏng", "Toán", "3", CC0, "", ""],
    ["", "Không ở đâu", "Toán", "3", CC0, "", ""],
]  # fmt: skip


class Desk:
    """A library, its worker, and sheets that are handed in."""

    def __init__(self, services: Services, worker: Worker, sandbox: Sandbox, folder: Path) -> None:
        self.services, self.worker, self.sandbox, self.folder = services, worker, sandbox, folder

    def hand_in(
        self, rows: list[list[str]], *, head: list[str] = HEAD, dry: bool = False, publish: bool = True
    ) -> dict[int, Line]:
        """Returns: lines by the number of their row."""
        path = self.folder / "bang.csv"
        with path.open("w", encoding="utf-8", newline="") as target:
            csv.writer(target).writerows([head, *rows])
        with self.services.catalogue.reading() as work:
            owners = work.organisations.all()
        read = sheet.read(path, self.services.vocabularies, owners, self.sandbox)
        options = Options(publish=publish, rows=read)
        batch = (
            DryRun(self.services, OPERATOR, options, self.sandbox) if dry else Batch(self.services, OPERATOR, options)
        )
        finished: list[Line] = []
        batch.run([], finished=finished.append, healthy=self.worker.healthy)
        assert sorted(map(id, finished)) == sorted(map(id, batch.lines))
        # Rows of one sheet are no parts of one lesson, though they are named after it.
        assert lesson_parts.grouped(batch.lines) == []
        report.write(self.folder / "ket-qua.csv", batch.lines, read, lists={}, language="vi")
        return {read.number(line.row): line for line in batch.lines if line.row is not None}

    def published(self) -> dict[ResourceId, tuple[str, int]]:
        """Public id -> title and number of the revision that is out."""
        with self.services.catalogue.reading() as work:
            shown = work.resources.published([one.key for one in work.resources.after(0, 100)])
        return {one.id: (revision.first("title") or "", revision.number) for one, revision in shown.values()}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    services = library(tmp_path / "home")
    with services.catalogue.writing() as work:
        work.organisations.add("th-a", "Trường A")
    project.ensure(services)
    with Sandbox() as sandbox:
        worker = Worker(services, sandbox, lanes=READING + INDEXING)
        worker.start()
        yield Desk(services, worker, sandbox, tmp_path)
        worker.stop()
    services.catalogue.close()


def outcomes(lines: dict[int, Line]) -> list[tuple[str | None, str | None]]:
    return [(lines[number].outcome, (lines[number].reason or {}).get("code")) for number in sorted(lines)]


def test_rows_with_an_address_become_resources_that_lead_there(desk: Desk) -> None:
    expected = [
        ("published", None), ("refused", "address-twice"), ("published", None), ("published", None),
        ("draft", "incomplete"), ("refused", "address-wrong"), ("refused", "row-without-file"),
    ]  # fmt: skip
    assert outcomes(desk.hand_in(ROWS, dry=True)) == expected
    assert desk.published() == {}
    lines = desk.hand_in(ROWS)
    assert outcomes(lines) == expected
    assert "cột Địa chỉ, dòng 7" in (lines[7].reason or {})["text"]
    film, schools, inside, unclear = (str(lines[number].resource) for number in (2, 4, 5, 6))
    with (desk.folder / "ket-qua.csv").open(encoding="utf-8-sig", newline="") as source:
        told = {row["Dòng"]: row for row in csv.DictReader(source)}
    # Handed in again as it is, the report is a sheet of the same rows.
    assert (told["2"]["Tệp"], told["2"]["Địa chỉ"], told["2"]["Mã học liệu"]) == ("", FILM, film)

    with TestClient(create(desk.services), base_url="http://library.test") as client:
        page = client.get(f"/resources/{film}").text
        written = "https://phim.example.vn/ph%C3%A9p-c%E1%BB%99ng"
        assert f'href="{written}" rel="external noopener"' in page
        assert "Học liệu này nằm ở phim.example.vn, ngoài thư viện." in page
        assert client.get(f"/resources/{film}/read").status_code == 404
        assert [client.get(f"/resources/{one}").status_code for one in (inside, unclear)] == [404, 404]
        said = client.get("/search", params={"q": "phép cộng có nhớ"}).text
        assert film in said
        assert "ở nơi khác" in said
        assert " 0 B" not in said
        record = client.get(f"/api/v1/resources/{film}").json()
        assert (record["source_url"], record["source"], record["files"]) == (written, None, [])
        listed = client.get("/oai?verb=ListRecords&metadataPrefix=lom").text
        # Ours, so they are in the list of everything; what may not leave the house is not.
        assert [f":{one}<" in listed for one in (film, schools, inside)] == [True, True, False]
        assert written in listed
        assert film in client.get("/atom").text


SHELF_HEAD = ["Tên học liệu", "ISBN", "Kí hiệu xếp giá", "Môn học", "Lớp", "Giấy phép"]
BOOK = ["Toán 2, tập một", "978-604-0-28789-2", "510.7 TO-2", "Toán", "2", "InC-EDU"]


def test_rows_with_a_place_on_a_shelf_become_resources_that_say_where_they_stand(desk: Desk) -> None:
    rows = [
        BOOK,
        ["Bản đồ Cao Bằng", "", "912  CB-1", "Địa lí", "10", CC0],
        ["Bản thứ hai", "9786040287892", "510.7 TO-3", "Toán", "2", "InC-EDU"],
        ["Số chép sai", "978-604-0-28789-3", "", "Toán", "2", CC0],
        ["Không ở đâu", "", "", "Toán", "2", CC0],
    ]
    expected = [
        ("published", None), ("published", None), ("refused", "address-twice"), ("refused", "isbn-wrong"),
        ("refused", "row-without-file"),
    ]  # fmt: skip
    assert outcomes(desk.hand_in(rows, head=SHELF_HEAD, dry=True)) == expected
    lines = desk.hand_in(rows, head=SHELF_HEAD)
    assert outcomes(lines) == expected
    assert "“9786040287892” (cột ISBN, dòng 4)" in (lines[4].reason or {})["text"]
    book, chart = (str(lines[number].resource) for number in (2, 3))
    with TestClient(create(desk.services), base_url="http://library.test") as client:
        page = client.get(f"/resources/{book}").text
        assert "<dt>ISBN</dt><dd>9786040287892</dd>" in page
        assert "<dt>Kí hiệu xếp giá</dt><dd>510.7 TO-2</dd>" in page
        assert "không có tệp ở đây" in page
        assert [client.get(f"/resources/{book}/{part}").status_code for part in ("read", "files/1")] == [404, 404]
        for query, found in (("9786040287892", book), ("912 CB-1", chart)):
            assert f"/resources/{found}" in client.get("/search", params={"q": query}).text
        said = client.get("/search", params={"q": "9786040287892"}).text.partition("<main")[2]
        assert "bản in" in said
        assert "in print" in client.get("/en/search", params={"q": "9786040287892"}).text
        assert " 0 B" not in said
        record = client.get(f"/api/v1/resources/{book}").json()
        assert (record["isbns"], record["shelves"], record["source_url"], record["files"]) == (
            ["9786040287892"], ["510.7 TO-2"], None, [],
        )  # fmt: skip
        listed = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc").text
        assert "<dc:identifier>urn:isbn:9786040287892</dc:identifier>" in listed
        assert f"/resources/{chart}</dc:identifier>" in listed
        assert all(f"/resources/{one}" in client.get("/opds/publications").text for one in (book, chart))
        # A card that was drawn for it once leads nowhere, since nothing of it is here or elsewhere.
        with desk.services.catalogue.reading() as work:
            found = work.resources.get(book)
            assert found is not None
            revision = work.resources.revision(found.key, 1)
        assert revision is not None
        drawn = pictures.card_key(*pictures.card_of(desk.services.vocabularies, revision))
        desk.services.objects.put(drawn, desk.sandbox.card("TO", icon="book", width=pictures.THUMBNAIL_WIDTH))
        carded = client.get(f"/resources/{book}")
        assert carded.status_code == 200
        assert f'<span class="cover"><img src="/resources/{book}/thumbnail?width=320" alt=""></span>' in carded.text
    # Known again by its ISBN, and corrected: it has moved to another shelf.
    assert outcomes(desk.hand_in([BOOK], head=SHELF_HEAD)) == [("duplicate", None)]
    moved = desk.hand_in([[*BOOK[:2], "510.7 TO-9", *BOOK[3:]]], head=SHELF_HEAD)
    assert (outcomes(moved), moved[2].resource) == ([("published", None)], book)


def test_the_same_sheet_makes_no_second_one_and_corrects_the_first(desk: Desk) -> None:
    first = desk.hand_in(ROWS[:1] + ROWS[4:5])
    film, unclear = first[2].resource, first[3].resource
    again = desk.hand_in(ROWS[:1] + ROWS[4:5])
    assert outcomes(again) == [("duplicate", None), ("draft", "incomplete")]
    assert [again[2].resource, again[3].resource] == [film, unclear]
    # Without --publish what is out stays as it is.
    mended = [FILM, "Phép cộng có nhớ trong phạm vi 100", "Toán", "2", CC0, "", ""]
    assert outcomes(desk.hand_in([mended], publish=False)) == [("duplicate", None)]
    clear = [*ROWS[4][:4], CC0, "", ""]
    assert outcomes(desk.hand_in([mended, clear], dry=True)) == [("published", None), ("published", None)]
    done = desk.hand_in([mended, clear])
    assert outcomes(done) == [("published", None), ("published", None)]
    assert [done[2].resource, done[3].resource] == [film, unclear]
    assert desk.published() == {
        film: ("Phép cộng có nhớ trong phạm vi 100", 2), unclear: ("Chưa rõ giấy phép", 1),
    }  # fmt: skip
    # A row that names the resource moves it, where its address has changed.
    moved, head = [["https://phim.example.vn/moi", *mended[1:], str(film)]], [*HEAD, "Mã học liệu"]
    assert desk.hand_in(moved, head=head)[2].resource == film
    assert outcomes(desk.hand_in(moved, head=head)) == [("duplicate", None)]
    assert desk.published()[ResourceId(str(film))] == ("Phép cộng có nhớ trong phạm vi 100", 3)
    # The former address is free: whoever describes it now describes something else.
    assert desk.hand_in([mended])[2].resource not in (film, unclear)


def test_two_rows_that_mean_one_resource_both_have_an_outcome(desk: Desk) -> None:
    unclear = desk.hand_in([[FILM, "Phép cộng", "Toán", "2", "", "", ""]])[2].resource
    head = [*HEAD, "Mã học liệu"]
    rows = [
        [FILM, "Phép cộng có nhớ", "Toán", "2", CC0, "", "", ""],
        ["https://moi.example.vn/", "Phép cộng không nhớ", "Toán", "2", CC0, "", "", str(unclear)],
    ]
    lines = desk.hand_in(rows, head=head)
    assert outcomes(lines) == [("published", None), ("duplicate", None)]
    assert {line.resource for line in lines.values()} == {unclear}
