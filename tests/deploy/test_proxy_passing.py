"""What the proxy passes on, seen from the other side: a web server that tells what it got, as it comes."""

import http.server
import json
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy import SITE
from tests.deploy.proxied import Proxy
from tests.servers.s3 import free_ports

PIECE = b"\0" * (1 << 20)
PIECES = 300
PATIENCE_SECONDS = 30.0
FEED = "/en/atom?grade=lop-10"
PICTURE = "/resources/0abcdefghjkm/thumbnail"
FILES = [f"/resources/0abcdefghjkm/{name}" for name in ("files/1", "v/2/files/1", "files.zip", "files/1/document.pdf")]


class Behind(http.server.ThreadingHTTPServer):
    """Tells every request's headers as JSON. Pieces of files go one by one, each when the one before has arrived."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Telling)
        self.asked: list[str] = []
        self.first_piece_came = threading.Event()
        self.first_piece_read = threading.Event()
        self.received = 0


class _Telling(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Behind

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.path in FILES:
            self._file()
        elif self.path == PICTURE:
            self._answer(200, b"picture", {"Cache-Control": "private, max-age=300"})
        elif self.path == FEED:
            self._answer(200, b"<feed/>", {"Cache-Control": "public, max-age=60", "Vary": "Accept"})
        elif self.path == "/away":
            self._answer(503, b"{}", {"Retry-After": "7"})
        else:
            said = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
            self._answer(200, said, {"Set-Cookie": "session=1"})

    def do_PATCH(self) -> None:
        self.server.asked.append(self.path)
        left = int(self.headers["Content-Length"])
        while left:
            piece = self.rfile.read(min(left, len(PIECE)))
            left -= len(piece)
            self.server.received += len(piece)
            self.server.first_piece_came.set()
        self._answer(204, b"", {})

    def _file(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(2 * len(PIECE)))
        self.end_headers()
        self.wfile.write(PIECE)
        # A proxy that wants the whole before it begins would wait for ever.
        if self.server.first_piece_read.wait(PATIENCE_SECONDS):
            self.wfile.write(PIECE)

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def behind() -> Iterator[Behind]:
    server = Behind()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def proxy(behind: Behind, secrets: Path, tmp_path: Path) -> Iterator[Proxy]:
    with Proxy(tmp_path / "nginx", secrets, f"server 127.0.0.1:{behind.server_port};") as made:
        yield made


def test_a_file_of_300_mb_goes_up_as_it_comes(proxy: Proxy, behind: Behind) -> None:
    connection = proxy.connection()
    connection.putrequest("PATCH", "/api/v1/uploads/1")
    connection.putheader("Content-Length", str(PIECES * len(PIECE)))
    connection.endheaders()
    connection.send(PIECE)
    assert behind.first_piece_came.wait(PATIENCE_SECONDS), "the proxy keeps the beginning until it has the end"
    for _ in range(PIECES - 1):
        connection.send(PIECE)
    assert connection.getresponse().status == 204
    connection.close()
    assert behind.received == PIECES * len(PIECE)
    assert proxy.left_on_disk() == 0
    assert behind.asked == ["/api/v1/uploads/1"]


@pytest.mark.parametrize("path", FILES)
def test_a_file_comes_down_as_it_is_read(proxy: Proxy, behind: Behind, path: str) -> None:
    connection = proxy.connection()
    connection.request("GET", path)
    answer = connection.getresponse()
    assert len(answer.read(len(PIECE))) == len(PIECE)
    behind.first_piece_read.set()
    assert len(answer.read()) == len(PIECE)
    connection.close()
    assert proxy.left_on_disk() == 0


def test_a_503_passes_with_its_retry_after_and_is_not_asked_again(proxy: Proxy, behind: Behind) -> None:
    status, headers, body = proxy.ask("/away")
    assert (status, headers["retry-after"], body) == (503, "7", b"{}")
    assert behind.asked == ["/away"]


def test_thumbnails_are_kept_for_nobody_in_particular_alone(proxy: Proxy, behind: Behind) -> None:
    # Whoever says who he is may see more than others: he is asked for each time, and what he sees is not kept.
    somebody: list[dict[str, str]] = [{"Cookie": "session=1"}, {"Authorization": "Bearer x"}]
    for headers in [*somebody, {}, {}, *somebody, {}]:
        status, answered, body = proxy.ask(PICTURE, **headers)
        assert (status, answered["cache-control"], body) == (200, "private, max-age=300", b"picture")
    assert proxy.cached(PICTURE, answers=7) == ["BYPASS", "BYPASS", "MISS", "HIT", "BYPASS", "BYPASS", "HIT"]
    assert len(behind.asked) == 5


def test_feeds_are_kept_for_as_long_as_they_say_and_each_form_apart(proxy: Proxy, behind: Behind) -> None:
    for headers in ({}, {"Cookie": "session=1"}, {"Accept": "application/opds+json"}, {}):
        status, answered, body = proxy.ask(FEED, **headers)
        assert (status, answered["cache-control"], body) == (200, "public, max-age=60", b"<feed/>")
    # Nothing in them depends on who asks; what it depends on is said by Vary.
    assert proxy.cached(FEED.partition("?")[0], answers=4) == ["MISS", "HIT", "MISS", "HIT"]
    assert len(behind.asked) == 2


def test_nobody_can_pose_as_another(proxy: Proxy) -> None:
    posing = {
        "X_Forwarded_For": "203.0.113.9", "X_Forwarded_Proto": "http", "X_Forwarded_Host": "evil.example",
        "Forwarded": "for=203.0.113.9", "X_Request_Id": "abcdefghijkl",
    }  # fmt: skip
    told = json.loads(proxy.ask("/", **posing)[2])
    assert (told["x-forwarded-for"], told["x-forwarded-proto"], told["host"]) == ("127.0.0.1", "https", SITE)
    assert {"x-forwarded-host", "forwarded", "x-request-id"}.isdisjoint(told)


def test_on_an_origin_of_simulations_nobody_is_somebody(proxy: Proxy) -> None:
    host = f"0abcdefghjkm.play.{SITE}"
    _, headers, body = proxy.ask("/index.html", host=host, Cookie="session=1", Authorization="Bearer x")
    told = json.loads(body)
    assert told["host"] == host
    assert {"cookie", "authorization"}.isdisjoint(told)
    assert "set-cookie" not in headers
    told = json.loads(proxy.ask("/", Cookie="session=1")[2])
    assert told["cookie"] == "session=1"


def test_a_search_goes_through_as_it_was_typed(proxy: Proxy, behind: Behind) -> None:
    asked = "/search?q=" + urllib.parse.quote("hàm số + đồ thị/2") + "&grade=lop-10"
    assert proxy.ask(asked)[0] == 200
    assert behind.asked == [asked]


def test_while_one_web_process_is_replaced_the_other_answers(behind: Behind, secrets: Path, tmp_path: Path) -> None:
    nobody = free_ports(1)[0]
    web = f"server 127.0.0.1:{nobody} max_fails=2 fail_timeout=5s; server 127.0.0.1:{behind.server_port};"
    with Proxy(tmp_path / "nginx", secrets, web) as proxy:
        assert {proxy.ask("/")[0] for _ in range(20)} == {200}
