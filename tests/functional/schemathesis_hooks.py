"""What no schema can say of a question that is meant: loaded by Schemathesis, in a process of its own.

Ids, codes of facets and cursors are data of the library, and how far pages reach
follows from two parameters together. In cases whose data is meant to be
accepted they are replaced by ones that this library has (`LIBRARY`, written by
the test), so that what lies behind them is reached and must be answered well.
Data that is meant to be refused is sent as it was generated.
"""

import json
import os
from typing import Any
from zlib import crc32

import schemathesis

LIBRARY: dict[str, Any] = json.loads(os.environ["SCHEMATHESIS_LIBRARY"])
"""facets: name -> codes; ids: of every state; cursor: of a search for "daynhieu"."""
REACH = 10_000


def pick(among: list[str], by: object) -> str:
    """The same one for the same value."""
    return among[crc32(repr(by).encode()) % len(among)]


@schemathesis.hook
def before_call(_context: object, case: Any, _kwargs: dict[str, Any]) -> None:
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    asked, named = case.query, case.path_parameters
    for name in ("resource_id", "id"):
        if name in named and crc32(repr(named).encode()) % 4:
            named[name] = pick(LIBRARY["ids"], named[name])
    for name in ("number", "revision"):
        if name in named and crc32(repr(named).encode()) % 4:
            named[name] = 1
    for name, codes in LIBRARY["facets"].items():
        if asked.get(name):
            # Nothing here was harvested, so that `source` has no value to ask for; others are refused, as told.
            asked[name] = [pick(codes, value) for value in asked[name] if codes][:3]
    if asked.get("after"):
        asked["after"] = pick(LIBRARY["ids"], asked["after"])
    if asked.get("resource"):
        asked["resource"] = pick(LIBRARY["ids"], asked["resource"])
    if asked.get("cursor"):
        # It belongs to its question.
        asked.update(cursor=LIBRARY["cursor"], q="daynhieu")
        for name in (*LIBRARY["facets"], "sort", "exact", "resource"):
            asked.pop(name, None)
    elif "page" in asked:
        # The numbers of some phases are texts already.
        asked["page"] = min(int(asked["page"]), REACH // int(asked.get("size", 20)))


@schemathesis.deserializer("application/x-ndjson")
def lines(_context: object, response: Any) -> list[Any]:
    """As the contract describes them: an array of what stands on the lines."""
    return [json.loads(line) for line in response.content.splitlines()]
