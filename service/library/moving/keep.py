"""A place over time: which generations stay, and whether everything in it is what was written."""

import datetime
import hashlib
from collections.abc import Callable, Iterator

from service.errors import Damaged, ObjectDamaged, ObjectMissing
from service.library.moving import ledger, parts
from service.library.moving.copying import check
from service.library.moving.format import (
    GENERATIONS,
    PARTS,
    TIME,
    Manifest,
    begun_key,
    generations,
    manifest_key,
    open_place,
    read_manifest,
    secrets_key,
)
from service.library.moving.listed import Known, merged
from service.ports import ObjectStore

# A run that began longer ago and has no manifest is dead.
BEGUN_HOURS = 24


def prune(place: ObjectStore, keep: int) -> tuple[str, ...]:
    """Drop all but the newest generations and what only they needed. Returns: names of those that went.

    While another run writes into the place nothing goes: what it found there it will name.
    Raises: Damaged: a generation that stays cannot be read, so nobody knows what it needs.
    """
    names = generations(place)
    dropped, kept = names[:-keep], names[-keep:]
    if _others_write(place, set(names)):
        return ()
    staying = [read_manifest(place, name) for name in kept]
    going = [read_manifest(place, name) for name in dropped]
    # Before their lists go: a run that is killed here finds them again.
    for key in sorted(_only(place, going, staying)):
        place.remove(key)
    for name in dropped:
        for key in (manifest_key(name), begun_key(name), secrets_key(name)):
            place.remove(key)
    used = {part.key for one in staying for listing in (*one.tables.values(), one.objects) for part in listing.parts}
    for key in list(place.keys(f"{PARTS}/")):
        if key not in used:
            place.remove(key)
    return tuple(dropped)


def _only(place: ObjectStore, going: list[Manifest], staying: list[Manifest]) -> set[str]:
    """Keys of objects that only these generations list."""
    needed = Known(merged(place, staying))
    only = {entry.key for entry in merged(place, going) if needed.find(entry) is None}
    # The same object may have got another row: what is left of the set is nowhere at all.
    if only:
        only.difference_update(entry.key for entry in merged(place, staying))
    return only


def _others_write(place: ObjectStore, whole: set[str]) -> bool:
    """Whether somebody is in the middle of a generation; what dead runs left is removed."""
    edge = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=BEGUN_HOURS)
    busy = False
    for key in list(place.keys(f"{GENERATIONS}/")):
        name = key.split("/")[1]
        if name not in whole:
            if name >= f"{edge:{TIME}}":
                busy = True
            else:
                place.remove(key)
    return busy


def verify(
    place: ObjectStore, name: str, *, progress: Callable[[int], None] = lambda _: None
) -> Iterator[tuple[str, str]]:
    """Read every byte of every generation. Yields: (key, generation or "") of what is not as it was written.

    What was purged is rightly not there. Raises: NotALibrary; FormatFromTheFuture.
    """
    open_place(place, name)
    gone = ledger.Gone(ledger.of_place(place))
    manifests: list[Manifest] = []
    seen: set[str] = set()
    for generation in generations(place):
        try:
            manifest = read_manifest(place, generation)
        except Damaged as error:
            yield str(error.parameters["name"]), generation
            continue
        broken = False
        for part in (part for one in (*manifest.tables.values(), manifest.objects) for part in one.parts):
            if part.sha256 in seen:
                continue
            seen.add(part.sha256)
            try:
                parts.read(place, part)
            except Damaged:
                broken = True
                yield part.key, generation
        if manifest.secrets and not _sealed_is_whole(place, manifest):
            yield secrets_key(generation), generation
        if not broken:
            manifests.append(manifest)
    for number, entry in enumerate(merged(place, manifests), start=1):
        if not gone.has(entry.key):
            try:
                check(place, entry)
            except Damaged:
                yield entry.key, ""
        progress(number)


def _sealed_is_whole(place: ObjectStore, manifest: Manifest) -> bool:
    try:
        data = place.get(secrets_key(manifest.name))
    except (ObjectMissing, ObjectDamaged):
        return False
    return hashlib.sha256(data).hexdigest() == manifest.secrets
