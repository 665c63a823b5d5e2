"""Where a report goes is looked at before hours of reading, and what stands there stays."""

from pathlib import Path

import pytest

from service.cli.sheets import look_at_place
from service.errors import Invalid


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
