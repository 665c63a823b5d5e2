"""A library of one resource of every kind that the reader shows, and what was read out of each, planted into it.

The files are real, so that pictures and players have something to show; their documents are ours, so that these tests
say what is shown of a document and not how one kind or another is read.
"""

import time
from dataclasses import replace
from pathlib import Path

from ingest.document import ContentsEntry, Document, Extent, Locator, Passage
from ingest.sandbox import Sandbox
from service import compose
from service.library import project
from service.library.bundles import bundle_of, bundles
from service.library.deposit import Offered, deposit
from service.library.documents import encode
from service.library.publishing import touch
from service.library.services import Services
from service.library.work import Worker
from service.model import OPERATOR, Value
from service.settings import Settings
from tests.conftest import Shelf
from tests.samples import (
    SLIDES,
    make_book,
    make_captioned_film,
    make_film,
    make_package,
    make_photo,
    make_presentation,
    make_sheet,
    make_sound,
)


def presentation() -> Document:
    return Document(
        media_type="application/vnd.openxmlformats-officedocument.presentationml.presentation",
        language="vi",
        passages=tuple(
            Passage(Locator("slide", number), part, "vi")
            for number, (title, text, notes) in enumerate(SLIDES, start=1)
            for part in filter(None, (f"{title}\n{text}", notes))
        ),
        contents=tuple(
            ContentsEntry(title, 1, Locator("slide", number)) for number, (title, *_) in enumerate(SLIDES, start=1)
        ),
        extent=Extent(pages=len(SLIDES)),
    )


def book() -> Document:
    return Document(
        media_type="application/epub+zip",
        language="vi",
        passages=(
            Passage(Locator("section", 1), "Chương 1. Con suối\nCon suối chảy qua bản <em>nhỏ</em>.", "vi"),
            Passage(Locator("section", 1), "The stream runs through the village.", "en"),
            Passage(
                Locator("section", 2), "Chương 2. Cây đa\nCây đa đứng ở đầu làng.\nGốc cây\nRễ cây ôm tảng đá.", "vi"
            ),
        ),
        contents=(
            ContentsEntry("Chương 1. Con suối", 1, Locator("section", 1)),
            ContentsEntry("Chương 2. Cây đa", 1, Locator("section", 2)),
            ContentsEntry("Gốc cây", 2, Locator("section", 2)),
        ),
    )


def sheet() -> Document:
    rows = [f"{number}\tBài {number}: <b>Mệnh đề</b>\t{number + 2}" for number in range(1, 9)]
    header = "STT\tBài học\tSố tiết"
    return Document(
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        language="vi",
        passages=(
            Passage(Locator("sheet", 1), "\n".join((header, *rows[:4])), "vi"),
            Passage(Locator("sheet", 1), "\n".join((header, *rows[4:])), "vi"),
        ),
        contents=(ContentsEntry("Phân phối chương trình", 1, Locator("sheet", 1)),),
        extent=Extent(pages=1),
    )


LINES = (
    (0, "Xin chào các em đến với bài hôm nay."),
    (8, "Núi lửa phun trào khi mắc ma tràn lên mặt đất."),
    (19, "Tro bụi bay xa hàng trăm cây số."),
)
"""What is said in the film, by the second."""


def recording(media_type: str) -> Document:
    return Document(
        media_type=media_type,
        language="vi",
        passages=tuple(Passage(Locator("second", second), text, "vi") for second, text in LINES),
        extent=Extent(seconds=30.0, width_pixels=320, height_pixels=180),
    )


CAPTIONS = "".join(
    f"{number}\n00:00:{second:02},000 --> 00:00:{second + 6:02},000\n<i>{text}</i> & <script>\n\n"
    for number, (second, text) in enumerate(LINES, start=1)
)


CAPTIONS_INSIDE = (
    "1\n00:00:00,000 --> 00:00:19,000\nNước chảy từ nơi cao xuống nơi thấp.\n\n"
    "2\n00:00:36,000 --> 00:00:58,000\nSuối gặp sông rồi cùng nhau ra biển lớn.\n"
)
"""What another film says, in a track of its own; it is read for real."""


