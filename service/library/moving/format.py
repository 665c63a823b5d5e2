"""The format: what stands where in a place, and the manifest that says so.

format.json                        {"format", "version", "library"}: what this place is
generations/<name>/begun.json      somebody began to write it; without a manifest it does not count
generations/<name>/manifest.json   written last
generations/<name>/secrets.age     a tar, encrypted to a key (backups with secrets only)
parts/<sha256>.jsonl.gz            rows; the hash is of the lines before compression
blobs/<sha256>, documents/…        objects under the keys that they have in the library
purges/<resource>.json             what was purged since; a restore applies it again
"""

import datetime
import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field
from typing import Any

from service.errors import (
    Damaged,
    FormatFromTheFuture,
    NotALibrary,
    ObjectDamaged,
    ObjectMissing,
    PlaceForeign,
    PlaceTaken,
)
from service.ports import PLACE_KEY, ObjectStore

FORMAT = "hoclieu-library"
VERSION = 1
GENERATIONS = "generations"
PARTS = "parts"
PURGES = "purges"
TIME = "%Y%m%dT%H%M%S.%fZ"
"""How names begin: two of one second sort too."""
OBJECTS = "objects"
"""Name of the list of objects; no table is called so."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one table, at most 10,000. sha256: of its lines before compression; size_bytes: of those lines."""

    sha256: str
    rows: int
    size_bytes: int

    @property
    def key(self) -> str:
        return f"{PARTS}/{self.sha256}.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Listing:
    """A table, or the list of objects."""

    rows: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """One generation: everything that a library was at one moment.

    missing: keys of objects that the rows name and the library did not have, or not whole.
    secrets: sha-256 of the encrypted file; empty where there is none.
    """

    name: str
    made_at: str
    schema: str
    repository_id: str
    tables: dict[str, Listing]
    objects: Listing
    objects_bytes: int
    missing: tuple[str, ...] = ()
    secrets: str = ""
    version: int = field(default=VERSION)

    @property
    def content(self) -> str:
        """One checksum over everything that travels: equal libraries have equal ones, whatever engines hold them."""
        said = {
            "schema": self.schema,
            "tables": {name: [part.sha256 for part in one.parts] for name, one in self.tables.items()},
            "objects": [part.sha256 for part in self.objects.parts],
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def new_name() -> str:
    """Of a generation: sorts by time."""
    return f"{datetime.datetime.now(datetime.UTC):{TIME}}-{secrets.token_hex(3)}"


def manifest_key(name: str) -> str:
    return f"{GENERATIONS}/{name}/manifest.json"


def begun_key(name: str) -> str:
    return f"{GENERATIONS}/{name}/begun.json"


def secrets_key(name: str) -> str:
    return f"{GENERATIONS}/{name}/secrets.age"


def to_bytes(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def write_manifest(place: ObjectStore, manifest: Manifest) -> None:
    """From now on the generation counts."""
    data = {"format": FORMAT, **asdict(manifest), "content": manifest.content}
    place.put(manifest_key(manifest.name), to_bytes({**data, "check": _check(data)}))


def _check(data: Any) -> str:
    """Of everything that a manifest says, so that no number in it changes unseen."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def read_manifest(place: ObjectStore, name: str) -> Manifest:
    """Raises: ObjectMissing; FormatFromTheFuture; Damaged: it is no manifest, or was changed by hand."""
    key = manifest_key(name)
    try:
        data = json.loads(place.get(key))
        _check_version(data)
        manifest = Manifest(
            name=data["name"],
            made_at=data["made_at"],
            schema=data["schema"],
            repository_id=data["repository_id"],
            tables={table: _listing(one) for table, one in data["tables"].items()},
            objects=_listing(data["objects"]),
            objects_bytes=data["objects_bytes"],
            missing=tuple(data["missing"]),
            secrets=data["secrets"],
            version=data["version"],
        )
        told = data.pop("check")
        if told != _check(data) or data["content"] != manifest.content or manifest.name != name:
            raise Damaged(name=key)
    except (ObjectDamaged, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Damaged(name=key) from error
    return manifest


def _listing(data: Any) -> Listing:
    return Listing(data["rows"], tuple(Part(**part) for part in data["parts"]))


def _check_version(data: Any) -> None:
    if data["format"] != FORMAT:
        raise KeyError("format")
    if data["version"] > VERSION:
        raise FormatFromTheFuture(found=data["version"])


def open_place(place: ObjectStore, name: str) -> str:
    """Say that an existing place is one of ours. name: as the operator wrote it. Returns: whose library's it is.

    Raises: NotALibrary; FormatFromTheFuture.
    """
    try:
        data = json.loads(place.get(PLACE_KEY))
        _check_version(data)
        return str(data["library"])
    except (ObjectMissing, ObjectDamaged, ValueError, KeyError, TypeError) as error:
        raise NotALibrary(place=name) from error


def make_place(place: ObjectStore, name: str, library: str) -> None:
    """Mark a fresh place, or recognise one of this library's. library: its repository id.

    Raises: PlaceTaken: something else stands there; PlaceForeign: another library's; FormatFromTheFuture.
    """
    if not place.exists(PLACE_KEY):
        if next(iter(place.keys("")), None) is not None:
            raise PlaceTaken(place=name)
        place.put(PLACE_KEY, to_bytes({"format": FORMAT, "version": VERSION, "library": library}))
    owner = open_place(place, name)
    if owner != library:
        # Each would let go of what only the other's backups need.
        raise PlaceForeign(place=name, owner=owner, library=library)


def generations(place: ObjectStore) -> list[str]:
    """Names of those that count, oldest first."""
    ending = "/manifest.json"
    return sorted(key.split("/")[1] for key in place.keys(f"{GENERATIONS}/") if key.endswith(ending))
