"""Reading a programme's tables: on pages made here, and on the Ministry's own where they stand beside the clone."""

import csv
import itertools
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest

from deploy.curriculum import tree
from deploy.curriculum.__main__ import COLUMNS, SEEDS, merged, read
from deploy.curriculum.programme import Correction, Part, Programme, load
from deploy.curriculum.walk import walk
from tests.unit.house.tree import ROOT

PUBLISHED = ROOT.parent / "shared" / "curriculum"
LEFT, MIDDLE, BORDER, RIGHT = 79, 198, 362, 790
MADE = Programme(
    name="made",
    prefix="mau",
    source="made.pdf",
    sha256="",
    first_page=1,
    last_page=9,
    subjects={6: "toan", 7: "toan"},
    heads=frozenset({"Nội dung", "Yêu cầu cần đạt"}),
    parts=(Part("CHUYÊN ĐỀ LỚP", "Chuyên đề học tập"), Part("TOÀN CẤP HỌC", "", True)),
    remarks=("CS",),
    left_out=("Nhà trường",),
    heading="Phần ",
    names={"SỐ VÀ ĐẠI SỐ": "Số và Đại số"},
)


class Paper:
    """Pages with ruled tables, as a word processor draws them: every rule a thin filled rectangle."""

    def __init__(self) -> None:
        self.document = pymupdf.open()

    def page(self) -> "Paper":
        self.sheet = self.document.new_page(width=842, height=595)
        self.y = 57.0
        return self

    def line(self, text: str) -> "Paper":
        self._write(420, self.y + 10, text)
        self.y += 40
        return self

    def head(self) -> "Paper":
        return self.row((LEFT, "Nội dung"), (BORDER, "Yêu cầu cần đạt"))

    def row(self, *cells: tuple[float, str]) -> "Paper":
        """Cells from left to right; "\\n" parts lines."""
        height = 18 * max(text.count("\n") + 1 for _, text in cells) + 7
        edges = [*(x for x, _ in cells), RIGHT]
        for edge in edges:
            self._rule(edge, self.y, edge + 0.5, self.y + height)
        for (left, text), right in zip(cells, edges[1:], strict=True):
            self._rule(left + 0.5, self.y, right, self.y + 0.5)
            for number, part in enumerate(text.split("\n")):
                self._write(left + 6, self.y + 2 + 18 * number, part)
        self.y += height
        for left, right in itertools.pairwise(edges):
            self._rule(left + 0.5, self.y, right, self.y + 0.5)
        return self

    def _rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.sheet.draw_rect((x0, y0, x1, y1), color=None, fill=(0, 0, 0))

    def _write(self, x: float, y: float, text: str) -> None:
        self.sheet.insert_htmlbox((x, y, x + 700, y + 18), text, css="* {font-size: 11px; line-height: 1.2}")


def outline(paper: Paper, programme: Programme = MADE) -> list[tuple[str, str, str, list[tuple[int, str]]]]:
    whole = replace(programme, last_page=len(paper.document))
    found = tree.topics(walk(paper.document, whole), whole)
    return [(topic.code, topic.label, topic.remark, topic.outcomes) for topic in found]


def test_headings_labels_and_requirements_become_a_tree_with_codes_and_pages() -> None:
    paper = Paper().page().line("LỚP 6").head()
    paper.row((LEFT, "SỐ VÀ ĐẠI SỐ")).row((LEFT, "Phần Số"))
    paper.row((LEFT, "Số tự\nnhiên"), (MIDDLE, "Thứ tự"), (BORDER, "– So sánh được\nhai số.\n– Đếm được."))
    paper.page().head().row((LEFT, "Số nguyên"), (MIDDLE, "CS Phép tính"), (BORDER, "Cộng được hai số."))
    assert outline(paper) == [
        ("mau-6-1", "Số và Đại số", "", []),
        ("mau-6-1-1", "Phần Số", "", []),
        ("mau-6-1-1-1", "Số tự nhiên", "", []),
        ("mau-6-1-1-1-1", "Thứ tự", "", [(1, "So sánh được hai số."), (1, "Đếm được.")]),
        ("mau-6-1-1-2", "Số nguyên", "", []),
        ("mau-6-1-1-2-1", "Phép tính", "CS", [(2, "Cộng được hai số.")]),
    ]


def test_a_row_goes_on_over_the_end_of_a_page() -> None:
    paper = Paper().page().line("LỚP 6").head()
    paper.row((LEFT, "Các phép tính"), (MIDDLE, "Phép cộng và"), (BORDER, "– Cộng được. Vận dụng được vào"))
    paper.page().head().row((LEFT, "với số"), (MIDDLE, "phép trừ"), (BORDER, "thực tiễn.\n– Trừ được."))
    assert outline(paper) == [
        ("mau-6-1", "Các phép tính với số", "", []),
        ("mau-6-1-1", "Phép cộng và phép trừ", "", [(1, "Cộng được. Vận dụng được vào thực tiễn."), (2, "Trừ được.")]),
    ]


