"""Pictures, drawings, recordings and captions made to harm: each ends within its limits, and nothing leaks."""

import http.server
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from ingest import illustrate
from ingest.document import Bundle
from ingest.errors import IngestError
from ingest.sandbox import Limits, Sandbox
from ingest.sniff import sniff
from tests.recordings import film, needs_ffmpeg, srt

_LIMITS = Limits(wall_seconds=40.0, cpu_seconds=20, memory_bytes=2 * 1024**3)
_PRIVATE = "điều không ai được đọc"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=_LIMITS) as sandbox:
        yield sandbox


def _png(width: int, height: int, rows: int, *, colour: int = 0) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\0" * (width + 1)) for _ in range(rows)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def _text_bomb() -> bytes:
    packed = zlib.compress(b"a" * 300_000_000, 9)
    body = b"iTXtTitle\0\1\0\0\0" + packed
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    plain = _png(8, 8, 8)
    return plain[:33] + chunk + plain[33:]


def _gif(width: int, height: int, frames: int) -> bytes:
    screen = b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0" + b"\0\0\0\xff\xff\xff"
    frame = b"\x2c" + struct.pack("<HHHH", 0, 0, width, height) + b"\0\x02\x02\x44\x01\0"
    return screen + frame * frames + b"\x3b"


def _tiff(entries: dict[int, tuple[int, int, int]], following: int = 0) -> bytes:
    directory = struct.pack("<H", len(entries)) + b"".join(
        struct.pack("<HHII", tag, kind, count, value) for tag, (kind, count, value) in sorted(entries.items())
    )
    return b"II*\0\x08\0\0\0" + directory + struct.pack("<I", following)


def _bmp(width: int, height: int) -> bytes:
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, *[0] * 6)


def _jpeg(width: int, height: int, folder: Path) -> bytes:
    Image.new("RGB", (16, 16)).save(folder / "small.jpg")
    data = (folder / "small.jpg").read_bytes()
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


def _webp(width: int, height: int) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    body = b"WEBPVP8L" + struct.pack("<I", 10) + b"\x2f" + struct.pack("<I", bits) + b"\0" * 5
    return b"RIFF" + struct.pack("<I", len(body)) + body


_SIZES = {256: (3, 1, 60_000), 257: (3, 1, 60_000), 258: (3, 1, 8), 259: (3, 1, 1), 262: (3, 1, 1), 277: (3, 1, 1)}
_SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {0}>{1}</svg>'

