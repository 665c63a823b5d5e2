"""What OpenSearch's errors mean to the library. No vendor error leaves the adapter."""

import logging
from typing import Any

from opensearchpy.exceptions import ConnectionError, ConnectionTimeout, OpenSearchException, TransportError

from service.errors import (
    IndexMissing,
    IndexOverloaded,
    IndexReadOnly,
    IndexRefused,
    IndexSlow,
    IndexUnavailable,
)
from service.telemetry.spell import Spell

log = logging.getLogger(__name__)
PART = "index"
AWAY = Spell(log, "index-away")
"""Told once for all threads of a process; over at the first answer (`client`)."""
TROUBLES: dict[type[IndexUnavailable], Spell] = {
    kind: Spell(log, kind.code) for kind in (IndexSlow, IndexOverloaded, IndexReadOnly, IndexRefused)
}
"""A cluster that answers and cannot do: told once a minute while it lasts. Between two failures others succeed, so
that no single answer ends it."""

BLOCK = "cluster_block_exception"
MISSING = frozenset(("index_not_found_exception", "alias_not_found_exception"))
FULL = frozenset(
    ("circuit_breaking_exception", "rejected_execution_exception", "opensearch_rejected_execution_exception")
)
_CAUSE_CHARACTERS = 300


def meaning(error: OpenSearchException, generation: str = "", *, seconds: float = 0.0) -> IndexUnavailable:
    """Of an error at run time; what is wrong with the settings was said at the start (`beginning`)."""
    made = _meaning(error, generation, seconds)
    if trouble := TROUBLES.get(type(made)):
        trouble.tell(code=made.code)
    return made


def _meaning(error: OpenSearchException, generation: str, seconds: float) -> IndexUnavailable:
    about: dict[str, str | int] = {"part": PART, **({"generation": generation} if generation else {})}
    if isinstance(error, ConnectionTimeout):
        return IndexSlow(**about, seconds=f"{seconds:g}")
    if isinstance(error, ConnectionError):
        AWAY.tell(reason=reason(error))
        return IndexUnavailable(**about, cause="unreachable")
    if isinstance(error, TransportError) and isinstance(error.status_code, int):
        kinds = types(error.info)
        if BLOCK in kinds:
            # Of a cluster that lost its majority, or of an index on a disk past its watermark.
            return IndexReadOnly(**about) if error.status_code in (403, 429) else _unavailable(about, error)
        if kinds & MISSING:
            return IndexMissing(**{"generation": "", **about})
        if kinds & FULL or error.status_code == 429:
            return IndexOverloaded(**about)
        if error.status_code in (401, 403):
            return IndexRefused(**about)
    return _unavailable(about, error)


def _unavailable(about: dict[str, str | int], error: OpenSearchException) -> IndexUnavailable:
    cause = error.error if isinstance(error, TransportError) else type(error).__name__
    if not (isinstance(error, TransportError) and isinstance(error.status_code, int) and error.status_code < 500):
        # That something is not there, or is there already, is an answer.
        AWAY.tell(reason=str(cause)[:_CAUSE_CHARACTERS])
    return IndexUnavailable(**about, cause=str(cause)[:_CAUSE_CHARACTERS])


def types(info: Any) -> set[str]:
    """Every type that an error's body names, its causes' too."""
    if isinstance(info, dict):
        own = {info["type"]} if isinstance(info.get("type"), str) else set()
        return own.union(*(types(value) for value in info.values() if isinstance(value, dict | list)))
    if isinstance(info, list):
        return set().union(*map(types, info))
    return set()


def reason(error: BaseException) -> str:
    """In a word what kept a connection from being made: addresses and users are not repeated."""
    inner = getattr(error, "info", None)
    inner = inner if isinstance(inner, BaseException) else error
    return type(getattr(inner, "reason", None) or inner.__cause__ or inner).__name__
