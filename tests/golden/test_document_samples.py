"""Each sample of text documents reads exactly as it was once looked at and found right."""

import json
from pathlib import Path

import pytest

from tests.golden.document_samples import SAMPLES, expected, read


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_reads_as_expected(name: str, tmp_path: Path) -> None:
    assert read(name, tmp_path) == json.loads(expected(name).read_text(encoding="utf-8"))
