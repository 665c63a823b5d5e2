"""A film that holds its captions itself: taken in for real, found at a second, its tracks handed to the player."""

import json
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from service import compose
from service.app import create
from service.library import pictures
from service.library.services import Services
from service.settings import Settings
from tests.faults.library import Library
from tests.kinds import work_off
from tests.recordings import LINES, make, needs_ffmpeg, srt

pytestmark = needs_ffmpeg

ENGLISH = ((0, 4, "Today we talk about the leaf and the light that it takes in."),)
ROUTE = "/resources/{}/files/1/captions.vtt"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> tuple[Services, str, list[dict[str, object]]]:
    """A film of two text tracks, ingested. Returns: the library, the film's id, hits of a question about it."""
    root = tmp_path_factory.mktemp("inside")
    for name, text in (("vi.srt", srt()), ("en.srt", srt(ENGLISH))):
        (root / name).write_text(text, encoding="utf-8")
    make(
        root / "phim" / "quang-hop.mp4", "-f", "lavfi", "-i", "testsrc=d=56:s=160x90:r=2", "-i", root / "vi.srt",
        "-i", root / "en.srt", "-map", "0", "-map", "1", "-map", "2", "-c:s", "mov_text",
        "-metadata:s:s:0", "language=vie", "-metadata:s:s:1", "language=eng",
    )  # fmt: skip
    library = Library(root / "home")
    done = library.run("ingest", str(root / "phim"), "--publish", "--licence", "CC0-1.0")
    assert done.returncode == 0, done.stderr
    (item,) = json.loads(library.run("search", "que đóm tàn đỏ bùng cháy", "--json").stdout)["items"]
    return compose.services(Settings(home=root / "home")), item["id"], item["hits"]


@pytest.fixture(scope="module")
def client(film: tuple[Services, str, list[dict[str, object]]]) -> Iterator[TestClient]:
    with TestClient(create(film[0]), base_url="http://library.test", raise_server_exceptions=False) as made:
        yield made


Film = tuple[Services, str, list[dict[str, object]]]


def test_what_is_said_inside_leads_to_its_second(film: Film) -> None:
    assert [hit["locator"] for hit in film[2]] == [{"kind": "second", "value": 33}]


def test_each_language_inside_is_a_track(film: Film, client: TestClient) -> None:
    page = client.get(f"/resources/{film[1]}/read?t=33").text
    tracks = re.findall(r'<track kind="captions" src="([^"]+)" srclang="([^"]+)" label="([^"]+)"( default)?>', page)
    route = ROUTE.format(film[1])
    assert tracks == [
        (f"{route}?language=en", "en", "Tiếng Anh", " default"),
        (f"{route}?language=vi", "vi", "Tiếng Việt", ""),
    ]


def test_the_track_is_webvtt_that_can_be_made_again(film: Film, client: TestClient) -> None:
    services, resource, _ = film
    with services.catalogue.reading() as work:
        found = work.resources.get(resource)
        assert found
        revision = work.resources.revision(found.key, 1)
        assert revision
    key = pictures.captions_key(revision.files[0].sha256, "vi")
    for _ in range(2):
        client.get(ROUTE.format(resource), params={"language": "vi"})
        work_off(services)
        answer = client.get(ROUTE.format(resource), params={"language": "vi"})
        assert answer.headers["content-type"] == "text/vtt; charset=utf-8"
        assert answer.text.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:04.000\nChào các em")
        assert answer.text.count("-->") == len(LINES)
        services.objects.remove(key)


@pytest.mark.parametrize("language", ["", "fr", "und", "../vi", "vi\x00"])
def test_what_it_does_not_hold_is_not_there(film: Film, client: TestClient, language: str) -> None:
    assert client.get(ROUTE.format(film[1]), params={"language": language}).status_code == 404
