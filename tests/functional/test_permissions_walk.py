"""Generated: every route about a resource, as every role, on every state and access, keeps the permission table.

A new route is walked as soon as it exists; one with a parameter that this file cannot fill fails here.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from fastapi import FastAPI
from starlette.routing import Route
from starlette.testclient import TestClient

from ingest.illustrate.chapters.shape import Chapter, Inside
from service import compose
from service.app import create
from service.http.principal import principal_of
from service.library import chapters, lighter, pictures, project
from service.library.deposit import Offered, deposit
from service.library.permissions import ACCESSES, ALLOWED, STATES, State
from service.library.services import Services
from service.model import OPERATOR, Access, Principal, Resource, Revision, Role, Value
from service.settings import Settings
from tests.conftest import make_pdf
from tests.kinds import work_off

UNPUBLISHED: tuple[State, ...] = ("draft", "submitted")
CAPTIONS = 2
"""The number of a captions file."""
ABOUT_RESOURCES = re.compile(r"\{(?:id|resource_id)\}")


def routes(app: FastAPI) -> list[str]:
    """Paths of all routes about a resource, whichever door they belong to."""
    paths = [*app.openapi()["paths"], *(route.path for route in app.routes if isinstance(route, Route))]
    return sorted(path for path in paths if ABOUT_RESOURCES.search(path))


Library = tuple[Services, FastAPI, dict[str, str]]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library of a published PDF and a draft (what was published never becomes a draft), their pictures made."""
    root = tmp_path_factory.mktemp("walk")
    services = compose.services(Settings(home=root / "home"))
    services.catalogue.migrate()
    project.ensure(services)
    ids = {
        "published.pdf": offer(services, make_pdf(root / "published.pdf", ["Một trang về tế bào."]), publish=True),
        "draft.pdf": offer(services, make_pdf(root / "draft.pdf", ["Một trang về mô."]), publish=False),
    }
    work_off(services)
    for identifier in ids.values():
        revision = first_revision(services, identifier)[1]
        services.objects.put(pictures.captions_key(revision.files[CAPTIONS - 1].sha256), b"WEBVTT")
        sha256 = revision.main_files[0].sha256
        for width in (*pictures.PICTURE_WIDTHS, pictures.THUMBNAIL_WIDTH):
            services.objects.put(pictures.picture_key(sha256, 1, width), b"RIFF")
        services.objects.put(lighter.table_key(sha256), b'{"film": {"size_bytes": 4, "tag": "x"}}')
        services.objects.put(lighter.key_of(sha256, "film"), b"film")
        made = Chapter(("<p>Chữ</p>",), None, (Inside("member:0:a.png", 8, 8),), {})
        services.objects.put(chapters.chapter_key(sha256, 1), chapters.encode(made))
        services.objects.put(chapters.picture_key(sha256, "member:0:a.png", chapters.WIDTHS[0]), b"RIFF")
        services.objects.put(pictures.layer_key(sha256, 1), b'{"aspect": 1.4, "lines": []}')
    yield services, create(services), ids
    services.catalogue.close()


def offer(services: Services, path: Path, *, publish: bool) -> str:
    """A PDF with captions beside it. Returns: its id."""
    captions = path.with_suffix(".vtt")
    captions.write_text(f"WEBVTT {path.name}", encoding="utf-8")
    files = [Offered(path, path.name), Offered(captions, captions.name, "attachment")]
    licence = Value("licence", "CC-BY-4.0", "person")
    return deposit(services, OPERATOR, files, owner="default", values=[licence], publish=publish).resource.id


def first_revision(services: Services, identifier: str) -> tuple[Resource, Revision]:
    with services.catalogue.reading() as work:
        found = work.resources.get(identifier)
        assert found is not None
        revision = work.resources.revision(found.key, 1)
        assert revision is not None
        return found, revision


def put(services: Services, identifier: str, state: State, access: Access) -> None:
    found, revision = first_revision(services, identifier)
    with services.catalogue.writing() as work:
        if state == "hidden" or state == "withdrawn":
            found = replace(found, visibility=state)
        else:
            found = replace(found, visibility="live")
            work.resources.save_revision(replace(revision, state=state))
        work.resources.save(replace(found, access=access, withdrawn_reason="Kiểm tra."))


def number_in(path: str) -> int:
    return CAPTIONS if path.endswith("/captions.vtt") else 1


def expected(path: str, role: Role, state: State, access: Access) -> int:
    action = "download" if path.endswith(("/files/{number}", "/files.zip")) else "see"
    if (role, state, access, action) in ALLOWED:
        # Without a revision's number the address means the published one.
        return 404 if state in UNPUBLISHED and "{revision}" not in path else 200
    return 410 if (state, access) == ("withdrawn", "public") else 404


@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize("access", ACCESSES)
@pytest.mark.parametrize("state", STATES)
def test_every_route_keeps_the_permission_table(
    two: Library, monkeypatch: pytest.MonkeyPatch, role: Role, state: State, access: Access
) -> None:
    services, app, ids = two
    identifier = ids["draft.pdf" if state in UNPUBLISHED else "published.pdf"]
    put(services, identifier, state, access)
    for module in list(sys.modules.values()):
        if getattr(module, "principal_of", None) is principal_of:
            monkeypatch.setattr(module, "principal_of", lambda _request: Principal(role))
    common = {
        "id": identifier,
        "resource_id": identifier,
        "revision": 1,
        "page": 1,
        "section": 1,
        "picture": 1,
        "form": "film.mp4",
        "format": "lom",
    }
    paths = routes(app)
    with TestClient(app, base_url="http://library.test", raise_server_exceptions=False) as client:
        answers = {
            path: client.get(path.format_map({**common, "number": number_in(path)})).status_code for path in paths
        }
    assert answers == {path: expected(path, role, state, access) for path in paths}


def test_the_walk_covers_every_door(two: Library) -> None:
    _, app, _ = two
    paths = routes(app)
    for part in (
        "/api/v1/resources/{resource_id}",
        "/en/resources/{id}/read",
        "/resources/{id}/files/{number}",
        "/opds/resources/{id}",
        "/en/opds/v2/resources/{id}",
        "/embed/resources/{id}",
    ):
        assert part in paths
