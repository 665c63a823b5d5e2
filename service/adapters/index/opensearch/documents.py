"""A resource as two lines of a bulk request: what to do, and the document as `search_mappings` lays it out."""

import json
import unicodedata
from collections.abc import Sequence
from typing import Any

from service.model import IndexDocument, IndexPassage, ResourceKey


def line(value: object) -> bytes:
    """A lone surrogate in a file's text is no reason to lose the resource."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def put(document: IndexDocument) -> bytes:
    """An older version never overwrites a newer one: the cluster compares the numbers."""
    about = {"_id": str(document.key), "version": document.version, "version_type": "external_gte"}
    return line({"index": about}) + line(source(document))


def take(key: ResourceKey, version: int) -> bytes:
    """Removes it, as far as the cluster holds nothing newer than this version."""
    return line({"delete": {"_id": str(key), "version": version, "version_type": "external_gte"}})


def source(document: IndexDocument) -> dict[str, Any]:
    passages, sharing = _passages(document.passages)
    return {
        "key": document.key,
        "id": document.id,
        "version": document.version,
        "title": _plain(document.title),
        "keywords": [_plain(keyword) for keyword in document.keywords],
        "description": _plain(document.description),
        "facets": {name: list(dict.fromkeys(codes)) for name, codes in document.facets.items() if codes},
        "audience": audience(document),
        "organisation": document.organisation,
        "published_day": document.published_day,
        "used": document.used,
        "sharing": sharing,
        "passages": passages,
    }


def audience(document: IndexDocument) -> str:
    """Who may see it: public, signed-in or organisation:code."""
    return f"organisation:{document.organisation}" if document.audience == "organisation" else document.audience


def _passages(passages: Sequence[IndexPassage]) -> tuple[list[dict[str, Any]], int]:
    """And how many of them stand where an earlier one stands."""
    places: dict[tuple[int, str, int | str], int] = {}
    made = []
    for number, passage in enumerate(passages):
        locator = passage.locator
        made.append(
            {
                "number": number,
                "file": passage.file,
                "place": places.setdefault((passage.file, locator.kind, locator.value), len(places)),
                "locator": json.dumps([locator.kind, locator.value], ensure_ascii=False),
                "text": _plain(passage.text),
            }
        )
    return made, len(made) - len(places)


def _plain(text: str) -> str:
    # Composed: in decomposed text no syllable would be a token.
    return unicodedata.normalize("NFC", text)
