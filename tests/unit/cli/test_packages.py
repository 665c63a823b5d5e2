"""The doctor names Debian packages that the list wants and the machine lacks."""

import shutil
from pathlib import Path

import pytest

from service.cli.packages import missing, wanted


def test_the_projects_list_is_read_without_what_only_tests_need() -> None:
    names = {package.name for package in wanted()}
    assert "python3" in names
    assert "chromium" not in names


def test_a_package_that_is_not_installed_is_missing_with_its_reason(tmp_path: Path) -> None:
    if shutil.which("dpkg-query") is None:
        pytest.skip("no dpkg on this machine")
    listed = tmp_path / "packages.txt"
    listed.write_text(
        "# name # kind: reason\nno-such-package-here  # optional: reads minds\ndpkg  # required: itself\n"
    )
    assert [(package.name, package.reason) for package in missing(listed)] == [("no-such-package-here", "reads minds")]


def test_an_installed_wheel_without_the_list_wants_nothing(tmp_path: Path) -> None:
    assert missing(tmp_path / "absent.txt") == []
