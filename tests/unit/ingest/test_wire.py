"""Several answers in one: what a child packs is unpacked, and what it makes up is refused."""

import pytest

from ingest.errors import ReaderCrashed
from ingest.sandbox.wire import packed, unpacked


def test_answers_come_out_as_they_went_in() -> None:
    parts = [b"one", None, b"", b"four"]
    assert unpacked(packed(parts), 4) == parts
    assert unpacked(packed([]), 0) == []


@pytest.mark.parametrize("data", [b"", b"\xff" * 7, packed([b"a"]), packed([b"a", b"b", b"c"]), b"\x7f" * 16])
def test_another_number_of_answers_is_a_crash(data: bytes) -> None:
    with pytest.raises(ReaderCrashed):
        unpacked(data, 2)
