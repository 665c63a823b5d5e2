"""Where readers fetch files from the store, "Để dành" still keeps them, and the worker lets pages show the others."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, Sized
from tests.browser.test_keeping import keep
from tests.conftest import PARABOLA, Served, ingest, make_pdf
from tests.servers.s3 import S3Server

BUCKET = "kept"


@dataclass(frozen=True)
class OnS3:
    server: S3Server
    served: Served
    sized: Sized
    ids: dict[str, str]


@pytest.fixture
def on_s3(tmp_path: Path, browser: Browser) -> Iterator[OnS3]:
    """A library of this test's own that sends readers to its store; both are to be switched off."""
    server = S3Server()
    try:
        server.start()
        server.client().make_bucket(BUCKET)
        environment = server.environment(BUCKET)
        make_pdf(tmp_path / "in/parabola.pdf", PARABOLA, title="Hàm số bậc hai")
        Image.new("RGB", (64, 48), "green").save(tmp_path / "in/green.png")
        with pytest.MonkeyPatch.context() as patched:
            for name, value in environment.items():
                patched.setenv(name, value)
            ids = ingest(tmp_path / "home", tmp_path / "in", "--publish", "--licence", "CC-BY-4.0")
        served = Served(tmp_path / "home", "--no-worker", HOCLIEU_OBJECTS_REDIRECT="true", **environment)
        sized = Sized(browser, served.__enter__())
        try:
            yield OnS3(server, served, sized, ids)
        finally:
            sized.close()
            served.__exit__()
    finally:
        server.close()


def fetched(page: Page, address: str, *, part: str = "") -> str:
    """What a script of the page gets: its first bytes, or that it is refused."""
    found: str = page.evaluate(
        """([address, range]) => fetch(address, {headers: range ? {Range: range} : {}}).then(
            answer => answer.text().then(text => answer.status + " " + text.slice(0, 8)), () => "refused")""",
        [address, part],
    )
    return found


def test_a_kept_file_comes_through_the_library_and_opens_without_library_and_store(on_s3: OnS3) -> None:
    page = on_s3.sized.page(PHONE)
    resource = on_s3.ids["parabola.pdf"]
    file = f"/resources/{resource}/files/1"
    page.goto(f"/resources/{resource}")
    # As it would be fetched without a word more: the store is another origin.
    assert fetched(page, file) == "refused"
    assert any(one.startswith(f"third party: http://{on_s3.server.host}/") for one in on_s3.sized.complaints)
    on_s3.sized.complaints.clear()
    keep(page, resource, "Cả tệp PDF")
    assert not [one for one in on_s3.sized.complaints if "third party" in one]
    assert fetched(page, file).startswith("200 %PDF-")
    on_s3.served.__exit__()
    on_s3.server.kill()
    page.goto("/kept")
    expect(page.get_by_role("link", name="Mở tệp")).to_have_attribute("href", file)
    assert fetched(page, file, part="bytes=1-4") == "206 PDF-"
    page.get_by_role("link", name="Đọc phần chữ").click()
    expect(page.locator(".text")).to_contain_text(PARABOLA[3])


def test_with_the_worker_pages_still_show_what_lies_in_the_store(on_s3: OnS3) -> None:
    page = on_s3.sized.page(PHONE)
    keep(page, on_s3.ids["parabola.pdf"], "Bản nhẹ")
    page.goto(f"/resources/{on_s3.ids['green.png']}")
    assert page.evaluate("navigator.serviceWorker.controller !== null")
    width = page.evaluate(
        """(address) => new Promise((resolve) => {
            const picture = new Image();
            picture.onload = () => resolve(picture.naturalWidth);
            picture.onerror = () => resolve(0);
            picture.src = address;
        })""",
        f"/resources/{on_s3.ids['green.png']}/files/1",
    )
    assert width == 64
