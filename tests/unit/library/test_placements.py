"""A placement is written in several ways, stored in one, and read back whatever has become of it."""

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import LibraryError, PlacementKey, PlacementNumber, UnknownTerm
from service.library import lessons, placements
from service.messages import LANGUAGES, remedy, sentence
from service.model import Placement, ResourceKey, Revision, Value
from service.vocabularies import Vocabularies
from service.vocabularies.seeds import load

WHOLE = Placement("ct2018", "toan", "toan-dai-so", "lop-2", "kntt", 2021, 16, 19, 91, 2, "toan-2-so-1", 3)
TEXT = (
    "programme=ct2018,subject=toan,strand=toan-dai-so,grade=lop-2,series=kntt,edition=2021,lesson=16,week=19,"
    "period=91,term=2,outcome=toan-2-so-1,section=3"
)


# Without outcomes: whichever a vocabulary of them holds, here any code is one.
KNOWN = Vocabularies({field: terms for field, terms in load().terms.items() if field != "outcome"})


def parse(cell: str) -> tuple[Placement, ...]:
    return placements.parse(cell, KNOWN, where="row 4")


def test_the_stored_form_has_every_key_in_one_order_and_is_read_back() -> None:
    assert placements.text(WHOLE) == TEXT
    assert placements.read(TEXT) == WHOLE
    assert parse(TEXT) == (WHOLE,)


numbers = {key: st.none() | st.integers(*bounds) for key, bounds in placements.NUMBERS.items()}
codes = {
    key: st.sampled_from(["", *load().terms[field]]) if field in load().terms else st.sampled_from(["", "toan-2.1"])
    for key, field in placements.VOCABULARY.items()
}


@given(st.builds(Placement, **numbers, **codes))
def test_every_placement_comes_back_from_its_text(placement: Placement) -> None:
    assert placements.read(placements.text(placement)) == placement


@given(st.text() | st.lists(st.sampled_from([*placements.KEYS, "=", ",", "19", "toan", "²", "-1"])).map("".join))
def test_a_stored_text_of_any_kind_is_read_as_far_as_it_goes(text: str) -> None:
    found = placements.read(text)
    assert placements.read(placements.text(found)) == found


@pytest.mark.parametrize(
    ("cell", "texts"),
    [
        ("", []),
        (" ; ", []),
        ("week=19", ["programme=ct2018,week=19"]),
        ("series=KNTT, lesson=16", ["programme=ct2018,series=kntt,lesson=16"]),
        ("Bộ sách=Cánh diều,Tuần=3,lớp=5", ["programme=ct2018,grade=lop-5,series=canh-dieu,week=3"]),
        ("Textbook=x", None),
        ("programme=Chương trình cũ,subject=Vật lí 8", ["programme=ct2006,subject=khtn-vat-li"]),
        ("strand=toan-dai-so", ["programme=ct2018,subject=toan,strand=toan-dai-so"]),
        (
            "section=2,week=5; section=3,week=5",
            ["programme=ct2018,week=5,section=2", "programme=ct2018,week=5,section=3"],
        ),
    ],
)
def test_people_write_labels_and_name_keys_in_their_language(cell: str, texts: list[str] | None) -> None:
    if texts is None:
        with pytest.raises(PlacementKey):
            parse(cell)
    else:
        assert [placements.text(one) for one in parse(cell)] == texts


