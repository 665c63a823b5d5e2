"""Export and import: the same library wherever it goes, told by checksums."""

import gzip
import json
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from service.adapters.database.tables import Row
from service.adapters.database.whole import LEFT_OUT
from service.adapters.objects.folder import FolderStore
from service.errors import Damaged, FormatFromTheFuture, LibraryFromTheFuture, NotALibrary, NotAllowed, NotEmpty
from service.library.moving import load, parts
from service.library.moving.dump import dump
from service.library.moving.format import FORMAT_KEY, Manifest, manifest_key
from service.library.services import Services
from service.model import OPERATOR, PUBLIC
from tests.moving.conftest import ENGINES, rooms
from tests.moving.dying import until_it_ends
from tests.moving.engines import Make, Room
from tests.moving.library import fill, hoclieu, ids_of, looks_right, rows_of


def exported(services: Services, folder: Path) -> Manifest:
    return dump(services, OPERATOR, FolderStore(folder), str(folder))


def imported(services: Services, folder: Path) -> None:
    place = FolderStore(folder)
    load.load(services, OPERATOR, place, load.choose(place, str(folder)))


@pytest.mark.parametrize(("first", "second"), list(product(ENGINES, ENGINES)))
def test_export_import_export_gives_equal_checksums(
    first: str, second: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    origin = rooms(first, request, tmp_path / "a")()
    ids = fill(origin, tmp_path / "files")
    target = rooms(second, request, tmp_path / "b")()
    hoclieu(origin, "export", str(tmp_path / "one"))
    hoclieu(target, "import", str(tmp_path / "one"))
    hoclieu(target, "export", str(tmp_path / "two"))
    one, two = (load.choose(FolderStore(tmp_path / name), name) for name in ("one", "two"))
    assert (one.content, one.tables, one.objects) == (two.content, two.tables, two.objects)
    assert one.content == two.content
    services = target.open()
    try:
        looks_right(services, ids)
        with services.catalogue.writing() as work:
            # Keys go on above what came: on PostgreSQL a sequence that stood still would collide here.
            highest = max(resource.key for resource in work.resources.after(0, 1_000))
            assert work.resources.add(owner="default").key > highest
            work.events.add("checked", None, "operator", {})
            work.jobs.add("index", "x", priority=1)
            work.organisations.add("thpt-moi", "THPT mới")
    finally:
        services.catalogue.close()


def test_every_table_travels_or_says_why_not(filled: Room, tmp_path: Path) -> None:
    services = filled.open()
    manifest = exported(services, tmp_path / "out")
    services.catalogue.close()
    assert set(manifest.tables) | set(LEFT_OUT) == set(Row.metadata.tables)
    empty = {name for name, one in manifest.tables.items() if not one.rows}
    # The library of this test has a row in every table but these, which nothing in the software writes yet.
    assert empty <= {"organisation_codes", "organisation_parents", "organisation_successions", "findings"}


def test_no_column_with_a_secret_travels_by_accident() -> None:
    telling = ("secret", "password", "token", "salt", "private")
    columns = [
        f"{one.name}.{column.name}"
        for one in Row.metadata.tables.values()
        if one.name not in LEFT_OUT
        for column in one.columns
        if any(word in column.name for word in telling)
    ]
    assert columns == []


def test_leases_and_what_follows_from_the_state_stay_behind(filled: Room, tmp_path: Path) -> None:
    services = filled.open()
    with services.catalogue.writing() as work:
        leased = work.jobs.lease(["read"], worker="w", limit=1, seconds=3600)
        work.jobs.add("index", "abc", priority=1)
    manifest = exported(services, tmp_path / "out")
    services.catalogue.close()
    jobs = rows_of(FolderStore(tmp_path / "out"), manifest, "jobs")
    assert [(job["id"], job["kind"], job["state"], job["worker"]) for job in jobs] == [
        (leased[0].id, "read", "queued", None)
    ]


def test_only_the_operator_moves_a_library(filled: Room, tmp_path: Path) -> None:
    services = filled.open()
    with pytest.raises(NotAllowed):
        dump(services, PUBLIC, FolderStore(tmp_path / "out"), "out")
    manifest = exported(services, tmp_path / "out")
    with pytest.raises(NotAllowed):
        load.load(services, PUBLIC, FolderStore(tmp_path / "out"), manifest)
    services.catalogue.close()


def test_a_library_that_is_not_empty_is_left_as_it_is(filled: Room, tmp_path: Path) -> None:
    hoclieu(filled, "export", str(tmp_path / "one"))
    said = hoclieu(filled, "import", str(tmp_path / "one"), code=1)
    assert "There is a library here already" in said
    hoclieu(filled, "export", str(tmp_path / "two"))
    one, two = (load.choose(FolderStore(tmp_path / name), name) for name in ("one", "two"))
    assert one.content == two.content


def test_what_is_newer_or_no_export_is_refused(filled: Room, make: Make, tmp_path: Path) -> None:
    services = filled.open()
    manifest = exported(services, tmp_path / "out")
    services.catalogue.close()
    place, other = FolderStore(tmp_path / "out"), make().open()
    key = manifest_key(manifest.name)
    whole = place.get(key)
    with pytest.raises(NotALibrary):
        load.choose(FolderStore(tmp_path / "nothing"), "nothing")
    with pytest.raises(NotALibrary):
        load.choose(place, "out", "20200101T000000Z-abcdef")
    data = json.loads(whole)
    place.put(key, json.dumps({**data, "version": 2}).encode())
    with pytest.raises(FormatFromTheFuture):
        load.choose(place, "out")
    place.put(key, json.dumps({**data, "schema": "r0001"}).encode())
    with pytest.raises(Damaged):
        load.choose(place, "out")
    newer = Manifest(**{**{name: getattr(manifest, name) for name in Manifest.__slots__}, "schema": "r9999"})
    with pytest.raises(LibraryFromTheFuture):
        load.load(other, OPERATOR, place, newer)
    other.catalogue.close()
    place.put(key, whole)
    place.put(FORMAT_KEY, b'{"format": "hoclieu-library", "version": 2}')
    with pytest.raises(FormatFromTheFuture):
        load.choose(place, "out")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(b"x")
    with pytest.raises(NotALibrary):
        dump(other, OPERATOR, FolderStore(tmp_path / "photos"), "photos")


@pytest.mark.parametrize("what", ["part", "blob", "document"])
def test_a_byte_that_changed_stops_the_import(filled: Room, make: Make, tmp_path: Path, what: str) -> None:
    services = filled.open()
    manifest = exported(services, tmp_path / "out")
    services.catalogue.close()
    place = FolderStore(tmp_path / "out")
    prefix = {"part": "parts/", "blob": "blobs/", "document": "documents/"}[what]
    key = manifest.tables["terms"].parts[0].key if what == "part" else sorted(place.keys(prefix))[0]
    data = bytearray(place.get(key))
    data[len(data) // 2] ^= 1
    place.put(key, bytes(data))
    other = make().open()
    with pytest.raises(Damaged) as caught:
        load.load(other, OPERATOR, place, load.choose(place, "out"))
    assert caught.value.parameters["name"] == key
    other.catalogue.close()


def test_an_older_export_lacks_tables_and_columns(filled: Room, make: Make, tmp_path: Path) -> None:
    """What r0001 wrote: no findings, no clearances; and a column that came since has its default."""
    services = filled.open()
    manifest = exported(services, tmp_path / "out")
    ids = ids_of(services)
    services.catalogue.close()
    place = FolderStore(tmp_path / "out")
    writer = parts.Writer(place)
    writer.add(
        [
            {k: v for k, v in row.items() if k != "row_version"}
            for part in manifest.tables["resources"].parts
            for row in parts.read(place, part)
        ]
    )
    tables = {name: one for name, one in manifest.tables.items() if name not in ("findings", "clearances")}
    older = {name: getattr(manifest, name) for name in Manifest.__slots__}
    older |= {"schema": "r0001", "tables": {**tables, "resources": writer.finish()}}
    other = make().open()
    load.load(other, OPERATOR, place, Manifest(**older))
    looks_right(other, ids)
    with other.catalogue.reading() as work:
        assert {resource.row_version for resource in work.resources.after(0, 100)} == {1}
    other.catalogue.close()


def test_parts_are_the_same_on_every_machine(tmp_path: Path) -> None:
    place = FolderStore(tmp_path)
    writer = parts.Writer(place)
    writer.add({"key": number, "name": "Hàm số \r\n bậc hai"} for number in range(25_000))
    listing = writer.finish()
    assert [part.rows for part in listing.parts] == [10_000, 10_000, 5_000]
    assert len(list(parts.rows(place, listing))) == 25_000
    lines = gzip.decompress(place.get(listing.parts[0].key))
    assert lines.splitlines()[0] == '{"key":0,"name":"Hàm số \\r\\n bậc hai"}'.encode()


@pytest.mark.parametrize("command", ["export", "import"])
def test_killed_at_any_moment_it_goes_on(filled: Room, make: Make, tmp_path: Path, command: str) -> None:
    """Killed before its first act, its second …, until it ends by itself; then nothing is missing or twice."""
    services = filled.open()
    ids = ids_of(services)
    exported(services, tmp_path / "right")
    services.catalogue.close()
    room = filled if command == "export" else make()

    def act(services: Services, dying: Callable[[FolderStore], Any]) -> None:
        if command == "export":
            dump(services, OPERATOR, dying(FolderStore(tmp_path / "out")), "out")
        else:
            imported(services, tmp_path / "right")

    kills = until_it_ends(room, act)
    # What an earlier one has written is no act of a later one.
    assert kills >= 5
    if command == "export":
        room = make()
        services = room.open()
        imported(services, tmp_path / "out")
    else:
        services = room.open()
    again = exported(services, tmp_path / "again")
    assert again.content == load.choose(FolderStore(tmp_path / "right"), "right").content
    looks_right(services, ids)
    services.catalogue.close()


def test_a_half_imported_library_takes_nothing_else(filled: Room, make: Make, tmp_path: Path) -> None:
    services = filled.open()
    manifest = exported(services, tmp_path / "one")
    with services.catalogue.writing() as work:
        work.events.add("checked", None, "operator", {})
    exported(services, tmp_path / "two")
    services.catalogue.close()
    place = FolderStore(tmp_path / "one")
    place.remove(manifest.tables["terms"].parts[0].key)
    other = make().open()
    with pytest.raises(Damaged):
        imported(other, tmp_path / "one")
    with pytest.raises(NotEmpty):
        imported(other, tmp_path / "two")
    other.catalogue.close()
