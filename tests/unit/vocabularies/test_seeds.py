"""The seeds that ship: what must be true of them, and that a wrong one is refused with file and row."""

import re
from pathlib import Path

import pytest

from service.vocabularies import FIELDS
from service.vocabularies.reading import several
from service.vocabularies.seeds import FOLDER, content, load, read_file
from service.vocabularies.shapes import SHAPES

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


@pytest.mark.parametrize("name", SHAPES)
def test_what_a_seed_refers_to_is_there(name: str) -> None:
    tables = load().terms
    for column, meant in SHAPES[name].refers.items():
        named = {code for term in tables[name].values() for code in several(term.extra[column])}
        assert named
        assert named <= set(tables[meant])


def test_every_subject_of_a_grade_has_its_lesson_hours_and_says_whether_they_were_checked() -> None:
    periods = load().terms["period"].values()
    assert {term.extra["need"] for term in periods} == {"required", "elective", "specialised", "optional"}
    assert all(term.extra["checked"] in ("yes", "no") and term.extra["source"] for term in periods)
    known = {(term.extra["subject"], term.extra["grades"], term.extra["need"]): term for term in periods}
    assert len(known) == len(periods)
    assert known["toan", "lop-1", "required"].extra["periods"] == "105"
    assert known["tieng-viet", "lop-1", "required"].extra["periods"] == "420"
    assert known["cong-nghe", "lop-9", "required"].extra["periods"] == "52"
    assert known["tin-hoc", "lop-12", "specialised"].extra["checked"] == "yes"
    assert known["lich-su", "lop-10", "required"].extra["checked"] == "no"


def test_required_hours_of_a_year_add_up_to_what_the_programme_has() -> None:
    """Strands are counted with their subject. 52 hours are a week and a half of 35 weeks."""
    vocabularies = load()
    sums = dict.fromkeys((f"lop-{grade}" for grade in range(1, 13)), 0)
    for term in vocabularies.terms["period"].values():
        subject = term.extra["subject"]
        if term.extra["need"] == "required" and len(vocabularies.ancestors("subject", subject)) == 1:
            sums[term.extra["grades"]] += int(term.extra["periods"])
    assert list(sums.values()) == [875, 875, 980, 1050, 1050, 1015, 1015, 1032, 1032, 612, 612, 612]


@pytest.mark.parametrize(
    ("prefix", "grades", "open_ended"),
    # Two sentences of the last one have no full stop in the programme either.
    [
        ("toan", range(1, 13), 0),
        ("tin-hoc", range(3, 13), 0),
        ("cong-nghe", range(3, 13), 0),
        ("lich-su-va-dia-li", range(4, 6), 2),
    ],
)
def test_each_grade_has_topics_and_each_deepest_topic_says_what_is_required(
    prefix: str, grades: range, open_ended: int
) -> None:
    tables = load().terms
    topics = {code: term for code, term in tables["topic"].items() if code.startswith(f"{prefix}-")}
    assert {term.extra["grades"] for term in topics.values()} == {f"lop-{grade}" for grade in grades}
    required = {term.extra["topic"] for term in tables["outcome"].values()}
    above = {term.parent for term in topics.values()}
    assert [code for code in topics if code not in above and code not in required] == []
    texts = [term.labels["vi"] for code, term in tables["outcome"].items() if code.startswith(f"{prefix}-")]
    assert sum(not text.endswith((".", ":", ";", "…")) for text in texts) == open_ended
    # Nothing of the font's private signs, of a page's number or of a table's head is left in them.
    assert [text for text in texts if re.search(r"[\ue000-\uf8ff]|Yêu cầu cần đạt|Nội dung$|  ", text)] == []


def test_a_seed_is_given_as_it_ships() -> None:
    assert content("subject").encode("utf-8") == (FOLDER / "subject.csv").read_bytes()


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
        ("code,parent,vi,en\n", r"subject\.csv, row 1: vocabulary-no-column \(column alternatives\)"),
        (
            HEAD + "toan,,Toán,Maths,\ntoan,,Toán học,Maths 2,\n",
            r"row 3: vocabulary-code-twice \(value toan, other 2\)",
        ),
        (HEAD + "toan,,,Maths,\n", r"row 2: vocabulary-blank \(column vi\)"),
        ("", r"row 1: vocabulary-no-column"),
    ],
)
def test_a_wrong_seed_is_refused_with_file_and_row(tmp_path: Path, rows: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_file(_seed(tmp_path, rows))


def test_further_columns_become_extras_and_names_are_composed(tmp_path: Path) -> None:
    nfd = "toan,,Toa\u0301n,Maths,To\u00e1n h\u1ecdc|M\u00f4n To\u00e1n,thpt\n"
    terms = read_file(_seed(tmp_path, HEAD.strip() + ",levels\n" + nfd))
    assert terms["toan"].labels["vi"] == "To\u00e1n"
    assert terms["toan"].alternatives == ("Toán học", "Môn Toán")
    assert terms["toan"].extra == {"levels": "thpt"}
