"""What is shown of every kind of file: words of its places, pages, pictures, players, tables; in the API the same."""

import io
import re
import time
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from starlette.testclient import TestClient

from service.app import create
from service.library import converting, pictures
from tests.conftest import Shelf
from tests.kinds import LINES, work_off

ASKED = {
    "conic.pptx": ("tieu diem duong chuan", "slide", 2, "Trang chiếu 2"),
    "truyen.epub": ("goc cay", "section", 2, "Phần 2"),
    "tiet.xlsx": ("menh de", "sheet", 1, "Trang tính 1"),
    "nui-lua.mp4": ("mac ma tran len", "second", 8, "Phút 0:08"),
    "dien.zip": ("can tro dong dien", "item", "ITEM 2/á", "Bài 2: Điện trở"),
}
"""File -> question, the place that answers it, what people call that place."""


@pytest.fixture(scope="module")
def client(kinds: Shelf) -> Iterator[TestClient]:
    app = create(kinds.services)
    with TestClient(app, base_url="http://library.test", raise_server_exceptions=False, follow_redirects=False) as made:
        yield made


def page_of(client: TestClient, address: str, **parameters: str) -> str:
    answer = client.get(address, params=parameters or None)
    assert answer.status_code == 200, address
    return answer.text


@pytest.mark.parametrize("name", ASKED)
def test_a_hit_is_called_by_its_place_and_leads_to_it(client: TestClient, kinds: Shelf, name: str) -> None:
    question, _, _, called = ASKED[name]
    page = page_of(client, "/search", q=question)
    found = re.search(r'<a href="([^"]+)">\s*<span class="line"><span class="place">([^<]+)</span>', page)
    assert found, page
    assert unescape(found[2]) == called
    assert f"/resources/{kinds.ids[name]}/read" in found[1]
    assert "<mark>" in page_of(client, unescape(found[1])) or 'class="hit"' in page_of(client, unescape(found[1]))


@pytest.mark.parametrize("name", ASKED)
def test_the_api_names_the_same_place(client: TestClient, kinds: Shelf, name: str) -> None:
    question, kind, value, _ = ASKED[name]
    (item, *_) = client.get("/api/v1/search", params={"q": question}).json()["items"]
    hit = item["hits"][0]
    assert item["id"] == kinds.ids[name]
    assert hit["locator"] == {"kind": kind, "value": value}
    asked = parse_qs(urlsplit(hit["url"]).query)
    assert asked["t" if kind == "second" else kind] == [str(value)]
    assert client.get(hit["url"]).status_code == 200


def test_extents_count_what_there_is(client: TestClient) -> None:
    vi, en = page_of(client, "/search"), page_of(client, "/en/search")
    for words in ("3 trang chiếu", "1 trang tính", "30 giây"):
        assert words in vi
    for words in ("3 slides", "1 sheet", "30 s"):
        assert words in en


def test_a_slide_is_its_picture_over_its_text_and_notes(client: TestClient, kinds: Shelf) -> None:
    resource = f"/resources/{kinds.ids['conic.pptx']}"
    for slide in (2, 3):
        client.get(f"{resource}/read?slide={slide}")
    work_off(kinds.services)
    page = page_of(client, f"{resource}/read?slide=2&q=tieu+diem")
    assert f'src="{resource}/files/1/pages/2?width=720"' in page
    assert page.count('class="hit"') == 1
    assert "Chữ và ghi chú của trang chiếu" in page
    assert "Vẽ hình bằng thước và dây." in page
    assert "Trước: Trang chiếu 1" in page
    # Hidden slides are slides: their numbers are those of the file.
    assert ">Đáp án " in page_of(client, f"{resource}/read?slide=3").replace("<tspan", "\n<tspan").replace("án ", "án ")


