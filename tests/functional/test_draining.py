"""Web processes that are told to end, or start, while something is not as it should be."""

import http.client
import os
import shutil
import signal
import time
import wave
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import Served, ingest
from tests.functional.test_processes import Running, get, until
from tests.servers.s3 import S3Server

SIZE = 32 << 20
"""More than the kernel keeps for a reader who does not read."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A library of one large file, which takes a moment to read, and its id."""
    root = tmp_path_factory.mktemp("draining")
    (root / "in").mkdir()
    with wave.open(str(root / "in/large.wav"), "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(48_000)
        made.writeframes(bytes(SIZE))
    ids = ingest(root / "home", root / "in", "--publish", "--licence", "CC0-1.0")
    shutil.rmtree(root / "in")
    return root / "home", ids["large.wav"]


@pytest.mark.parametrize("whom", ["one web process", "the library"])
def test_a_slow_download_is_finished_by_a_process_that_was_told_to_end(
    sound: tuple[Path, str], tmp_path: Path, whom: str
) -> None:
    home, resource = sound
    served = Served(home, "--workers", "2", "--no-worker", log=tmp_path / "log")
    with served as address:
        running = Running(home, address, served.pid, resource, tmp_path / "log")
        until("two web processes", lambda: sum(line["event"] == "serving" for line in running.lines()) == 2)
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        connection.request("GET", f"/resources/{resource}/files/1")
        answer = connection.getresponse()
        assert answer.status == 200
        taken = len(answer.read(1000))
        before = running.web()
        for pid in before if whom == "one web process" else [served.pid]:
            os.kill(pid, signal.SIGTERM)
        # A reader's line is slow: the process has been told long ago when the rest is taken.
        for _ in range(4):
            time.sleep(0.5)
            taken += len(answer.read(1 << 20))
        taken += len(answer.read())
        assert taken == int(answer.headers["content-length"])
        connection.close()
        if whom == "one web process":
            until("replacements", lambda: len(running.web()) == 2 and not running.web() & before)
            assert get(address, f"/resources/{resource}").status == 200


def test_web_processes_start_and_answer_searches_while_the_store_is_away(tmp_path: Path) -> None:
    server = S3Server()
    try:
        server.start()
        server.client().make_bucket("library")
        served = Served(
            tmp_path / "home", "--workers", "2", "--no-worker", log=tmp_path / "log", **server.environment("library")
        )
        with served as address:
            running = Running(tmp_path / "home", address, served.pid, "", tmp_path / "log")
            until("two web processes", lambda: len(running.web()) == 2)
            server.kill()
            before = running.web()
            for pid in before:
                os.kill(pid, signal.SIGKILL)
            until("replacements", lambda: len(running.web()) == 2 and not running.web() & before)
            assert get(address, "/search?q=parabol").status == 200
            deaths = [line for line in running.lines() if line["event"] == "process-died"]
            assert len(deaths) == 2
    finally:
        server.close()
