"""The application over the library of the tests, in this process."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from service.app import create
from tests.conftest import Shelf


@pytest.fixture(scope="session")
def client(library: Shelf) -> Iterator[TestClient]:
    """Answers as a server would: an error is an answer, redirects are not followed."""
    app = create(library.services)
    with TestClient(app, base_url="http://library.test", raise_server_exceptions=False, follow_redirects=False) as made:
        yield made