def test_a_slides_picture_is_drawn_once_from_a_pdf_that_is_kept(client: TestClient, kinds: Shelf) -> None:
    resource = f"/resources/{kinds.ids['conic.pptx']}"
    with kinds.services.catalogue.reading() as work:
        found = work.resources.get(kinds.ids["conic.pptx"])
        assert found is not None
        revision = work.resources.revision(found.key, 1)
    assert revision is not None
    sha256 = revision.main_files[0].sha256
    assert kinds.services.objects.get(converting.pdf_key(sha256)).startswith(b"%PDF-")
    client.get(f"{resource}/read?slide=1")
    work_off(kinds.services)
    answer = client.get(f"{resource}/files/1/pages/1?width=720")
    assert answer.headers["content-type"] == "image/webp"
    assert Image.open(io.BytesIO(answer.content)).width == 720
    assert client.get(f"{resource}/files/1/pages/4").status_code == 404


def test_without_libreoffice_a_slide_is_text_and_says_so_at_once(client: TestClient, kinds: Shelf) -> None:
    address = f"/resources/{kinds.ids['conic.pptx']}/read?slide=2"
    converting.note_missing(kinds.services, "soffice")
    try:
        began = time.monotonic()
        page = page_of(client, address)
        assert time.monotonic() - began < 1.5
        assert "Chưa có ảnh của trang này; dưới đây là phần chữ." in page
        assert "Tiêu điểm và đường chuẩn" in page
        assert not any(word in page for word in ("/pages/", "LibreOffice"))
        assert "There is no picture of this page yet" in page_of(client, f"/en{address}")
    finally:
        kinds.services.objects.remove(converting.missing_key("soffice"))


def test_a_file_that_libreoffice_cannot_draw_is_text_without_promises(client: TestClient, kinds: Shelf) -> None:
    with kinds.services.catalogue.reading() as work:
        found = work.resources.get(kinds.ids["conic.pptx"])
        assert found is not None
        revision = work.resources.revision(found.key, 1)
    assert revision is not None
    key = converting.pdf_key(revision.main_files[0].sha256)
    made = kinds.services.objects.get(key)
    kinds.services.objects.put(key, b"")
    try:
        page = page_of(client, f"/resources/{kinds.ids['conic.pptx']}/read?slide=2")
        assert "Tiêu điểm" in page
        assert "/pages/" not in page
        assert "chưa sẵn sàng" not in page
    finally:
        kinds.services.objects.put(key, made)


def test_the_text_of_a_chapter_is_set_with_headings_languages_and_neighbours(client: TestClient, kinds: Shelf) -> None:
    resource = f"/resources/{kinds.ids['truyen.epub']}"
    first = page_of(client, f"{resource}/read?section=1&text=1")
    assert "<h2>Chương 1. Con suối</h2>" in first
    assert "&lt;em&gt;nhỏ&lt;/em&gt;" in first
    assert '<div lang="en">' in first
    assert 'rel="next"' in first
    second = page_of(client, f"{resource}/read?section=2&q=tang+da&text=1")
    assert "<h2>Chương 2. Cây đa</h2>" in second
    assert "<h3>Gốc cây</h3>" in second
    assert "ôm <mark>tảng đá</mark>." in second
    assert 'aria-current="page"' in second
    assert client.get(f"{resource}/read?section=3").status_code == 404


def test_a_sheet_is_one_table_with_one_header(client: TestClient, kinds: Shelf) -> None:
    page = page_of(client, f"/resources/{kinds.ids['tiet.xlsx']}/read?sheet=1&q=bai+8")
    assert page.count("<table>") == 1
    assert page.count('<th scope="col">') == 3
    assert page.count("<tr>") == 9
    assert "<h2>Phân phối chương trình</h2>" in page
    assert "&lt;b&gt;" in page
    assert "<mark>Bài 8</mark>" in page
    assert re.search(r'class="rows" role="region" aria-label="Bảng 1" tabindex="0"', page)


