"""The Dockerfile, and what goes into the images."""

import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy import DEPLOY, tool
from tests.unit.house.tree import ROOT

DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


def test_the_linter_finds_nothing() -> None:
    done = subprocess.run([tool("hadolint"), str(DEPLOY / "Dockerfile")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_both_images_run_as_somebody_by_number_who_is_not_root() -> None:
    stages = DOCKERFILE.split("\nFROM ")[2:]
    last = [[line.split()[1] for line in stage.splitlines() if line.startswith("USER ")][-1] for stage in stages]
    assert last == ["10001:10001", "10001:10001"]


def test_what_builds_is_in_no_image() -> None:
    web = DOCKERFILE.split(" AS web\n")[1]
    assert "python3-venv" not in web
    assert "/opt/uv" not in web


def test_only_what_is_named_goes_into_an_image() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    named = {rule[1:] for rule in rules if rule.startswith("!")}
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert named.isdisjoint({"secrets", "var", "build", ".venv", ".git"})
    copied = [line.split()[1] for line in DOCKERFILE.splitlines() if line.startswith("COPY ") and "--from" not in line]
    assert [name for name in copied if name != "." and name.split("/")[0] not in named] == []


@pytest.fixture
def answering(request: pytest.FixtureRequest) -> Iterator[str]:
    """A server that answers everything with one status."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(request.param)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/healthz"
    server.shutdown()
    server.server_close()


def answers(url: str) -> int:
    script = str(Path(DEPLOY, "answers.py"))
    return subprocess.run([sys.executable, "-I", script, url], check=False, capture_output=True).returncode


@pytest.mark.parametrize(("answering", "code"), [(200, 0), (503, 1), (404, 1)], indirect=["answering"])
def test_the_health_check_is_the_answers_status(answering: str, code: int) -> None:
    assert answers(answering) == code


def test_nobody_there_is_not_well() -> None:
    assert answers("http://127.0.0.1:9/healthz") == 1
