"""Names of settings: a misspelt one is refused with the nearest, a secret may be in a file, no value is said."""

import re
from typing import Any

import click
import pytest
from pydantic import SecretStr

from docs import generate
from service import settings
from service.cli import main, session
from service.errors import SettingsError, UnknownSetting
from tests.unit.house.tree import ROOT, tracked


def refused(monkeypatch: pytest.MonkeyPatch, **environment: str) -> UnknownSetting:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UnknownSetting) as caught:
        settings.load()
    return caught.value


@pytest.mark.parametrize(
    ("given", "nearest"),
    [
        ("HOCLIEU_DATABSE_URL", "HOCLIEU_DATABASE_URL"),
        ("HOCLIEU_TRUSTED_PROXY", "HOCLIEU_TRUSTED_PROXIES"),
        ("hoclieu_hom", "HOCLIEU_HOME"),
        ("HOCLIEU_HOME_FILE", "HOCLIEU_HOME"),
    ],
)
def test_a_misspelt_setting_is_refused_with_the_nearest_name(
    monkeypatch: pytest.MonkeyPatch, given: str, nearest: str
) -> None:
    error = refused(monkeypatch, **{given: "a-secret"})
    assert error.parameters == {"name": given, "nearest": nearest}
    assert "a-secret" not in str(error)


def test_every_known_name_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    good: dict[str, Any] = {name: field.default for name, field in settings.Settings.model_fields.items()}
    for name, value in good.items():
        plain = value.get_secret_value() if isinstance(value, SecretStr) else value
        monkeypatch.setenv(f"HOCLIEU_{name.upper()}", "" if plain is None else str(plain))
    assert isinstance(settings.load(), settings.Settings)


@pytest.mark.parametrize(
    "value",
    [
        "tonight",
        "2026-12-05T22:00+07:00",
        "2026-12-05T22:00..2026-12-06T02:00",
        "2026-12-06T02:00+07:00..2026-12-05T22:00+07:00",
    ],
)
def test_a_downtime_without_zone_or_end_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("HOCLIEU_PLANNED_DOWNTIME", value)
    with pytest.raises(SettingsError, match="HOCLIEU_PLANNED_DOWNTIME"):
        settings.load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("school_first_day", "7/9/2026"),
        ("school_first_day", "2027-01-05"),
        ("school_holidays", "Tết"),
        ("school_holidays", "2027-02-14..2027-02-01"),
        ("school_holidays", "2027-02-01..9999-12-31"),
    ],
)
def test_dates_of_school_that_cannot_be_are_refused_with_their_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings.load(**{name: value})
    assert caught.value.parameters["name"] == f"HOCLIEU_{name.upper()}"


def test_holidays_are_spans_and_single_days() -> None:
    made = settings.load(school_holidays="2027-02-01..2027-02-14, 2027-04-30", school_first_day="2026-09-03")
    assert [(str(first), str(last)) for first, last in made.holidays] == [
        ("2027-02-01", "2027-02-14"),
        ("2027-04-30", "2027-04-30"),
    ]
    assert str(made.school_year_begins) == "2026-09-03"
    assert settings.load(school_holidays="").holidays == ()


def test_a_secret_may_be_in_a_file_and_nothing_else_may() -> None:
    secrets = {f"HOCLIEU_{name.upper()}_FILE" for name in settings.Settings.model_fields if "token" in name}
    files = {name for name in settings.known() if name.endswith("_FILE")}
    assert secrets <= files
    assert "HOCLIEU_HOME_FILE" not in files


def test_the_operator_is_told_in_the_language_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOCLIEU_LANGUAGE", "en")
    assert settings.operator_language() == "en"
    monkeypatch.setenv("HOCLIEU_LANGUAGE", "fr")
    assert settings.operator_language() == "vi"
    with pytest.raises(SettingsError):
        settings.load()


def test_what_the_project_itself_sets_is_known() -> None:
    """Scripts, tests and pages name no setting that `load` would refuse."""
    named = re.compile(r"\bHOCLIEU_[A-Z][A-Z_]*[A-Z]\b")
    unknown = {
        f"{path}: {name}"
        for path in tracked()
        if path.endswith((".py", ".sh", ".md", ".yml", ".yaml", ".toml", "Makefile", ".service"))
        # Those that misspell one on purpose.
        and path
        not in ("tests/unit/test_settings.py", "tests/unit/test_secrets.py", "tests/functional/test_commands.py")
        for name in named.findall((ROOT / path).read_text(encoding="utf-8"))
        if name not in settings.known()
    }
    assert unknown == set()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("HOCLIEU_HOMES", "Không có thiết lập HOCLIEU_HOMES; tên gần nhất là HOCLIEU_HOME."),
        ("HOCLIEU_LEASE_SECONDS", "Thiết lập HOCLIEU_LEASE_SECONDS = “wrong-value” không dùng được"),
    ],
)
def test_every_command_stops_at_a_wrong_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wrong: str, said: str
) -> None:
    """In this process: sixteen starts would take longer than all other tests of this module."""
    monkeypatch.setattr(session, "LANGUAGE", "vi")
    monkeypatch.setenv(wrong, "wrong-value")
    commands = [words.split()[1:] for words, command in generate.commands() if not isinstance(command, click.Group)]
    assert len(commands) > 10
    for words in commands:
        # Arguments that a command needs; none of them is looked at.
        with pytest.raises(SystemExit) as ended:
            main([*words, "--reason", "x", "a", "b"] if words[0] in ("withdraw", "clear") else words, "hoclieu")
        assert ended.value.code == 2
        printed = capsys.readouterr()
        assert said in printed.err, words
        assert printed.out == ""
