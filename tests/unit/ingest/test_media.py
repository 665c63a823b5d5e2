"""Recordings made here are read as they are: length, size, chapters, tags, captions; nothing else is opened."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import pipeline, registry, tools
from ingest.document import Bundle, Document
from ingest.errors import BrokenFile
from ingest.extractors import media
from ingest.sandbox import Sandbox
from ingest.tools import ffmpeg
from tests.recordings import LINES, captioned, film, make, needs_ffmpeg, sound, srt, vtt

pytestmark = needs_ffmpeg


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def _read(path: Path, *companions: Path) -> Document:
    return pipeline.read(Bundle(path, path.name, companions), registry.load())


def _values(document: Document) -> dict[str, tuple[str, str]]:
    return {value.field: (value.value, value.where) for value in document.metadata}


def _codes(document: Document) -> list[str]:
    return [warning.code for warning in document.warnings]


def test_a_film_is_read_in_the_sandbox_as_outside_it(sandbox: Sandbox, tmp_path: Path) -> None:
    path = film(tmp_path / "bài.mp4", "-metadata", "title=Quang hợp ở lá cây")
    document = sandbox.read(Bundle(path, path.name))
    assert document == _read(path)
    assert document.media_type == "video/mp4"
    assert document.extent.seconds == pytest.approx(4, abs=0.2)
    assert (document.extent.width_pixels, document.extent.height_pixels) == (320, 180)
    assert _values(document)["title"] == ("Quang hợp ở lá cây", "mp4")


def test_a_telephone_film_on_its_side_is_upright(tmp_path: Path) -> None:
    path = film(tmp_path / "lying.mp4")
    turned = make(tmp_path / "turned.mp4", "-i", path, "-c", "copy", "-metadata:s:v", "rotate=90")
    document = _read(turned)
    assert (document.extent.width_pixels, document.extent.height_pixels) == (180, 320)


@pytest.mark.parametrize(
    ("name", "words", "where", "media_type"),
    [
        ("a.mp3", (), "id3", "audio/mpeg"),
        ("a.ogg", ("-c:a", "libvorbis"), "vorbis", "audio/ogg"),
        ("a.flac", (), "vorbis", "audio/flac"),
        ("a.m4a", (), "mp4", "audio/mp4"),
        ("a.wma", (), "asf", "audio/x-ms-wma"),
    ],
)
def test_tags_of_every_kind_carry_their_origin(
    name: str, words: tuple[str, ...], where: str, media_type: str, tmp_path: Path
) -> None:
    tags = ("-metadata", "title=Bài hát Lý cây đa", "-metadata", "artist=Nghệ sĩ Quan họ", "-metadata", "genre=Dân ca")
    document = _read(sound(tmp_path / name, *words, *tags))
    assert document.media_type == media_type
    assert _values(document)["title"] == ("Bài hát Lý cây đa", where)
    assert _values(document)["creator"] == ("Nghệ sĩ Quan họ", where)
    assert _values(document)["keyword"] == ("Dân ca", where)
    assert document.extent.seconds == pytest.approx(4, abs=0.2)
    assert document.extent.width_pixels is None


def test_chapters_are_the_contents(tmp_path: Path) -> None:
    told = tmp_path / "chapters.txt"
    told.write_text(
        ";FFMETADATA1\n"
        "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1500\ntitle=Mở đầu\n"
        "[CHAPTER]\nTIMEBASE=1/1000\nSTART=1500\nEND=4000\ntitle=Thí nghiệm\n",
        encoding="utf-8",
    )
    path = film(tmp_path / "chapters.mkv", "-i", told, "-map_metadata", "2")
    assert [(entry.title, entry.locator.kind, entry.locator.value) for entry in _read(path).contents] == [
        ("Mở đầu", "second", 0),
        ("Thí nghiệm", "second", 1),
    ]


@pytest.mark.parametrize(
    ("name", "codec"), [("in.mp4", "mov_text"), ("in.mkv", "subrip"), ("as.mkv", "ass"), ("in.webm", "webvtt")]
)
def test_captions_inside_are_passages(name: str, codec: str, tmp_path: Path) -> None:
    document = _read(captioned(tmp_path / name, tmp_path, "-c:s", codec))
    assert [passage.locator.value for passage in document.passages] == [0, 33]
    assert " ".join(passage.text for passage in document.passages) == " ".join(text for _, _, text in LINES)
    assert document.language == "vi"
    assert _codes(document) == []


def test_captions_beside_come_before_those_inside_and_a_language_is_read_once(tmp_path: Path) -> None:
    path = captioned(tmp_path / "film.mkv", tmp_path)
    better = tmp_path / "better.vtt"
    better.write_text(vtt(((1, 5, "Phụ đề này được sửa lại cho đúng, các em nhé."),)), encoding="utf-8")
    english = tmp_path / "english.srt"
    english.write_text(srt(((2, 6, "This is what the teacher said to the class."),)), encoding="utf-8")
    document = _read(path, better, english)
    assert [(passage.locator.value, passage.language) for passage in document.passages] == [(1, "vi"), (2, "en")]


def test_captions_of_another_recording_are_told_by_their_times(tmp_path: Path) -> None:
    path = film(tmp_path / "short.mp4")
    captions = tmp_path / "long.srt"
    captions.write_text(srt(), encoding="utf-8")
    document = _read(path, captions)
    assert document.passages[0].text == " ".join(text for start, _, text in LINES if start <= 9)
    assert [(warning.code, warning.parameters) for warning in document.warnings] == [("impossible-times", {"cues": 6})]


def test_broken_captions_do_no_harm_to_the_recording(tmp_path: Path) -> None:
    captions = tmp_path / "broken.srt"
    captions.write_bytes(os.urandom(500))
    document = _read(film(tmp_path / "film.mp4"), captions)
    assert _codes(document) == ["broken-captions"]
    assert document.extent.seconds


def test_captions_that_are_pictures_are_said(tmp_path: Path) -> None:
    data = captioned(tmp_path / "film.mkv", tmp_path, "-c:s", "subrip").read_bytes()
    # The name of the codec, padded with NUL as Matroska allows.
    path = tmp_path / "dvd.mkv"
    path.write_bytes(data.replace(b"S_TEXT/UTF8", b"S_VOBSUB\0\0\0"))
    document = _read(path)
    assert [(warning.code, warning.parameters) for warning in document.warnings] == [
        ("captions-are-pictures", {"tracks": 1})
    ]
    assert document.passages == ()


def test_a_recording_that_tells_no_length_is_measured(tmp_path: Path) -> None:
    # To a pipe matroska cannot go back and write how long it became.
    path = film(tmp_path / "whole.mkv")
    live = tmp_path / "live.mkv"
    make(live, "-i", path, "-c", "copy", "-f", "matroska", "-live", "1")
    assert "duration" not in ffmpeg.probe(live)["format"]
    document = _read(live)
    assert document.extent.seconds == pytest.approx(4, abs=0.3)
    assert _codes(document) == []


def test_raw_frames_of_sound_are_measured_and_not_guessed(tmp_path: Path) -> None:
    # Silence first, so that the bit rate of the first frames says nothing about the rest.
    path = make(
        tmp_path / "a.aac", "-f", "lavfi", "-i", "anullsrc=d=6", "-f", "lavfi", "-i", "anoisesrc=d=4",
        "-filter_complex", "[0][1]concat=n=2:v=0:a=1", "-b:a", "192k",
    )  # fmt: skip
    assert _read(path).extent.seconds == pytest.approx(10, abs=0.3)


def test_covers_are_pictures(tmp_path: Path) -> None:
    cover = make(tmp_path / "cover.png", "-f", "lavfi", "-i", "testsrc=s=64x48", "-frames:v", "1")
    path = sound(
        tmp_path / "a.mp3", "-i", cover, "-map", "0:a", "-map", "1:v", "-c:v", "copy", "-disposition:v", "attached_pic"
    )
    document = _read(path)
    assert [(picture.width_pixels, picture.height_pixels) for picture in document.pictures] == [(64, 48)]
    assert document.media_type == "audio/mpeg"
    assert document.extent.width_pixels is None


def test_where_it_was_filmed_is_said_and_never_read(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", "-metadata", "location=+22.6657+106.2570/")
    document = _read(path)
    assert _codes(document) == ["holds-position"]
    assert "106.2570" not in str(document)


def test_an_mp4_of_sound_alone_is_sound(tmp_path: Path) -> None:
    assert _read(sound(tmp_path / "a.mp4")).media_type == "audio/mp4"


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_a_truncated_film_without_its_index_is_broken(share: float, tmp_path: Path) -> None:
    data = film(tmp_path / "a.mp4").read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(data[: max(200, int(len(data) * share))])
    with pytest.raises(BrokenFile):
        _read(path)


def test_random_bytes_behind_a_films_header_are_broken(tmp_path: Path) -> None:
    path = tmp_path / "odd.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42" + os.urandom(5000))
    with pytest.raises(BrokenFile):
        _read(path)


def _playlists(target: Path) -> dict[str, str]:
    return {
        "m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile:{target}\n#EXT-X-ENDLIST\n",
        "concat": f"ffconcat version 1.0\nfile '{target}'\n",
        "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
        "dash": f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" mediaPresentationDuration="PT4S">'
        f'<Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>file:{target}'
        f"</BaseURL></Representation></AdaptationSet></Period></MPD>",
    }


@pytest.mark.parametrize("kind", ["m3u8", "concat", "sdp", "dash"])
def test_a_playlist_called_a_film_opens_no_other_file(kind: str, sandbox: Sandbox, tmp_path: Path) -> None:
    secret = film(tmp_path / "secret.mp4", "-metadata", "title=Chuyện riêng")
    path = tmp_path / "list.mp4"
    path.write_text(_playlists(secret)[kind], encoding="utf-8")
    # As the pipeline reads it: text is no film. And as ffmpeg would meet it, were it ever asked.
    document = sandbox.read(Bundle(path, path.name))
    assert not document.media_type.startswith("video/")
    assert "Chuyện riêng" not in str(document)
    with pytest.raises(BrokenFile):
        media.extract(Bundle(path, path.name))


def test_a_name_that_looks_like_a_protocol_is_a_name(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4")
    odd = tmp_path / "concat:x|y%d.mp4"
    odd.write_bytes(path.read_bytes())
    assert _read(odd).extent.seconds


def test_without_ffprobe_a_recording_is_kept_with_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = film(tmp_path / "a.mp4")
    captions = tmp_path / "a.srt"
    captions.write_text(srt(LINES[:1]), encoding="utf-8")
    monkeypatch.setattr(tools, "FOLDERS", str(tmp_path))
    monkeypatch.setattr(ffmpeg, "_WHEEL", "no_such_wheel")
    ffmpeg.program.cache_clear()
    try:
        document = _read(path, captions)
    finally:
        ffmpeg.program.cache_clear()
    assert [(warning.code, dict(warning.parameters)) for warning in document.warnings] == [
        ("tool-missing", {"tool": "ffprobe"})
    ]
    assert document.media_type == "video/mp4"
    assert document.passages[0].text == LINES[0][2]
