"""Profiles: what is asked of a record, as data."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from service.crosswalks import Concept, File, Record, Text
from service.errors import Invalid, SettingsError
from service.library import profile
from service.library.profile import Lack, Profile, parse
from service.settings import Settings

SCHOOL = Concept("thpt", (Text("Trung học phổ thông", "vi"),))
WHOLE = Record(
    identifier="oai:thuvien.example.vn:000000000000",
    url="https://thuvien.example.vn/resources/000000000000",
    titles=(Text("Hàm số bậc hai", "vi"),),
    descriptions=(Text("Bài giảng có ví dụ.", "vi"),),
    languages=("vi", "tyz"),
    type=Concept("video", (Text("Video", "vi"),), same={"dcmi": "MovingImage"}),
    subjects=(Concept("toan", (Text("Toán", "vi"),)),),
    grades=(Concept("lop-10", (Text("Lớp 10", "vi"),), above=(SCHOOL,)),),
    creators=("Tổ Toán",),
    publishers=("THPT A",),
    organisation="THPT A",
    published=datetime.datetime(2026, 3, 1, 5, 0, tzinfo=datetime.UTC),
    licence=Concept(
        "CC-BY-4.0",
        (Text("CC BY 4.0", "vi"),),
        same={"uri": "https://creativecommons.org/licenses/by/4.0/", "open": "yes", "leaves": "yes"},
    ),
    files=(File("https://thuvien.example.vn/resources/000000000000/files/1", "video/mp4", 9, "0" * 64, "a.mp4"),),
)


def made(*fields: str, top: str = 'name = "thu"') -> Profile:
    return parse("\n".join([top, *(f"[[field]]\n{one}" for one in fields)]).encode(), "thu.toml")


def test_the_profile_that_ships_asks_for_all_that_must_be_there() -> None:
    ready = profile.shipped()
    assert (ready.name, ready.judge(WHOLE)) == ("national", ())
    bare = Record(identifier="oai:x:1", url="https://x.example/1")
    asked = {field for field, lack in ready.judge(bare) if lack == "missing"}
    assert asked == {
        *("title", "description", "type", "level", "grade", "subject", "language", "creator", "publisher"),
        *("organisation", "licence", "published"),
    }


@pytest.mark.parametrize(
    ("changed", "lacks"),
    [
        (replace(WHOLE, descriptions=()), [("description", "missing")]),
        (replace(WHOLE, descriptions=(Text(" \x00\n"),)), [("description", "missing")]),
        (replace(WHOLE, languages=("und",)), [("language", "not-taken")]),
        (replace(WHOLE, titles=(Text("a" * 501),)), [("title", "too-long")]),
        (replace(WHOLE, type=Concept("tu-dat")), [("type", "unknown")]),
        (replace(WHOLE, licence=Concept("CNE", (Text("Chưa rõ"),))), [("licence", "not-taken")]),
        # A story is for no subject and grade of its own.
        (replace(WHOLE, subjects=(), grades=(), type=Concept("reader", (Text("Truyện"),))), []),
        (replace(WHOLE, subjects=(), grades=()), [("level", "missing"), ("grade", "missing"), ("subject", "missing")]),
    ],
)
def test_a_record_lacks_what_it_has_not_or_has_wrong(changed: Record, lacks: list[Lack]) -> None:
    assert list(profile.shipped().judge(changed)) == lacks


def test_other_words_and_lists_of_codes_can_be_asked_for() -> None:
    other = made('name = "type"\nmapped = "lom"', 'name = "language"\nof = ["vi"]', 'name = "keyword"')
    assert other.judge(WHOLE) == (("type", "unmapped"), ("language", "not-taken"))
    mapped = replace(WHOLE, languages=("vi",), type=replace(WHOLE.type or SCHOOL, same={"lom": "lecture"}))
    assert other.judge(mapped) == ()


def test_columns_hold_labels_codes_or_other_words() -> None:
    other = made(
        'name = "title"\ncolumn = "Tên"', 'name = "type"\nform = "code"', 'name = "type"\nform = "dcmi"',
        'name = "level"', 'name = "language"', 'name = "licence"\nform = "uri"', 'name = "published"', 'name = "pages"',
        top='name = "thu"\nseparator = "|"',
    )  # fmt: skip
    assert [rule.column for rule in other.rules[:2]] == ["Tên", "type"]
    assert other.row(WHOLE) == [
        *("Hàm số bậc hai", "video", "MovingImage", "Trung học phổ thông", "vi|tyz"),
        *("https://creativecommons.org/licenses/by/4.0/", "2026-03-01T05:00:00Z", ""),
    ]


@pytest.mark.parametrize(
    ("files", "licence", "go"),
    [("open", "yes", True), ("open", "no", False), ("leaving", "no", True), ("none", "yes", False)],
)
def test_files_go_along_where_the_profile_and_the_licence_let_them(files: str, licence: str, go: bool) -> None:
    other = made('name = "title"', top=f'name = "thu"\nfiles = {{ licences = "{files}" }}')
    kept = Concept("X", (Text("X"),), same={"open": licence, "leaves": "yes"})
    assert other.takes_files(replace(WHOLE, licence=kept)) is go
    assert other.takes_files(replace(WHOLE, licence=None)) is (files == "leaving")


WRONG = {
    "no TOML": "name = ",
    "no name": '[[field]]\nname = "title"',
    "a name that no set can have": 'name = "Quốc gia"\n[[field]]\nname = "title"',
    "no field": 'name = "thu"',
    "an unknown field": 'name = "thu"\n[[field]]\nname = "colour"',
    "an unknown key": 'name = "thu"\n[[field]]\nname = "title"\nrequird = true',
    "an unknown key above": 'name = "thu"\nlicence = "x"\n[[field]]\nname = "title"',
    "no list": 'name = "thu"\n[[field]]\nname = "title"\nof = "vi"',
    "no number": 'name = "thu"\n[[field]]\nname = "title"\nlongest = true',
    "files of nobody": 'name = "thu"\nfiles = { licences = "all" }\n[[field]]\nname = "title"',
}


@pytest.mark.parametrize("name", WRONG)
def test_a_profile_that_is_none_is_refused_with_its_place(name: str) -> None:
    with pytest.raises(Invalid) as raised:
        parse(WRONG[name].encode(), "thu.toml")
    assert str(raised.value.parameters["value"]).startswith("thu.toml: ")


def test_a_library_follows_its_own_profile_and_a_wrong_one_names_the_setting(tmp_path: Path) -> None:
    assert profile.of_library(Settings(home=tmp_path)) == profile.shipped()
    path = tmp_path / "so.toml"
    path.write_text('name = "so"\nvi = "Của Sở"\n[[field]]\nname = "title"\n', encoding="utf-8")
    own = profile.of_library(Settings(home=tmp_path, national_profile=str(path)))
    assert (own.name, own.label("vi"), own.label("en"), own.field("title", "en")) == ("so", "Của Sở", "Của Sở", "title")
    with pytest.raises(SettingsError, match="HOCLIEU_NATIONAL_PROFILE"):
        profile.of_library(Settings(home=tmp_path, national_profile=str(tmp_path / "nowhere.toml")))
