"""Smaller forms of recordings: made behind everything else, never larger, offered with their megabytes, chosen once."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ingest.formats.media import recording
from ingest.sandbox import Sandbox
from service import compose
from service.app import create
from service.library import project
from service.library.deposit import Offered, deposit
from service.library.lanes import LIGHTENING, READING
from service.library.services import Services
from service.library.work import Worker
from service.model import OPERATOR, Value
from service.settings import Settings
from service.web.speech import Speech
from tests.conftest import Shelf
from tests.functional.test_keeping import offers
from tests.kinds import work_off
from tests.recordings import film, make, needs_ffmpeg, sound

pytestmark = needs_ffmpeg
SECONDS = 6


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """A large film, one that stands, a small one, a large sound and a small one."""
    root = tmp_path_factory.mktemp("films")
    made = root / "made"
    noise = ("-vf", "noise=alls=40:allf=t", "-b:v", "4M", "-preset", "ultrafast")
    files = [
        film(made / "lon.mp4", *noise, seconds=SECONDS, size="1280x720"),
        film(made / "dung.mp4", *noise, seconds=SECONDS, size="540x960"),
        film(made / "nho.mp4", "-b:v", "40k", "-b:a", "32k", seconds=SECONDS, size="160x90"),
        sound(made / "to.wav", seconds=SECONDS),
        sound(made / "be.mp3", "-b:a", "16k", "-ar", "16000", seconds=SECONDS),
    ]
    services = compose.services(Settings(home=root / "home"))
    services.catalogue.migrate()
    project.ensure(services)
    licence = Value("licence", "CC-BY-4.0", "person")
    ids = {
        path.name: deposit(
            services, OPERATOR, [Offered(path, path.name)], owner="default", values=[licence], publish=True
        ).resource.id
        for path in files
    }
    work_off(services)
    yield Shelf(root / "home", services, ids)
    services.catalogue.close()


@pytest.fixture(scope="module")
def client(films: Shelf) -> Iterator[TestClient]:
    app = create(films.services)
    with TestClient(app, base_url="http://library.test", raise_server_exceptions=False, follow_redirects=False) as made:
        yield made


def test_a_film_has_360_lines_and_its_sound_alone(client: TestClient, films: Shelf, tmp_path: Path) -> None:
    base = f"/resources/{films.ids['lon.mp4']}/files/1"
    whole = client.get(base).content
    for name, media_type, kinds in (
        ("film.mp4", "video/mp4", ["video", "audio"]),
        ("sound.webm", "audio/webm", ["audio"]),
    ):
        answer = client.get(f"{base}/lighter/{name}")
        assert answer.headers["content-type"] == media_type
        assert len(answer.content) < 0.8 * len(whole)
        (path := tmp_path / name).write_bytes(answer.content)
        found = recording.read(path)
        assert [track.kind for track in found.tracks] == kinds
        assert found.seconds == pytest.approx(SECONDS, abs=0.3)
        if name == "film.mp4":
            assert (found.tracks[0].width_pixels, found.tracks[0].height_pixels) == (640, 360)
            # It begins to play before it is there.
            assert answer.content.index(b"moov") < answer.content.index(b"mdat")
        part = client.get(f"{base}/lighter/{name}", headers={"Range": "bytes=100-199"})
        assert (part.status_code, part.content) == (206, answer.content[100:200])
    assert client.get(f"{base}/lighter/other.mp4").status_code == 404


def test_a_film_that_stands_stands_on(client: TestClient, films: Shelf, tmp_path: Path) -> None:
    (path := tmp_path / "dung.mp4").write_bytes(
        client.get(f"/resources/{films.ids['dung.mp4']}/files/1/lighter/film.mp4").content
    )
    track = recording.read(path).tracks[0]
    assert (track.width_pixels, track.height_pixels) == (360, 640)


def test_what_is_small_already_is_left_as_it_is(client: TestClient, films: Shelf) -> None:
    small = f"/resources/{films.ids['nho.mp4']}"
    assert client.get(f"{small}/files/1/lighter/film.mp4").status_code == 404
    assert "Vừa (360p)" not in client.get(f"{small}/read").text
    spoken = f"/resources/{films.ids['be.mp3']}"
    assert client.get(f"{spoken}/files/1/lighter/sound.webm").status_code == 404
    page = client.get(f"{spoken}/read").text
    assert "data-quality" not in page
    assert "/lighter/" not in page


def test_a_phone_can_keep_the_smaller_forms(client: TestClient, films: Shelf) -> None:
    found = offers(client.get(f"/resources/{films.ids['lon.mp4']}/keep").text)
    assert list(found) == ["light", "form-light", "form-medium", "file"]
    sizes = [size for _, _, size in found.values()]
    assert sizes == sorted(sizes)
    for name, ending in (("form-light", "/lighter/sound.webm"), ("form-medium", "/lighter/film.mp4")):
        _, files, size = found[name]
        assert files[-1].endswith(ending)
        assert size > len(client.get(files[-1]).content)
    assert list(offers(client.get(f"/resources/{films.ids['nho.mp4']}/keep").text)) == ["light", "form-light", "file"]


def player_of(page: str) -> str:
    return page.partition("data-player")[0].rpartition("<")[2]


def test_light_medium_and_whole_are_chosen_with_their_megabytes(client: TestClient, films: Shelf) -> None:
    address = f"/resources/{films.ids['lon.mp4']}/read"
    answer = client.get(address)
    page = answer.text
    assert 'src="/resources/' in player_of(page)
    assert "/lighter/" not in player_of(page)
    for words in ("Nhẹ (chỉ tiếng) · ", "Vừa (360p) · ", "Gốc · "):
        assert words in page
    assert "Save-Data" in answer.headers["vary"]
    light = client.get(address, params={"quality": "light", "t": "2"}).text
    assert player_of(light).startswith("audio")
    assert "sound.webm#t=2" in player_of(light)
    # A chosen form goes along.
    assert "text=1" in light
    assert "quality=light&amp;text=1" in light
    assert "film.mp4" in player_of(client.get(address, params={"quality": "medium"}).text)


@pytest.mark.parametrize("says", [{"Save-Data": "on"}, {"ECT": "2g"}])
def test_who_saves_data_gets_the_lightest_that_is_still_a_film(
    client: TestClient, films: Shelf, says: dict[str, str]
) -> None:
    address = f"/resources/{films.ids['lon.mp4']}/read"
    page = client.get(address, headers=says).text
    assert "film.mp4" in player_of(page)
    said = page.partition("data-saved")[2].partition("</p>")[0]
    assert "hidden" not in said
    assert "tiết kiệm dữ liệu" in said
    chosen = client.get(address, headers=says, params={"quality": "whole"}).text
    assert "/lighter/" not in player_of(chosen)
    assert "sound.webm" in player_of(client.get(f"/resources/{films.ids['to.wav']}/read", headers=says).text)


def test_they_are_offered_for_taking_with_their_megabytes(client: TestClient, films: Shelf) -> None:
    resource = f"/resources/{films.ids['lon.mp4']}"
    page = client.get(resource).text
    size = len(client.get(f"{resource}/files/1/lighter/film.mp4").content)
    told = Speech("vi").size(size)
    assert "/files/1/lighter/film.mp4" in page
    assert f"Video 360p · {told}" in page


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[tuple[Services, str]]:
    """A library of one long film, read and not yet made lighter."""
    clip = film(tmp_path / "ngan.mp4", "-vf", "noise=alls=40:allf=t", "-preset", "ultrafast", size="1280x720")
    path = make(tmp_path / "dai.mp4", "-stream_loop", "60", "-i", clip, "-c", "copy")
    services = compose.services(Settings(home=tmp_path / "home"))
    services.catalogue.migrate()
    project.ensure(services)
    licence = Value("licence", "CC-BY-4.0", "person")
    files = [Offered(path, path.name)]
    made = deposit(services, OPERATOR, files, owner="default", values=[licence], publish=True).resource.id
    with Sandbox() as sandbox:
        reader = Worker(services, sandbox, lanes=READING)
        reader.start()
        until(lambda: ("lighten", "queued") in numbers(services))
        reader.stop()
    yield services, made
    services.catalogue.close()


def numbers(services: Services) -> dict[tuple[str, str], int]:
    with services.catalogue.reading() as work:
        return dict(work.jobs.numbers())


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)


def test_a_worker_that_stops_gives_the_job_back_uncounted(alone: tuple[Services, str]) -> None:
    services, identifier = alone
    with Sandbox() as sandbox:
        worker = Worker(services, sandbox, lanes=LIGHTENING)
        worker.start()
        until(lambda: ("lighten", "leased") in numbers(services))
        # The child is at work by then, or about to be.
        time.sleep(3)
        stopped = threading.Thread(target=worker.stop)
        stopped.start()
        stopped.join(20)
        assert not stopped.is_alive()
    with services.catalogue.reading() as work:
        waiting = work.jobs.waiting("lighten", [identifier])[identifier]
    assert (waiting.state, waiting.failures) == ("queued", 0)
    assert not list(services.objects.keys("derived/"))