def test_a_picture_leads_to_its_full_size_without_a_script(client: TestClient, kinds: Shelf) -> None:
    resource = f"/resources/{kinds.ids['hang-dong.png']}"
    client.get(f"{resource}/read")
    work_off(kinds.services)
    page = page_of(client, f"{resource}/read")
    assert f'src="{resource}/files/1/pages/1?width=720" alt="hang-dong" width="1600" height="1200"' in page
    # The picture, its button, the download of a phone and of a wide screen.
    assert page.count(f'href="{resource}/files/1"') == 4
    assert re.search(r"Xem cỡ đầy đủ · [\d.,]+ [KM]B", page)
    full = client.get(f"{resource}/files/1")
    assert (full.headers["content-type"], full.headers["content-disposition"][:6]) == ("image/png", "inline")
    assert "View full size" in page_of(client, f"/en{resource}/read")


def test_a_film_plays_at_the_second_beside_its_transcript(client: TestClient, kinds: Shelf) -> None:
    resource = f"/resources/{kinds.ids['nui-lua.mp4']}"
    page = page_of(client, f"{resource}/read?t=10&q=mac+ma")
    assert f'<video controls preload="metadata" playsinline src="{resource}/files/1#t=10" width="320"' in page
    assert f'<track kind="captions" src="{resource}/files/2/captions.vtt" srclang="vi" label="nui-lua" default>' in page
    lines = re.findall(r'<a href="([^"]+)" data-start="(\d+)"( aria-current="true")?>', page)
    assert [(int(start), bool(current)) for _, start, current in lines] == [(0, False), (8, True), (19, False)]
    assert [unescape(url).partition("#")[2] for url, *_ in lines] == ["now"] * 3
    assert 'id="now"' in page_of(client, unescape(lines[2][0]).partition("#")[0])
    assert "<mark>mắc ma</mark>" in page
    assert "<audio" not in page


def test_before_the_first_word_the_film_still_plays(client: TestClient, kinds: Shelf) -> None:
    resource = f"/resources/{kinds.ids['nui-lua.mp4']}"
    assert 'src="' + resource + '/files/1"' in page_of(client, f"{resource}/read")
    assert "#t=25" in page_of(client, f"{resource}/read?t=25")


def test_a_sound_without_words_has_a_player_and_says_so(client: TestClient, kinds: Shelf) -> None:
    page = page_of(client, f"/resources/{kinds.ids['nhac.mp3']}/read?t=12")
    assert re.search(r'<audio controls preload="metadata" src="[^"]+/files/1#t=12"', page)
    assert "Chưa có phụ đề" in page
    assert "<video" not in page
    assert "There are no captions" in page_of(client, f"/en/resources/{kinds.ids['nhac.mp3']}/read")


