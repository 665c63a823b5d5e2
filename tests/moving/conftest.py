"""Fresh rooms on every engine, and one filled library an engine that tests copy or change."""

import shutil
from pathlib import Path

import pytest

from tests.moving.engines import Make, Room, embedded, scaled
from tests.moving.library import fill

ENGINES = ("embedded", "scaled")


@pytest.fixture
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Fresh rooms of the engine that the test is run for."""
    return rooms(getattr(request, "param", "embedded"), request, tmp_path)


def rooms(engine: str, request: pytest.FixtureRequest, root: Path) -> Make:
    if engine == "embedded":
        return embedded(root)
    server, template = request.getfixturevalue("postgresql_server"), request.getfixturevalue("postgresql_template")
    return scaled(root, server, template, request.getfixturevalue("s3_server"), request.addfinalizer)


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """Filled once; nobody changes it."""
    root = tmp_path_factory.mktemp("pattern")
    room = embedded(root)()
    fill(room, root / "files")
    return room


@pytest.fixture
def filled(make: Make, pattern: Room) -> Room:
    """A library of one's own with everything in it."""
    room = make()
    shutil.copytree(pattern.home, room.home)
    return room
