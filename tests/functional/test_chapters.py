"""Chapters and questions in the reader: what the page adds to them, their pictures under their own address, what stands
in for one that cannot be made. Read and drawn by a real worker in the real sandbox.

The module is long because all of it looks at one library, whose worker takes its time to draw.
"""

import io
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from ingest.sandbox import Sandbox
from service import compose
from service.app import create
from service.library import chapters, project
from service.library.deposit import Offered, deposit
from service.library.lanes import DRAWING
from service.library.services import Services
from service.library.work import Worker
from service.model import OPERATOR, Value
from service.settings import Settings
from tests.chapters import ATTACKS, hostile_book, rich_book, rich_page
from tests.kinds import work_off
from tests.questions import BANK, GIFT, written
from tests.servers.s3 import ACCESS_KEY, SECRET_KEY, S3Server
from tests.unit.ingest.books import make, page

Library = tuple[Services, TestClient, dict[str, str]]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library with a worker that draws, as long as the module runs."""
    root = tmp_path_factory.mktemp("chapters")
    services = compose.services(Settings(home=root / "home"))
    services.catalogue.migrate()
    project.ensure(services)
    long = page("<h1>Dài</h1>" + "".join(f'<p id="p{n}">{"chữ " * 200}{n}</p>' for n in range(200)) + "<p>kimcương</p>")
    files = [
        rich_book(root / "suoi.epub"),
        rich_page(root / "trang.html"),
        hostile_book(root / "doc.epub", list(ATTACKS.values())),
        make(root / "dai.epub", [long, page('<p><a href="c1.xhtml#p150">Đoạn 150</a></p>')]),
        make(root / "lon.epub", [page("<p>" + "<b>" * 60 + "a " * 10)]),
        written(root / "nuoc.gift", GIFT),
        written(root / "goc.xml", BANK),
    ]
    ids = {path.name: offer(services, path) for path in files}
    work_off(services)
    with Sandbox() as sandbox:
        # A page waits for two seconds: a busy machine may need more for the first child alone.
        sandbox.guards()
        worker = Worker(services, sandbox, lanes=DRAWING)
        worker.start()
        app = create(services)
        with TestClient(app, base_url="http://library.test", raise_server_exceptions=False) as client:
            yield services, client, ids
        worker.stop()
    services.catalogue.close()


def offer(services: Services, path: Path) -> str:
    licence = Value("licence", "CC-BY-4.0", "person")
    files = [Offered(path, path.name)]
    return deposit(services, OPERATOR, files, owner="default", values=[licence], publish=True).resource.id


def read(shelf: Library, name: str, **asked: str | int) -> str:
    _, client, ids = shelf
    answer = client.get(f"/resources/{ids[name]}/read", params=asked)
    assert answer.status_code == 200
    return answer.text


def shown(page: str) -> str:
    """What is shown of the chapter itself."""
    found = re.search(r'<div class="text chapter"[^>]*>(.*)</div>\s*<nav class="turn"', page, re.DOTALL)
    assert found, page
    return found[1]


def test_a_chapter_is_shown_with_addresses_of_the_reader(shelf: Library) -> None:
    resource = f"/resources/{shelf[2]['suoi.epub']}"
    html = shown(read(shelf, "suoi.epub", section=1))
    assert "<h2>Chương 1. Con suối</h2>" in html
    links = {unescape(url) for url in re.findall(r'<a [^>]*href="([^"]+)"', html)}
    assert links == {
        f"{resource}/read?file=1&section=2&at=in-goc-cay#in-goc-cay", "#in-mo-dau", "#in-n1", "#in-r1",
        "https://ngoai.test/a?b=1", "https://ngoai.test/theo-doi.png",
    }  # fmt: skip
    assert html.count('rel="noopener nofollow"') == 2
    assert '<div class="rows" role="region" aria-label="Bảng 1" tabindex="0"><table>' in html
    assert '<span class="formula"><math' in html


def test_a_link_inside_takes_what_is_looked_for_along(shelf: Library) -> None:
    html = shown(read(shelf, "suoi.epub", section=1, q="suối"))
    assert "section=2&amp;q=su%E1%BB%91i&amp;at=in-goc-cay#in-goc-cay" in html
    assert (
        f'href="/en/resources/{shelf[2]["suoi.epub"]}/read?file=1&amp;section=2'
        in shelf[1].get(f"/en/resources/{shelf[2]['suoi.epub']}/read?section=1").text
    )


def test_words_that_are_looked_for_are_marked_and_nothing_else_is(shelf: Library) -> None:
    html = shown(read(shelf, "suoi.epub", section=1, q="chay qua"))
    assert re.findall("<mark>(.*?)</mark>", html) == ["chảy qua"]
    assert "  thẳng\n    cột" in html
    formula = shown(read(shelf, "suoi.epub", section=1, q="v"))
    assert "<mi>v</mi>" in formula


def test_pictures_have_their_sizes_and_wait_until_they_are_looked_at(shelf: Library) -> None:
    html = shown(read(shelf, "suoi.epub", section=1))
    base = f"/resources/{shelf[2]['suoi.epub']}/files/1/sections/1/pictures"
    pictures = re.findall("<img [^>]*>", html)
    assert len(pictures) == 3
    assert all('loading="lazy"' in one and "width=" in one and "height=" in one for one in pictures)
    assert f'src="{base}/1?width=640" srcset="{base}/1?width=640 640w, {base}/1?width=1280 1280w"' in pictures[0]
    assert 'alt="Con suối trong rừng"' in pictures[0]
    assert 'alt="Hình 2"' in pictures[1]
    assert "srcset" not in pictures[1]


@pytest.mark.parametrize(("width", "wide"), [(640, 640), (1280, 1280)])
def test_a_picture_is_webp_that_is_kept_and_asked_again(shelf: Library, width: int, wide: int) -> None:
    _, client, ids = shelf
    read(shelf, "suoi.epub", section=1)
    address = f"/resources/{ids['suoi.epub']}/files/1/sections/1/pictures/1?width={width}"
    answer = client.get(address)
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, max-age=300"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert Image.open(io.BytesIO(answer.content)).width == wide
    assert client.get(address, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert client.head(address).headers["content-length"] == str(len(answer.content))


@pytest.mark.parametrize(
    "place",
    [
        "sections/1/pictures/4",
        "sections/1/pictures/0",
        "sections/2/pictures/1",
        "sections/9/pictures/1",
        "sections/1/pictures/x",
        "sections/0/pictures/1",
        "sections/1/pictures/1?width=641",
        "sections/1/pictures/10000000000",
    ],
)
def test_what_no_section_shows_is_no_picture_and_no_work(shelf: Library, place: str) -> None:
    services, client, ids = shelf
    read(shelf, "suoi.epub", section=1)
    with services.catalogue.reading() as work:
        before = work.jobs.numbers()
    assert client.get(f"/resources/{ids['suoi.epub']}/files/1/{place}").status_code == 404
    with services.catalogue.reading() as work:
        assert work.jobs.numbers() == before


def test_a_section_of_a_page_has_its_own_pictures_and_links(shelf: Library) -> None:
    _, client, ids = shelf
    first = shown(read(shelf, "trang.html", section=1))
    assert f"/resources/{ids['trang.html']}/read?file=1&amp;section=2&amp;at=in-hai#in-hai" in first
    assert "<a" not in first[first.index("tệp khác") - 30 : first.index("tệp khác")].rpartition("</a>")[2]
    assert "Phần hai" in shown(read(shelf, "trang.html", section=2))
    assert 'width="40" height="30"' in shown(read(shelf, "trang.html", section=2))
    answer = client.get(f"/resources/{ids['trang.html']}/files/1/sections/2/pictures/1")
    assert Image.open(io.BytesIO(answer.content)).size == (40, 30)


def test_words_alone_stay_and_lead_back(shelf: Library) -> None:
    full, text = read(shelf, "suoi.epub", section=1), read(shelf, "suoi.epub", section=1, text=1)
    assert "Bản chỉ có chữ" in full
    assert "Bản đầy đủ" in text
    assert "<img" not in text
    assert 'class="text chapter"' not in text
    assert "Con suối nhỏ chảy qua bản" in text


def test_a_question_is_shown_with_its_answer_folded(shelf: Library) -> None:
    page = read(shelf, "nuoc.gift", question=1)
    html = shown(page)
    assert "<li>gió mùa: gió lạnh</li>" in html
    assert html.count("<details") == html.count("</details>") == 1
    folded = re.search(r'<details class="answer"><summary lang="vi">Đáp án</summary>(.*)</details>', html, re.DOTALL)
    assert folded
    assert "Mặt Trời làm nước nóng lên và bay hơi." in folded[1]
    assert "Mặt Trời làm nước nóng lên" not in html[: folded.start()]
    assert 'name="question" value="1"' in page
    assert "Sau: Câu 2" in page
    english = shelf[1].get(f"/en/resources/{shelf[2]['nuoc.gift']}/read?question=1").text
    assert '<summary lang="en">Answer</summary>' in english


def test_words_of_a_question_alone_fold_the_answer_too(shelf: Library) -> None:
    text = read(shelf, "nuoc.gift", question=1, text=1)
    before, fold, answer = text.partition('<details class="answer"><summary>Đáp án</summary>')
    assert fold
    assert "Bản đầy đủ" in before
    assert "<p>B. gió mùa: gió lạnh</p>" in before
    assert "Đúng, nắng làm nước nóng lên." in answer
    assert 'class="answer"' not in read(shelf, "nuoc.gift", question=6, text=1)


def test_a_search_lands_on_the_question_and_no_snippet_tells_the_answer(shelf: Library) -> None:
    _, client, ids = shelf
    page = client.get("/search", params={"q": "nước đá nổi trên mặt nước"}).text
    (address,) = set(re.findall(r'<a href="([^"]+)">\s*(?:<span class="line">)?<span class="place">Câu 3</span>', page))
    assert f"/resources/{ids['nuoc.gift']}/read" in address
    assert "<mark>Nước đá nổi trên mặt nước</mark>" in shown(client.get(unescape(address)).text)
    (item, *_) = client.get("/api/v1/search", params={"q": "nước đá nổi trên mặt nước"}).json()["items"]
    assert item["hits"][0]["locator"] == {"kind": "question", "value": 3}
    assert "7 câu" in client.get(f"/resources/{ids['nuoc.gift']}").text
    # What an explanation alone says stands in no snippet, nor is it marked behind the fold.
    found = client.get("/api/v1/search", params={"q": "nắng làm nước nóng lên"}).json()["items"]
    (hits,) = (json.dumps(one["hits"], ensure_ascii=False) for one in found if one["id"] == ids["nuoc.gift"])
    assert "ánh" in hits
    assert "nóng lên" not in re.sub(r"</?mark>", "", hits)
    assert "<mark>" not in shown(read(shelf, "nuoc.gift", question=1, q="nghĩ")).partition("<details")[2]


def test_the_whole_text_of_a_set_is_a_sheet_without_answers(shelf: Library) -> None:
    page = shelf[1].get(f"/resources/{shelf[2]['nuoc.gift']}/text").text
    assert "Câu 7" in page
    assert "gió mùa: gió lạnh" in page
    assert "Đúng, nắng làm nước nóng lên." not in page


def test_a_question_has_its_pictures(shelf: Library) -> None:
    _, client, ids = shelf
    html = shown(read(shelf, "goc.xml", question=1))
    base = f"/resources/{ids['goc.xml']}/files/1/sections/1/pictures"
    assert f'src="{base}/1?width=640"' in html
    answer = client.get(f"{base}/1?width=640")
    assert Image.open(io.BytesIO(answer.content)).size == (60, 40)
    assert client.get(f"{base}/5?width=640").status_code == 404


def test_a_long_chapter_comes_in_parts_and_each_place_is_in_its_own(shelf: Library) -> None:
    resource = f"/resources/{shelf[2]['dai.epub']}"
    first = read(shelf, "dai.epub", section=1)
    assert "Đoạn sau (2/" in first
    assert 'id="in-p150"' not in first
    assert "<mark>kimcương</mark>" in read(shelf, "dai.epub", section=1, q="kimcuong")
    (link,) = re.findall(r'href="([^"#]+)#in-p150"', shown(read(shelf, "dai.epub", section=2)))
    assert unescape(link) == f"{resource}/read?file=1&section=1&at=in-p150"
    assert 'id="in-p150"' in shelf[1].get(unescape(link)).text
    assert "Đoạn trước (1/" in read(shelf, "dai.epub", section=1, part=2)
    assert "Đoạn trước" in read(shelf, "dai.epub", section=1, part=999)
    assert "Đoạn sau (2/" in read(shelf, "dai.epub", section=1, at="in-nowhere")


@pytest.mark.parametrize("name", list(ATTACKS))
def test_an_attack_leaves_the_page_whole(shelf: Library, name: str) -> None:
    section = list(ATTACKS).index(name) + 1
    page = read(shelf, "doc.epub", section=section)
    html = shown(page)
    assert "Trước đó." in html
    tags = "".join(re.findall(r"<[a-z][^>]*>", html))
    assert not re.search(r"<(?:script|style|iframe|form|svg|object|embed|base|meta|link|input)\b", tags)
    assert not re.search(r"\s(?:on\w+|style|srcdoc|action)=", tags)
    for address in re.findall(r'\ssrc="([^"]+)"', tags):
        assert address.startswith(f"/resources/{shelf[2]['doc.epub']}/files/1/sections/")
    for address in re.findall(r'\shref="([^"]+)"', tags):
        assert re.match(r"(?:https?://|mailto:|#in-|/resources/)", address)
    # What stands behind the chapter stands where it stood.
    assert page.index('<nav class="turn"') > page.index("Trước đó.")


def test_a_chapter_that_cannot_be_made_is_its_text_and_nobody_asks_again(shelf: Library) -> None:
    services, _, ids = shelf
    with services.catalogue.reading() as work:
        resource = work.resources.get(ids["lon.epub"])
        assert resource
        revision = work.resources.revision(resource.key, 1)
    assert revision
    key = chapters.chapter_key(revision.main_files[0].sha256, 1)
    services.objects.put(key, chapters.NOTHING)
    page = read(shelf, "lon.epub", section=1)
    assert 'class="text chapter"' not in page
    assert "đang được chuẩn bị" not in page
    assert "a a a a" in page
    services.objects.remove(key)


def test_a_chapter_that_is_not_ready_is_its_text_and_says_so(tmp_path: Path) -> None:
    services = compose.services(Settings(home=tmp_path / "home"))
    services.catalogue.migrate()
    project.ensure(services)
    identifier = offer(services, rich_book(tmp_path / "suoi.epub"))
    work_off(services)
    with TestClient(create(services), base_url="http://library.test") as client:
        page = client.get(f"/resources/{identifier}/read?section=1").text
        assert "Chương này đang được chuẩn bị để hiển thị" in page
        assert "Con suối nhỏ chảy qua bản" in page
        work_off(services)
        assert 'class="text chapter"' in client.get(f"/resources/{identifier}/read?section=1").text
    services.catalogue.close()


def test_in_a_bucket_chapters_and_their_pictures_are_the_same(tmp_path: Path) -> None:
    server = S3Server()
    try:
        server.start()
        server.client().make_bucket("books")
        settings = Settings(
            home=tmp_path / "home",
            objects_url=server.url("books"),
            objects_access_key=ACCESS_KEY,  # type: ignore[arg-type]
            objects_secret_key=SECRET_KEY,  # type: ignore[arg-type]
        )
        services = compose.services(settings)
        services.catalogue.migrate()
        project.ensure(services)
        identifier = offer(services, rich_book(tmp_path / "suoi.epub"))
        work_off(services)
        with Sandbox() as sandbox, TestClient(create(services), base_url="http://library.test") as client:
            sandbox.guards()
            worker = Worker(services, sandbox, lanes=DRAWING)
            worker.start()
            page = client.get(f"/resources/{identifier}/read?section=1").text
            picture = client.get(f"/resources/{identifier}/files/1/sections/1/pictures/2")
            worker.stop()
        assert "<h2>Chương 1. Con suối</h2>" in shown(page)
        assert Image.open(io.BytesIO(picture.content)).size == (120, 80)
        services.catalogue.close()
    finally:
        server.close()
