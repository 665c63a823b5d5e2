"""Each record is told in each format exactly as it was once looked at and found right."""

import pytest

from service.crosswalks import Crosswalk
from service.library.records import CROSSWALKS, document
from tests.golden.records import FOLDER, RECORDS, path_of


@pytest.mark.parametrize("crosswalk", CROSSWALKS, ids=lambda one: one.FORMAT.name)
@pytest.mark.parametrize("name", RECORDS)
def test_a_record_is_told_as_expected(name: str, crosswalk: Crosswalk) -> None:
    assert document(crosswalk, RECORDS[name]) == path_of(name, crosswalk).read_bytes()


def test_every_expected_text_belongs_to_a_record() -> None:
    assert set(FOLDER.iterdir()) == {path_of(name, one) for name in RECORDS for one in CROSSWALKS}
