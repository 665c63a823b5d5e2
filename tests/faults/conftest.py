"""A library for the fault tests, ended whatever happens."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library(tmp_path / "home")
    yield made
    made.close()
