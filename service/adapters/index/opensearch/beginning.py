"""At the start: a host answers, its certificate holds, it takes the user, and it is an OpenSearch of this age."""

import socket
import ssl
from typing import Any

from opensearchpy.exceptions import ConnectionError, OpenSearchException, SSLError, TransportError
from urllib3.exceptions import ProtocolError

from service.adapters.index.opensearch.address import NAME
from service.adapters.index.opensearch.client import Cluster
from service.adapters.index.opensearch.meaning import reason
from service.errors import (
    IndexAway,
    IndexCertificate,
    IndexForbidden,
    IndexPassword,
    IndexTooOld,
    NoIndexThere,
    SettingsError,
)

OLDEST = 3
SECONDS = 10.0
# How long a host may take to say so.
WORD_SECONDS = 2.0
CA, SECRET, USER = "HOCLIEU_INDEX_CA", "HOCLIEU_INDEX_PASSWORD", "HOCLIEU_INDEX_USER"


def begin(cluster: Cluster) -> None:
    """Raises: SettingsError: one of its kinds, each naming what to set right."""
    place = cluster.address.place
    try:
        about = cluster.raw("GET", "/", seconds=SECONDS)
        # What the library itself may do shows where its indices are.
        cluster.raw("GET", f"/{cluster.address.name}-*/_alias", seconds=SECONDS)
    except OpenSearchException as error:
        raise _meaning(error, cluster) from error
    except ValueError as error:
        raise NoIndexThere(name=NAME, place=place) from error
    version = about.get("version") if isinstance(about, dict) else None
    if not isinstance(version, dict) or version.get("distribution") != "opensearch":
        raise NoIndexThere(name=NAME, place=place)
    found = str(version.get("number", ""))
    if not _new_enough(found):
        raise IndexTooOld(name=NAME, place=place, found=found)


def _new_enough(version: str) -> bool:
    major = version.partition(".")[0]
    return major.isascii() and major.isdigit() and int(major) >= OLDEST


def _meaning(error: OpenSearchException, cluster: Cluster) -> SettingsError:
    place, user = cluster.address.place, cluster.login.user
    if isinstance(error, SSLError):
        if verification := _verification(error):
            return IndexCertificate(name=CA, place=place, reason=verification, url=NAME)
        return NoIndexThere(name=NAME, place=place) if _is_plain(error) else _refused(error, cluster)
    if isinstance(error, ConnectionError):
        if isinstance(error.info, ProtocolError) and "RemoteDisconnected" not in repr(error.info):
            return NoIndexThere(name=NAME, place=place)
        return IndexAway(name=NAME, place=place, reason=reason(error))
    status = error.status_code if isinstance(error, TransportError) else 0
    if status == 401:
        return IndexPassword(name=USER, place=place, user=user, secret=SECRET)
    if status == 403:
        return IndexForbidden(place=place, user=user, indices=f"{cluster.address.name}-*")
    if isinstance(status, int) and status >= 500:
        return IndexAway(name=NAME, place=place, reason=f"HTTP {status}")
    return NoIndexThere(name=NAME, place=place)


def _verification(error: SSLError) -> str:
    """What is wrong with the certificate, in the words of the TLS library; empty where it is something else."""
    for one in _chain(error.info):
        if isinstance(one, ssl.SSLCertVerificationError):
            return str(one.verify_message)
    return ""


def _is_plain(error: SSLError) -> bool:
    """Whether the other side speaks no TLS."""
    return any("WRONG_VERSION_NUMBER" in str(one) or "RECORD" in str(one) for one in _chain(error.info))


def _refused(error: SSLError, cluster: Cluster) -> SettingsError:
    """A handshake that the other side broke off wants another certificate of ours."""
    if _is_alert(error.info) or _alerted(cluster):
        return IndexPassword(name=USER, place=cluster.address.place, user=cluster.login.user, secret=SECRET)
    return IndexAway(name=NAME, place=cluster.address.place, reason=reason(error))


def _is_alert(error: Any) -> bool:
    return any("ALERT" in str(one).upper() for one in _chain(error))


def _alerted(cluster: Cluster) -> bool:
    """Whether a host, of TLS 1.3, takes the handshake and then says that it wants another certificate.

    A request that is being written then often meets the closed connection before it meets that word; so nothing is
    written here.
    """
    for host in cluster.address.hosts:
        try:
            with (
                socket.create_connection(host, timeout=SECONDS) as bare,
                cluster.login.context().wrap_socket(bare, server_hostname=host[0]) as secured,
            ):
                secured.settimeout(WORD_SECONDS)
                secured.recv(1)
        except OSError as error:
            if _is_alert(error):
                return True
    return False


def _chain(error: Any) -> list[BaseException]:
    found: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            waiting += [one.__cause__, one.__context__, *one.args]
    return found