def package() -> Document:
    return Document(
        media_type="application/x-scorm",
        language="vi",
        passages=(
            Passage(Locator("item", "ITEM-1"), "Dòng điện là gì.", "vi"),
            Passage(Locator("item", "ITEM 2/á"), "Điện trở cản trở dòng điện.", "vi"),
        ),
        contents=(
            ContentsEntry("Bài 1: Dòng điện", 1, Locator("item", "ITEM-1")),
            ContentsEntry("Bài 2: Điện trở", 1, Locator("item", "ITEM 2/á")),
        ),
    )


MP4, MP3 = "video/mp4", "audio/mpeg"


def build(root: Path) -> Shelf:
    """A library of one resource a kind, read, drawn and indexed."""
    made = root / "made"
    offered = {
        "conic.pptx": [Offered(make_presentation(made / "conic.pptx"), "conic.pptx")],
        "truyen.epub": [Offered(make_book(made / "truyen.epub"), "truyen.epub")],
        "tiet.xlsx": [Offered(make_sheet(made / "tiet.xlsx"), "tiet.xlsx")],
        "nui-lua.mp4": [Offered(make_film(made / "nui-lua.mp4"), "nui-lua.mp4")],
        "nhac.mp3": [Offered(make_sound(made / "nhac.mp3"), "nhac.mp3")],
        "dien.zip": [Offered(make_package(made / "dien.zip"), "dien.zip")],
    }
    offered["suoi.mp4"] = [Offered(make_captioned_film(made / "suoi.mp4", CAPTIONS_INSIDE, seconds=60), "suoi.mp4")]
    offered["hang-dong.png"] = [Offered(make_photo(made / "hang-dong.png"), "hang-dong.png")]
    captions = made / "nui-lua.srt"
    captions.write_text(CAPTIONS, encoding="utf-8")
    offered["nui-lua.mp4"].append(Offered(captions, captions.name, "captions"))
    services = compose.services(Settings(home=root / "home"))
    services.catalogue.migrate()
    project.ensure(services)
    licence = Value("licence", "CC-BY-4.0", "person")
    ids = {
        name: deposit(services, OPERATOR, files, owner="default", values=[licence], publish=True).resource.id
        for name, files in offered.items()
    }
    work_off(services)
    for name, document in {
        "conic.pptx": presentation(),
        "truyen.epub": book(),
        "tiet.xlsx": sheet(),
        "nui-lua.mp4": recording(MP4),
        "nhac.mp3": replace(recording(MP3), passages=(), language=None, extent=Extent(seconds=30.0)),
        "dien.zip": package(),
    }.items():
        plant(services, ids[name], document)
    return Shelf(root / "home", services, ids)


def work_off(services: Services, seconds: float = 120.0) -> None:
    """Let a worker do all that is to be done, in the real sandbox."""
    with Sandbox() as sandbox:
        worker = Worker(services, sandbox)
        worker.start()
        deadline = time.monotonic() + seconds
        while True:
            with services.catalogue.reading() as work:
                if not any(state in ("queued", "leased") for _, state in work.jobs.numbers()):
                    break
            assert time.monotonic() < deadline, f"the worker has not come to an end: {dict(work.jobs.numbers())}"
            time.sleep(0.05)
        worker.stop()


def plant(services: Services, resource_id: str, document: Document) -> None:
    """Let the library have read this document out of a resource's main file."""
    with services.catalogue.writing() as work:
        resource = work.resources.get(resource_id)
        assert resource is not None
        assert resource.published
        revision = work.resources.revision(resource.key, resource.published)
        assert revision is not None
        name = bundle_of(bundles(revision.files)[revision.main_files[0].number])
        reading = work.readings.newest([name])[name]
        key = reading.document_key or f"documents/{name}/planted"
        services.objects.put(key, encode(document))
        work.readings.save(
            replace(
                reading,
                passages=len(document.passages),
                extent=document.extent,
                language=document.language,
                document_key=key,
                error=None,
            )
        )
        touch(work, resource)
    project.write(services, [resource_id])
