"""A library for the fault tests, ended whatever happens."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture(scope="session")
def soak_count() -> int:
    """Rounds of a fault loop: a few in `make test`, HOCLIEU_TEST_SOAK in `make soak`."""
    return int(os.environ.get("HOCLIEU_TEST_SOAK", "4"))


@pytest.fixture(scope="session")
def soak_seed() -> int:
    """Printed by each loop; HOCLIEU_TEST_SEED repeats a run."""
    return int(os.environ.get("HOCLIEU_TEST_SEED") or random.SystemRandom().randrange(10**6))
