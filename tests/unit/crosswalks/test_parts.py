"""The small things that every format is made with."""

import datetime

import pytest

from service.crosswalks import Record, day, duration, is_web, language_tag, leaf, line, moment, plain, tree
from service.library.records import ALIASES, CROSSWALKS, crosswalk


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("một\r\nhai\rba", "một\nhai\nba"),
        ("a\x03b\x0bc", "a b c"),
        ("\ud83d một nửa", "\ufffd một nửa"),
        ("\ufffe|\uffff", "\ufffd|\ufffd"),
        ("  trong  ", "trong"),
        ("\U0001f600 tab\tở lại", "\U0001f600 tab\tở lại"),
    ],
)
def test_what_xml_may_not_hold_is_replaced(text: str, kept: str) -> None:
    assert plain(text) == kept


def test_a_line_has_no_line_ends() -> None:
    assert line(" một\r\n hai\u2028ba\x85bốn ") == "một hai ba bốn"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2024", "2024"),
        ("2024-05-06T07:08:09Z", "2024-05-06"),
        ("2024-05", "2024-05"),
        ("2024-13", ""),
        ("2023-02-29", ""),
        ("0000", ""),
        ("20240", ""),
        ("năm 2024", ""),
    ],
)
def test_a_date_is_read_as_far_as_it_goes(text: str, found: str) -> None:
    assert day(text) == found


def test_moments_are_utc_to_the_second() -> None:
    hanoi = datetime.timezone(datetime.timedelta(hours=7))
    assert moment(datetime.datetime(2026, 11, 28, 10, 15, 7, 999_999, tzinfo=hanoi)) == "2026-11-28T03:15:07Z"
    assert moment(None) == ""


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(754.4, "PT12M34S"), (3600.0, "PT1H"), (0.2, "PT1S"), (0.0, ""), (None, ""), (float("nan"), ""), (-1.0, "")],
)
def test_durations(seconds: float | None, said: str) -> None:
    assert duration(seconds) == said


def test_only_what_can_be_a_language_is_one() -> None:
    assert [language_tag(one) for one in ("vi", "zh-Hans", "und", "vi VN", "", None)] == [
        "vi",
        "zh-Hans",
        "",
        "",
        "",
        "",
    ]


@pytest.mark.parametrize("url", ["https://a.vn", "http://a.vn:80/b?c=%20#d", "https://hoclieu.example/resources/x"])
def test_addresses(url: str) -> None:
    assert is_web(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.vn",
        "ftp://a.vn",
        "https://a.vn/ b",
        "https://a.vn/<",
        "https://[",
        "https://a.vn/%zz",
        "https://a.vn/#a#b",
        "https://a.vn/ă",
    ],
)
def test_what_is_no_address(url: str) -> None:
    assert not is_web(url)


def test_elements_without_content_are_left_out() -> None:
    assert (
        tree("a", leaf("b", " \x00 "), [leaf("c", "<&>", xml_lang="v\ni")])
        == '<a><c xml:lang="v i">&lt;&amp;&gt;</c></a>'
    )
    assert tree("a", leaf("b", "")) == ""


def test_every_format_says_where_which_field_stands() -> None:
    fields = set(Record.__slots__)
    for one in CROSSWALKS:
        assert set(one.FIELDS) <= fields
        assert {"url", "titles", "creators", "published"} <= set(one.FIELDS)
    assert set().union(*(one.FIELDS for one in CROSSWALKS)) == fields


def test_names_and_media_types_are_each_ones_own() -> None:
    names = [one.FORMAT.name for one in CROSSWALKS]
    accepted = [each for one in CROSSWALKS for each in one.FORMAT.accepts]
    assert len(set(names)) == len(names)
    assert len(set(accepted)) == len(accepted)
    assert not set(ALIASES) & set(names)
    assert crosswalk("oai_lom") is crosswalk("lom") is not None
    assert crosswalk("word") is None
