"""TLS and passwords before a server that has neither, as a security plugin puts them there; and its bad days.

A reverse proxy of Python's own `ssl` and `http.server`, a thread a connection.
The certificates are made for the run: `Authority` is one that nobody else knows.
"""

import base64
import datetime
import http.client
import ssl
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

import trustme

HOST = "127.0.0.1"
SERVER_SECONDS = 120.0
IDLE_SECONDS = 60.0
PER_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host", "authorization"}


class Authority:
    """A certificate authority of a test's own. path: its root certificate."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._made = trustme.CA()
        self.path = folder / "ca.pem"
        self._made.cert_pem.write_to_path(self.path)

    def issue(self, name: str = HOST, *, expired: bool = False) -> tuple[Path, Path]:
        """A certificate for a host's address or name, or for a client's, and its key."""
        now = datetime.datetime.now(datetime.UTC)
        until = now - datetime.timedelta(days=1) if expired else now + datetime.timedelta(days=2)
        made = self._made.issue_cert(
            name, common_name=name, not_before=now - datetime.timedelta(days=90), not_after=until
        )
        stem = f"{name}{'-expired' if expired else ''}"
        chain, key = self.folder / f"{stem}.pem", self.folder / f"{stem}.key"
        chain.write_bytes(b"".join(blob.bytes() for blob in made.cert_chain_pems))
        made.private_key_pem.write_to_path(key)
        return chain, key


@dataclass
class Manners:
    """How the proxy behaves from now on; kept connections too.

    delay_seconds: before an answer is asked for. cut_after: bytes of an answer's body that pass before the
    connection is cut. refuses: connections are closed as soon as they are made. status: answered to everything
    instead of asking the server.
    """

    delay_seconds: float = 0.0
    cut_after: int | None = None
    refuses: bool = False
    status: int = 0


@dataclass
class TlsProxy:
    """`with TlsProxy(target, *authority.issue()) as proxy:` then `proxy.host` leads to the server over TLS.

    target: `host:port`. user, password: who is let in; everybody, if empty. clients: root certificate of those whose
    certificates are asked for. certificate: none means plain HTTP, for what a slow or a closed door does.
    """

    target: str
    certificate: Path | None = None
    key: Path | None = None
    user: str = ""
    password: str = ""
    clients: Path | None = None
    manners: Manners = field(default_factory=Manners)
    open: int = 0
    """Requests that are being answered."""
    most: int = 0
    """The most that were at once."""

    def __enter__(self) -> "TlsProxy":
        self._counting = threading.Lock()
        self._server = _Server(self)
        self.host = f"{HOST}:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def context(self) -> ssl.SSLContext | None:
        if self.certificate is None:
            return None
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.certificate, self.key)
        if self.clients is not None:
            made.verify_mode = ssl.CERT_REQUIRED
            made.load_verify_locations(self.clients)
        return made

    def lets_in(self, said: str) -> bool:
        """said: the header Authorization."""
        words = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        return not self.user or said == f"Basic {words}"

    def count(self, step: int) -> None:
        with self._counting:
            self.open += step
            self.most = max(self.most, self.open)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    # Readers by the dozen come at once.
    request_queue_size = 128

    def __init__(self, proxy: TlsProxy) -> None:
        self.proxy = proxy
        self._context = proxy.context()
        super().__init__((HOST, 0), _Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """In the connection's own thread: a handshake that hangs keeps nobody else."""
        if self.proxy.manners.refuses:
            return
        request.settimeout(IDLE_SECONDS)
        if self._context is not None:
            try:
                request = self._context.wrap_socket(request, server_side=True)
            except OSError:
                # The client did not like the certificate, or has none, or speaks plain HTTP.
                return
        try:
            super().finish_request(request, client_address)
        finally:
            request.close()

    def handle_error(self, _request: Any, _client_address: Any) -> None:
        """A client that went away is no event here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self._behind = http.client.HTTPConnection(self.server.proxy.target, timeout=SERVER_SECONDS)

    def finish(self) -> None:
        self._behind.close()
        super().finish()

    def _pass(self) -> None:
        proxy = self.server.proxy
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        proxy.count(1)
        try:
            if not proxy.lets_in(self.headers.get("Authorization", "")):
                self._answer(HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": 'Basic realm="x"'}, b"Unauthorized")
                return
            manners = proxy.manners
            time.sleep(manners.delay_seconds)
            if manners.status:
                self._answer(manners.status, {}, b"")
                return
            try:
                status, headers, data = self._ask(body)
            except (OSError, http.client.HTTPException):
                self._behind.close()
                self._answer(HTTPStatus.BAD_GATEWAY, {}, b"")
                return
            self._answer(status, headers, data, manners.cut_after)
        finally:
            proxy.count(-1)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _pass  # noqa: N815 - the names that http.server calls

    def _ask(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in PER_HOP}
        self._behind.request(self.command, self.path, body=body or None, headers=headers)
        answer = self._behind.getresponse()
        data = answer.read()
        kept = {name: value for name, value in answer.getheaders() if name.lower() not in PER_HOP}
        if self.command == "HEAD":
            kept["Content-Length"] = answer.getheader("Content-Length") or "0"
        return answer.status, kept, data

    def _answer(self, status: int, headers: dict[str, str], data: bytes, cut_after: int | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data if cut_after is None else data[:cut_after])
        if cut_after is not None:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nothing."""
