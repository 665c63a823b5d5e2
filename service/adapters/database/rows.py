"""Rows of what stands inside a resource, as they are inserted: one at a time or many."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from service.model import FileEntry, Value


def value_rows(revision: int, values: Sequence[Value]) -> Iterator[dict[str, Any]]:
    for position, value in enumerate(values):
        yield {
            "revision": revision,
            "position": position,
            "field": value.field,
            "value": value.value,
            "language": value.language,
            "origin": value.origin,
            "place": value.where,
        }


def file_rows(revision: int, files: Sequence[FileEntry]) -> Iterator[dict[str, Any]]:
    for position, file in enumerate(files):
        yield {
            "revision": revision,
            "number": file.number,
            "position": position,
            "sha256": file.sha256,
            "size_bytes": file.size_bytes,
            "media_type": file.media_type,
            "name": file.name,
            "role": file.role,
        }


def term_rows(resource: int, terms: Iterable[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    for field, value in sorted(set(terms)):
        yield {"resource": resource, "field": field, "value": value}
