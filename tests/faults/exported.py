"""What a library holds, read out of its export: resources by id, stored files and texts by checksum, and no times.

Two libraries that took in the same files are equal where these are: the ids
are each library's own, so resources are compared by what stands under them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.adapters.objects.folder import FolderStore
from service.library.moving import parts
from service.library.moving.format import generations, read_manifest

Held = tuple[Any, ...]
"""A resource: who owns it, who sees it, its revisions with their files and values."""
MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Exported:
    """resources: id -> what it is. objects: key of a stored file or text -> SHA-256 of its bytes. failed: kind and
    reason of each job that did."""

    resources: Mapping[str, Held]
    objects: Mapping[str, str]
    failed: Sequence[str] = ()


def exported(place: Path) -> Exported:
    """The newest export in a folder. Raises: Damaged: a part is not what was written."""
    store = FolderStore(place)
    manifest = read_manifest(store, generations(store)[-1])

    def rows(table: str) -> Iterator[Mapping[str, Any]]:
        return parts.rows(store, manifest.tables[table])

    files: dict[int, list[Held]] = defaultdict(list)
    for row in rows("files"):
        files[row["revision"]].append(
            tuple(row[name] for name in ("number", "role", "name", "media_type", "size_bytes", "sha256"))
        )
    values: dict[int, list[Held]] = defaultdict(list)
    for row in rows("revision_values"):
        values[row["revision"]].append(tuple(str(row[name]) for name in ("field", "value", "language", "origin")))
    revisions: dict[int, list[Held]] = defaultdict(list)
    for row in rows("revisions"):
        key = row["key"]
        said = (row["number"], row["state"], tuple(sorted(files[key])), tuple(sorted(values[key])))
        revisions[row["resource"]].append(said)
    seen = ("owner", "origin", "visibility", "access", "published")
    return Exported(
        {row["id"]: (*(row[name] for name in seen), *sorted(revisions[row["key"]])) for row in rows("resources")},
        {row["key"]: row["sha256"] for row in parts.rows(store, manifest.objects)},
        [f"{row['kind']}, {row['reason']}" for row in rows("jobs") if row["state"] == "failed"],
    )


def unlike(first: Exported, second: Exported, *, ids: bool) -> list[str]:
    """What one has and the other has not, in words; empty: they are equal. ids: whether these have to be the same."""
    told: list[str] = []
    if ids:
        names = sorted(first.resources.keys() | second.resources.keys())
        told += [f"{id} is not the same" for id in names if first.resources.get(id) != second.resources.get(id)]
    else:
        here, there = Counter(first.resources.values()), Counter(second.resources.values())
        told += [f"only in the first: {one}" for one in here - there]
        told += [f"only in the second: {one}" for one in there - here]
    keys = sorted(first.objects.keys() | second.objects.keys())
    told += [f"{key} is not the same" for key in keys if first.objects.get(key) != second.objects.get(key)]
    failed = Counter(first.failed), Counter(second.failed)
    told += [f"a job has failed: {one}" for one in (failed[0] - failed[1]) + (failed[1] - failed[0])]
    return [*told[:MOST_TOLD], *([f"and {len(told) - MOST_TOLD} more"] if len(told) > MOST_TOLD else [])]
