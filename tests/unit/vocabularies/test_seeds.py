"""The seeds that ship, and what the reader refuses in a seed."""

import re
from pathlib import Path

import pytest

from service.vocabularies import FIELDS
from service.vocabularies.seeds import FOLDER, load, read

HEAD = "code,parent,vi,en,alternatives\n"


def _seed(folder: Path, rows: str) -> Path:
    path = folder / "subject.csv"
    path.write_text(rows, encoding="utf-8")
    return path


def test_every_field_has_a_seed_and_every_seed_a_field() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.csv")) == sorted(FIELDS)
    assert all(load().terms[field] for field in FIELDS)


def test_every_parent_exists_and_codes_are_fit_for_a_url() -> None:
    for terms in load().terms.values():
        for code, term in terms.items():
            assert term.parent is None or term.parent in terms
            assert re.fullmatch(r"[A-Za-z0-9.\-]+", code)


def test_every_licence_has_its_own_uri_and_says_whether_it_is_open_and_may_leave() -> None:
    licences = load().terms["licence"]
    assert len({term.extra["uri"] for term in licences.values()}) == len(licences)
    assert {(term.extra["open"], term.extra["leaves"]) for term in licences.values()} == {
        ("yes", "yes"),
        ("no", "yes"),
        ("no", "no"),
    }
    assert [code for code, term in licences.items() if term.extra["leaves"] == "no"] == ["InC", "CNE"]


def test_all_twelve_grades_stand_under_their_levels() -> None:
    levels = {grade: load().ancestors("grade", f"lop-{grade}")[-1] for grade in range(1, 13)}
    assert levels == {**dict.fromkeys(range(1, 6), "tieu-hoc"), **dict.fromkeys(range(6, 10), "thcs")} | dict.fromkeys(
        range(10, 13), "thpt"
    )


def test_the_former_programme_is_named_so_and_never_counts_as_coverage() -> None:
    programmes = load().terms["programme"]
    assert programmes["ct2006"].labels["vi"] == "Chương trình cũ"
    assert [code for code, term in programmes.items() if term.extra["coverage"] == "no"] == ["ct2006"]


def test_a_series_says_from_when_and_until_when_it_is_valid() -> None:
    for term in load().terms["series"].values():
        assert 2000 <= int(term.extra["from"]) <= int(term.extra.get("until", "9999"))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("code,parent,vi,en\n", r"subject\.csv, row 1: no column alternatives"),
        (HEAD + "toan,,Toán,Maths,\ntoan,,Toán học,Maths 2,\n", r"subject\.csv, row 3: toan stands in row 2 too"),
        (HEAD + "dai-so,toan,Đại số,Algebra,\n", r"subject\.csv, row 2: no parent toan"),
        (HEAD + "a,b,A,A one,\nb,a,B,B one,\n", r"subject\.csv, row 2: a is above itself"),
        (
            HEAD + "vat-li,,Vật lí,Physics,lý\nli-lich,,Lí lịch,Life,Lý\n",
            r"subject\.csv, row 3: Lý is a name of vat-li",
        ),
        (HEAD + "toan,,,Maths,\n", r"subject\.csv, row 2: code, vi and en must stand"),
        (HEAD + "toan,,Toán,Maths\n", r"subject\.csv, row 2: not as many cells"),
        (HEAD + "toan,,Toán,Maths,,too many\n", r"subject\.csv, row 2: not as many cells"),
    ],
)
def test_a_wrong_seed_is_refused_with_file_and_row(tmp_path: Path, rows: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read(_seed(tmp_path, rows))


def test_further_columns_become_extras_and_names_are_composed(tmp_path: Path) -> None:
    nfd = "toan,,Toa\u0301n,Maths,To\u00e1n h\u1ecdc|M\u00f4n To\u00e1n,thpt\n"
    terms = read(_seed(tmp_path, HEAD.strip() + ",levels\n" + nfd))
    assert terms["toan"].labels["vi"] == "To\u00e1n"
    assert terms["toan"].alternatives == ("Toán học", "Môn Toán")
    assert terms["toan"].extra == {"levels": "thpt"}
