"""Each sample reads exactly as it was once looked at and found right."""

import json
import shutil
from pathlib import Path

import pytest

from tests.golden.samples import SAMPLES, expected, read


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_reads_as_expected(name: str, tmp_path: Path) -> None:
    if name == "recording.mkv" and shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed")
    assert read(name, tmp_path) == json.loads(expected(name).read_text(encoding="utf-8"))
