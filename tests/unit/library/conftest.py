"""An embedded library of a test's own, migrated and empty."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service import compose
from service.library.services import Services
from service.settings import Settings


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Services]:
    services = compose.services(Settings(home=tmp_path / "home"))
    services.catalogue.migrate()
    yield services
    services.catalogue.close()
