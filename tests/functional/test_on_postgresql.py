"""A whole library whose records are on PostgreSQL: taking in, searching, serving; and sentences when it cannot be."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http.client import HTTPResponse
from pathlib import Path

import pytest

from service.cli.session import WRONG, opened
from service.errors import LibraryError
from service.messages import LANGUAGES, remedy, sentence
from service.settings import load
from tests.conftest import Served, ingest, make_pdf
from tests.servers.postgresql import GUARDED, PASSWORD, PostgresServer


def hoclieu(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "service.cli", *arguments],
        env={**os.environ, "HOCLIEU_LANGUAGE": "en", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_library_on_postgresql_takes_in_finds_and_serves(
    tmp_path: Path, postgresql_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOCLIEU_DATABASE_URL", postgresql_database)
    home = tmp_path / "home"
    make_pdf(tmp_path / "in" / "parabola.pdf", ["Đồ thị là một đường parabol."], title="Hàm số bậc hai")
    make_pdf(tmp_path / "in" / "cells.pdf", ["Plant cells have a wall."], title="Cells")
    ids = ingest(home, tmp_path / "in", "--publish", "--licence", "CC-BY-4.0")
    assert set(ids) == {"parabola.pdf", "cells.pdf"}
    assert not (home / "library.sqlite").exists()
    # Again: the same bytes are found where they were put.
    assert ingest(home, tmp_path / "in", "--publish", "--licence", "CC-BY-4.0") == ids
    found = hoclieu("search", "duong parabol", "--json", HOCLIEU_HOME=str(home))
    assert [item["id"] for item in json.loads(found.stdout)["items"]] == [ids["parabola.pdf"]]
    with Served(home) as address:
        for path in ("/", "/search?q=parabol", f"/resources/{ids['parabola.pdf']}", "/readyz"):
            with urllib.request.urlopen(address + path, timeout=30) as answer:
                assert answer.status == 200, path
        with urllib.request.urlopen(f"{address}/resources/{ids['cells.pdf']}/files/1", timeout=30) as answer:
            assert answer.read() == (tmp_path / "in" / "cells.pdf").read_bytes()


def asked(url: str, *, until: int) -> HTTPResponse | urllib.error.HTTPError:
    """The answer once it has this status: what /readyz says holds for a second, and coming back may take five."""
    ends = time.monotonic() + 20
    while True:
        try:
            answer: HTTPResponse | urllib.error.HTTPError = urllib.request.urlopen(url, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        if answer.status == until or time.monotonic() > ends:
            assert answer.status == until
            return answer
        answer.close()
        time.sleep(0.2)


def test_readers_are_told_to_come_back_while_the_server_is_away_and_nothing_is_restarted(tmp_path: Path) -> None:
    server = PostgresServer().start()
    try:
        with Served(tmp_path / "home", HOCLIEU_DATABASE_URL=server.create("library")) as address:
            with urllib.request.urlopen(f"{address}/readyz", timeout=30) as answer:
                assert answer.status == 200
            server.kill()
            for path in ("/search?q=a", "/api/v1/search?q=a", "/readyz"):
                answer = asked(f"{address}{path}", until=503)
                assert int(answer.headers["Retry-After"]) > 0
                assert path != "/readyz" or "database" in json.load(answer)["detail"]
                answer.close()
            server.start()
            asked(f"{address}/readyz", until=200).close()
    finally:
        server.close()


class TestSentencesAtTheStart:
    """One sentence that names the setting, one that says what to do, exit code 2, and no secret in either."""

    def refused(self, url: str, **settings: object) -> str:
        def start() -> None:
            with opened(load(database_url=url, **settings)):
                pass

        with pytest.raises(WRONG) as caught:
            start()
        error = caught.value
        assert isinstance(error, LibraryError)
        for language in LANGUAGES:
            said = sentence(error.code, language, error.parameters) + remedy(error.code, language, error.parameters)
            assert PASSWORD not in said
        return said

    def test_through_the_command(self, tmp_path: Path, postgresql_server: PostgresServer) -> None:
        done = hoclieu("migrate", HOCLIEU_HOME=str(tmp_path), HOCLIEU_DATABASE_URL=postgresql_server.url("nowhere"))
        assert (done.returncode, done.stdout) == (2, "")
        assert "“nowhere”" in done.stderr
        assert len(done.stderr.splitlines()) == 2

    def test_no_server(self) -> None:
        said = self.refused("postgresql+psycopg://app@127.0.0.1:1/library")
        assert "127.0.0.1:1" in said
        assert "HOCLIEU_DATABASE_URL" in said

    def test_an_unknown_database(self, postgresql_server: PostgresServer) -> None:
        said = self.refused(postgresql_server.url("nowhere"))
        assert "“nowhere”" in said
        assert "createdb" in said

    @pytest.mark.parametrize("password", ["", "sai"])
    def test_a_wrong_password(self, postgresql_server: PostgresServer, password: str) -> None:
        url = postgresql_server.url("postgres", GUARDED)
        said = self.refused(url, database_password=password)
        assert GUARDED in said
        assert "HOCLIEU_DATABASE_PASSWORD_FILE" in said

    def test_an_unknown_user(self, postgresql_server: PostgresServer) -> None:
        assert "nobody" in self.refused(postgresql_server.url("postgres", "nobody"))

    def test_a_user_who_may_not_make_tables(
        self, tmp_path: Path, postgresql_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        postgresql_server.create("forbidden")
        secret = tmp_path / "secret"
        secret.write_text(PASSWORD + "\n", encoding="utf-8")
        url = postgresql_server.url("forbidden", GUARDED)
        monkeypatch.setenv("HOCLIEU_DATABASE_PASSWORD_FILE", str(secret))
        said = self.refused(url)
        assert "permission denied" in said
        assert "owner" in said
        postgresql_server.drop("forbidden")

    def test_a_read_only_database(self, postgresql_server: PostgresServer) -> None:
        url = postgresql_server.create("frozen")
        postgresql_server.run("ALTER DATABASE frozen SET default_transaction_read_only = on")
        assert "takes no writes" in self.refused(url)
        postgresql_server.drop("frozen")

    def test_a_database_of_another_encoding(self, postgresql_server: PostgresServer) -> None:
        postgresql_server.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")
        assert "UTF8" in self.refused(postgresql_server.url("latin"))
        postgresql_server.drop("latin")

    def test_a_database_of_a_newer_version(self, postgresql_server: PostgresServer, postgresql_database: str) -> None:
        name = postgresql_database.partition("@/")[2].partition("?")[0]
        postgresql_server.run("UPDATE alembic_version SET version_num = 'r9999'", name)
        assert "r9999" in self.refused(postgresql_database)

    def test_a_server_that_takes_no_more_connections(self) -> None:
        server = PostgresServer(max_connections="3", superuser_reserved_connections="0").start()
        try:
            url = server.create("crowded")
            held = [server.connect("crowded") for _ in range(3)]
            assert "HOCLIEU_DATABASE_POOL" in self.refused(url)
            for connection in held:
                connection.close()
        finally:
            server.close()

    @pytest.mark.parametrize(
        "url",
        [
            f"postgresql+psycopg://app:{PASSWORD}@127.0.0.1/library",
            f"postgresql+psycopg://app@127.0.0.1/library?password={PASSWORD}",
            f"mysql://app:{PASSWORD}@127.0.0.1/library",
        ],
    )
    def test_a_password_in_the_url(self, url: str) -> None:
        said = self.refused(url)
        assert "HOCLIEU_DATABASE_URL" in said
        assert "HOCLIEU_DATABASE_PASSWORD_FILE" in said

    @pytest.mark.parametrize(
        "url",
        [
            "postgresql+psycopg://127.0.0.1/library",
            "postgresql+psycopg://app@127.0.0.1",
            "postgresql+psycopg://app@127.0.0.1:port/library",
            "postgresql+psycopg://app@127.0.0.1/library?options=-cfsync=off",
            "postgresql://app@127.0.0.1/library",
        ],
    )
    def test_a_url_of_another_shape(self, url: str) -> None:
        assert "postgresql+psycopg://" in self.refused(url)
