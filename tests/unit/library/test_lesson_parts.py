"""Which files of a folder look like the parts of one lesson, by their names alone."""

import pytest

from service.library.lesson_parts import as_json, grouped
from service.library.outcomes import Line, Outcome


def lines(*paths: str, outcome: Outcome = "published") -> list[Line]:
    return [Line(path, outcome, f"r{number}") for number, path in enumerate(paths)]


@pytest.mark.parametrize(
    ("paths", "name"),
    [
        (("Bài 5 - phần 1.pptx", "Bài 5 - phần 2.pptx"), "Bài 5"),
        (("a/Bai_5_tiet1.pptx", "a/bài 5 (Tiết 2, 3).pptx"), "Bai 5"),
        (("Bài 7. Hệ phương trình.docx", "Bài 7. Hệ phương trình.mp4"), "Bài 7 Hệ phương trình"),
        (("Giáo án Bài 7.docx", "Bài 7 - Phiếu học tập.docx", "bài 7 slide.pptx"), "Bài 7"),
        (("Kế hoạch bài dạy bài 3 phần II.docx", "bài 3 phần I.docx"), "bài 3"),
        (("lớp 6/Bài 12/Phần 1.mp4", "lớp 6/Bài 12/Phần 2.mp4"), "Bài 12"),
        (("lớp 6/Bài 12/giáo án.docx", "lớp 6/Bài 12/bài trình chiếu.pptx"), "Bài 12"),
        (("a.zip!/Unit 4 part 1.pdf", "a.zip!/Unit 4 part 2.pdf"), "Unit 4"),
    ],
)
def test_parts_of_one_lesson_are_one_group(paths: tuple[str, ...], name: str) -> None:
    (group,) = grouped(lines(*paths))
    assert (group.name, group.files, len(group.resources)) == (name, paths, len(paths))


@pytest.mark.parametrize(
    "paths",
    [
        ("Bài 5.pptx", "Bài 6.pptx"),
        ("a/Bài 5 phần 1.pptx", "b/Bài 5 phần 2.pptx"),
        ("Phần mềm Scratch.pdf", "Tiết kiệm nước.pdf"),
        ("giáo án.docx", "slide.pptx"),
        ("Phần 1.mp4",),
    ],
)
def test_what_only_looks_like_it_is_none(paths: tuple[str, ...]) -> None:
    assert grouped(lines(*paths)) == []


def test_files_of_one_resource_are_joined_already_and_refused_ones_are_not_here() -> None:
    one = [Line("Bài 5.pptx", "published", "r1"), Line("Bài 5 phần 2.pptx", "duplicate", "r1")]
    away = [
        Line("Bài 6.pptx", "published", "r2"),
        Line("Bài 6 phần 2.pptx", "refused"),
        Line("Bài 6.pdf", "companion", "r2"),
    ]
    assert grouped([*one, *away]) == []


def test_a_group_in_the_report_names_files_and_resources() -> None:
    assert as_json(grouped(lines("Bài 5 phần 1.pptx", "Bài 5 phần 2.pptx"))) == [
        {"name": "Bài 5", "files": ["Bài 5 phần 1.pptx", "Bài 5 phần 2.pptx"], "resources": ["r0", "r1"]}
    ]
