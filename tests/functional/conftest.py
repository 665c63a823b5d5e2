"""The application over the library of the tests, in this process."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service import compose
from service.app import create
from service.library import project
from service.library.services import Services
from service.settings import Settings
from tests.conftest import Shelf
from tests.functional import syndicated
from tests.functional.faulty_source import Source
from tests.functional.follower import Here, following
from tests.functional.repository import Clock, Repository
from tests.functional.repository import library as library_of
from tests.functional.syndicated import Syndicated


@pytest.fixture(scope="session")
def client(library: Shelf) -> Iterator[TestClient]:
    """Answers as a server would: an error is an answer, redirects are not followed."""
    app = create(library.services)
    with TestClient(app, base_url="http://library.test", raise_server_exceptions=False, follow_redirects=False) as made:
        yield made


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Syndicated]:
    """The library of the feeds' tests; read only."""
    made = syndicated.build(tmp_path_factory.mktemp("syndicated"))
    yield made
    made.services.catalogue.close()


@pytest.fixture
def reader(shared: Syndicated) -> Iterator[TestClient]:
    with syndicated.asking(shared.services) as client:
        yield client


@pytest.fixture(params=["sqlite", "postgresql"])
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Repository]:
    url = request.getfixturevalue("postgresql_database") if request.param == "postgresql" else ""
    services = library_of(tmp_path, url)
    yield Repository(services)
    services.catalogue.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def opened(home: Path) -> Iterator[Callable[[], Services]]:
    """As another process opens the library."""
    made: list[Services] = []

    def open_one() -> Services:
        made.append(compose.services(Settings(home=home)))
        return made[-1]

    yield open_one
    for services in made:
        services.catalogue.close()


@pytest.fixture
def parts(opened: Callable[[], Services]) -> Services:
    services = opened()
    services.catalogue.migrate()
    project.ensure(services)
    return services


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a migrated library, copied for each test."""
    home = tmp_path_factory.mktemp("fresh")
    library_of(home).catalogue.close()
    return home


@pytest.fixture
def here(fresh: Path, tmp_path: Path) -> Iterator[Here]:
    """A library that harvests."""
    made = following(fresh, tmp_path)
    yield made
    made.services.catalogue.close()


@pytest.fixture
def source() -> Iterator[Source]:
    """A repository with faults that a test chooses."""
    with Source() as made:
        yield made