HOSTILE: dict[str, tuple[str, Callable[[Path], bytes]]] = {
    "a PNG of 3.6 gigapixels": ("a.png", lambda _: _png(60_000, 60_000, 60_000)),
    "a PNG of 3.6 gigapixels with nothing in it": ("a.png", lambda _: _png(60_000, 60_000, 1)),
    "a PNG of a single endless row": ("a.png", lambda _: _png(2_000_000_000, 1, 0, colour=6)),
    "a PNG whose title inflates to 300 MB": ("a.png", lambda _: _text_bomb()),
    "a JPEG that claims 4 gigapixels": ("a.jpg", lambda folder: _jpeg(65_000, 65_000, folder)),
    "a GIF of 4 gigapixels": ("a.gif", lambda _: _gif(65_535, 65_535, 1)),
    "a GIF of 100,000 frames": ("a.gif", lambda _: _gif(2_000, 2_000, 100_000)),
    "a WebP of 268 megapixels": ("a.webp", lambda _: _webp(16_384, 16_384)),
    "a BMP that claims 2 gigapixels by 2": ("a.bmp", lambda _: _bmp(2_000_000_000, 2_000_000_000)),
    "a TIFF of 3.6 gigapixels": ("a.tif", lambda _: _tiff({**_SIZES, 273: (4, 1, 8), 279: (4, 1, 9)})),
    "a TIFF whose pages go in a circle": ("a.tif", lambda _: _tiff({**_SIZES, 273: (4, 1, 8)}, following=8)),
    "a TIFF with an endless tag": ("a.tif", lambda _: _tiff({**_SIZES, 270: (2, 0xFFFFFFFF, 8)})),
    "an SVG that is endlessly wide": ("a.svg", lambda _: _SVG.format('width="9999999" height="9999999"', "").encode()),
    "an SVG that nests 100,000 deep": (
        "a.svg",
        lambda _: _SVG.format('width="9" height="9"', "<g>" * 100_000 + "</g>" * 100_000).encode(),
    ),
    "an SVG of a million shapes": (
        "a.svg",
        lambda _: _SVG.format('width="999" height="999"', "<circle r='400' cx='500' cy='500'/>" * 1_000_000).encode(),
    ),
    "an SVG whose style sheet is a thicket": (
        "a.svg",
        lambda _: _SVG.format('width="9" height="9"', "<style>" + "{" * 2_000_000 + "</style>").encode(),
    ),
    "a film of nothing but nested boxes": (
        "a.mp4",
        lambda _: b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\xff\xff\xff\xf0moov" * 50_000,
    ),
    "a Matroska of endless elements": ("a.mkv", lambda _: b"\x1a\x45\xdf\xa3\x01\xff\xff\xff\xff\xff\xff\xfe" * 50_000),
    "an MP3 whose tag claims 256 MB": ("a.mp3", lambda _: b"ID3\x03\0\0\x7f\x7f\x7f\x7fAPIC" + b"\xff" * 5_000),
    "an Ogg of broken pages": ("a.ogg", lambda _: (b"OggS\0\x02" + b"\xff" * 27) * 20_000),
    "captions that are all brackets": ("a.vtt", lambda _: b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<a" * 5_000_000),
    "captions that are all braces": (
        "a.ass",
        lambda _: b"[Script Info]\n[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,,,,,,," + b"{\\p1" * 3_000_000,
    ),
    "captions of 300,000 cues at once": (
        "a.srt",
        lambda _: srt(tuple((1.0, 2.0, f"dòng {number}.") for number in range(300_000))).encode(),
    ),
    "captions of numbers and blank lines": (
        "a.srt",
        lambda _: b"1\n00:00:01,000 --> 00:00:02,000\n" + b"\n1" * 5_000_000,
    ),
    "captions with entities of entities": (
        "a.ttml",
        lambda _: b'<?xml version="1.0"?><tt xmlns="x"><body><p begin="1s" end="2s">' + b"&amp;" * 2_000_000 + b"</p>"
        b"</body></tt>",
    ),
}  # fmt: skip


def _outcome(ask: Callable[[], object]) -> tuple[str, str]:
    """(code, what came of it)."""
    try:
        return "read", str(ask())
    except IngestError as error:
        return error.code, ""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_within_its_limits_and_the_next_is_read(
    name: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    called, make = HOSTILE[name]
    path = tmp_path / called
    path.write_bytes(make(tmp_path))
    kind = sniff(path).media_type
    began = time.monotonic()
    for ask in (
        lambda: sandbox.read(Bundle(path, path.name)),
        lambda: sandbox.picture(path, media_type=kind, page=1, width=320),
    ):
        # Whatever it is, it is an outcome with a sentence, and not our own mistake.
        assert _outcome(ask)[0] in ("read", "broken-file", "too-expensive", "no-reader")
    assert time.monotonic() - began < 60
    captions = tmp_path / "next.srt"
    captions.write_text(srt(), encoding="utf-8")
    assert sandbox.read(Bundle(captions, captions.name)).passages


class _Listener:
    """A server that counts who asks it for anything."""

    def __enter__(self) -> "_Listener":
        asked = self.asked = []  # type: ignore[var-annotated]

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_error(404)

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _lures(address: str, secret: Path) -> dict[str, str]:
    picture = f'<image xlink:href="{address}/a.png" width="9" height="9"/><image href="{secret}" width="9" height="9"/>'
    return {
        "drawing.svg": _SVG.format('width="9" height="9"', picture),
        "styled.svg": _SVG.format('width="9" height="9"', f"<style>@import url({address}/a.css);</style><rect/>"),
        "declared.svg": f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{address}/x">]>' + _SVG.format("", "<text>&x;</text>"),
        "list.mp4": f"#EXTM3U\n#EXTINF:4,\n{address}/a.ts\n#EXTINF:4,\nfile:{secret}\n#EXT-X-ENDLIST\n",
        "concat.mp4": f"ffconcat version 1.0\nfile '{secret}'\nfile '{address}/a.mp4'\n",
        "captions.ttml": f'<!DOCTYPE tt SYSTEM "{address}/tt.dtd"><tt xmlns="x"><body><p begin="1s" end="2s">a</p>'
        "</body></tt>",
        "captions.vtt": f"WEBVTT\n\nSTYLE\n@import url({address}/a.css);\n\n00:01.000 --> 00:02.000\n"
        f"<img src={address}>a\n",
    }


@needs_ffmpeg
def test_nothing_is_fetched_and_no_other_file_is_read(sandbox: Sandbox, tmp_path: Path) -> None:
    secret = film(tmp_path / "secret.mp4", "-metadata", f"title={_PRIVATE}")
    with _Listener() as listener:
        for name, text in _lures(listener.address, secret).items():
            path = tmp_path / name
            path.write_text(text, encoding="utf-8")
            # As the pipeline would, and as if the sniffer had been deceived.
            kinds = {sniff(path).media_type, "image/svg+xml", "video/mp4"} & illustrate.ILLUSTRATED
            asks: list[Callable[[], object]] = [lambda: sandbox.read(Bundle(path, path.name))]  # noqa: B023
            for kind in kinds:
                asks.append(lambda: sandbox.picture(path, media_type=kind, page=1, width=320))  # noqa: B023, PERF401
            for ask in asks:
                code, answer = _outcome(ask)
                assert code in ("read", "broken-file", "no-reader")
                assert _PRIVATE not in answer
        assert listener.asked == []
