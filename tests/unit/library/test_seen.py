"""What is remembered of derived objects: only that they were there."""

from pathlib import Path

import pytest

from service.adapters.objects.folder import FolderStore
from service.library import seen


class Counting(FolderStore):
    looks = 0

    def exists(self, key: str) -> bool:
        self.looks += 1
        return super().exists(key)


@pytest.fixture
def store(tmp_path: Path) -> Counting:
    return Counting(tmp_path)


def test_what_was_there_is_looked_for_once(store: Counting) -> None:
    store.put("derived/a", b"x")
    known = seen.Seen()
    assert [known.there(store, "derived/a") for _ in range(3)] == [True] * 3
    assert store.looks == 1


def test_what_was_not_there_is_looked_for_again(store: Counting) -> None:
    known = seen.Seen()
    assert not known.there(store, "derived/a")
    store.put("derived/a", b"x")
    assert known.there(store, "derived/a")


def test_it_does_not_grow_without_bound(store: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "MOST_KEYS", 3)
    known = seen.Seen()
    for number in range(10):
        store.put(f"derived/{number}", b"x")
        assert known.there(store, f"derived/{number}")
    assert len(known._keys) <= 3
