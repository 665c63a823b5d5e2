"""Parts go away under load and come back: short here, at full length in `make soak` and by `tests.faults.outages`.

One library on a real PostgreSQL and a real S3 store, whose parts go one after the other.
"""

from collections.abc import Iterator

import pytest

from tests.faults.loaded import Lengths, station
from tests.faults.outages import PARTS, drill
from tests.faults.station import Station
from tests.soak import ROUNDS_IN_A_TEST_RUN


@pytest.fixture(scope="module")
def lengths(soak_count: int) -> Lengths:
    if soak_count <= ROUNDS_IN_A_TEST_RUN:
        return Lengths(before=1.0, away=3.0, after=3.0, kills=soak_count, web_kills=1, shelf=8)
    return Lengths(kills=soak_count)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, lengths: Lengths) -> Iterator[Station]:
    with station(tmp_path_factory.mktemp("outages"), lengths) as made:
        yield made


@pytest.mark.parametrize("part", PARTS)
def test_readers_meet_what_they_should_and_nothing_that_was_acknowledged_is_lost(
    library: Station, lengths: Lengths, part: str
) -> None:
    report = drill(library, part, lengths)
    report.print()
    assert report.wrong == []
