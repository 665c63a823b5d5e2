"""Bulk requests: bounded in bytes, several on their way at once, each item's answer looked at.

An item that the cluster had no room for is sent again by itself, after a pause
that grows; one whose version is older than what is there is done; one that the
cluster will never take is told with its reason, and the others are indexed.
"""

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from opensearchpy.exceptions import TransportError

from service.adapters.index.opensearch.client import WRITE_SECONDS, Cluster
from service.adapters.index.opensearch.documents import line, put, take
from service.adapters.index.opensearch.generations import Generations
from service.adapters.index.opensearch.meaning import BLOCK, MISSING, PART, types
from service.errors import IndexMissing, IndexOverloaded, IndexReadOnly, IndexUnavailable
from service.model import IndexDocument, ResourceKey

# Small enough that several are on their way for a batch of 500 resources; a larger resource goes alone.
REQUEST_BYTES = 1_000_000
AT_ONCE = 4
# A cluster takes requests of 100 MiB (http.max_content_length) and cuts the connection of a larger one.
MOST_BYTES = 100_000_000
# Waits of 0.2, 0.4, 0.8 … 6.4 seconds, 13 in all: a queue that is full for longer is an outage, and the job waits.
FIRST_WAIT_SECONDS = 0.2
TRIES = 8
AGAIN = (429, 503)
CONFLICT, GONE, TOO_LARGE = 409, 404, 413
_REASON_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Item:
    """One resource of a bulk request, as its lines."""

    key: ResourceKey
    lines: bytes


def write(
    cluster: Cluster,
    generations: Generations,
    generation: str,
    documents: Sequence[IndexDocument],
    removed: Collection[ResourceKey],
) -> dict[ResourceKey, str]:
    """Replace and remove; seen by every search when it returns. Returns: what was refused, with the reason.

    Raises: IndexMissing; IndexReadOnly; IndexOverloaded; IndexUnavailable. What was written before stays.
    """
    newest: dict[ResourceKey, IndexDocument] = {}
    for document in documents:
        if document.key not in newest or newest[document.key].version <= document.version:
            newest[document.key] = document
    going = [key for key in removed if key not in newest]
    send = partial(_send, cluster, generations.writer(generation), generation)
    refused: dict[ResourceKey, str] = {}
    with ThreadPoolExecutor(AT_ONCE, "bulk") as pool:
        items = (Item(document.key, put(document)) for document in newest.values())
        sendable = (item for item in items if _fits(item, refused))
        for part in _bounded(pool.submit(send, items=request) for request in _requests(sendable)):
            refused |= part
    if going:
        held = _held(cluster, generations.index(generation), generation, going)
        for request in _requests(Item(key, take(key, version)) for key, version in held.items()):
            refused |= send(items=request)
    generations.refresh(generation)
    return refused


def _fits(item: Item, refused: dict[ResourceKey, str]) -> bool:
    """Whether the cluster can be asked to take it; what cannot be asked is refused."""
    if len(item.lines) > MOST_BYTES:
        refused[item.key] = f"too-large: {len(item.lines)} bytes"
    return len(item.lines) <= MOST_BYTES


def _bounded(futures: Iterable[Any]) -> Iterator[dict[ResourceKey, str]]:
    """Results in order, with no more requests made ready than are on their way."""
    waiting: list[Any] = []
    for future in futures:
        waiting.append(future)
        if len(waiting) > AT_ONCE:
            yield waiting.pop(0).result()
    for future in waiting:
        yield future.result()


def _requests(items: Iterable[Item]) -> Iterator[list[Item]]:
    request: list[Item] = []
    size = 0
    for item in items:
        if request and size + len(item.lines) > REQUEST_BYTES:
            yield request
            request, size = [], 0
        request.append(item)
        size += len(item.lines)
    if request:
        yield request


def _send(cluster: Cluster, alias: str, generation: str, items: list[Item]) -> dict[ResourceKey, str]:
    """Until each item is in, refused, or there is no room for too long."""
    refused: dict[ResourceKey, str] = {}
    for attempt in range(TRIES):
        if attempt:
            time.sleep(FIRST_WAIT_SECONDS * 2 ** (attempt - 1))
        try:
            answer = cluster.ask(
                "POST",
                f"/{alias}/_bulk",
                b"".join(item.lines for item in items),
                params={"require_alias": "true", "filter_path": "items.*.status,items.*.error"},
                seconds=WRITE_SECONDS,
                generation=generation,
            )
        except IndexOverloaded:
            continue
        except IndexUnavailable as error:
            if _status(error) != TOO_LARGE or len(items) > 1:
                raise
            return {items[0].key: f"too-large: {len(items[0].lines)} bytes"}
        again = []
        for item, told in zip(items, answer["items"], strict=True):
            ((_, result),) = told.items()
            status, trouble = result.get("status", 0), result.get("error")
            kinds = types(trouble)
            if status in AGAIN and BLOCK not in kinds:
                again.append(item)
            elif trouble is not None and status not in (CONFLICT, GONE):
                refused[item.key] = _refusal(trouble, generation)
            elif kinds & MISSING:
                raise IndexMissing(part=PART, generation=generation)
        if not again:
            return refused
        items = again
    raise IndexOverloaded(part=PART, generation=generation)


def _refusal(error: Any, generation: str) -> str:
    """Why this document and no other. Raises: IndexReadOnly: it is no fault of the document's."""
    if BLOCK in types(error):
        raise IndexReadOnly(part=PART, generation=generation)
    inner = error.get("caused_by", error) if isinstance(error, dict) else {"reason": str(error)}
    return f"{inner.get('type', '')}: {inner.get('reason', '')}"[:_REASON_CHARACTERS]


def _status(error: IndexUnavailable) -> int | str:
    return error.__cause__.status_code if isinstance(error.__cause__, TransportError) else 0


def _held(cluster: Cluster, index: str, generation: str, keys: Sequence[ResourceKey]) -> dict[ResourceKey, int]:
    """The versions that the cluster holds of these, seen by searches or not yet."""
    body = line({"ids": [str(key) for key in keys]})
    params = {"_source": "false", "filter_path": "docs._id,docs._version,docs.error"}
    answer = cluster.ask("POST", f"/{index}/_mget", body, params=params, generation=generation)
    if any(types(document.get("error")) & MISSING for document in answer["docs"]):
        raise IndexMissing(part=PART, generation=generation)
    return {ResourceKey(int(each["_id"])): each["_version"] for each in answer["docs"] if "_version" in each}
