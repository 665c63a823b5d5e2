"""Packages that cannot hold all of it: where they end, where the next run goes on, with news and with everything."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.library import handover
from service.ports import blob_key
from tests.functional.repository import library
from tests.functional.test_handover import Handing, ids


@pytest.fixture
def handing(tmp_path: Path) -> Iterator[Handing]:
    made = Handing(library(tmp_path / "home"))
    made.out = tmp_path / "out"
    yield made
    made.services.catalogue.close()


@pytest.mark.parametrize(
    ("page", "most", "sizes"), [(2, 2, [2, 2, 1]), (200, 1, [1] * 5), (200, 3, [3, 2]), (2, 5, [5])]
)
def test_a_package_ends_where_it_is_full_and_the_next_one_goes_on(
    handing: Handing, monkeypatch: pytest.MonkeyPatch, page: int, most: int, sizes: list[int]
) -> None:
    monkeypatch.setattr(handover, "PAGE", page)
    all_of_them = {handing.offer(f"Bài {number}") for number in range(5)}
    found = []
    while (made := handing.hand_over(most=most)).folder is not None:
        found.append(ids(made.folder))
        assert made.more is (len(found) < len(sizes))
    assert [len(one) for one in found] == sizes
    assert set.union(*found) == all_of_them


def test_everything_again_goes_on_behind_a_full_package_until_all_of_it_was_there(handing: Handing) -> None:
    all_of_them = sorted(handing.offer(f"Bài {number}") for number in range(5))
    assert handing.hand_over().records == 5
    first = handing.hand_over(everything=True, most=2)
    assert (ids(first.folder), first.more, first.resumed) == ({*all_of_them[:2]}, True, False)
    # Without it only what changed goes out, and the round waits.
    assert handing.hand_over(most=2).folder is None
    # What it was behind already is sent for a reason of its own, and takes nothing from what is left.
    handing.edit(all_of_them[0], "Bài khác")
    second = handing.hand_over(everything=True, most=3)
    assert (ids(second.folder), second.more, second.resumed) == ({all_of_them[0], *all_of_them[2:4]}, True, True)
    handing.withdraw(all_of_them[4])
    third = handing.hand_over(everything=True, most=3)
    assert (third.records, third.more, third.resumed) == (0, False, True)
    assert ids(third.folder, 2) == {all_of_them[4]}
    # That was all of it: the next round begins at the beginning.
    again = handing.hand_over(everything=True, most=4)
    assert (ids(again.folder), again.more, again.resumed) == ({*all_of_them[:4]}, False, False)


def test_everything_again_begins_where_a_killed_run_had_begun(
    handing: Handing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "PAGE", 1)
    all_of_them = sorted(handing.offer(f"Bài {number}") for number in range(5))
    handing.hand_over(everything=True, most=2)
    record = handover._record

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    # Its package stands there and is written down, what was in it is not.
    monkeypatch.setattr(handover, "_record", die)
    with pytest.raises(KeyboardInterrupt):
        handing.hand_over(everything=True, most=2)
    monkeypatch.setattr(handover, "_record", record)
    after = handing.hand_over(everything=True, most=2)
    assert (ids(after.folder), after.more, after.resumed) == ({*all_of_them[2:4]}, True, True)
    last = handing.hand_over(everything=True, most=2)
    assert (ids(last.folder), last.more) == ({all_of_them[4]}, False)


def test_what_everything_again_could_not_read_comes_with_the_next_package(handing: Handing) -> None:
    handing.offer("Một")
    lost = handing.offer("Hai")
    assert handing.hand_over().records == 2
    key = blob_key(hashlib.sha256(b"%PDF-1.7 Hai").hexdigest())
    handing.services.objects.remove(key)
    assert handing.hand_over(everything=True).failed == {lost: "object-missing"}
    handing.services.objects.put(key, b"%PDF-1.7 Hai")
    assert ids(handing.hand_over().folder) == {lost}
