"""Secrets come from the environment or from files, once, and are never shown."""

from pathlib import Path

import pytest

from service.errors import SettingsError
from service.settings import load

NAME, FILE = "HOCLIEU_DATABASE_PASSWORD", "HOCLIEU_DATABASE_PASSWORD_FILE"


@pytest.fixture(autouse=True)
def _none_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME, raising=False)
    monkeypatch.delenv(FILE, raising=False)


def test_a_secret_of_the_environment_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "rất bí mật")
    settings = load()
    assert settings.database_password.get_secret_value() == "rất bí mật"
    assert "bí mật" not in repr(settings) + str(settings) + settings.model_dump_json()


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_of_a_file_ends_before_its_line_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    held = tmp_path / "secret"
    held.write_bytes(f" hai  dấu cách {end}".encode())
    monkeypatch.setenv(FILE, str(held))
    assert load().database_password.get_secret_value() == " hai  dấu cách "


def test_what_is_not_set_is_empty() -> None:
    assert load().database_password.get_secret_value() == ""


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    for name in ("absent", "empty", "binary", "."):
        monkeypatch.setenv(FILE, str(tmp_path / name))
        with pytest.raises(SettingsError) as caught:
            load()
        assert caught.value.parameters["name"] == FILE
        assert caught.value.parameters["value"] == str(tmp_path / name)


def test_a_secret_is_given_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("một")
    monkeypatch.setenv(FILE, str(tmp_path / "secret"))
    monkeypatch.setenv(NAME, "hai")
    with pytest.raises(SettingsError) as caught:
        load()
    assert "hai" not in str(caught.value.parameters)


def test_only_secrets_have_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "name").write_text("Thư viện khác")
    monkeypatch.setenv("HOCLIEU_LIBRARY_NAME_FILE", str(tmp_path / "name"))
    with pytest.raises(SettingsError) as caught:
        load()
    assert caught.value.parameters["name"] == "HOCLIEU_LIBRARY_NAME_FILE"
