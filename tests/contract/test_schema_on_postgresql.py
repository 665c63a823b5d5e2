"""The schema's history on PostgreSQL: every earlier revision comes up to the tables as they are, in one transaction."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from service.adapters.database.migrations import HISTORY, History
from service.adapters.database.postgresql import PostgresCatalogue
from service.adapters.database.postgresql_upgrade import upgrade
from service.adapters.database.tables import HEAD, Row
from service.errors import LibraryFromTheFuture, Unavailable
from tests.contract.test_schema import REVISIONS, fill_statements, with_a_next_revision
from tests.servers.postgresql import PostgresServer, binary


@pytest.fixture
def name(postgresql_server: PostgresServer) -> Iterator[str]:
    name = f"schema_{os.urandom(4).hex()}"
    postgresql_server.create(name)
    yield name
    postgresql_server.drop(name)


def bring_to(url: str, revision: str, history: History = HISTORY) -> None:
    """An old library, as the version with this newest revision left it."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            upgrade(connection, target=revision, history=history)
    finally:
        engine.dispose()


def definitions(server: PostgresServer, name: str) -> list[str]:
    """Everything the server can say of its tables: columns, collations, constraints, partial indexes, sequences."""
    command = [binary("pg_dump"), "-h", str(server.folder), "-U", "app", "-s", "-T", "alembic_version", name]
    dumped = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    # Newer versions draw a key for each run.
    return [line for line in dumped.splitlines() if not line.startswith(("--", "\\"))]


@pytest.mark.parametrize("revision", [None, *REVISIONS])
def test_every_earlier_revision_becomes_the_tables(
    postgresql_server: PostgresServer, name: str, revision: str | None
) -> None:
    url = postgresql_server.url(name)
    if revision is not None:
        bring_to(url, revision)
    catalogue = PostgresCatalogue(url)
    catalogue.migrate()
    catalogue.check()
    catalogue.close()
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Row.metadata) == []
    engine.dispose()
    wanted = create_engine(postgresql_server.create(f"{name}_wanted"))
    Row.metadata.create_all(wanted)
    wanted.dispose()
    assert definitions(postgresql_server, name) == definitions(postgresql_server, f"{name}_wanted")
    postgresql_server.drop(f"{name}_wanted")


def test_identifiers_collate_as_bytes_whatever_the_database_does(postgresql_server: PostgresServer, name: str) -> None:
    bring_to(postgresql_server.url(name), HEAD)
    rows = postgresql_server.run(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND collation_name = 'C'",
        name,
    )
    assert {("resources", "id"), ("blobs", "sha256"), ("organisations", "code"), ("jobs", "subject")} <= set(rows)


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_upgrade_keeps_every_row(postgresql_server: PostgresServer, name: str, revision: str) -> None:
    url = postgresql_server.url(name)
    bring_to(url, REVISIONS[0])
    for statement in fill_statements():
        postgresql_server.run(statement, name)
    bring_to(url, revision)
    catalogue = PostgresCatalogue(url)
    catalogue.migrate()
    with catalogue.reading() as work:
        kept = work.resources.get("111111111114")
        assert kept is not None
        assert kept.created_at.microsecond == 6
        assert work.jobs.numbers() == {("read", "queued"): 1}
    catalogue.close()


def test_a_database_of_a_newer_version_is_left_alone(
    postgresql_server: PostgresServer, postgresql_database: str
) -> None:
    catalogue = PostgresCatalogue(postgresql_database)
    name = catalogue.place.database
    postgresql_server.run("UPDATE alembic_version SET version_num = 'r9999'", name)
    with pytest.raises(LibraryFromTheFuture) as caught:
        catalogue.migrate()
    with pytest.raises(Unavailable):
        catalogue.check()
    catalogue.close()
    assert caught.value.parameters == {"found": "r9999"}
    assert postgresql_server.run("SELECT version_num FROM alembic_version", name) == [("r9999",)]


def test_an_upgrade_that_goes_wrong_changes_nothing(
    tmp_path: Path, postgresql_server: PostgresServer, postgresql_database: str
) -> None:
    name = postgresql_database.partition("@/")[2].partition("?")[0]
    before = definitions(postgresql_server, name)
    with pytest.raises(ValueError, match="hỏng"):
        bring_to(postgresql_database, "r9998", with_a_next_revision(tmp_path / "versions", "raise ValueError('hỏng')"))
    assert definitions(postgresql_server, name) == before
    assert postgresql_server.run("SELECT version_num FROM alembic_version", name) == [(HEAD,)]
