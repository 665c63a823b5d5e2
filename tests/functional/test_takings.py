"""Forms to take a file in beside the original: PDF, four pages a sheet, words alone, all files as one zip."""

import io
import random
import re
import subprocess
import zipfile
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path

import pymupdf
import pytest
from starlette.testclient import TestClient

from service.app import create
from service.library import checksums, converting
from tests.conftest import PARABOLA, Shelf
from tests.kinds import CAPTIONS, LINES, work_off


@pytest.fixture(scope="module")
def client(kinds: Shelf) -> Iterator[TestClient]:
    app = create(kinds.services)
    with TestClient(app, base_url="http://library.test", raise_server_exceptions=False, follow_redirects=False) as made:
        yield made


def when_made(client: TestClient, kinds: Shelf, address: str) -> bytes:
    """Ask, let a worker make it, ask again."""
    first = client.get(address)
    if first.status_code == 503:
        assert "Bản này đang được làm" in first.text
        assert first.headers["retry-after"]
        work_off(kinds.services)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-length"] == str(len(answer.content))
    return answer.content


def test_slides_are_had_as_pdf_one_a_page_and_four_a_sheet(
    client: TestClient, kinds: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.web.stored.PRINTED_WAIT_SECONDS", 0.0)
    address = f"/resources/{kinds.ids['conic.pptx']}/files/1/document.pdf"
    with pymupdf.open("pdf", when_made(client, kinds, address)) as one:
        assert one.page_count == 3
        assert "Tiêu điểm" in one[1].get_text()
    four = when_made(client, kinds, f"{address}?sheet=4")
    with pymupdf.open("pdf", four) as made:
        assert made.page_count == 1
        assert made[0].rect.width > made[0].rect.height
        words = made[0].get_text()
        assert words.index("Ba đường conic") < words.index("Tiêu điểm") < words.index("Đáp án")
    part = client.get(f"{address}?sheet=4", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, four[10:20])
    assert client.get(f"{address}?sheet=2").status_code == 404


def test_what_has_no_pdf_offers_none(client: TestClient, kinds: Shelf) -> None:
    for name in ("tiet.xlsx", "nui-lua.mp4", "dien.zip"):
        resource = f"/resources/{kinds.ids[name]}"
        assert client.get(f"{resource}/files/1/document.pdf").status_code == 404
        assert "document.pdf" not in client.get(resource).text
    converting.note_missing(kinds.services, "soffice")
    try:
        assert "document.pdf" not in client.get(f"/resources/{kinds.ids['conic.pptx']}").text
    finally:
        kinds.services.objects.remove(converting.missing_key("soffice"))


def test_words_alone_are_all_places_in_order(client: TestClient, kinds: Shelf) -> None:
    answer = client.get(f"/resources/{kinds.ids['nui-lua.mp4']}/files/1/text.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="nui-lua.txt"'
    assert answer.headers["content-security-policy"] == "sandbox"
    assert answer.text == "\n\n".join(part for at, said in LINES for part in (f"— Phút 0:{at:02} —", said))
    assert client.get(f"/resources/{kinds.ids['nhac.mp3']}/files/1/text.txt").status_code == 404


def test_all_files_come_as_one_zip_that_resumes(client: TestClient, kinds: Shelf) -> None:
    resource = f"/resources/{kinds.ids['nui-lua.mp4']}"
    page = client.get(resource).text
    found = re.search(r'href="([^"]+/files\.zip)" download>.*?Tải cả bài \(zip, ([\d,]+ [KM]B)\)', page)
    assert found
    answer = client.get(unescape(found[1]))
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert "content-encoding" not in answer.headers
    with zipfile.ZipFile(io.BytesIO(answer.content)) as read:
        assert read.testzip() is None
        assert read.namelist() == ["nui-lua.mp4", "nui-lua.srt"]
        assert read.read("nui-lua.srt").decode() == CAPTIONS
    half = len(answer.content) // 2
    rest = client.get(found[1], headers={"Range": f"bytes={half}-", "If-Range": answer.headers["etag"]})
    assert (rest.status_code, rest.content) == (206, answer.content[half:])
    assert client.get(found[1], headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    head = client.head(found[1])
    assert (head.headers["content-length"], head.content) == (str(len(answer.content)), b"")
    pinned = client.get(f"{resource}/v/1/files.zip")
    assert pinned.content == answer.content
    assert "immutable" in pinned.headers["cache-control"]
    assert "files.zip" not in client.get(f"/resources/{kinds.ids['nhac.mp3']}").text


def test_a_zip_that_was_cut_off_many_times_is_the_zip(client: TestClient, kinds: Shelf, tmp_path: Path) -> None:
    address = f"/resources/{kinds.ids['nui-lua.mp4']}/files.zip"
    head = client.head(address, headers={"Range": "bytes=5-"})
    tag, size = head.headers["etag"], int(head.headers["content-length"])
    assert (head.status_code, tag[0], head.headers["accept-ranges"]) == (200, '"', "bytes")
    rng = random.Random(7)
    cuts = [0, *sorted(rng.sample(range(1, size), 25)), size]
    parts = []
    for first, behind in pairwise(cuts):
        answer = client.get(address, headers={"Range": f"bytes={first}-{behind - 1}", "If-Range": tag})
        assert answer.status_code == 206
        assert answer.headers["content-range"] == f"bytes {first}-{behind - 1}/{size}"
        parts.append(answer.content)
    zipped = tmp_path / "bai.zip"
    zipped.write_bytes(b"".join(parts))
    assert zipped.read_bytes() == client.get(address).content
    tested = subprocess.run(["unzip", "-t", str(zipped)], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "No errors detected" in tested.stdout
    # Whoever holds a part of something else gets the whole.
    other = client.get(address, headers={"Range": "bytes=5-", "If-Range": '"other"'})
    assert (other.status_code, len(other.content)) == (200, size)
    beyond = client.get(address, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")


def test_a_worker_has_counted_what_a_zip_says_beforehand(client: TestClient, kinds: Shelf) -> None:
    there = kinds.services.objects.exists
    for name, several in (("nui-lua.mp4", True), ("nhac.mp3", False)):
        with kinds.services.catalogue.reading() as work:
            found = work.resources.get(kinds.ids[name])
            assert found is not None
            files = work.resources.revisions(found.key)[0].files
        assert [there(checksums.key_of(entry.sha256)) for entry in files] == [several] * len(files)


def test_a_pdf_is_handed_out_four_pages_a_sheet(client: TestClient, library: Shelf) -> None:
    with TestClient(create(library.services), base_url="http://library.test") as other:
        resource = f"/resources/{library.ids['parabola.pdf']}"
        assert f"{resource}/files/1/document.pdf?sheet=4" in other.get(resource).text
        assert other.get(f"{resource}/files/1/document.pdf").content == other.get(f"{resource}/files/1").content
        page = other.get(f"{resource}/files/1/text.txt").text
        assert page.startswith("— Trang 1 —")
        assert PARABOLA[3][:20] in page
