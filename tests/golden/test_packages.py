"""Each sample package reads exactly as it was once looked at and found right."""

import json
from pathlib import Path

import pytest

from tests.golden.package_samples import EXPECTED, SAMPLES, read


@pytest.mark.parametrize("name", SAMPLES)
def test_a_package_reads_as_expected(name: str, tmp_path: Path) -> None:
    expected = json.loads((EXPECTED / f"{Path(name).stem}.json").read_text(encoding="utf-8"))
    assert read(name, tmp_path) == expected
