"""The OpenSearch adapter's own decisions: addresses, hosts that are away, queues, answers that are cut off."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import urllib3
from opensearchpy.connection import Urllib3HttpConnection

from service.adapters.index.opensearch import Cluster, Login, OpenSearchIndex, client, parse
from service.errors import IndexOverloaded, IndexSlow, IndexUnavailable, SettingsError
from service.model import Audience
from service.search.understand import understand
from tests.servers.s3 import free_ports

HERE = "opensearch+http://127.0.0.1"
ALL = Audience(everything=True)


def question(text: str, **changes: Any) -> Any:
    import dataclasses

    return dataclasses.replace(understand(text, audience=ALL, known=lambda tokens: tokens), **changes)


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("opensearch+https://a.example/lib", [("a.example", 9200)]),
        ("opensearch+https://a:1,b:2,a:1/lib", [("a", 1), ("b", 2)]),
        ("opensearch+https://[fe80::1]:92/lib/", [("fe80::1", 92)]),
        ("opensearch+http://localhost:1,[::1]:2,127.0.0.3/lib", [("localhost", 1), ("::1", 2), ("127.0.0.3", 9200)]),
    ],
)
def test_an_address_names_hosts_and_a_library(url: str, hosts: list[tuple[str, int]]) -> None:
    address = parse(url)
    assert (list(address.hosts), address.name, address.secure) == (hosts, "lib", "https" in url)


@pytest.mark.parametrize(
    "url",
    [
        "opensearch+http://a.example/lib",
        "opensearch+http://127.0.0.1,10.0.0.1/lib",
        "opensearch+https:///lib",
        "opensearch+https://a",
        "opensearch+https://a/",
        "opensearch+https://a/Lib",
        "opensearch+https://a/_lib",
        "opensearch+https://a/l*",
        "opensearch+https://a/l/m",
        "opensearch+https://a,,b/lib",
        "opensearch+https://a:0/lib",
        "opensearch+https://a:99999/lib",
        "opensearch+https://[a/lib",
        "opensearch+https://who@a/lib",
        "opensearch+https://a/lib?x=1",
    ],
)
def test_an_address_that_cannot_be_meant_is_refused(url: str) -> None:
    with pytest.raises(SettingsError) as raised:
        parse(url)
    assert raised.value.parameters["name"] == "HOCLIEU_INDEX_URL"
    assert "who" not in str(raised.value.parameters["value"])


@pytest.mark.parametrize(
    ("given", "name"),
    [({"ca": "no.pem"}, "HOCLIEU_INDEX_CA"), ({"certificate": "no.pem"}, "HOCLIEU_INDEX_CERTIFICATE")],
)
@pytest.mark.parametrize("written", [False, True])
def test_a_file_that_is_no_certificate_is_named(
    given: dict[str, str], name: str, written: bool, tmp_path: Path
) -> None:
    path = tmp_path / "no.pem"
    if written:
        path.write_text("rubbish", encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        Login(**dict.fromkeys(given, str(path))).context()
    assert (raised.value.parameters["name"], raised.value.parameters["value"]) == (name, str(path))


class Stub(BaseHTTPRequestHandler):
    """A host that answers everything alike; a fault that no real one can be told to have."""

    protocol_version = "HTTP/1.1"
    status, answer, asked = 200, b"{}", 0
    held: threading.Event | None = None

    def do_POST(self) -> None:
        type(self).asked += 1
        self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.held is not None:
            self.held.wait(20)
        self.send_response(self.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)

    do_GET = do_POST  # noqa: N815 - the name that the server looks for

    def log_message(self, *told: Any) -> None:
        """Nobody reads it."""


@pytest.fixture
def stub() -> Iterator[tuple[type[Stub], int]]:
    kind = type("Own", (Stub,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield kind, server.server_address[1]
        if kind.held is not None:
            kind.held.set()
        server.shutdown()


def cluster(*ports: int, seconds: float = 5.0) -> Cluster:
    hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
    return Cluster(parse(f"opensearch+http://{hosts}/lib"), Login(), seconds=seconds, connect_seconds=1.0)


def test_a_host_that_is_away_is_left_alone_and_another_one_answers(stub: tuple[type[Stub], int]) -> None:
    kind, port = stub
    (away,) = free_ports(1)
    asking = cluster(away, port)
    for _ in range(6):
        assert asking.ask("GET", "/") == {}
    assert kind.asked == 6
    assert [connection.port for connection in asking._pool.connections] == [port]
    asking.close()


def test_a_host_in_trouble_is_passed_over(stub: tuple[type[Stub], int]) -> None:
    kind, port = stub
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Ill", (Stub,), {"status": 503})) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        asking = cluster(other.server_address[1], port)
        for _ in range(4):
            assert asking.ask("GET", "/") == {}
        other.shutdown()
    assert kind.asked == 4
    asking.close()


def test_while_nobody_answers_nobody_is_asked_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    asking = cluster(*free_ports(2))
    with pytest.raises(IndexUnavailable):
        asking.ask("GET", "/")

    def never(*_: object) -> None:
        raise AssertionError("somebody was asked")

    monkeypatch.setattr(asking, "_somewhere", never)
    with pytest.raises(IndexUnavailable) as raised:
        asking.ask("GET", "/")
    assert raised.value.parameters == {"part": "index", "cause": "unreachable"}


def test_an_answer_that_is_no_json_is_no_answer(stub: tuple[type[Stub], int]) -> None:
    kind, port = stub
    kind.answer = b"<html>"
    with pytest.raises(IndexUnavailable):
        cluster(port).ask("GET", "/")


def test_a_silent_cluster_holds_so_many_threads_and_no_more(
    stub: tuple[type[Stub], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, port = stub
    kind.held = threading.Event()
    monkeypatch.setattr(client, "SILENT_SECONDS", 0.05)
    monkeypatch.setattr(client, "MOST_WAITING", 2)
    asking = cluster(port)
    errors: list[Exception] = []

    def search() -> None:
        try:
            asking.search("lib-x", b"{}", params={}, generation="x")
        except IndexUnavailable as error:
            errors.append(error)

    threads = [threading.Thread(target=search) for _ in range(6)]
    for thread in threads:
        thread.start()
    # Those that found no room come back while the others still wait.
    deadline = time.monotonic() + 15
    while len(errors) < 4 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert {type(error) for error in errors} == {IndexOverloaded}
    kind.held.set()
    for thread in threads:
        thread.join(20)
    assert (kind.asked, len(errors)) == (2, 4)


def test_while_a_cluster_answers_too_late_one_waits_for_it_and_the_others_are_told_at_once(
    stub: tuple[type[Stub], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, port = stub
    kind.held = threading.Event()
    monkeypatch.setattr(client, "SILENT_SECONDS", 0.05)
    asking = cluster(port, seconds=0.3)

    def search() -> str:
        try:
            asking.search("lib-x", b"{}", params={}, generation="x")
        except IndexUnavailable as error:
            return error.code
        return "answered"

    assert search() == "index-slow"
    with ThreadPoolExecutor(1) as somebody:
        looks = somebody.submit(search)
        while not asking._looking.locked():
            time.sleep(0.001)
        assert [search() for _ in range(30)] == ["index-unavailable"] * 30
        assert looks.result() == "index-slow"
    assert kind.asked == 2
    kind.held.set()
    assert [search() for _ in range(3)] == ["answered"] * 3
    asking.close()


def test_one_search_that_took_too_long_says_nothing_of_the_others(
    stub: tuple[type[Stub], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, port = stub
    asking = cluster(port, seconds=0.1)
    asking.ask("GET", "/")
    kind.held = threading.Event()
    with pytest.raises(IndexSlow):
        asking.search("lib-x", b"{}", params={}, generation="x")
    assert asking._away_until is None


def test_a_search_ends_with_its_time(stub: tuple[type[Stub], int]) -> None:
    kind, port = stub
    kind.held = threading.Event()
    with pytest.raises(IndexSlow) as raised:
        cluster(port, seconds=0.1).search("lib-x", b"{}", params={}, generation="x")
    assert raised.value.parameters["seconds"] == "0.1"


def test_hosts_that_are_tried_one_after_the_other_share_the_time_of_a_search(
    stub: tuple[type[Stub], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, port = stub
    limits: list[float] = []
    ask = Urllib3HttpConnection.perform_request

    def late(self: Urllib3HttpConnection, *given: Any, timeout: urllib3.Timeout, **named: Any) -> Any:
        limits.append(float(timeout.read_timeout or 0))
        time.sleep(0.2)
        return ask(self, *given, timeout=timeout, **named)

    monkeypatch.setattr(Urllib3HttpConnection, "perform_request", late)
    asking = cluster(*free_ports(1), port, seconds=5.0)
    while len(limits) < 2:
        limits.clear()
        asking.search("lib-x", b"{}", params={}, generation="x")
    assert limits[1] <= limits[0] - 0.2


def test_what_a_time_limit_cut_off_is_given_as_a_part(stub: tuple[type[Stub], int]) -> None:
    kind, port = stub
    found = {"key": [7], "id": ["r7"], "sharing": [0]}
    hit = {"_score": 1.5, "fields": found, "sort": [1.5, 7]}
    answer = {"timed_out": True, "_shards": {"failed": 0}, "hits": {"total": {"value": 1}, "hits": [hit]}}
    kind.answer = json.dumps(answer).encode()
    page = OpenSearchIndex(cluster(port)).search("x", question("chung"))
    assert (page.partial, page.total, page.found[0].key, page.after) == (True, 1, 7, "")


def test_nothing_known_asks_nobody() -> None:
    query = understand("lạ hoắc", audience=ALL, known=lambda tokens: ())
    page = OpenSearchIndex(cluster(*free_ports(1))).search("x", query)
    assert (page.total, page.found) == (0, ())


def test_a_port_that_is_closed_is_told_in_a_word() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        with pytest.raises(IndexUnavailable) as raised:
            cluster(bound.getsockname()[1]).ask("GET", "/")
    assert raised.value.parameters["cause"] == "unreachable"
