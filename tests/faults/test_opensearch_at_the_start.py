"""What is wrong with the way to OpenSearch is one sentence at the start, its remedy, and exit code 2."""

import http.server
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from service.errors import (
    IndexAway,
    IndexCertificate,
    IndexForbidden,
    IndexPassword,
    IndexTooOld,
    NoIndexThere,
    SettingsError,
)
from service.messages import remedy, sentence
from tests.conftest import Served
from tests.servers.opensearch import OpenSearchServer
from tests.servers.tls import HOST, Authority, Manners, TlsProxy

URL, CA, USER, SECRET = (f"HOCLIEU_INDEX_{name}" for name in ("URL", "CA", "USER", "PASSWORD"))
NAMED = {"name": USER, "secret": SECRET}
WHO, PASSWORD = "hoclieu", "mật khẩu: đúng"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def proxy(opensearch_server: OpenSearchServer, authority: Authority) -> Iterator[TlsProxy]:
    """As it should be: a certificate that holds, a user with a password."""
    with TlsProxy(opensearch_server.hosts[0], *authority.issue(), user=WHO, password=PASSWORD) as made:
        yield made


def settings(proxy: TlsProxy, authority: Authority, name: str = "library", **changed: str) -> dict[str, str]:
    """Of a library that asks for the index over the proxy."""
    return {URL: f"opensearch+https://{proxy.host}/{name}", CA: str(authority.path), USER: WHO, SECRET: PASSWORD} | {
        f"HOCLIEU_INDEX_{key.upper()}": value for key, value in changed.items()
    }


