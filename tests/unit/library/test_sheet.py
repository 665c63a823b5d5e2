"""A sheet's rows stand or fall one by one, and say whose what they describe is."""

from pathlib import Path

import pytest

from service.errors import Invalid, LibraryError
from service.library import sheet
from service.model import Organisation, Value
from service.vocabularies.seeds import load

SCHOOLS = (
    Organisation("th-na-lau", "Trường Tiểu học Nà Lẩu", "tieu-hoc"),
    Organisation("th-a", "Trường Tiểu học Bản Giốc", "tieu-hoc"),
    Organisation("th-b", "Trường Tiểu học Bản Giốc", "tieu-hoc"),
)


def read(folder: Path, text: str) -> sheet.Rows:
    path = folder / "bang.csv"
    path.write_text(text, encoding="utf-8")
    return sheet.read(path, load(), SCHOOLS)


def test_placements_are_values_with_the_subject_and_grade_of_their_row(tmp_path: Path) -> None:
    rows = read(tmp_path, 'path,subject,grade,placements\na.pdf,toan,2,"series=kntt,lesson=16,week=19; week=20"\n')
    assert [value for value in rows.values["a.pdf"] if value.field == "placement"] == [
        Value("placement", text, "sheet", where="row 2")
        for text in (
            "programme=ct2018,subject=toan,grade=lop-2,series=kntt,lesson=16,week=19",
            "programme=ct2018,subject=toan,grade=lop-2,week=20",
        )
    ]


def test_an_organisation_is_named_by_its_code_or_by_a_name_that_only_it_has(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        "path,organisation\na.pdf,th-na-lau\nb.pdf,trường tiểu học nà lẩu\nc.pdf,\nd.pdf,Trường Tiểu học Bản Giốc\n",
    )
    assert rows.owners == {"a.pdf": "th-na-lau", "b.pdf": "th-na-lau"}
    assert _told(rows) == {
        "d.pdf": ("unknown-organisation", {"value": "Trường Tiểu học Bản Giốc", "where": "organisation, row 5"})
    }


def _told(rows: sheet.Rows) -> dict[str, tuple[str, object]]:
    return {path: (error.code, dict(error.parameters)) for path, error in rows.refused.items()}


def test_each_row_that_cannot_be_used_is_refused_by_its_number_and_the_others_stay(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        "path,title,subject,organisation,placements\n"
        "a.pdf,Bài một,toan,,week=1\nb.pdf,Bài hai,ma thuật,,\n"
        "c.pdf,Bài ba,toan,truong-la,\nd.pdf,Bài tư,toan,,week=40\n",
    )
    assert [value.value for value in rows.values["a.pdf"]][:2] == ["Bài một", "toan"]
    assert _told(rows) == {
        "b.pdf": ("unknown-term", {"field": "subject, row 3", "value": "ma thuật"}),
        "c.pdf": ("unknown-organisation", {"value": "truong-la", "where": "organisation, row 4"}),
        "d.pdf": (
            "placement-number",
            {"key": "week", "value": "40", "least": 1, "most": 35, "where": "placements, row 5"},
        ),
    }


@pytest.mark.parametrize("text", ["", "title\nx\n", "path\n\x00"])
def test_what_is_no_sheet_is_refused_as_a_whole(tmp_path: Path, text: str) -> None:
    if "\x00" in text:
        (tmp_path / "bang.csv").write_bytes(text.encode("utf-16"))
        with pytest.raises(LibraryError):
            sheet.read(tmp_path / "bang.csv", load(), SCHOOLS)
        return
    with pytest.raises(Invalid):
        read(tmp_path, text)
