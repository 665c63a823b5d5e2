"""The proxy of `deploy/nginx` before a real library: pages, files, caching, hosts, and what gets through to whom."""

import gzip
import json
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Served, Shelf
from tests.deploy import SITE, tool
from tests.deploy.proxied import Proxy, configuration
from tests.servers.s3 import free_ports


@pytest.fixture(scope="module")
def proxy(library: Shelf, secrets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    port = free_ports(1)[0]
    settings = {
        "HOCLIEU_PUBLIC_URL": f"https://{SITE}",
        "HOCLIEU_TRUSTED_PROXIES": "127.0.0.1",
        "HOCLIEU_METRICS_TOKEN": "seen-by-nobody",
    }
    folder = tmp_path_factory.mktemp("proxy")
    with (
        Served(library.home, "--port", str(port), "--no-worker", **settings),
        Proxy(folder, secrets, f"server 127.0.0.1:{port};") as made,
    ):
        yield made


def test_nginx_and_its_linter_find_nothing(secrets: Path, tmp_path: Path) -> None:
    main = configuration(tmp_path, secrets, "server 127.0.0.1:8001; server 127.0.0.1:8002;", (8080, 8443))
    checked = subprocess.run([tool("nginx"), "-t", "-c", str(main)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr
    found = subprocess.run([tool("gixy"), "-f", "json", str(main)], capture_output=True, text=True, check=False)
    assert json.loads(found.stdout) == []


def test_a_page_comes_packed_and_with_the_library_s_headers(proxy: Proxy) -> None:
    status, headers, body = proxy.ask("/search?q=parabol", Accept_Encoding="gzip")
    assert status == 200
    assert headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in headers["vary"]
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-request-id"]
    assert "version" not in headers["server"]
    assert headers["server"] == "nginx"
    assert gzip.decompress(body).startswith(b"<!doctype html>")
    assert proxy.ask("/search?q=parabol")[1].get("content-encoding") is None


def test_addresses_in_answers_are_those_that_readers_use(proxy: Proxy) -> None:
    found = json.loads(proxy.ask("/api/v1/search?q=parabol")[2])
    assert found["total"] == 1
    assert found["items"][0]["url"].startswith(f"https://{SITE}/resources/")


def test_a_page_is_asked_for_anew_each_time(proxy: Proxy) -> None:
    for _ in range(2):
        assert proxy.ask("/about")[0] == 200
    assert set(proxy.cached("/about", answers=2)) == {"-"}


def test_browsers_get_http_2_and_no_tls_before_1_2(proxy: Proxy) -> None:
    with proxy.connect(protocols=("h2", "http/1.1")) as connected:
        assert connected.selected_alpn_protocol() == "h2"
    context = ssl.create_default_context(cafile=str(proxy.secrets / "inside-ca.pem"))
    context.maximum_version = context.minimum_version = ssl.TLSVersion.TLSv1_2
    with (
        socket.create_connection(("127.0.0.1", proxy.ports[1]), 10) as plain,
        context.wrap_socket(plain, server_hostname=SITE) as old,
    ):
        assert old.version() == "TLSv1.2"


def test_parts_of_a_file_heads_and_validators_pass_through(proxy: Proxy, library: Shelf) -> None:
    path = f"/resources/{library.ids['parabola.pdf']}/files/1"
    status, headers, whole = proxy.ask(path, Accept_Encoding="gzip")
    assert status == 200
    assert whole.startswith(b"%PDF-")
    assert "content-encoding" not in headers
    assert int(headers["content-length"]) == len(whole)
    status, part, body = proxy.ask(path, Range="bytes=100-299")
    assert (status, part["content-range"], body) == (206, f"bytes 100-299/{len(whole)}", whole[100:300])
    status, head, body = proxy.ask(path, method="HEAD")
    assert (status, head["content-length"], body) == (200, str(len(whole)), b"")
    assert proxy.ask(path, If_None_Match=headers["etag"])[0] == 304
    assert proxy.ask(path, Range="bytes=999999999-")[0] == 416


def test_a_packed_page_still_is_the_style_that_a_browser_holds(proxy: Proxy) -> None:
    page = proxy.ask("/")[2].decode()
    path = page.partition('href="/static/')[2].partition('"')[0]
    status, headers, _ = proxy.ask(f"/static/{path}", Accept_Encoding="gzip")
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert "immutable" in headers["cache-control"]
    assert proxy.ask(f"/static/{path}", Accept_Encoding="gzip", If_None_Match=headers["etag"])[0] == 304


def test_styles_are_kept(proxy: Proxy) -> None:
    page = proxy.ask("/")[2].decode()
    path = "/static/" + page.partition('href="/static/')[2].partition('"')[0]
    first, second = proxy.ask(path), proxy.ask(path)
    assert first[2] == second[2]
    assert proxy.cached(path, answers=2)[-1] == "HIT"


def test_what_is_gone_is_not_kept(proxy: Proxy, library: Shelf) -> None:
    path = f"/resources/{library.ids['gone.pdf']}/thumbnail"
    assert [proxy.ask(path)[0] for _ in range(2)] == [410, 410]
    assert "HIT" not in proxy.cached(path, answers=2)


def test_measures_stay_inside_even_for_who_knows_the_token(proxy: Proxy) -> None:
    assert proxy.ask("/metrics", Authorization="Bearer seen-by-nobody")[0] == 404
    assert proxy.ask("/healthz")[0] == proxy.ask("/readyz")[0] == 200


def test_what_is_too_large_for_a_form_is_refused(proxy: Proxy) -> None:
    assert proxy.ask("/search", method="POST", body=b"x" * 1_200_000)[0] == 413


def test_plain_http_leads_to_the_same_place_with_tls(proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.ports[0]), 10) as plain:
        plain.sendall(f"GET /search?q=a%20b HTTP/1.1\r\nHost: {SITE}\r\nConnection: close\r\n\r\n".encode())
        answer = plain.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 301 ")
    assert f"Location: https://{SITE}/search?q=a%20b\r\n" in answer


def test_whoever_asks_for_another_name_gets_nothing(proxy: Proxy) -> None:
    with pytest.raises(ssl.SSLError):
        proxy.connect("other.example.vn")
    with socket.create_connection(("127.0.0.1", proxy.ports[0]), 10) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: other.example.vn\r\n\r\n")
        assert plain.makefile("rb").read() == b""


def test_a_search_text_is_in_no_line_of_the_log(proxy: Proxy) -> None:
    assert proxy.ask("/search?q=bimatcuatoi")[0] == 200
    assert proxy.cached("/search")
    log = (proxy.folder / "access.log").read_text()
    assert "bimatcuatoi" not in log
    assert "127.0.0.1" not in log
