"""nginx with the configuration of `deploy/nginx` before some web server, and a reader who speaks to it over TLS."""

import http.client
import os
import re
import signal
import socket
import ssl
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from tests.deploy import DEPLOY, SITE, tool
from tests.servers.leash import Leashed
from tests.servers.s3 import free_ports

TEMPLATE = DEPLOY / "nginx" / "hoclieu.conf.template"
UP_SECONDS = 20.0


def configuration(folder: Path, secrets: Path, web: str, ports: tuple[int, int]) -> Path:
    """The template filled in as an image or envsubst would do it, inside the least that nginx needs around it."""
    values = {
        "SITE_HOST": SITE, "SITE_HTTP": str(ports[0]), "SITE_HTTPS": str(ports[1]), "WEB_SERVERS": web,
        "SITE_CERTIFICATE": str(secrets / "site.pem"), "SITE_KEY": str(secrets / "site.key"),
        "SITE_CACHE": str(folder / "cache"),
    }  # fmt: skip
    text = TEMPLATE.read_text(encoding="utf-8")
    # Nothing but the names that the head of the template tells: nginx has variables of its own.
    for name in re.findall(r"\$\{(\w+)\}", text):
        text = text.replace(f"${{{name}}}", values[name])
    (folder / "site.conf").write_text(text.replace("/dev/stdout", str(folder / "access.log")), encoding="utf-8")
    temporary = "".join(
        f"{kind}_temp_path {folder / 'temporary'};\n" for kind in ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    main = folder / "nginx.conf"
    main.write_text(
        f"{user}\npid {folder / 'pid'};\nerror_log {folder / 'error.log'};\ndaemon off;\nworker_processes 1;\n"
        f"events {{}}\nhttp {{\ninclude /etc/nginx/mime.types;\n{temporary}include {folder / 'site.conf'};\n}}\n",
        encoding="utf-8",
    )
    return main


class Proxy:
    """`with Proxy(folder, secrets, "server 127.0.0.1:8000;") as proxy:`"""

    def __init__(self, folder: Path, secrets: Path, web: str) -> None:
        self.folder, self.secrets = folder, secrets
        http_port, https_port = free_ports(2)
        self.ports = (http_port, https_port)
        folder.mkdir(exist_ok=True)
        self._main = configuration(folder, secrets, web, self.ports)

    def __enter__(self) -> "Proxy":
        command = [tool("nginx"), "-c", str(self._main)]
        self._leash = Leashed(command, log=self.folder / "said.log", stop=signal.SIGTERM)
        deadline = time.monotonic() + UP_SECONDS
        while time.monotonic() < deadline and self._leash.running():
            try:
                socket.create_connection(("127.0.0.1", self.ports[1]), 1).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError((self.folder / "said.log").read_text() + (self.folder / "error.log").read_text())

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._leash.end()

    def connect(self, host: str = SITE, *, protocols: tuple[str, ...] = ("http/1.1",)) -> ssl.SSLSocket:
        """As a browser that has looked the host up."""
        context = ssl.create_default_context(cafile=str(self.secrets / "inside-ca.pem"))
        context.set_alpn_protocols(list(protocols))
        plain = socket.create_connection(("127.0.0.1", self.ports[1]), 30)
        return context.wrap_socket(plain, server_hostname=host)

    def connection(self, host: str = SITE) -> http.client.HTTPConnection:
        made = http.client.HTTPConnection(host)
        made.sock = self.connect(host)
        return made

    def ask(
        self, path: str, *, host: str = SITE, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers (names in small letters), body. headers: `X_Name="…"`."""
        connection = self.connection(host)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body=body, headers=named)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def cached(self, path: str, *, answers: int = 1) -> list[str]:
        """What its cache said for each answered request of a path: MISS, HIT, BYPASS, or - where it has none.

        answers: how many there were.
        """
        deadline = time.monotonic() + 5
        while True:
            lines = (self.folder / "access.log").read_text().splitlines()
            found = [line.split()[-2] for line in lines if line.split()[2] == path]
            # The line is written after the answer.
            if len(found) >= answers or time.monotonic() > deadline:
                return found
            time.sleep(0.05)

    def left_on_disk(self) -> int:
        """Bytes that it has written beside its cache."""
        return sum(path.stat().st_size for path in (self.folder / "temporary").rglob("*") if path.is_file())
