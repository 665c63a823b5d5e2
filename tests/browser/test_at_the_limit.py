"""What people see when the library cannot answer as it was asked: somebody asks too much, or searching is away."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import uvicorn
from playwright.sync_api import Browser, expect

from service.app import create
from service.library.services import Services
from tests.browser.conftest import Sized
from tests.browser.fit import assert_fit
from tests.conftest import Shelf
from tests.functional.test_browsing import Away
from tests.functional.test_too_many import ONE


@contextmanager
def answering(parts: Services) -> Iterator[str]:
    """The doors over some parts, in this process; gives their address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create(parts), log_config=None, ws="none", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()


def test_who_asks_too_much_is_told_how_long_to_wait(browser: Browser, library: Shelf) -> None:
    settings = library.services.settings.model_copy(update={"searches_per_minute": ONE})
    with answering(replace(library.services, settings=settings)) as address:
        sized = Sized(browser, address)
        page = sized.page()
        page.goto("/search")
        page.goto("/search")
        expect(page.get_by_role("heading", level=1)).to_have_text("Quá nhiều yêu cầu")
        assert_fit(page)
        sized.close()
        # The browser says in its console that the page is an error, once.
        assert [one for one in sized.complaints if "429" not in one] == []


def test_while_searching_is_away_there_is_something_to_look_at(browser: Browser, library: Shelf) -> None:
    with answering(replace(library.services, index=Away())) as address:  # type: ignore[arg-type]
        sized = Sized(browser, address)
        page = sized.page()
        page.goto("/search?q=parabol")
        expect(page.locator(".notice")).to_contain_text("Bộ tìm kiếm hiện không trả lời")
        assert page.locator(".card").count() > 1
        assert_fit(page)
        page.goto("/")
        expect(page.locator(".notice")).to_contain_text("Bộ tìm kiếm hiện không trả lời")
        assert_fit(page)
        sized.close()
        # Nor is the list that stands in for results taken for an answer by programs.
        assert [one for one in sized.complaints if "503" not in one] == []
