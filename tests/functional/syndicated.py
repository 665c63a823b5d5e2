"""A library for feeds: subjects, grades, schools, licences, and of every kind what nobody else may see.

It goes the way of every other resource except reading: the files are small texts and one PDF with a picture of it.
"""

import datetime
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image
from starlette.testclient import TestClient

from service import compose
from service.app import create
from service.library import pictures, project, publishing
from service.library.deposit import Offered, deposit
from service.library.services import Services
from service.model import OPERATOR, Value
from service.settings import Settings
from tests.conftest import make_pdf

SCHOOL, OTHER = "thcs-na-hang", "thpt-dong-van"
HOSTILE = 'Đề "thi" & <b>lớp</b> ]]> \x03\ufffe 9'
BOOK = "Hàm số bậc hai: sách điện tử"
MOMENT = datetime.datetime(2026, 3, 1, 23, 30, 5, 123456, tzinfo=datetime.UTC)
"""When the newest resource changed last, each earlier one an hour before; past midnight in Viet Nam."""
MANY = 7


@dataclass(frozen=True)
class Syndicated:
    """ids: name -> public id; public: those that everybody may see, the last change first."""

    services: Services
    ids: dict[str, str]
    public: list[str]


Values = tuple[tuple[str, str], ...]


def _shared(root: Path, services: Services) -> dict[str, str]:
    """What is published, in the order in which it changed, the first one first."""
    lesson: Values = (("subject", "toan"), ("grade", "lop-10"), ("type", "worksheet"))
    ids = {
        f"many-{number}": share(services, root / f"many-{number}.txt", f"Phiếu {number}", lesson, owner=SCHOOL)
        for number in range(MANY)
    }
    edu: Values = (("subject", "ngu-van"), ("grade", "lop-6"), ("type", "lesson-plan"))
    ids["edu"] = share(services, root / "edu.txt", "Tập làm văn", edu, licence="InC-EDU", owner=OTHER)
    ids["hostile"] = share(services, root / 'a "b" <c>.txt', HOSTILE, (("creator", "A & B <c>"), ("keyword", "“x”")))
    make_pdf(root / "book.pdf", ["Đồ thị của hàm số bậc hai là một parabol."])
    book: Values = (
        ("subject", "toan-dai-so"),
        ("grade", "lop-10"),
        ("type", "e-textbook"),
        ("creator", "Tổ Toán"),
        ("creator", "https://orcid.org/0000-0002-1825-0097"),
        ("description", "Sách của tổ.\n\nCó bài tập."),
        ("keyword", "parabol"),
    )
    ids["book"] = share(services, root / "book.pdf", BOOK, book)
    return ids


def share(
    services: Services, path: Path, title: str, values: Values, *, licence: str = "CC-BY-4.0", owner: str = "default"
) -> str:
    """Publish a file without a worker. Returns: its id."""
    if not path.exists():
        path.write_text(f"Nội dung của {path.name}.", encoding="utf-8")
    said = [
        Value("title", title, "person", "vi"),
        Value("language", "vi", "person"),
        Value("licence", licence, "person"),
        *(Value(field, value, "person") for field, value in values),
    ]
    made = deposit(services, OPERATOR, [Offered(path, path.name)], owner=owner, values=said).resource
    with services.catalogue.writing() as work:
        draft = work.resources.open_revision(made.key)
        assert draft is not None
        publishing.publish(services, work, made, draft, actor="test")
    return made.id


def change(services: Services, identifier: str, **columns: object) -> None:
    with services.catalogue.writing() as work:
        found = work.resources.get(identifier)
        assert found is not None
        work.resources.save(replace(found, **columns))  # type: ignore[arg-type]


def build(root: Path) -> Syndicated:
    services = compose.services(Settings(home=root / "home"))
    services.catalogue.migrate()
    project.ensure(services)
    with services.catalogue.writing() as work:
        work.organisations.add(SCHOOL, "Trường THCS Na Hang")
        work.organisations.add(OTHER, 'Trường THPT "Đồng Văn" & <b>')
    ids = _shared(root, services)
    public = list(ids)[::-1]
    hidden: dict[str, dict[str, object]] = {
        "withdrawn": {"visibility": "withdrawn", "withdrawn_reason": "Tác giả yêu cầu."},
        "hidden": {"visibility": "hidden"},
        "signed-in": {"access": "signed-in"},
        "organisation": {"access": "organisation"},
        "embargoed": {"embargo_until": datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=9)},
    }
    for name, columns in hidden.items():
        ids[name] = share(services, root / f"{name}.txt", f"Bài {name}", (("subject", "toan"),))
        change(services, ids[name], **columns)
    ids["in-copyright"] = share(services, root / "in-copyright.txt", "Chương sách", (), licence="InC")
    ids["draft"] = deposit(
        services, OPERATOR, [Offered(_text(root / "draft.txt"), "draft.txt")], owner="default"
    ).resource.id
    for place, name in enumerate(public):
        change(services, ids[name], modified_at=MOMENT - datetime.timedelta(hours=place))
    for name in (*hidden, "in-copyright", "draft"):
        change(services, ids[name], modified_at=MOMENT - datetime.timedelta(days=30))
    project.write(services, list(ids.values()))
    _draw(services, ids["book"])
    return Syndicated(services, ids, [ids[name] for name in public])


def _text(path: Path) -> Path:
    path.write_text("Bản nháp.", encoding="utf-8")
    return path


def _draw(services: Services, identifier: str) -> None:
    with services.catalogue.reading() as work:
        found = work.resources.get(identifier)
        assert found is not None
        revision = work.resources.revision(found.key, 1)
    assert revision is not None
    drawn = io.BytesIO()
    Image.new("RGB", (320, 453), (10, 106, 102)).save(drawn, "WEBP")
    key = pictures.picture_key(revision.main_files[0].sha256, 1, pictures.THUMBNAIL_WIDTH)
    services.objects.put(key, drawn.getvalue())


@contextmanager
def asking(services: Services) -> Iterator[TestClient]:
    """The application over a library, in this process."""
    app = create(services)
    with TestClient(app, base_url="http://library.test", raise_server_exceptions=False, follow_redirects=False) as made:
        yield made
