"""An OpenSearch of three nodes goes away under load, in every way: short here, at length by `tests.faults.outages`."""

from collections.abc import Iterator

import pytest

from tests.faults.index_outages import DRILLS, NODES
from tests.faults.loaded import Lengths, station
from tests.faults.station import Station

SHORT = Lengths(before=1.0, away=5.0, after=5.0, rate=2.0, shelf=8)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    with station(tmp_path_factory.mktemp("index-outages"), SHORT, nodes=NODES) as made:
        yield made


@pytest.mark.parametrize("part", DRILLS)
def test_readers_and_who_deposits_meet_what_they_should_and_the_index_follows(library: Station, part: str) -> None:
    report = DRILLS[part](library, SHORT)
    report.print()
    assert report.wrong == []
