"""Each sample of what is seen and heard reads exactly as it was once looked at and found right."""

import json
import shutil
from pathlib import Path

import pytest

from tests.golden.media_samples import SAMPLES, read
from tests.golden.samples import EXPECTED


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_reads_as_expected(name: str, tmp_path: Path) -> None:
    if name == "recording" and shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed")
    expected = json.loads((EXPECTED / f"{name}.json").read_text(encoding="utf-8"))
    assert read(name, tmp_path) == expected