def doctor(home: Path, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "service.cli", "doctor"],
        env={**os.environ, "HOCLIEU_HOME": str(home), "HOCLIEU_LANGUAGE": "en", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def stopped(home: Path, environment: dict[str, str]) -> Sequence[str]:
    """What was said by a command that ended with code 2."""
    done = doctor(home, environment)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert PASSWORD not in done.stderr
    return done.stderr.splitlines()


def said(error: type[SettingsError], **parameters: str) -> list[str]:
    return [sentence(error.code, "en", parameters), remedy(error.code, "en", parameters)]


def test_over_tls_with_the_right_password_it_starts(
    proxy: TlsProxy, authority: Authority, index_name: str, tmp_path: Path
) -> None:
    done = doctor(tmp_path, settings(proxy, authority, index_name))
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_authority_that_did_not_sign_is_named(proxy: TlsProxy, authority: Authority, tmp_path: Path) -> None:
    other = Authority(tmp_path / "other")
    lines = stopped(tmp_path, settings(proxy, authority, ca=str(other.path)))
    assert lines[0].startswith(f"The certificate of OpenSearch at {proxy.host} does not hold (")
    assert lines[1:] == said(IndexCertificate, name=CA, place=proxy.host, reason="", url=URL)[1:]


def test_without_a_named_authority_the_machines_own_decide(
    proxy: TlsProxy, authority: Authority, tmp_path: Path
) -> None:
    lines = stopped(tmp_path, settings(proxy, authority, ca=""))
    assert lines[0].startswith(f"The certificate of OpenSearch at {proxy.host} does not hold (")


@pytest.mark.parametrize(("name", "expired", "reason"), [(HOST, True, "expired"), ("other.example", False, HOST)])
def test_a_certificate_that_is_old_or_anothers_is_named(
    opensearch_server: OpenSearchServer, authority: Authority, tmp_path: Path, name: str, expired: bool, reason: str
) -> None:
    with TlsProxy(opensearch_server.hosts[0], *authority.issue(name, expired=expired)) as proxy:
        lines = stopped(tmp_path, settings(proxy, authority))
    assert len(lines) == 2
    assert lines[0].startswith(f"The certificate of OpenSearch at {proxy.host} does not hold (")
    assert reason in lines[0].partition("(")[2]


@pytest.mark.parametrize("changed", [{"password": "sai"}, {"password": ""}, {"user": "khac"}])
def test_a_user_who_is_not_taken_is_named(
    proxy: TlsProxy, authority: Authority, tmp_path: Path, changed: dict[str, str]
) -> None:
    lines = stopped(tmp_path, settings(proxy, authority, **changed))
    assert lines == said(IndexPassword, place=proxy.host, user=changed.get("user", WHO), **NAMED)


def test_a_user_without_rights_is_named(proxy: TlsProxy, authority: Authority, tmp_path: Path) -> None:
    proxy.manners = Manners(status=403)
    lines = stopped(tmp_path, settings(proxy, authority))
    assert lines == said(IndexForbidden, place=proxy.host, user=WHO, indices="library-*")


def test_a_client_certificate_opens_and_without_it_that_is_said(
    opensearch_server: OpenSearchServer, authority: Authority, index_name: str, tmp_path: Path
) -> None:
    with TlsProxy(opensearch_server.hosts[0], *authority.issue(), clients=authority.path) as proxy:
        nobody = settings(proxy, authority, index_name, user="", password="")
        assert stopped(tmp_path, nobody) == said(IndexPassword, place=proxy.host, user="", **NAMED)
        foreign, its_key = Authority(tmp_path / "foreign").issue("library.example")
        shown = {"HOCLIEU_INDEX_CERTIFICATE": str(foreign), "HOCLIEU_INDEX_KEY": str(its_key)}
        assert stopped(tmp_path, nobody | shown) == said(IndexPassword, place=proxy.host, user="", **NAMED)
        chain, key = authority.issue("library.example")
        shown = {"HOCLIEU_INDEX_CERTIFICATE": str(chain), "HOCLIEU_INDEX_KEY": str(key)}
        done = doctor(tmp_path, nobody | shown)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("setting", ["ca", "certificate"])
def test_a_file_that_is_not_there_or_no_certificate_is_named(
    proxy: TlsProxy, authority: Authority, tmp_path: Path, setting: str
) -> None:
    text = tmp_path / "text.pem"
    text.write_text("no certificate", encoding="utf-8")
    for path in (tmp_path / "missing.pem", text):
        lines = stopped(tmp_path, settings(proxy, authority, **{setting: str(path)}))
        assert f"HOCLIEU_INDEX_{setting.upper()}" in lines[0]
        assert str(path) in lines[0]


def test_a_host_that_does_not_answer_is_named(proxy: TlsProxy, authority: Authority, tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as taken:
        free = f"{HOST}:{taken.getsockname()[1]}"
    lines = stopped(tmp_path, settings(proxy, authority, url=f"opensearch+https://{free}/library"))
    assert lines[0].startswith(f"No OpenSearch host at {free} answers (")
    assert lines[1:] == said(IndexAway, name=URL, place=free, reason="")[1:]
    proxy.manners = Manners(refuses=True)
    lines = stopped(tmp_path, settings(proxy, authority))
    assert lines[0].startswith(f"No OpenSearch host at {proxy.host} answers (")


def test_a_library_that_has_its_index_starts_without_it(
    opensearch_server: OpenSearchServer, index_name: str, tmp_path: Path
) -> None:
    """A restart during an outage: pages open, and what is to be indexed waits."""
    with TlsProxy(opensearch_server.hosts[0]) as proxy:
        environment = {URL: f"opensearch+http://{proxy.host}/{index_name}"}
        assert doctor(tmp_path, environment).returncode == 0
        proxy.manners = Manners(refuses=True)
        # The one fault that it finds.
        done = doctor(tmp_path, environment)
        assert done.returncode == 1
        assert [line for line in done.stdout.splitlines() if line.startswith("✗")] == [
            f"✗ {sentence('doctor-index-away', 'en', {'reason': 'index-unavailable'})}"
        ]
        with Served(tmp_path, **environment) as address:
            with urllib.request.urlopen(f"{address}/", timeout=60) as answer:
                assert answer.status == 200
            proxy.manners = Manners()
            deadline = time.monotonic() + 60
            while "503" in (status := _status(f"{address}/api/v1/search?q=a")) and time.monotonic() < deadline:
                time.sleep(0.2)
            assert status == "200"


def _status(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return str(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return str(error.code)


def test_tls_where_there_is_none_and_none_where_there_is_some(
    opensearch_server: OpenSearchServer, proxy: TlsProxy, authority: Authority, tmp_path: Path
) -> None:
    bare = opensearch_server.hosts[0]
    for host, scheme in ((bare, "https"), (proxy.host, "http")):
        lines = stopped(tmp_path, settings(proxy, authority, url=f"opensearch+{scheme}://{host}/library"))
        assert lines == said(NoIndexThere, name=URL, place=host)


class Elasticsearch(BaseHTTPRequestHandler):
    """What answers without being an OpenSearch of today."""

    answer = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b'{"version": {"distribution": "opensearch", "number": "2.19.1"}}', IndexTooOld),
        (b'{"version": {"number": "8.15.0"}, "tagline": "You Know, for Search"}', NoIndexThere),
        (b"<!doctype html><p>Welcome", NoIndexThere),
        (b"[]", NoIndexThere),
    ],
)
def test_another_server_or_an_older_one_is_named(tmp_path: Path, answer: bytes, error: type[SettingsError]) -> None:
    handler = type("Other", (Elasticsearch,), {"answer": answer})
    with http.server.ThreadingHTTPServer((HOST, 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host = f"{HOST}:{server.server_address[1]}"
        lines = stopped(tmp_path, {URL: f"opensearch+http://{host}/library"})
        server.shutdown()
    assert lines == said(error, name=URL, place=host, found="2.19.1")


@pytest.mark.parametrize(
    "url",
    [
        "opensearch+http://index.example:9200/library",
        "opensearch+http://10.0.0.1:9200/library",
        "opensearch+https://index.example",
        "opensearch+https:///library",
        "opensearch+https://index.example/library/inside",
        "opensearch+https://index.example/Library",
        "opensearch+https://hoclieu:geheim@index.example/library",
        "opensearch://index.example/library",
    ],
)
def test_an_address_that_is_none_is_a_setting_that_cannot_be_used(url: str, tmp_path: Path) -> None:
    from service import compose
    from service.settings import Settings

    with pytest.raises(SettingsError) as error:
        compose.services(Settings(home=tmp_path, index_url=url))
    assert error.value.parameters["name"] == URL
    assert "geheim" not in str(error.value) + sentence(error.value.code, "en", error.value.parameters)
