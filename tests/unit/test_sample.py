"""The sample library: the same bytes each time, readable Vietnamese, and what the demo suggests is in it."""

import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pymupdf
import pytest

from deploy.sample import kinds
from deploy.sample.build import COLUMNS, QUERIES, SOURCES, build
from deploy.sample.source import read, to_html
from ingest import pipeline, registry
from ingest.document import Bundle, Document
from ingest.sandbox import Sandbox
from service.vocabularies import folded
from service.vocabularies.seeds import load
from tests.samples import needs

NO_LIGATURES = pymupdf.TEXTFLAGS_TEXT & ~pymupdf.TEXT_PRESERVE_LIGATURES


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("sample")
    build(target)
    return target


@pytest.fixture(scope="module")
def documents(folder: Path) -> Iterator[dict[str, pymupdf.Document]]:
    opened = {path.stem: pymupdf.open(path) for path in sorted(folder.glob("*.pdf"))}
    yield opened
    for document in opened.values():
        document.close()


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_two_builds_have_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    build(tmp_path / "again")
    assert _hashes(folder) == _hashes(tmp_path / "again")


def test_a_file_that_would_not_change_is_left_alone(folder: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    build(folder)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_it_is_a_library_worth_searching(documents: dict[str, pymupdf.Document]) -> None:
    assert len(documents) >= 14
    assert sum(len(document) for document in documents.values()) >= 55


def test_every_word_of_a_source_can_be_read_from_its_file(documents: dict[str, pymupdf.Document]) -> None:
    for path in SOURCES.glob("*.txt"):
        source = read(path)
        said = set(re.findall(r"[^\W\d_]+", re.sub(r"<[^>]*>|&#?\w+;", " ", source.body)))
        text = "\n".join(page.get_text(flags=NO_LIGATURES) for page in documents[source.name])
        assert unicodedata.normalize("NFC", text) == text
        assert "\ufffd" not in text
        assert said - set(re.findall(r"[^\W\d_]+", text)) == set(), path.name


def test_every_glyph_comes_from_a_font_that_is_in_the_file(documents: dict[str, pymupdf.Document]) -> None:
    for name, document in documents.items():
        for page in document:
            assert all(font[1] != "n/a" for font in page.get_fonts()), name


def test_nothing_stands_outside_the_paper_margins(documents: dict[str, pymupdf.Document]) -> None:
    for name, document in documents.items():
        for page in document:
            for word in page.get_text("words"):
                assert word[0] >= 40, (name, page.number, word[4])
                assert word[2] <= page.rect.width - 40, (name, page.number, word[4])
                assert word[3] <= page.rect.height - 25, (name, page.number, word[4])


def test_every_file_has_title_author_language_and_an_outline(documents: dict[str, pymupdf.Document]) -> None:
    for document in documents.values():
        assert document.metadata["title"]
        assert document.metadata["author"]
        assert document.language in ("vi", "en")
        assert len(document.get_toc()) >= 4


def test_the_manifest_describes_every_file_in_codes_that_exist(folder: Path) -> None:
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    assert tuple(rows[0]) == COLUMNS
    assert sorted(row["path"] for row in rows) == sorted(
        path.name for path in folder.iterdir() if path.suffix != ".csv"
    )
    for row in rows:
        assert row["title"]
        assert row["description"]
        assert row["licence"] == "CC0-1.0"
        for field in ("type", "language", "subject", "grade", "licence"):
            assert all(load().get(field, code) for code in row[field].split(";")), row["path"]


def _read(folder: Path, ending: str) -> Document:
    (path,) = folder.glob(f"*.{ending}")
    return pipeline.read(Bundle(path, path.name), registry.load())


@pytest.mark.parametrize("ending", ["odp", "docx", "xlsx", "epub", "zip", "svg", "mp4"])
def test_every_kind_reads_whole_and_without_a_warning(folder: Path, ending: str) -> None:
    needs(*(("ffmpeg",) if ending == "mp4" else ()))
    document = _read(folder, ending)
    assert document.warnings == ()
    assert document.findings == ()
    assert document.language == "vi"
    (source,) = kinds.KINDS.glob(f"*.{ending}.txt")
    said = " ".join(passage.text for passage in document.passages)
    for section in kinds.read(source).sections if ending not in ("zip", "svg") else ():
        for cell in (cell for line in section.lines for cell in ([line] if isinstance(line, str) else line)):
            assert cell in said


def test_the_film_has_a_frame_of_its_own_for_a_thumbnail(folder: Path) -> None:
    """Drawn in a child, where nothing can be imported any more."""
    needs("ffmpeg")
    (path,) = folder.glob("*.mp4")
    with Sandbox() as sandbox:
        assert sandbox.picture(path, media_type="video/mp4", page=1, width=320).startswith(b"RIFF")


def test_what_the_demo_suggests_leads_to_a_slide_a_chapter_and_a_second(folder: Path) -> None:
    for query, ending, kind in zip(QUERIES, ("odp", "epub", "mp4"), ("slide", "section", "second"), strict=True):
        if ending == "mp4":
            needs("ffmpeg")
        places = [one.locator for one in _read(folder, ending).passages if folded(query) in folded(one.text)]
        assert [place.kind for place in places] == [kind], query
        assert int(places[0].value) > 1
    suggested = (SOURCES.parent / "try.txt").read_text(encoding="utf-8").split()
    assert [parse_qs(urlsplit(line).query)["q"][0] for line in suggested] == list(QUERIES)


def test_a_mistake_in_a_source_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("title: X\ndescription: Y\n\nBody\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.txt: the head says nothing of type"):
        read(path)
    with pytest.raises(ValueError, match="a table of 2 columns has a row of 1"):
        to_html("| a | b |\n| c |\n")
