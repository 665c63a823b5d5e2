"""What comes back from a child is a document, or an error of that file; never anything else, never a surprise."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document import (
    ContentsEntry,
    Document,
    Extent,
    Locator,
    Passage,
    Picture,
    Value,
    Warning,
    to_json,
)
from ingest.errors import BY_CODE, IngestError, ReaderCrashed, TooExpensive
from ingest.sandbox import border
from ingest.sandbox.child import encoded

WHOLE = Document(
    media_type="application/vnd.ms-word.document.macroEnabled.12",
    metadata=(Value("title", "Bài 1: “Đạo hàm”", "first-page", "vi"), Value("rights-holder", "x", "info")),
    language="vi",
    passages=(
        Passage(Locator("page", 1), "Dòng một\nDòng hai\tcột", "vi", "Trường"),
        Passage(Locator("second", 0), "a"),
        Passage(Locator("item", "ITEM-1"), "b", "en"),
    ),
    contents=(ContentsEntry("Chương 1", 1, Locator("section", 2)),),
    pictures=(Picture(Locator("slide", 3), 640, 480),),
    warnings=(Warning("wrong-extension", {"extension": "pdf", "pages": 3}),),
    extent=Extent(pages=3, seconds=1.5, width_pixels=640, height_pixels=480),
)


def test_a_document_comes_back_as_it_was() -> None:
    assert border.document(encoded(to_json(WHOLE))) == WHOLE


def test_control_characters_and_lone_surrogates_are_gone_wherever_they_stood() -> None:
    dirty = 'a\x00b\x1b[31mc\x7f\x85\u202ed\ue000e\ufffff\r\n\tg \\u0041 \\ "'
    read = border.document(encoded({**to_json(WHOLE), "metadata": [vars_of(Value("title", dirty + "\ud800", "info"))]}))
    (value,) = read.metadata
    assert value.value.rstrip("\ufffd") == 'ab[31mcd\ue000ef\n\tg \\u0041 \\ "'
    value.value.encode("utf-8")


def test_escaped_surrogates_of_a_liar_are_gone() -> None:
    answer = json.dumps({**to_json(WHOLE), "language": "v\ud800i"}).encode()
    assert border.document(answer).language == "vi"


def test_a_document_crosses_as_its_json_values_do() -> None:
    assert json.loads(encoded(WHOLE)) == json.loads(json.dumps(to_json(WHOLE)))


def test_a_document_with_broken_utf_16_crosses_without_it() -> None:
    broken = replace(WHOLE, metadata=(Value("title", "b\ud83dài", "info"),))
    (value,) = border.document(encoded(broken)).metadata
    assert value.value.replace("\ufffd", "") == "bài"


def test_bytes_that_are_no_text_are_a_crash() -> None:
    with pytest.raises(ReaderCrashed):
        border.document(encoded(WHOLE).replace("Dòng".encode(), b"D\xffng"))


def test_an_answer_is_clean_exactly_when_cleaning_leaves_it_as_it_is() -> None:
    for number in range(0x20, 0x11000):
        character = chr(number)
        answer = f"“{character}â".encode("utf-8", "surrogatepass")
        assert border.is_clean(answer) is (border.clean(answer) == f"“{character}â"), hex(number)
    for escape in (r"\u0041", r"\b", r"\f", r"\r", r"\\u0041"):
        assert not border.is_clean(escape.encode())
    assert border.is_clean(rb"\n\t\"\\\/")


def vars_of(value: Value) -> dict[str, Any]:
    return {"field": value.field, "value": value.value, "where": value.where, "language": value.language}


def _passage(**changes: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {"locator": {"kind": "page", "value": 1}, "text": "a", "language": None, "marginal": ""}
    return {"passages": [{**whole, **changes}]}


LIES: dict[str, dict[str, Any]] = {
    "a media type that is none": {"media_type": "../../etc"},
    "a media type of another type": {"media_type": 5},
    "a language that is none": {"language": "<script>"},
    "passages that are no list": {"passages": {}},
    "a text that is a number": _passage(text=1),
    "a text that is missing": {"passages": [{"locator": {"kind": "page", "value": 1}}]},
    "a language of a passage that is none": _passage(language="v" * 50),
    "a kind of place that is none": _passage(locator={"kind": "folder", "value": 1}),
    "page 0": _passage(locator={"kind": "page", "value": 0}),
    "a page below zero": _passage(locator={"kind": "page", "value": -1}),
    "a page of endless number": _passage(locator={"kind": "page", "value": 10**30}),
    "a page that is a word": _passage(locator={"kind": "page", "value": "1"}),
    "a page that is true": _passage(locator={"kind": "page", "value": True}),
    "half a second": _passage(locator={"kind": "second", "value": 0.5}),
    "an item without a name": _passage(locator={"kind": "item", "value": ""}),
    "an item that is a number": _passage(locator={"kind": "item", "value": 1}),
    "an item with an endless name": _passage(locator={"kind": "item", "value": "x" * 5000}),
    "a field that is no field": {"metadata": [{"field": "Title x", "value": "a", "where": "info", "language": None}]},
    "a warning that is no code": {"warnings": [{"code": "<b>", "parameters": {}}]},
    "a warning with a nest": {"warnings": [{"code": "a", "parameters": {"a": {"b": 1}}}]},
    "a warning with a strange name": {"warnings": [{"code": "a", "parameters": {"a{b": 1}}]},
    "a picture below zero": {
        "pictures": [{"locator": {"kind": "page", "value": 1}, "width_pixels": -1, "height_pixels": 1}]
    },
    "a level below one": {"contents": [{"title": "a", "level": 0, "locator": {"kind": "page", "value": 1}}]},
    "pages below zero": {"extent": {"pages": -1}},
    "seconds that are no number": {"extent": {"seconds": "1"}},
}  # fmt: skip


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_a_crash(name: str) -> None:
    with pytest.raises(ReaderCrashed) as raised:
        border.document(encoded({**to_json(WHOLE), **LIES[name]}))
    assert raised.value.parameters == {"signal": "answer"}


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e400"])
def test_seconds_are_a_number(number: bytes) -> None:
    answer = encoded(to_json(WHOLE)).replace(b'"seconds":1.5', b'"seconds":' + number)
    with pytest.raises(ReaderCrashed):
        border.document(answer)


@pytest.mark.parametrize(
    "much",
    [
        _passage(text="x" * (border.MAX_CHARACTERS + 1)),
        {"passages": _passage()["passages"] * (border.MAX_PASSAGES + 1)},
        {"warnings": [{"code": "a", "parameters": {}}] * (border.MAX_OTHERS + 1)},
    ],
    ids=["a passage", "passages", "warnings"],
)
def test_too_much_is_too_expensive(much: dict[str, Any]) -> None:
    with pytest.raises(TooExpensive) as raised:
        border.document(encoded({**to_json(WHOLE), **much}))
    assert raised.value.parameters == {"limit": "output"}


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, (list, tuple)) else ()
    return [path, *(place for key, inner in steps for place in _places(inner, (*path, key)))]


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), replacement=ANY)
def test_whatever_stands_in_the_place_of_a_value(data: st.DataObject, replacement: Any) -> None:
    whole = json.loads(json.dumps(to_json(WHOLE)))
    *way, last = data.draw(st.sampled_from(_places(whole)[1:]))
    target = changed = copy.deepcopy(whole)
    for step in way:
        target = target[step]
    target[last] = replacement
    try:
        read = border.document(encoded(changed))
    except IngestError:
        return
    assert border.document(encoded(to_json(read))) == read


@given(st.binary())
def test_any_bytes_are_no_surprise(data: bytes) -> None:
    for take in (border.document, border.layer, border.picture, border.failure):
        with pytest.raises(IngestError):
            take(data)


@pytest.mark.parametrize("error", [kind(part="x", pages=3) for kind in BY_CODE.values()], ids=list(BY_CODE))
def test_an_error_comes_back_as_itself(error: IngestError) -> None:
    failure = {"code": error.code, "parameters": dict(error.parameters), "place": "x"}
    told, place = border.failure(encoded(failure))
    assert (told.code, told.parameters, place) == (error.code, error.parameters, "x")


def test_the_place_of_an_error_is_short() -> None:
    failure = {"code": "broken-file", "parameters": {}, "place": "x" * 100_000}
    assert len(border.failure(encoded(failure))[1]) < 10_000


def test_a_layer_comes_back_as_it_was() -> None:
    layer = {"aspect": 0.7, "lines": [[["chữ", 0.0, 0.1, 0.2, 1.0], ["b", 0, 0.1, 0.2, 1]], []]}
    assert border.layer(encoded(layer)) == layer


@pytest.mark.parametrize(
    "layer",
    [
        {"aspect": 0.0, "lines": []},
        {"aspect": 1.0, "lines": [[["a", 0.0, 0.0, 0.0, 2.0]]]},
        {"aspect": 1.0, "lines": [[["a", 0.0, 0.0, 0.0]]]},
        {"aspect": 1.0, "lines": [[["a", "0", 0.0, 0.0, 1.0]]]},
    ],
)
def test_a_layer_that_is_none_is_a_crash(layer: dict[str, Any]) -> None:
    with pytest.raises(ReaderCrashed):
        border.layer(encoded(layer))


@pytest.mark.parametrize("data", [b"", b"<svg onload=x>", b"\x89PNG\r\n\x1a\n", b"RIFF\xff\xff\xff\xffWEBP"])
def test_a_picture_is_webp(data: bytes) -> None:
    with pytest.raises(ReaderCrashed):
        border.picture(data)
