"""Which hosts and which name an address means: `opensearch+https://host:9200,host:9200/name`.

Plain HTTP is for a node on this very machine: over a network others could
read unpublished texts and the password.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from service.errors import SettingsError
from service.settings import on_this_machine

NAME = "HOCLIEU_INDEX_URL"
FORMS = "opensearch+https://host:9200,host:9200/name, opensearch+http://127.0.0.1:9200/name"
PORT = 9200
# Index names are in lower case; what is left of 255 bytes is for the generation.
_LIBRARY = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]@/\s]+)(?::(\d{1,5}))?")


@dataclass(frozen=True, slots=True)
class Address:
    """hosts: (name, port), in the order they are given; name: what every index of this library begins with."""

    hosts: tuple[tuple[str, int], ...]
    name: str
    secure: bool

    @property
    def place(self) -> str:
        """The hosts as people write them."""
        return ", ".join(f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in self.hosts)


def parse(url: str) -> Address:
    """Raises: SettingsError: no host, no name or none that an index can have, a user in it, plain HTTP to others."""
    try:
        split = urlsplit(url)
        # A user in an address ends in logs and process lists; it is not repeated here either.
        shown = url if "@" not in split.netloc else url.replace(split.netloc.rpartition("@")[0], "…")
        secure = split.scheme == "opensearch+https"
        hosts = [_host(each) for each in split.netloc.split(",")]
        name = split.path.strip("/")
    except ValueError as error:
        raise SettingsError(name=NAME, value=url, allowed=FORMS) from error
    known = [host for host in hosts if host is not None]
    good = len(known) == len(hosts) and _LIBRARY.fullmatch(name) and not (split.query or split.fragment)
    if not good or not (secure or all(on_this_machine(host) for host, _ in known)):
        raise SettingsError(name=NAME, value=shown, allowed=FORMS)
    return Address(tuple(dict.fromkeys(known)), name, secure)


def _host(text: str) -> tuple[str, int] | None:
    match = _HOST.fullmatch(text)
    if match is None:
        return None
    port = int(match[2] or PORT)
    return (match[1].strip("[]"), port) if 0 < port < 65_536 else None
