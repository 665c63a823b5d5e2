"""A library with a resource in every state that its address may be asked in, for tests of what each is answered."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from service import compose
from service.library import curate, project, publishing
from service.library.deposit import Offered, deposit
from service.library.services import Services
from service.model import OPERATOR, Resource, Value
from service.ports import UnitOfWork
from service.settings import Settings
from tests.conftest import make_pdf
from tests.kinds import work_off

NEVER = "0123456789ab"
REASON = "Tác giả yêu cầu."
UNSAID = "kinmatkhongloura"
"""Stands in title, file name and text of what is not for everybody."""
CLOSED = ("draft", "hidden", "embargoed", "inside")
"""States that are told from nothing at all."""


@dataclass(frozen=True)
class States:
    """ids: state -> public id. `here` has two revisions: files 1 (main) and 2 (captions), then 3 (main) and 2."""

    services: Services
    ids: dict[str, str]


def build(root: Path) -> Iterator[States]:
    services = compose.services(Settings(home=root / "home"))
    services.catalogue.migrate()
    project.ensure(services)
    ids = {
        "here": _offer(services, root / "cong-khai.pdf", "Bài ai cũng đọc được", publish=True),
        "later": _offer(services, root / "ban-sau.pdf", "Bản sau của bài", publish=True),
        **{
            state: _offer(services, root / f"{UNSAID}-{state}.pdf", f"Đề {UNSAID} {state}", publish=state != "draft")
            for state in (*CLOSED, "withdrawn")
        },
        "spoken": _said(services, root / "loi.vtt"),
    }
    work_off(services)
    curate.withdraw(services, OPERATOR, ids["withdrawn"], reason=REASON)
    tomorrow = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=2)
    _change(services, ids["hidden"], lambda one: replace(one, visibility="hidden"))
    _change(services, ids["embargoed"], lambda one: replace(one, embargo_until=tomorrow))
    _change(services, ids["inside"], lambda one: replace(one, access="organisation"))
    _revise(services, ids["here"], ids["later"])
    with services.catalogue.writing() as work:
        work.resources.add_alias(ids["later"], _of(work, ids["here"]).key)
        ids["retired"] = ids["later"]
    work_off(services)
    yield States(services, ids)
    services.catalogue.close()


def _offer(services: Services, path: Path, title: str, *, publish: bool) -> str:
    make_pdf(path, [f"{title}: trang một.", "Trang hai."], title=title)
    captions = path.with_suffix(".vtt")
    captions.write_text(f"WEBVTT\n\n00:01.000 --> 00:04.000\n{path.stem}\n", encoding="utf-8")
    files = [Offered(path, path.name), Offered(captions, captions.name, "attachment")]
    licence = Value("licence", "CC-BY-4.0", "person")
    return deposit(services, OPERATOR, files, owner="default", values=[licence], publish=publish).resource.id


def _said(services: Services, path: Path) -> str:
    path.write_text(
        "WEBVTT\n\n00:01.000 --> 00:04.000\nXin chào các em.\n\n00:09.000 --> 00:12.000\nHẹn gặp lại.\n",
        encoding="utf-8",
    )
    licence = Value("licence", "CC-BY-4.0", "person")
    files = [Offered(path, path.name)]
    return deposit(services, OPERATOR, files, owner="default", values=[licence], publish=True).resource.id


def _of(work: UnitOfWork, resource_id: str) -> Resource:
    found = work.resources.get(resource_id)
    assert found is not None
    return found


def _change(services: Services, resource_id: str, changed: Callable[[Resource], Resource]) -> None:
    with services.catalogue.writing() as work:
        publishing.touch(work, changed(_of(work, resource_id)))


def _revise(services: Services, resource_id: str, other_id: str) -> None:
    """A second revision whose main file is new, under the next free number: that of another resource."""
    with services.catalogue.writing() as work:
        found, other = _of(work, resource_id), _of(work, other_id)
        first, borrowed = work.resources.revision(found.key, 1), work.resources.revision(other.key, 1)
        assert first is not None
        assert borrowed is not None
        files = (replace(borrowed.main_files[0], number=3), first.files[1])
        draft = work.resources.add_revision(found.key, values=first.values, files=files)
        publishing.publish(services, work, found, draft, actor="operator")


@contextmanager
def lost(services: Services, *keys: str) -> Iterator[None]:
    """The store has lost these objects for a while."""
    moved: list[tuple[Path, Path]] = []
    for key in keys:
        with services.objects.local(key) as path:
            moved.append((path, path.with_name(f"{path.name}.lost")))
    for path, away in moved:
        path.rename(away)
    try:
        yield
    finally:
        for path, away in moved:
            away.rename(path)
