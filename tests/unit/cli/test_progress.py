"""What a batch says of itself while it runs: how many, how fast, how long it will take."""

import time

import pytest

from service.cli import collection
from service.library.outcomes import Line


def test_numbers_rate_and_minutes_left_follow_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    now, told = [100.0], []
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(collection, "progress", lambda words: told.append(words) or True)
    shown = collection.Progress(2_000)
    for step in range(20):
        # Ten seconds for the first file, a quarter of one for each of the others.
        now[0] += 10.0 if step == 0 else 0.25
        shown.step(Line("bai.pdf"))
    assert told[0] == "1 / 2000 tệp, còn khoảng 333 phút"
    assert told[-1] == "20 / 2000 tệp, 1 tệp mỗi giây, còn khoảng 24 phút"
