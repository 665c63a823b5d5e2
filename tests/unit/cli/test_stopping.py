"""A stop that compiled code has swallowed is heeded at the next step, and a server that was told never begins."""

import signal
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import cast

import pytest

import service.app
from service.cli import serving, session
from service.library.services import Services

SIGNALS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A command sets up its whole process, which here is that of other tests too."""
    monkeypatch.setattr(session.logs, "start", lambda *_, **__: None)
    monkeypatch.setattr(session.cause, "begin", lambda *_: None)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def swallowed(number: int) -> None:
    with suppress(KeyboardInterrupt):
        signal.raise_signal(number)


@SIGNALS
def test_a_swallowed_stop_is_heeded_at_the_next_step(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    steps = []

    def command() -> None:
        for step in range(5):
            session.heed()
            steps.append(step)
            if step == 1:
                swallowed(number)

    with pytest.raises(SystemExit) as ended:
        session.run(command, debug=False)
    assert (ended.value.code, steps) == (1, [0, 1])
    assert session.text("cli-stopped") in capsys.readouterr().err


@SIGNALS
def test_a_server_that_was_told_while_it_was_made_does_not_begin(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    async def application(*_: object) -> None:
        raise AssertionError("the server began")

    def create(_: Services) -> object:
        swallowed(number)
        made.append(application)
        return application

    monkeypatch.setattr(service.app, "create", create)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        session.run(lambda: serving.answer(cast(Services, None), listener), debug=False)
    assert made == [application]


def test_who_was_not_told_goes_on() -> None:
    session.run(session.heed, debug=False)
