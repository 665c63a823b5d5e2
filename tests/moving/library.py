"""A small library with a row in every table that travels, made through the use cases, and what is asked of a copy."""

import atexit
import datetime
import gzip
import json
from functools import cache
from pathlib import Path

from service.library import curate, discover, look
from service.library.moving.format import Manifest
from service.library.services import Services
from service.library.views import SearchRequest
from service.model import OPERATOR, PRIORITY_BATCH, PUBLIC, Count, Handed, Resource, ResourceId, Value
from service.ports import Brought, ObjectStore, Origin, Source, UnitOfWork
from tests.conftest import make_pdf
from tests.moving.commands import Commands
from tests.moving.engines import Room

WORDS = ("parabol", "quangphan", "tamgiac")
PEOPLE = "Họ tên;Ngày sinh\n" + "".join(f"Nguyễn Văn {c};0{n}/0{n}/2015\n" for n, c in enumerate("ABCDEFGH", 1))


def fill(room: Room, files: Path) -> dict[str, str]:
    """Files through the real command, then the rest. Returns: name -> public id."""
    for word in WORDS:
        make_pdf(files / f"{word}.pdf", [f"Bài học {word} cho lớp chín.", "Trang hai."], title=f"Bài {word}")
    (files / "danh-sach.csv").write_text(PEOPLE, encoding="utf-8")
    ids = ingest(room, files)
    services = room.open()
    try:
        curate.withdraw(services, OPERATOR, ids["tamgiac.pdf"], reason="Tác giả yêu cầu.")
        curate.add_organisation(services, OPERATOR, "thcs-muong-te", "THCS Mường Tè")
        with services.catalogue.writing() as work:
            found = work.resources.get(ids["parabol.pdf"])
            assert found is not None
            work.resources.add_alias("0000000000" + "00", found.key)
            day = datetime.date(2026, 11, 1)
            work.counters.add([Count(day, "opening", ResourceId(ids["parabol.pdf"]), "default", "web", 7)])
            work.counters.add([Count(day, "search", None, "", "api", 3)])
            work.jobs.add("read", ids["danh-sach.csv"], priority=PRIORITY_BATCH)
            work.blobs.refuse("f" * 64)
            work.readings.clear("e" * 64, ["births"], actor="operator", reason="Bài tập.")
            _others(work, found)
    finally:
        services.catalogue.close()
    return ids


def _others(work: UnitOfWork, one: Resource) -> None:
    """What came from another repository, and what goes to one."""
    url = "https://kho.example.vn/oai"
    source = work.harvests.save_source(Source(0, url, "", "lom", "default", "CC-BY-4.0", "Kho A"))
    values = (
        Value("title", "Bài thuhoach", "source", language="vi"),
        Value("link", "https://kho.example.vn/1", "source"),
    )
    origin = Origin(url, "oai:a:1", "2026-01-02", "urn:x", "2026-03-01T00:00:00Z")
    brought = Brought("oai:a:1", "2026-01-02", "one", "Bài thuhoach", values, (), "public", (origin,))
    work.harvests.add(source, [brought])
    work.harvests.refuse(source.key, {"oai:a:2": ("no-title", "")})
    package = work.handovers.add("goi-1", "national", records=1, withdrawn=0)
    work.handovers.record("national", [Handed(one.key, "sent", "t1 f", "d", package.key)])
    work.oai.try_out([one.key])
    work.addresses.keep({one.key: "a" * 64})


def ingest(room: Room, folder: Path) -> dict[str, str]:
    report = room.home.parent / f"{room.home.name}-{folder.name}.json"
    hoclieu(room, "ingest", str(folder), "--publish", "--licence", "CC-BY-4.0", "--report", str(report))
    lines = json.loads(report.read_text(encoding="utf-8"))["files"]
    return {Path(line["path"]).name: line["resource"] for line in lines if line["resource"]}


@cache
def commands() -> Commands:
    """One for the run; it ends with it."""
    started = Commands()
    atexit.register(started.close)
    return started


def hoclieu(room: Room, *arguments: str, code: int = 0, **environment: str) -> str:
    """Run the real command. Returns: what it said."""
    ended, said = commands().run(arguments, {**room.environment, **environment})
    assert ended == code, said
    return said


def with_secrets(room: Room) -> None:
    folder = room.home / "secrets"
    (folder / "tokens").mkdir(parents=True)
    (folder / "oai").write_text("not-for-everybody", encoding="ascii")
    (folder / "tokens" / "a").write_bytes(bytes(range(256)))


def ids_of(services: Services) -> dict[str, str]:
    """File name -> public id, from the catalogue."""
    found = {}
    with services.catalogue.reading() as work:
        for resource in work.resources.after(0, 1_000):
            for revision in work.resources.revisions(resource.key):
                if revision.files:
                    found[revision.files[0].name] = resource.id
    return found


def looks_right(services: Services, ids: dict[str, str]) -> None:
    """Links, counts, files and search answer as in the library that was filled."""
    for word in ("parabol", "quangphan"):
        found = discover.search(services, PUBLIC, SearchRequest(text=word))
        assert [item.id for item in found.items] == [ids[f"{word}.pdf"]]
        opened = look.open_file(services, PUBLIC, found.items[0].id, 1)
        assert sum(map(len, services.objects.open(opened.key))) == opened.entry.size_bytes
    with services.catalogue.reading() as work:
        alias = work.resources.get("000000000000")
        assert alias is not None
        assert alias.id == ids["parabol.pdf"]
        assert work.counters.used([alias.id]) == {alias.id: 7}
        gone = work.resources.get(ids["tamgiac.pdf"])
        assert gone is not None
        assert (gone.visibility, gone.withdrawn_reason) == ("withdrawn", "Tác giả yêu cầu.")
        assert work.jobs.waiting("read", [ids["danh-sach.csv"]])
        assert work.blobs.refused(["f" * 64])


def rows_of(place: ObjectStore, manifest: Manifest, table: str) -> list[dict[str, object]]:
    parts = (gzip.decompress(place.get(part.key)) for part in manifest.tables[table].parts)
    return [json.loads(line) for part in parts for line in part.splitlines()]
