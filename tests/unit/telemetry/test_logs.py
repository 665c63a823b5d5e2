"""Log lines: JSON with the id of the request, errors without what they quote."""

import json
import logging
import sys
import threading
from contextvars import Context

import pytest

from service.telemetry import cause, logs
from service.telemetry.logs import Line


def line(record: logging.LogRecord, *, as_json: bool = True, messages: bool = False) -> str:
    return Line(as_json=as_json, messages=messages).format(record)


def record(event: str, *arguments: object, name: str = "service.x", **extra: object) -> logging.LogRecord:
    made = logging.getLogger(name).makeRecord(name, logging.INFO, "x.py", 1, event, arguments, None, extra=extra)
    assert isinstance(made, logging.LogRecord)
    return made


def failed() -> logging.LogRecord:
    def quoting() -> None:
        try:
            json.loads("nội dung bí mật")
        except ValueError as error:
            raise RuntimeError("mật khẩu") from error

    try:
        quoting()
    except RuntimeError:
        return logging.LogRecord("service.x", logging.ERROR, "x.py", 1, "failed", (), sys.exc_info())


def test_a_line_is_one_json_object_with_its_fields() -> None:
    with cause.caused_by("abc"):
        said = json.loads(line(record("ingested", resource="k", seconds=1.5, name="service.x")))
    assert said.pop("time").endswith("+00:00")
    assert said == {
        "level": "info",
        "logger": "service.x",
        "event": "ingested",
        "request": "abc",
        "resource": "k",
        "seconds": 1.5,
    }


def test_outside_of_a_request_there_is_no_id() -> None:
    # Whatever a test before this one has begun.
    said = Context().run(line, record("started"))
    assert "request" not in json.loads(said)


@pytest.mark.parametrize("as_json", [True, False])
def test_an_error_is_told_by_types_and_places_and_not_by_what_it_says(as_json: bool) -> None:
    said = line(failed(), as_json=as_json)
    assert "RuntimeError < JSONDecodeError" in said
    assert "json/decoder.py:" in said
    assert "mật" not in said
    assert "\n" not in said


def test_the_operator_who_looks_on_sees_what_an_error_says() -> None:
    assert "mật khẩu" in line(failed(), messages=True)


def test_what_other_libraries_fill_in_is_left_out() -> None:
    said = line(record("cannot parse %s", "Nguyễn Văn An", name="somebody.else"))
    assert "Nguyễn" not in said
    assert "cannot parse" in said


def test_long_values_are_cut() -> None:
    assert len(line(record("x", text="a" * 10_000))) < 1000


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("0af7651916cd43dd8448eb211c80319c", True),
        ("b7ad6b71-6920-4331-8e0d-3c6cbd1ea3a1", True),
        ("short", False),
        ("a" * 65, False),
        ("two words here", False),
        ("line\nbreak0000", False),
        ("Nguyễn-Văn-An", False),
        ("-beginning-dash", False),
        ("", False),
    ],
)
def test_an_id_from_outside_is_sane_or_not_taken(text: str, good: bool) -> None:
    assert cause.sane(text) is good


def test_fresh_ids_are_sane_and_differ() -> None:
    made = {cause.fresh() for _ in range(1000)}
    assert len(made) == 1000
    assert all(cause.sane(identifier) for identifier in made)


def test_a_server_s_own_lines_of_requests_are_silent_and_its_errors_are_ours() -> None:
    access, errors, root = (logging.getLogger(name) for name in ("uvicorn.access", "uvicorn.error", ""))
    before = root.handlers[:], root.level, logging.getLogger("service").level, logging.getLogger("ingest").level
    own = logging.StreamHandler()
    errors.addHandler(own)
    hook = threading.excepthook
    try:
        logs.start("json", serving=True)
        assert not access.isEnabledFor(logging.CRITICAL)
        assert errors.handlers == []
        assert [type(handler.formatter) for handler in root.handlers] == [Line]
        assert logging.getLogger("service.http").isEnabledFor(logging.INFO)
        assert not logging.getLogger("sqlalchemy").isEnabledFor(logging.INFO)
    finally:
        root.handlers[:], root.level = before[0], before[1]
        logging.getLogger("service").setLevel(before[2])
        logging.getLogger("ingest").setLevel(before[3])
        access.disabled = False
        threading.excepthook = hook
