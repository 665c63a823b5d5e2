"""A resource is kept on the phone, opens when there is no library to ask, and its space is freed again."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, Sized
from tests.conftest import PARABOLA, Served, Shelf


@pytest.fixture
def switched(library: Shelf, tmp_path: Path, browser: Browser) -> Iterator[tuple[Served, Sized]]:
    """A running library of this test's own, to be switched off: no emulation is as offline as that."""
    shutil.copytree(library.home, tmp_path / "home")
    served = Served(tmp_path / "home", "--no-worker")
    sized = Sized(browser, served.__enter__())
    yield served, sized
    sized.close()
    served.__exit__()


def keep(page: Page, resource: str, offer: str) -> None:
    page.goto(f"/resources/{resource}")
    page.get_by_role("link", name="Để dành", exact=True).click()
    page.get_by_role("button", name=offer).click()
    expect(page.get_by_role("status")).to_contain_text("Mở được khi không có mạng")
    page.evaluate("navigator.serviceWorker.ready.then(function () { return null; })")


def test_a_kept_resource_opens_when_the_library_is_gone(switched: tuple[Served, Sized], library: Shelf) -> None:
    served, sized = switched
    page = sized.page(PHONE)
    resource, other = library.ids["parabola.pdf"], library.ids["cells.pdf"]
    keep(page, resource, "Cả tệp PDF")
    expect(page.get_by_role("status")).to_contain_text(" MB.")
    said = page.locator("[data-offer=file] [data-size]").inner_text()
    expect(page.get_by_role("status")).to_contain_text(f"Đã để dành, {said}.")
    keep(page, other, "Bản nhẹ")
    page.goto("/kept")
    offline = page.get_by_text("Không kết nối được với thư viện")
    expect(page.get_by_role("listitem").get_by_role("heading")).to_have_count(2)
    expect(offline).to_be_hidden()
    served.__exit__()
    page.context.set_offline(True)
    page.goto("/kept")
    expect(offline).to_be_visible()
    page.context.set_offline(False)
    expect(offline).to_be_hidden()
    page.goto("/kept")
    expect(page.get_by_role("listitem").get_by_role("heading")).to_have_count(2)
    expect(page.locator("p[data-total]")).to_contain_text(" MB")
    assert Axe().run(page).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("link", name="Hàm số bậc hai").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hàm số bậc hai và đồ thị")
    # Styled as ever, and no picture is broken.
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "17px"
    page.goto("/kept")
    page.get_by_role("link", name="Đọc phần chữ").last.click()
    expect(page.locator(".text")).to_contain_text(PARABOLA[1])
    # A page of it that is not kept leads to its text, any other page to the list.
    page.goto(f"/resources/{resource}/read?page=3")
    expect(page.locator(".text")).to_contain_text(PARABOLA[2])
    page.goto("/search?q=parabol")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã để dành")
    expect(offline).to_be_visible()
    page.goto("/en/about")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kept")
    parts = page.evaluate(
        """(address) => fetch(address, {headers: {Range: "bytes=1-4"}}).then(answer => answer.text().then(
            text => [answer.status, answer.headers.get("content-range"), text]))""",
        f"/resources/{resource}/files/1",
    )
    assert parts[0] == 206
    assert parts[1].startswith("bytes 1-4/")
    assert parts[2] == "PDF-"
    page.goto("/kept")
    page.get_by_role("button", name="Bỏ khỏi máy: Hàm số bậc hai").click()
    expect(page.get_by_role("listitem").get_by_role("heading")).to_have_count(1)
    names = page.evaluate("caches.keys()")
    assert f"hoclieu-kept-{resource}" not in names
    assert f"hoclieu-kept-{other}" in names


def test_what_the_library_has_withdrawn_goes_from_the_phone(
    switched: tuple[Served, Sized], library: Shelf, tmp_path: Path
) -> None:
    from service import compose
    from service.library import curate
    from service.model import OPERATOR
    from service.settings import Settings

    _, sized = switched
    page = sized.page(PHONE)
    resource, read, taken = (library.ids[name] for name in ("cells.pdf", "parabola.pdf", "script.pdf"))
    keep(page, resource, "Bản nhẹ")
    keep(page, read, "Bản nhẹ")
    keep(page, taken, "Cả tệp PDF")
    page.goto("/kept")
    services = compose.services(Settings(home=tmp_path / "home"))
    for one in (resource, read, taken):
        curate.withdraw(services, OPERATOR, one, reason="Tác giả yêu cầu.")
    services.catalogue.close()
    answer = page.goto(f"/resources/{resource}")
    assert answer is not None
    assert answer.status == 410
    assert f"hoclieu-kept-{resource}" not in page.evaluate("caches.keys()")
    # Whatever address says so, be it of a page or of a file.
    page.goto(f"/resources/{read}/text?part=1")
    assert f"hoclieu-kept-{read}" not in page.evaluate("caches.keys()")
    assert f"hoclieu-kept-{taken}" in page.evaluate("caches.keys()")
    asked = page.evaluate("address => fetch(address).then(answer => answer.status)", f"/resources/{taken}/files/1")
    assert asked == 410
    assert f"hoclieu-kept-{taken}" not in page.evaluate("caches.keys()")
    sized.complaints[:] = [one for one in sized.complaints if "410" not in one]