def test_a_label_in_capitals_on_the_next_page_is_a_new_one_unless_it_is_listed() -> None:
    paper = Paper().page().line("LỚP 6").head().row((LEFT, "Cơ sở"), (BORDER, "– Một."))
    paper.page().head().row((LEFT, "Dữ liệu"), (BORDER, "– Hai."))
    assert [label for _, label, _, _ in outline(paper)] == ["Cơ sở", "Dữ liệu"]
    joined = replace(MADE, joined=frozenset({(2, 0)}))
    assert outline(paper, joined) == [("mau-6-1", "Cơ sở Dữ liệu", "", [(1, "Một."), (2, "Hai.")])]


def test_parts_between_tables_begin_topics_of_their_own_or_are_not_read() -> None:
    paper = Paper().page().line("LỚP 6").head().row((LEFT, "Số"), (BORDER, "– Một."))
    paper.page().line("CHUYÊN ĐỀ LỚP 6:").head().row((LEFT, "Đồ thị"), (BORDER, "– Hai."))
    paper.page().line("NỘI DUNG TOÀN CẤP HỌC").head().row((LEFT, "Bảng"), (BORDER, "– Không đọc."))
    programme = replace(MADE, parts=(*MADE.parts, Part("NỘI DUNG TOÀN CẤP HỌC", "", True)))
    assert [(code, label) for code, label, _, _ in outline(paper, programme)] == [
        ("mau-6-1", "Số"),
        ("mau-6-2", "Chuyên đề học tập"),
        ("mau-6-2-1", "Đồ thị"),
    ]


def test_what_a_school_is_told_is_no_requirement_and_activities_are_told_apart() -> None:
    paper = Paper().page().line("LỚP 6").head().row((LEFT, "HOẠT ĐỘNG"))
    paper.row(
        (LEFT, "Nhà trường tổ chức hoạt động.\nHoạt động 1: Đo đạc, chẳng hạn:\n– Đo sân trường.\nHoạt động 2: Thi.")
    )
    assert outline(paper) == [
        (
            "mau-6-1",
            "Hoạt động",
            "",
            [(1, "Hoạt động 1: Đo đạc, chẳng hạn:"), (1, "Đo sân trường."), (1, "Hoạt động 2: Thi.")],
        )
    ]


def test_corrections_by_hand_change_what_was_read_and_one_without_its_place_is_an_error() -> None:
    paper = Paper().page().line("LỚP 6").head().row((LEFT, "Phân sốvà tỉ số"), (BORDER, "– Đọc được 1 2.\n– 7"))
    mended = replace(
        MADE,
        glued={"sốvà": "số và"},
        corrections=(Correction(1, "1 2", "1/2"), Correction(1, "7", "", whole=True)),
    )
    assert outline(paper, mended) == [("mau-6-1", "Phân số và tỉ số", "", [(1, "Đọc được 1/2.")])]
    with pytest.raises(ValueError, match="nothing to correct"):
        outline(paper, replace(MADE, corrections=(Correction(2, "1 2", "1/2"),)))


def test_a_seed_keeps_the_rows_of_other_programmes_and_its_own_place(tmp_path: Path) -> None:
    seed = tmp_path / "topic.csv"
    columns = ("code", "vi")
    seed.write_text("code,vi\nvan-6-1,Đọc\nmau-6-1,Cũ\nmau-6-2,Cũ\nsu-6-1,Mở đầu\n", encoding="utf-8")
    rows = [{"code": "mau-6-1", "vi": "Số"}]
    text = merged(seed, columns, "mau", rows)
    assert text == "code,vi\nvan-6-1,Đọc\nmau-6-1,Số\nsu-6-1,Mở đầu\n"
    seed.write_text(text, encoding="utf-8")
    assert merged(seed, columns, "mau", rows) == text
    assert merged(seed, columns, "moi", [{"code": "moi-1-1", "vi": "Mới"}]).endswith("su-6-1,Mở đầu\nmoi-1-1,Mới\n")


def test_another_file_than_the_reviewed_one_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.pdf"
    other.write_bytes(b"%PDF-1.7")
    with pytest.raises(ValueError, match="is not the reviewed"):
        read(load("toan"), other)


@pytest.mark.parametrize("name", ["toan", "tin-hoc", "cong-nghe", "lich-su-va-dia-li"])
def test_the_published_programme_gives_the_seed_byte_by_byte(name: str) -> None:
    programme = load(name)
    published = PUBLISHED / programme.source
    if not published.exists():
        pytest.skip(f"the programme {programme.source} does not stand beside this clone")
    found = read(programme, published)
    rows = {"topic": tree.topic_rows(found, programme), "outcome": tree.outcome_rows(found)}
    for field, columns in COLUMNS.items():
        seed = SEEDS / f"{field}.csv"
        assert merged(seed, columns, programme.prefix, rows[field]) == seed.read_text(encoding="utf-8")
        with seed.open(encoding="utf-8", newline="") as source:
            assert [row for row in csv.DictReader(source) if row["code"].startswith(f"{name}-")] == rows[field]
