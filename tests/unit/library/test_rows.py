"""A wrong row of a table that people hand in has the number that a spreadsheet gives it."""

from pathlib import Path

import pytest

from service.errors import Invalid, UnknownOrganisation
from service.library import organisations, receipts
from service.library.services import Services
from service.model import OPERATOR


@pytest.mark.parametrize("blank", ["", ",,,"])
def test_of_a_receipt(tmp_path: Path, blank: str) -> None:
    path = tmp_path / "receipt.csv"
    lines = ["package,identifier,outcome,reason", 'p,a,accepted,"hai\ndòng"', blank, blank, "p,b,maybe"]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(Invalid) as caught:
        receipts.read(path)
    assert caught.value.parameters["value"] == f"{path}, 5: maybe"
    path.write_text("\n".join(lines[:-1]), encoding="utf-8")
    assert [row.number for row in receipts.read(path)[1]] == [2]


def test_of_a_list_of_schools(parts: Services, tmp_path: Path) -> None:
    path = tmp_path / "schools.csv"
    path.write_text("code,name,kind,parent\nth-a,Trường A\n\n\nth-b,Trường B,school,không-có\n", encoding="utf-8")
    with pytest.raises(UnknownOrganisation) as caught:
        organisations.take_in(parts, OPERATOR, organisations.read(path))
    assert caught.value.parameters["where"] == "parent, row 5"
