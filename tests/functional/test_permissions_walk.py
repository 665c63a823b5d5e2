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
from service.library import chapters, lighter, pictures, project, reports
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
UNSAID = "kinmatkhongloura"
"""Stands in title, file names, text and captions: no answer that refuses may hold it."""
LISTS = (
    "/",
    "/en",
    f"/search?q={UNSAID}",
    f"/api/v1/search?q={UNSAID}",
    f"/suggest?q={UNSAID}",
    "/api/v1/export.jsonl",
)
ENDINGS = ("files.zip", "metadata/{format}")
ABOUT_RESOURCES = re.compile(r"\{(?:id|resource_id)\}")


def routes(app: FastAPI) -> list[str]:
    """Paths of all routes about a resource, whichever door they belong to."""
    paths = {*app.openapi()["paths"], *(route.path for route in app.routes if isinstance(route, Route))}
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
        name: offer(
            services,
            make_pdf(root / f"{UNSAID}-{name}", [f"Một trang về {UNSAID}."], title=f"Bài {UNSAID} {name}"),
            publish=name == "published.pdf",
        )
        for name in ("published.pdf", "draft.pdf")
    }
    work_off(services)
    for identifier in ids.values():
        revision = first_revision(services, identifier)[1]
        assert revision.files[CAPTIONS - 1].name.endswith(".vtt")
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
    # It asks more in a minute than anybody may.
    unheld = services.settings.model_copy(update={"searches_per_minute": 10**7})
    yield services, create(replace(services, settings=unheld)), ids
    services.catalogue.close()


def offer(services: Services, path: Path, *, publish: bool) -> str:
    """A PDF with captions beside it. Returns: its id."""
    captions = path.with_suffix(".vtt")
    captions.write_text(f"WEBVTT {UNSAID} {path.name}", encoding="utf-8")
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
    name = "draft.pdf" if state in UNPUBLISHED else "published.pdf"
    identifier = ids[name]
    put(services, identifier, state, access)
    act_as(monkeypatch, role)
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
    wanted = {path: expected(path, role, state, access) for path in paths}
    with TestClient(app, base_url="http://library.test", raise_server_exceptions=False) as client:
        answers = {path: client.get(path.format_map({**common, "number": number_in(path)})) for path in paths}
        assert {path: answer.status_code for path, answer in answers.items()} == wanted
        for path, answer in answers.items():
            if answer.status_code != 200:
                assert UNSAID not in f"{answer.headers} {answer.text}", path
            if role != "public":
                continue
            filled = path.format_map({**common, "number": number_in(path)})
            # Neither another method nor what a browser holds opens what is closed.
            assert client.head(filled).status_code == answer.status_code, path
            held = client.get(filled, headers={"If-None-Match": "*", "Range": "bytes=0-0"})
            assert (held.status_code < 400) == (answer.status_code < 400), path
        for path in LISTS if role == "public" and 200 not in wanted.values() else ():
            listed = client.get(path)
            assert listed.status_code == 200, path
            assert identifier not in listed.text, path
            assert f"Bài {UNSAID} {name}" not in listed.text, path


@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize("access", ACCESSES)
@pytest.mark.parametrize("state", STATES)
def test_a_report_is_taken_of_what_can_be_seen_alone(
    two: Library, monkeypatch: pytest.MonkeyPatch, role: Role, state: State, access: Access
) -> None:
    services, app, ids = two
    identifier = ids["draft.pdf" if state in UNPUBLISHED else "published.pdf"]
    put(services, identifier, state, access)
    act_as(monkeypatch, role)
    # Each resource takes so many a day, and this one is asked in every state.
    monkeypatch.setattr(reports, "MOST_A_DAY", 1000)
    with TestClient(app, base_url="http://library.test", follow_redirects=False) as client:
        for prefix in ("", "/en"):
            path = f"{prefix}/resources/{{id}}/report"
            answer = client.post(path.format(id=identifier), data={"reason": "wrong", "text": ""})
            taken = (role, state, access, "see") in ALLOWED
            assert answer.status_code == (303 if taken else expected(path, role, state, access))
            assert UNSAID not in f"{answer.headers} {answer.text}"


def act_as(monkeypatch: pytest.MonkeyPatch, role: Role) -> None:
    """Whoever asks has this role."""
    for module in list(sys.modules.values()):
        if getattr(module, "principal_of", None) is principal_of:
            monkeypatch.setattr(module, "principal_of", lambda _request: Principal(role))


def test_the_walk_covers_every_door(two: Library) -> None:
    _, app, _ = two
    paths = routes(app)
    parts = ["/api/v1/resources/{resource_id}", "/api/v1/resources/{resource_id}/passages"]
    pages = ("", "/read", "/text", "/keep", "/report", "/qr.svg", "/card.jpg", "/v/{revision}")
    parts += [f"{prefix}/resources/{{id}}{page}" for prefix in ("", "/en") for page in pages]
    stored = ("", "/pages/{page}", "/captions.vtt", "/document.pdf", "/lighter/{form}", "/text.txt")
    parts += [f"/resources/{{id}}/files/{{number}}{form}" for form in stored]
    parts += [f"/resources/{{id}}{middle}/{last}" for middle in ("", "/v/{revision}") for last in ENDINGS]
    parts += ["/opds/resources/{id}", "/en/opds/v2/resources/{id}", "/embed/resources/{id}"]
    assert set(parts) <= set(paths)