def test_a_player_gets_ranges_and_is_counted_as_playing(client: TestClient, kinds: Shelf) -> None:
    address = f"/resources/{kinds.ids['nui-lua.mp4']}/files/1"
    answer = client.get(address, headers={"Range": "bytes=0-99", "Sec-Fetch-Dest": "video"})
    assert (answer.status_code, len(answer.content)) == (206, 100)
    assert answer.headers["content-type"] == "video/mp4"
    assert client.get(address, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_captions_are_webvtt_written_anew(client: TestClient, kinds: Shelf) -> None:
    address = f"/resources/{kinds.ids['nui-lua.mp4']}/files/2/captions.vtt"
    pictures.wait_for(
        kinds.services, pictures.captions_key("0" * 64), f"{kinds.ids['nui-lua.mp4']}/2/captions", seconds=0
    )
    work_off(kinds.services)
    answer = client.get(address)
    assert answer.headers["content-type"] == "text/vtt; charset=utf-8"
    assert answer.text.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:06.000\nXin chào")
    assert "<" not in answer.text
    assert answer.text.count("-->") == len(LINES)
    assert client.get(address, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    # The film itself is no captions file.
    assert client.get(address.replace("/2/", "/1/")).status_code == 404


def test_a_package_is_its_tree_and_text_with_titles_for_ids(client: TestClient, kinds: Shelf) -> None:
    resource = f"/resources/{kinds.ids['dien.zip']}"
    page = page_of(client, f"{resource}/read", item="ITEM 2/á")
    assert "Muốn chạy gói, tải về" in page
    assert "Trước: Bài 1: Dòng điện" in page
    assert "ITEM" not in re.sub(r'(?:href|content)="[^"]*"', "", page)
    assert "<h2>Bài 2: Điện trở</h2>" in page
    assert client.get(f"{resource}/read", params={"item": "ITEM 3"}).status_code == 404


@pytest.mark.parametrize("name", ["conic.pptx", "truyen.epub", "tiet.xlsx", "nui-lua.mp4", "nhac.mp3", "dien.zip"])
def test_every_kind_has_a_thumbnail_of_its_width(client: TestClient, kinds: Shelf, name: str) -> None:
    answer = client.get(f"/resources/{kinds.ids[name]}/thumbnail")
    assert answer.headers["content-type"] == "image/webp"
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.width == 320
    assert len(answer.content) < 20_000
    item = next(one for one in client.get("/api/v1/search?size=50").json()["items"] if one["id"] == kinds.ids[name])
    assert item["thumbnail_url"] == f"http://library.test/resources/{kinds.ids[name]}/thumbnail?width=320"
    card = f"http://library.test/resources/{kinds.ids[name]}/card.jpg"
    assert f'property="og:image" content="{card}"' in page_of(client, f"/resources/{kinds.ids[name]}")


def test_a_slide_is_wide_and_a_card_is_not(client: TestClient, kinds: Shelf) -> None:
    assert 'class="cover wide"' in page_of(client, f"/resources/{kinds.ids['conic.pptx']}")
    assert 'class="cover"' in page_of(client, f"/resources/{kinds.ids['dien.zip']}")


@pytest.mark.parametrize("name", ["conic.pptx", "truyen.epub", "tiet.xlsx", "nui-lua.mp4", "nhac.mp3", "dien.zip"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_kind_opens_from_its_landing_page(client: TestClient, kinds: Shelf, name: str, prefix: str) -> None:
    resource = f"{prefix}/resources/{kinds.ids[name]}"
    assert f'href="{resource}/read"' in page_of(client, resource)
    answer = client.get(f"{resource}/read", params={"text": "1"})
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "media-src 'self'" in policy
    assert "script-src 'self';" in policy
    assert " style=" not in answer.text
    assert not re.search(r"\son[a-z]+=", answer.text)


@pytest.mark.parametrize("name", ["nui-lua.mp4", "nhac.mp3", "hang-dong.png", "conic.pptx"])
def test_everything_has_a_form_of_words_alone(client: TestClient, kinds: Shelf, name: str) -> None:
    address = f"/resources/{kinds.ids[name]}/read"
    assert "Bản chỉ có chữ" in page_of(client, address)
    page = page_of(client, address, text="1")
    assert "<main" in page
    main = page.partition("<main")[2].partition("<footer")[0]
    for tag in ("<img", "<video", "<audio", "<picture"):
        assert tag not in main
    if name == "nui-lua.mp4":
        assert LINES[1][1] in main
        assert "Mở trình phát" in main


def test_hits_lead_to_the_one_before_and_the_one_after(client: TestClient, kinds: Shelf) -> None:
    address = f"/resources/{kinds.ids['conic.pptx']}/read"
    page = page_of(client, address, q="duong", slide="2", text="1")
    around = page.partition('class="found-turn"')[2].partition("</nav>")[0]
    assert "Chỗ 2 / 2" in around
    assert "slide=1&amp;q=duong&amp;text=1" in around
    assert around.count("<a ") == 1
    beside = page_of(client, address, q="duong", slide="3", text="1").partition('class="found-turn"')[2]
    assert "2 chỗ" in beside.partition("</nav>")[0]


def test_a_film_opened_at_a_passage_tells_where_it_begins(client: TestClient, kinds: Shelf) -> None:
    address = f"/resources/{kinds.ids['nui-lua.mp4']}/read"
    assert 'data-begins="8"' in page_of(client, address, t="8")
    # In the middle of a passage somebody means that very second.
    assert "data-begins" not in page_of(client, address, t="10")
