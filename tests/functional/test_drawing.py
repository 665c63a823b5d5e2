"""What workers draw: batches through LibreOffice, cards where there is no picture, and people before batches."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.document import Bundle, Document, Extent
from ingest.errors import BrokenFile, ToolMissing
from ingest.illustrate.chapters.shape import Chapter
from ingest.tools import soffice
from service import compose
from service.library import converting, look, pictures, project
from service.library.bundles import bundle_of
from service.library.deposit import Offered, deposit
from service.library.lanes import DRAWING, READING
from service.library.services import Services
from service.library.work import Worker
from service.model import OPERATOR, PRIORITY_BATCH, PUBLIC, Value
from service.settings import Settings
from tests.conftest import make_pdf
from tests.samples import make_zip

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


class Drawer:
    """Stands for the sandbox: every conversion and picture succeeds, unless it is told otherwise."""

    def __init__(self, *, missing: bool = False) -> None:
        self.missing = missing
        self.batches: list[int] = []
        self.hold = threading.Event()
        self.hold.set()

    def read(self, bundle: Bundle) -> Document:
        is_pdf = bundle.name.endswith(".pdf")
        return Document("application/pdf" if is_pdf else PPTX, extent=Extent(pages=1))

    def convert(self, files: Sequence[tuple[Path, str]]) -> list[bytes | None]:
        if self.missing:
            raise ToolMissing(tool="soffice")
        self.batches.append(len(files))
        self.hold.wait(20)
        return [b"%PDF-" for _ in files]

    def picture(self, path: Path, *, media_type: str, page: int, width: int) -> bytes:
        if media_type != "application/pdf":
            raise BrokenFile
        return b"picture of " + path.read_bytes()[:5]

    def layer(self, path: Path, *, media_type: str, page: int) -> dict[str, Any]:
        return {"aspect": 1.0, "lines": []}

    def card(self, letters: str, *, icon: str, width: int) -> bytes:
        return f"card {letters} {icon} {width}".encode()

    def printed(self, path: Path, *, media_type: str, sheet: int) -> bytes:
        return b"%PDF- printed"

    def captions(self, path: Path, *, language: str = "") -> bytes:
        raise BrokenFile

    def chapter(self, path: Path, *, media_type: str, section: int) -> Chapter:
        raise BrokenFile

    def inside(self, path: Path, *, media_type: str, source: str, width: int) -> bytes:
        raise BrokenFile


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Services]:
    made = compose.services(Settings(home=tmp_path / "home"))
    made.catalogue.migrate()
    project.ensure(made)
    yield made
    made.catalogue.close()


@pytest.fixture
def offer(parts: Services, tmp_path: Path) -> Callable[[str], str]:
    def call(name: str) -> str:
        path = tmp_path / name
        if path.suffix == ".pdf":
            make_pdf(path, [name])
        else:
            types = "presentationml.presentation.main+xml"
            make_zip(path, [("[Content_Types].xml", types), ("name", name)])
        licence = Value("licence", "CC0-1.0", "person")
        done = deposit(parts, OPERATOR, [Offered(path, name)], owner="default", values=[licence], publish=True)
        return done.resource.id

    return call


def run(parts: Services, drawer: Drawer, condition: Callable[[], bool]) -> None:
    """Draw until it is true."""
    worker = Worker(parts, drawer, lanes=DRAWING)
    worker.start()
    until(condition)
    worker.stop()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def read(parts: Services, drawer: Drawer) -> None:
    worker = Worker(parts, drawer, lanes=READING)
    worker.start()
    until(lambda: not waiting(parts, "publish"))
    worker.stop()


def waiting(parts: Services, kind: str) -> int:
    with parts.catalogue.reading() as work:
        return sum(count for (of, state), count in work.jobs.numbers().items() if of == kind and state != "failed")


def test_presentations_of_a_batch_share_one_start(parts: Services, offer: Callable[[str], str]) -> None:
    ids = [offer(f"bai {number}.pptx") for number in range(5)]
    drawer = Drawer()
    read(parts, drawer)
    run(parts, drawer, lambda: not waiting(parts, "illustrate"))
    assert drawer.batches == [5]
    assert {look.thumbnail(parts, PUBLIC, one) for one in ids} == {b"picture of %PDF-"}


def test_without_the_program_there_are_cards_and_later_pictures(parts: Services, offer: Callable[[str], str]) -> None:
    if not soffice.is_there():
        pytest.skip("soffice is not on this machine")
    one = offer("Hàm số.pptx")
    without = Drawer(missing=True)
    read(parts, without)
    run(parts, without, lambda: not waiting(parts, "illustrate"))
    assert look.thumbnail(parts, PUBLIC, one) == b"card HS slides 320"
    assert converting.lacks(parts, "soffice")
    # The next worker finds the program on this machine.
    run(parts, Drawer(), lambda: look.thumbnail(parts, PUBLIC, one) == b"picture of %PDF-")
    assert not converting.lacks(parts, "soffice")


def test_who_has_opened_a_page_does_not_wait_for_a_batch(parts: Services, offer: Callable[[str], str]) -> None:
    page = offer("trang.pdf")
    for number in range(3):
        offer(f"bai {number}.pptx")
    drawer = Drawer()
    read(parts, drawer)
    drawer.hold.clear()
    worker = Worker(parts, drawer, lanes=DRAWING)
    worker.start()
    until(lambda: bool(drawer.batches))
    made = look.page_picture(parts, PUBLIC, page, file=1, page=1, width=720, wait_seconds=10)
    assert made == b"picture of %PDF-"
    assert not drawer.hold.is_set()
    drawer.hold.set()
    worker.stop()


def test_a_file_read_again_gets_its_picture(parts: Services, offer: Callable[[str], str]) -> None:
    one = offer("bai.pptx")
    drawer = Drawer()
    read(parts, drawer)
    run(parts, drawer, lambda: not waiting(parts, "illustrate"))
    with parts.catalogue.writing() as work:
        found = work.resources.get(one)
        assert found is not None
        revision = work.resources.revision(found.key, 1)
        assert revision is not None
        (reading,) = work.readings.newest([bundle_of(revision.files)]).values()
        work.readings.save(replace(reading, fingerprint="an older pipeline"))
        work.jobs.add("read", one, priority=PRIORITY_BATCH)
    thumbnail = pictures.thumbnail(parts, revision)
    assert thumbnail is not None
    parts.objects.remove(thumbnail.key)
    reader = Worker(parts, drawer, lanes=READING)
    reader.start()
    until(lambda: not waiting(parts, "read"))
    reader.stop()
    run(parts, drawer, lambda: look.thumbnail(parts, PUBLIC, one) == b"picture of %PDF-")