@pytest.mark.parametrize(
    ("cell", "kind", "told"),
    [
        ("chapter=2", PlacementKey, {"value": "chapter=2", "where": "row 4"}),
        ("week", PlacementKey, {"value": "week", "where": "row 4"}),
        ("series=", PlacementKey, {"value": "series=", "where": "row 4"}),
        ("week=1,week=2", PlacementKey, {"value": "week=2", "where": "row 4"}),
        ("week=1,,term=1", PlacementKey, {"value": "", "where": "row 4"}),
        ("week=36", PlacementNumber, {"key": "week", "value": "36", "least": 1, "most": 35, "where": "row 4"}),
        ("week=0", PlacementNumber, {"key": "week", "value": "0", "least": 1, "most": 35, "where": "row 4"}),
        ("lesson=x", PlacementNumber, {"key": "lesson", "value": "x", "least": 1, "most": 200, "where": "row 4"}),
        ("term=²", PlacementNumber, {"key": "term", "value": "²", "least": 1, "most": 2, "where": "row 4"}),
        ("series=sách lạ", UnknownTerm, {"field": "series, row 4", "value": "sách lạ"}),
        ("outcome=a b", UnknownTerm, {"field": "outcome, row 4", "value": "a b"}),
        ("subject=vat-li,strand=toan-dai-so", UnknownTerm, {"field": "strand, row 4", "value": "toan-dai-so"}),
        ("strand=toan", UnknownTerm, {"field": "strand, row 4", "value": "toan"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_key_and_place(
    cell: str, kind: type[LibraryError], told: dict[str, str | int]
) -> None:
    with pytest.raises(kind) as caught:
        parse(cell)
    assert caught.value.parameters == told
    for language in LANGUAGES:
        assert str(told.get("key", told["value"])) in sentence(caught.value.code, language, caught.value.parameters)
        assert remedy(caught.value.code, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_remedy_lists_every_key(language: str) -> None:
    assert all(f" {key}" in remedy(PlacementKey.code, language) for key in placements.KEYS)


def test_weeks_of_the_vocabulary_are_those_that_a_placement_may_name() -> None:
    least, most = placements.NUMBERS["week"]
    assert list(load().terms["week"]) == [str(week) for week in range(least, most + 1)]


def test_subject_and_grade_come_from_the_resource_where_it_has_one() -> None:
    (one,) = parse("week=3")
    done = placements.completed([one], load(), subjects=["toan", "toan-dai-so"], grades=["lop-2"])
    assert placements.text(done[0]) == "programme=ct2018,subject=toan,strand=toan-dai-so,grade=lop-2,week=3"
    assert placements.completed([one], load(), subjects=["toan", "vat-li"], grades=["lop-2", "lop-3"]) == (one,)
    said = replace(one, subject="vat-li", grade="lop-8")
    assert placements.completed([said], load(), subjects=["toan"], grades=["lop-2"]) == (said,)


def _revision(*values: Value) -> Revision:
    return Revision(ResourceKey(1), 1, "published", values, (), datetime.datetime(2026, 11, 28, tzinfo=datetime.UTC))


def test_a_placement_that_a_machine_proposed_stands_behind_the_confirmed_ones() -> None:
    guess = Value("placement", "programme=ct2018,week=5", "machine", where="headings")
    known = Value("placement", "programme=ct2018,week=6", "sheet", where="row 2")
    found = placements.of(_revision(guess, known, Value("title", "week=7", "person")))
    assert [(one.placement.week, one.proposed, one.evidence) for one in found] == [
        (6, False, "row 2"),
        (5, True, "headings"),
    ]


def test_what_it_is_found_by_is_every_code_with_what_stands_above() -> None:
    revision = _revision(Value("placement", TEXT, "person"), Value("placement", "programme=ct2006,week=2", "person"))
    assert set(placements.terms(load(), revision)) == {
        ("programme", "ct2018"), ("programme", "ct2006"), ("series", "kntt"), ("week", "19"), ("week", "2"),
        ("subject", "toan"), ("subject", "toan-dai-so"), ("grade", "lop-2"), ("grade", "tieu-hoc"),
        ("outcome", "toan-2-so-1"),
    }  # fmt: skip


def test_what_pupils_are_to_be_able_to_do_brings_its_topic_with_all_above() -> None:
    revision = _revision(Value("placement", "programme=ct2018,outcome=toan-10-1-1-3-2.1", "sheet"))
    found = list(placements.terms(load(), revision))
    assert [code for facet, code in found if facet == "topic"] == [
        "toan-10-1-1-3-2", "toan-10-1-1-3", "toan-10-1-1", "toan-10-1", "toan",
    ]  # fmt: skip
    own = Value("topic", "toan-10-3", "sheet")
    assert placements.topics(load(), [*revision.values, own, own]) == ("toan-10-3", "toan-10-1-1-3-2")


def test_what_stands_in_one_lesson_or_week_of_a_grades_subject_is_told_alike() -> None:
    def stands(*texts: str) -> tuple[str, ...]:
        return lessons.stands([Value("placement", text, "sheet") for text in texts])

    lesson = "programme=ct2018,subject=toan,grade=lop-2,series=kntt,lesson=16"
    assert stands(lesson) == stands(f"{lesson},period=91", f"{lesson},period=92")
    assert not {*stands(lesson)} & {*stands(lesson.replace("kntt", "ctst"))}
    week = "programme=ct2018,subject=toan,grade=lop-2,week=19"
    assert [lessons.is_week(one) for one in stands(lesson, week)] == [False, True]
    assert {*stands(week)} <= {*stands(f"{lesson},week=19")}
    # Of a lesson or week alone nobody knows whose it is.
    assert stands("programme=ct2018,series=kntt,lesson=16", "week=19", "subject=toan,grade=lop-2") == ()
