"""Fresh rooms on every engine, and one filled library an engine that tests copy or change."""

from pathlib import Path

import pytest

from tests.moving.engines import Make, Room, embedded, scaled
from tests.moving.library import fill
from tests.servers.postgresql import PostgresServer
from tests.servers.s3 import S3Server

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
    """An embedded library, filled once; nobody changes it."""
    root = tmp_path_factory.mktemp("pattern")
    room = embedded(root)()
    fill(room, root / "files")
    return room


@pytest.fixture(scope="session")
def scaled_pattern(
    tmp_path_factory: pytest.TempPathFactory,
    postgresql_server: PostgresServer,
    postgresql_template: str,
    s3_server: S3Server,
    request: pytest.FixtureRequest,
) -> Room:
    """The same, which never was on anything but PostgreSQL and S3."""
    root = tmp_path_factory.mktemp("scaled-pattern")
    room = scaled(root, postgresql_server, postgresql_template, s3_server, request.addfinalizer)()
    fill(room, root / "files")
    return room


def pattern_of(engine: str, request: pytest.FixtureRequest) -> Room:
    found: Room = request.getfixturevalue("pattern" if engine == "embedded" else "scaled_pattern")
    return found


@pytest.fixture
def filled(make: Make, pattern: Room) -> Room:
    """A library of one's own with everything in it."""
    return make(pattern)