def limit_room(page: Page, size_bytes: int) -> None:
    """What the browser lets the library keep."""
    origin = page.evaluate("window.location.origin")
    session = page.context.new_cdp_session(page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": size_bytes})


def test_a_phone_without_room_says_so_before_anything_is_fetched(
    switched: tuple[Served, Sized], library: Shelf
) -> None:
    page = switched[1].page(PHONE)
    page.add_init_script("navigator.storage.estimate = () => Promise.resolve({quota: 3000, usage: 2000})")
    page.goto(f"/resources/{library.ids['parabola.pdf']}/keep")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="Cả tệp PDF").click()
    expect(page.get_by_role("status")).to_contain_text("Máy không đủ chỗ, còn trống 1 KB.")
    assert [url for url in asked if "/resources/" in url] == []


def test_room_that_ends_half_way_is_told_and_what_was_kept_stays(
    switched: tuple[Served, Sized], library: Shelf
) -> None:
    page = switched[1].page(PHONE)
    # As browsers that do not say how much room there is.
    page.add_init_script("navigator.storage.estimate = undefined")
    kept, other = library.ids["parabola.pdf"], library.ids["cells.pdf"]
    keep(page, kept, "Bản nhẹ")
    page.goto(f"/resources/{other}/keep")
    limit_room(page, 1_000)
    page.get_by_role("button", name="Cả tệp PDF").click()
    expect(page.get_by_role("status")).to_have_text("Máy không đủ chỗ. Bỏ bớt những gì đã để dành rồi thử lại.")
    names = page.evaluate("caches.keys()")
    assert f"hoclieu-kept-{other}" not in names
    page.goto(f"/resources/{kept}/keep")
    limit_room(page, 1_000)
    page.get_by_role("button", name="Cả tệp PDF").click()
    expect(page.get_by_role("status")).to_contain_text("Máy không đủ chỗ.")
    page.goto("/kept")
    expect(page.get_by_role("listitem").get_by_role("heading")).to_have_count(1)


def test_keeping_again_takes_the_place_of_what_was_kept(switched: tuple[Served, Sized], library: Shelf) -> None:
    page = switched[1].page(PHONE)
    resource = library.ids["parabola.pdf"]
    held = f"caches.open('hoclieu-kept-{resource}').then(c => c.keys()).then(k => k.map(r => new URL(r.url).pathname))"
    keep(page, resource, "Cả tệp PDF")
    assert f"/resources/{resource}/files/1" in page.evaluate(held)
    expect(page.get_by_text("Học liệu này đang ở trên máy")).to_be_visible()
    page.get_by_role("button", name="Bản nhẹ").click()
    expect(page.get_by_role("status")).to_contain_text("Mở được khi không có mạng")
    for _ in range(50):
        # The sentence stands there from the time before; what is kept anew takes its place when it is whole.
        if f"/resources/{resource}/files/1" not in page.evaluate(held):
            break
        page.wait_for_timeout(200)
    assert f"/resources/{resource}/files/1" not in page.evaluate(held)
    page.get_by_role("button", name="Bỏ khỏi máy").click()
    expect(page.get_by_role("status")).to_have_text("Đã bỏ khỏi máy.")
    # Nothing is left but what opens the list without a network.
    assert [name for name in page.evaluate("caches.keys()") if "shell" not in name] == []


def test_keeping_tells_the_library_nothing_but_what_it_fetches(switched: tuple[Served, Sized], library: Shelf) -> None:
    _, sized = switched
    page = sized.page(PHONE)
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    keep(page, library.ids["cells.pdf"], "Bản nhẹ")
    page.goto("/kept")
    page.get_by_role("button", name="Bỏ khỏi máy").first.click()
    expect(page.get_by_text("Chưa để dành gì")).to_be_visible()
    assert {method for method, _ in asked} == {"GET"}
    assert page.evaluate("document.cookie") == ""
    assert not [url for _, url in asked if "kept-note" in url]


def test_without_script_the_text_and_the_file_are_offered(switched: tuple[Served, Sized], library: Shelf) -> None:
    _, sized = switched
    page = sized.page(PHONE, script=False)
    page.goto(f"/resources/{library.ids['parabola.pdf']}/keep")
    expect(page.get_by_role("button", name="Bản nhẹ")).to_be_hidden()
    expect(page.get_by_role("link", name="Tải về PDF")).to_be_visible()
    page.get_by_role("link", name="Bản chỉ có chữ").click()
    expect(page.locator(".text")).to_contain_text(PARABOLA[3])
    page.goto("/kept")
    expect(page.get_by_text("Trình duyệt này không tự giữ trang được")).to_be_visible()
