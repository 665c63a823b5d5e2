"""The door of TLS and passwords before the OpenSearch of the tests lets in who may, and nobody else."""

import base64
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from tests.servers.opensearch import OpenSearchServer
from tests.servers.tls import HOST, Authority, Manners, TlsProxy

USER, PASSWORD = "hoclieu", "mật khẩu: đúng"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


@pytest.fixture
def proxy(opensearch_server: OpenSearchServer, authority: Authority) -> Iterator[TlsProxy]:
    with TlsProxy(opensearch_server.hosts[0], *authority.issue(), user=USER, password=PASSWORD) as made:
        yield made


def ask(
    proxy: TlsProxy, ca: Path, path: str = "", *, word: str = PASSWORD, seconds: float = 10.0, **options: object
) -> urllib3.BaseHTTPResponse:
    words = base64.b64encode(f"{USER}:{word}".encode()).decode()
    with urllib3.PoolManager(ca_certs=str(ca), retries=False, **options) as pool:
        headers = {"Authorization": f"Basic {words}"}
        return pool.request(
            "GET", f"https://{proxy.host}/{path}", headers=headers, timeout=urllib3.Timeout(connect=10.0, read=seconds)
        )


def test_the_right_password_over_a_certificate_that_holds(proxy: TlsProxy, authority: Authority) -> None:
    answer = ask(proxy, authority.path)
    assert answer.status == 200
    assert answer.json()["version"]["distribution"] == "opensearch"
    assert ask(proxy, authority.path, "no-such-index").status == 404


def test_a_wrong_password_reaches_nothing(proxy: TlsProxy, authority: Authority) -> None:
    answer = ask(proxy, authority.path, word="x")
    assert (answer.status, answer.data) == (401, b"Unauthorized")


def test_a_client_that_knows_another_authority_does_not_go_on(proxy: TlsProxy, tmp_path: Path) -> None:
    with pytest.raises(urllib3.exceptions.SSLError, match="verify failed"):
        ask(proxy, Authority(tmp_path / "other").path)


@pytest.mark.parametrize(("name", "expired", "said"), [(HOST, True, "expired"), ("other.example", False, "127.0.0.1")])
def test_a_certificate_that_is_old_or_anothers_is_noticed(
    opensearch_server: OpenSearchServer, authority: Authority, name: str, expired: bool, said: str
) -> None:
    with (
        TlsProxy(opensearch_server.hosts[0], *authority.issue(name, expired=expired)) as proxy,
        pytest.raises(urllib3.exceptions.SSLError, match=said),
    ):
        ask(proxy, authority.path)


def test_who_has_no_certificate_is_not_let_in(opensearch_server: OpenSearchServer, authority: Authority) -> None:
    with TlsProxy(opensearch_server.hosts[0], *authority.issue(), clients=authority.path) as proxy:
        with pytest.raises((urllib3.exceptions.HTTPError, ssl.SSLError)):
            ask(proxy, authority.path)
        chain, key = authority.issue("library.example")
        assert ask(proxy, authority.path, cert_file=str(chain), key_file=str(key)).status == 200


def test_it_cuts_refuses_and_answers_by_itself(proxy: TlsProxy, authority: Authority) -> None:
    proxy.manners = Manners(cut_after=10)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        ask(proxy, authority.path)
    proxy.manners = Manners(status=429)
    assert ask(proxy, authority.path).status == 429
    proxy.manners = Manners(refuses=True)
    with pytest.raises(urllib3.exceptions.HTTPError):
        ask(proxy, authority.path)
    proxy.manners = Manners()
    assert ask(proxy, authority.path).status == 200
    assert proxy.most == 1


def test_it_delays_answers(proxy: TlsProxy, authority: Authority) -> None:
    proxy.manners = Manners(delay_seconds=3.0)
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        ask(proxy, authority.path, seconds=0.5)
