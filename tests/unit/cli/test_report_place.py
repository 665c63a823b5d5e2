"""Where a report goes is looked at before hours of reading, and what stands there stays."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from service.cli.collection import ingest
from service.cli.sheets import look_at_place, sheet_template
from service.cli.watching import disk_report, watch
from service.errors import Invalid

TOO_LONG = "a" * 300


def test_a_place_that_takes_no_report_is_named_and_one_that_does_is_left_as_it_was(tmp_path: Path) -> None:
    here, new = tmp_path / "ket-qua.csv", tmp_path / "báo cáo" / "moi.json"
    here.write_text("của lần trước", encoding="utf-8")
    look_at_place(here)
    look_at_place(new)
    assert here.read_text(encoding="utf-8") == "của lần trước"
    assert not new.exists()
    with pytest.raises(Invalid) as caught:
        look_at_place(here / "trong-tep.json")
    assert str(here / "trong-tep.json") in str(caught.value.parameters["value"])
    with pytest.raises(Invalid):
        look_at_place(tmp_path / f"{TOO_LONG}.json")


@pytest.mark.parametrize("command", [ingest, watch, disk_report], ids=["ingest", "watch", "disk-report"])
def test_a_path_at_which_nobody_can_look_is_named_with_the_reason(command: click.Command, tmp_path: Path) -> None:
    done = CliRunner().invoke(command, [str(tmp_path / TOO_LONG)])
    assert done.exit_code == 2
    assert TOO_LONG in done.output
    assert "Không đọc được: đường dẫn quá dài." in done.output
    missing = CliRunner().invoke(command, [str(tmp_path / "không có")])
    assert missing.exit_code == 2
    assert "Không đọc được" not in missing.output


def test_a_template_that_nobody_can_write_there_is_refused_before_anything_is_opened(tmp_path: Path) -> None:
    done = CliRunner().invoke(sheet_template, [str(tmp_path / f"{TOO_LONG}.xlsx")])
    assert isinstance(done.exception, Invalid)
    assert "quá dài" in str(done.exception.parameters["value"])
