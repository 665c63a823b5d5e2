"""Caption files, however sloppy or hostile, become plain text with a time."""

import unicodedata
from pathlib import Path

import pytest

from ingest.document import Bundle
from ingest.errors import BrokenFile, TooExpensive
from ingest.extractors import captions as extractor
from ingest.formats.media import captions, cues
from ingest.formats.media.cues import Cue
from tests.recordings import LINES, srt, vtt

_ASS = """[Script Info]
Title: Bài 5: Quang hợp
[V4+ Styles]
Format: Name, Fontname
Style: Default,Arial
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,Ghi chú của người làm
Dialogue: 0,0:00:01.50,0:00:03.00,Default,,0,0,0,,{\\an8}{\\fad(200,200)}Chào các em,\\Nhôm nay học bài mới
Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\\p1}m 0 0 l 100 0 100 100{\\p0}
"""
_TTML = """<?xml version="1.0"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"
    xmlns:ttm="http://www.w3.org/ns/ttml#metadata" ttp:frameRate="25" ttp:tickRate="10" xml:lang="vi">
<head><metadata><ttm:title>Quang hợp</ttm:title></metadata></head>
<body><div begin="10s">
<p begin="00:00:01.500" end="00:00:03">Chào<br/>các em</p>
<p begin="4s" dur="1500ms"><span>Hôm</span> nay</p>
<p begin="00:00:06:05" end="80t">học bài</p>
<p><span begin="9s" end="10s">mới</span> <span begin="10s" end="11s">này</span></p>
</div></body></tt>
"""


def _plain(data: str | bytes) -> list[tuple[float, float, str]]:
    read = captions.read(data.encode() if isinstance(data, str) else data)
    return [(cue.start_seconds, cue.end_seconds, "|".join(line.strip() for line in cue.lines)) for cue in read.cues]


@pytest.mark.parametrize(
    ("text", "media_type"),
    [(srt(), "application/x-subrip"), (vtt(), "text/vtt"), (_ASS, "text/x-ssa"), (_TTML, "application/ttml+xml")],
)
def test_the_kind_is_told_by_the_content(text: str, media_type: str) -> None:
    assert captions.read(text.encode()).media_type == media_type


def test_subrip_and_webvtt_say_the_same() -> None:
    assert _plain(srt()) == _plain(vtt()) == [(start, end, text) for start, end, text in LINES]


def test_ass_gives_its_dialogue_without_codes_comments_and_drawings() -> None:
    assert _plain(_ASS) == [(1.5, 3.0, "Chào các em,|hôm nay học bài mới"), (3.0, 4.0, "")]
    assert captions.read(_ASS.encode()).title == "Bài 5: Quang hợp"


def test_ttml_adds_the_times_of_what_is_around() -> None:
    assert _plain(_TTML) == [
        (11.5, 13.0, "Chào|các em"),
        (14.0, 15.5, "Hôm nay"),
        (16.2, 18.0, "học bài"),
        (19.0, 20.0, "mới"),
        (20.0, 21.0, "này"),
    ]
    read = captions.read(_TTML.encode())
    assert (read.title, read.language) == ("Quang hợp", "vi")


@pytest.mark.parametrize(
    "data",
    [
        srt().encode("utf-8-sig"),
        srt().encode("utf-16"),
        b"\xfe\xff" + srt().encode("utf-16-be"),
        srt().encode("utf-16-le"),
        srt().replace("\n", "\r\n").encode(),
        srt().replace("\n", "\r").encode(),
    ],
    ids=["utf-8 with a mark", "utf-16", "utf-16 big", "utf-16 without a mark", "crlf", "cr"],
)
def test_charsets_and_line_ends_make_no_difference(data: bytes) -> None:
    assert _plain(data) == _plain(srt())


def test_windows_1258_is_read_where_it_makes_vietnamese() -> None:
    # Its letters are composed of a base and a combining tone: NFC comes with the passages.
    tones = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}

    def letters(text: str) -> bytes:
        out = b""
        for letter in text:
            parts = unicodedata.normalize("NFD", letter)
            base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
            out += (base + "".join(part for part in parts if part in tones)).encode("cp1258")
        return out

    read = cues.passages(captions.read(letters(srt())).cues)
    assert read == cues.passages(captions.read(srt().encode()).cues)
    french = "1\n00:00:01,000 --> 00:00:02,000\nL'été à la plage\n".encode("cp1252")
    assert _plain(french) == [(1.0, 2.0, "L'été à la plage")]


def test_markup_goes_and_entities_become_letters_and_sets_stay() -> None:
    text = (
        "1\n00:00:01,000 --> 00:00:02,000 X1:40 X2:600\n"
        '{\\an8}<font color="#fff">Cho <b>x &lt; 5</b></font> &amp; A = {1; 2; 3}\n'
    )
    assert _plain(text) == [(1.0, 2.0, "Cho x < 5 & A = {1; 2; 3}")]


def test_scripts_in_captions_are_nothing_but_text() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<img src=x onerror=alert(1)>Chào<script>alert(2)</script>\n"
    assert _plain(text) == [(1.0, 2.0, "Chàoalert(2)")]
    assert cues.passages([Cue(0, 1, ("&lt;script&gt;",))])[0].text == "&lt;script&gt;"


def test_notes_styles_and_identifiers_of_webvtt_are_not_said() -> None:
    text = (
        "WEBVTT - Bài giảng\nLanguage: vi\n\nSTYLE\n::cue { color: red }\n\nNOTE lời dặn\ncho người dịch\n\n"
        "gioi-thieu\n00:01.000 --> 00:02.000 align:start position:0%\n<v Cô Hoa>Chào các em</v>\n\nNOTE hết\n"
    )
    assert _plain(text) == [(1.0, 2.0, "Chào các em")]
    assert captions.read(text.encode()).language == "vi"


def test_a_blank_line_inside_a_subrip_cue_loses_nothing() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nDòng một\n\nDòng hai\n\n2\n00:00:03,000 --> 00:00:04,000\nDòng ba\n"
    assert _plain(text) == [(1.0, 2.0, "Dòng một||Dòng hai"), (3.0, 4.0, "Dòng ba")]


def test_times_that_cannot_be_are_counted_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "odd.srt"
    path.write_text(
        "1\n00:00:01,000 --> 00:00:02,000\nđúng\n\n2\n-00:00:05,000 --> 00:00:02,000\nâm\n\n"
        "3\n00:00:09,000 --> 00:00:03,000\nngược\n\n4\n4000:00:00,000 --> 4000:00:01,000\nxa\n",
        encoding="utf-8",
    )
    document = extractor.extract(Bundle(path, path.name))
    assert [passage.text for passage in document.passages] == ["đúng"]
    assert [(warning.code, dict(warning.parameters)) for warning in document.warnings] == [
        ("impossible-times", {"cues": 3})
    ]
    assert document.extent.seconds == 2.0


@pytest.mark.parametrize("data", [b"", b"1", b"WEBVTT\n\nno times here", b"\x00\x01\x02" * 100, b"<tt><body/></tt>"])
def test_what_has_no_cue_is_broken(data: bytes) -> None:
    with pytest.raises(BrokenFile):
        captions.read(data)


def test_entities_in_ttml_are_refused() -> None:
    bomb = '<!DOCTYPE tt [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><tt><body><p begin="0s" end="1s">&b;</p></body></tt>'
    with pytest.raises(BrokenFile):
        captions.read(bomb.encode())


def test_a_gigantic_caption_file_is_too_expensive() -> None:
    with pytest.raises(TooExpensive):
        captions.read(b" " * (captions.MAX_BYTES + 1))
