"""A folder with recordings and their captions: stored together, found at a second, the same after another run."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.archives import honest
from tests.faults.library import Library
from tests.recordings import LINES, film, needs_ffmpeg, sound, srt, vtt

pytestmark = needs_ffmpeg

_ENGLISH = ((0, 4, "Today we talk about the leaf and the light that it takes in."),)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "video"
    film(root / "bai1.mp4", seconds=56, size="160x90")
    (root / "bai1.srt").write_text(srt(), encoding="utf-8")
    (root / "bai1.en.vtt").write_text(vtt(_ENGLISH), encoding="utf-8")
    return root


def _ingest(library: Library, folder: Path, *options: str) -> dict[str, dict[str, Any]]:
    report = folder.parent / "report.json"
    done = library.run("ingest", str(folder), "--licence", "CC0-1.0", *options, "--report", str(report))
    assert done.returncode == 0, done.stderr
    return {line["path"]: line for line in json.loads(report.read_text(encoding="utf-8"))["files"]}


def _outcomes(lines: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {path: line["outcome"] for path, line in lines.items()}


def test_captions_are_stored_with_their_recording_and_a_hit_names_the_second(library: Library, folder: Path) -> None:
    lines = _ingest(library, folder, "--publish")
    assert _outcomes(lines) == {"bai1.mp4": "published", "bai1.srt": "companion", "bai1.en.vtt": "companion"}
    assert len({line["resource"] for line in lines.values()}) == 1
    assert lines["bai1.mp4"]["passages"] == 3  # two of the one track, one of the other
    found = json.loads(library.run("search", "que đóm tàn đỏ bùng cháy", "--json").stdout)
    assert [hit["locator"] for hit in found["items"][0]["hits"]] == [{"kind": "second", "value": 33}]
    assert found["items"][0]["type"] == "video"


def test_the_same_folder_twice_adds_nothing(library: Library, folder: Path) -> None:
    first = _ingest(library, folder, "--publish")
    second = _ingest(library, folder, "--publish")
    assert set(_outcomes(second).values()) == {"duplicate"}
    assert {line["resource"] for line in second.values()} == {first["bai1.mp4"]["resource"]}
    assert json.loads(library.run("search", "", "--json").stdout)["total"] == 1


def test_captions_that_come_later_join_the_published_recording(library: Library, folder: Path) -> None:
    late = (folder / "bai1.srt").read_bytes()
    (folder / "bai1.srt").unlink()
    first = _ingest(library, folder, "--publish")
    assert json.loads(library.run("search", "thí nghiệm", "--json").stdout)["total"] == 0
    (folder / "bai1.srt").write_bytes(late)
    second = _ingest(library, folder, "--publish")
    assert _outcomes(second) == {"bai1.mp4": "duplicate", "bai1.srt": "companion", "bai1.en.vtt": "duplicate"}
    assert second["bai1.srt"]["resource"] == first["bai1.mp4"]["resource"]
    assert json.loads(library.run("search", "thí nghiệm", "--json").stdout)["total"] == 1
    assert set(_outcomes(_ingest(library, folder, "--publish")).values()) == {"duplicate"}


def test_captions_beside_a_draft_are_a_text_of_their_own(library: Library, folder: Path) -> None:
    late = (folder / "bai1.srt").read_bytes()
    (folder / "bai1.srt").unlink()
    first = _ingest(library, folder)
    assert _outcomes(first) == {"bai1.mp4": "draft", "bai1.en.vtt": "companion"}
    (folder / "bai1.srt").write_bytes(late)
    second = _ingest(library, folder)
    assert _outcomes(second) == {"bai1.mp4": "duplicate", "bai1.en.vtt": "duplicate", "bai1.srt": "draft"}
    assert second["bai1.srt"]["resource"] != first["bai1.mp4"]["resource"]


def test_captions_without_a_recording_are_a_text_of_their_own(library: Library, tmp_path: Path) -> None:
    root = tmp_path / "alone"
    root.mkdir()
    (root / "bai2.srt").write_text(srt(), encoding="utf-8")
    (root / "bai2.vtt.txt").write_text("Ghi chú, không phải phụ đề.", encoding="utf-8")
    lines = _ingest(library, root, "--publish")
    assert lines["bai2.srt"]["outcome"] == "published"
    assert lines["bai2.srt"]["passages"] == 2


def test_a_film_comes_before_its_sound_and_a_full_name_before_both(library: Library, tmp_path: Path) -> None:
    root = tmp_path / "many"
    film(root / "bai3.mp4", seconds=2)
    sound(root / "bai3.mp3", seconds=2)
    (root / "bai3.srt").write_text(srt(LINES[:1]), encoding="utf-8")
    (root / "bai3.mp3.srt").write_text(srt(LINES[1:2]), encoding="utf-8")
    lines = _ingest(library, root, "--publish")
    assert lines["bai3.srt"]["resource"] == lines["bai3.mp4"]["resource"]
    assert lines["bai3.mp3.srt"]["resource"] == lines["bai3.mp3"]["resource"]


def test_an_empty_recording_leaves_its_captions_to_themselves(library: Library, tmp_path: Path) -> None:
    root = tmp_path / "empty"
    root.mkdir()
    (root / "bai4.mp4").touch()
    (root / "bai4.srt").write_text(srt(), encoding="utf-8")
    assert _outcomes(_ingest(library, root, "--publish")) == {"bai4.mp4": "refused", "bai4.srt": "published"}


def test_captions_inside_an_archive_go_with_their_recording(library: Library, folder: Path, tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    honest(given / "a.zip", {f"phim/{one.name}": one.read_bytes() for one in sorted(folder.iterdir())})
    lines = _ingest(library, given, "--publish")
    assert _outcomes(lines) == {
        "a.zip!/phim/bai1.mp4": "published",
        "a.zip!/phim/bai1.srt": "companion",
        "a.zip!/phim/bai1.en.vtt": "companion",
    }
    assert lines["a.zip!/phim/bai1.mp4"]["passages"] == 3
