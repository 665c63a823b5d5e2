"""Who is in the set for trials."""

from collections.abc import Mapping, Sequence

import pytest

from service.library.trial import SIZE, choose
from service.model import ResourceId, ResourceKey


def some(start: int, count: int) -> Sequence[tuple[ResourceKey, ResourceId]]:
    return [(ResourceKey(number), ResourceId(f"{number:012}")) for number in range(start, start + count)]


@pytest.mark.parametrize(
    ("size", "held", "found", "numbers"),
    [
        (0, {}, {}, {}),
        (0, {}, {"video": 3}, {"video": 3}),
        (0, {}, {"video": 90, "audio": 2, "map": 90}, {"video": 24, "audio": 2, "map": 24}),
        (SIZE, {"video": SIZE}, {"video": 9, "audio": 9}, {"audio": 1}),
        (SIZE - 3, {"video": SIZE - 3}, {"video": 9, "audio": 9}, {"audio": 3}),
        (SIZE + 1, {"video": SIZE, "audio": 1}, {"video": 9, "audio": 9}, {}),
    ],
)
def test_every_type_comes_and_the_rest_is_spread(
    size: int, held: Mapping[str, int], found: Mapping[str, int], numbers: Mapping[str, int]
) -> None:
    starts = {code: 1000 * place for place, code in enumerate(found, start=1)}
    chosen = choose(size, held, {code: some(starts[code], count) for code, count in found.items()})
    assert len(set(chosen)) == len(chosen)
    counted = {code: sum(starts[code] <= key < starts[code] + 1000 for key, _ in chosen) for code in found}
    assert {code: count for code, count in counted.items() if count} == numbers


def test_one_of_two_types_is_taken_once() -> None:
    chosen = choose(0, {}, {"a": some(1, 2), "b": some(2, 2)})
    assert sorted(key for key, _ in chosen) == [1, 2, 3]
