"""The sample library: the same bytes each time, readable Vietnamese, and what the demo suggests is in it."""

import csv
import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pymupdf
import pytest
from lxml import etree

from deploy.sample import kinds
from deploy.sample.build import COLUMNS, KINDS, QUERIES, SOURCES, build
from deploy.sample.source import read, to_html
from ingest import pipeline, registry
from ingest.document import Bundle, Document
from ingest.sandbox import Sandbox
from service.library import organisations, sheet
from service.library.placements import read as placement_of
from service.vocabularies import folded
from service.vocabularies.seeds import load
from tests.samples import needs
from tests.sheets import refused

SPOKEN = tuple(
    path.name.removesuffix(".txt")
    for path in KINDS.glob("*.mp?.txt")
    if ".mp3" in path.name or "voice: yes" in path.read_text(encoding="utf-8")
)
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
    assert len(documents) >= 27
    assert sum(len(document) for document in documents.values()) >= 95


def test_sixty_resources_of_every_grade_and_of_many_subjects() -> None:
    heads = [read(path).head for path in SOURCES.glob("*.txt")] + [
        kinds.read(path).head for path in KINDS.glob("*.txt")
    ]
    assert len(heads) >= 60
    assert {grade for head in heads for grade in head["grade"].split(";")} >= {f"lop-{n}" for n in range(1, 13)}
    roots = {load().ancestors("subject", code)[-1] for head in heads for code in head["subject"].split(";")}
    assert len(roots) >= 12
    assert sum(head["language"] == "en" for head in heads) >= 5
    assert sum("miền núi" in text or "vùng cao" in text for text in map(str, heads)) >= 5


def test_the_manifest_is_a_sheet_whose_rows_all_go_in(folder: Path) -> None:
    listed = [one for _, one in organisations.read(SOURCES.parent / "organisations.csv")]
    assert {one.parent for one in listed if one.parent} <= {one.code for one in listed}
    with Sandbox() as sandbox:
        rows = sheet.read(folder / "manifest.csv", load(), listed, sandbox)
    assert refused(rows) == {}
    all_told = {rows.cells(place)["path"]: rows.told(place, rows.files(place, [])) for place in range(len(rows))}
    # The others are the department's (`deploy/demo.sh`); nothing of a province's library belongs to nobody.
    assert {row.owner for row in all_told.values()} - {""} == {"th-na-lau", "thcs-na-lau", "thpt-pac-rao"}
    assert sum(bool(row.owner) for row in all_told.values()) >= 30
    placed = {
        path: [placement_of(value.value) for value in row.values if value.field == "placement"]
        for path, row in all_told.items()
    }
    assert sum(map(bool, placed.values())) >= 15
    for path, found in placed.items():
        subjects = {value.value for value in all_told[path].values if value.field == "subject"}
        for one in found:
            assert one.programme == "ct2018"
            assert one.subject in subjects, path
            assert one.grade, path
    assert {one.week for one in placed["ke-hoach-tuan-12-lop-3.docx"]} == {12}


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
        path.name for path in folder.iterdir() if path.suffix not in (".csv", ".vtt")
    )
    for row in rows:
        assert row["title"]
        assert row["description"]
        assert row["licence"] == "CC0-1.0"
        for field in ("type", "language", "subject", "grade", "licence"):
            assert all(load().get(field, code) for code in row[field].split(";")), row["path"]


def _read(folder: Path, name: str) -> Document:
    path = folder / name
    captions = tuple(sorted(folder.glob(f"{path.stem}.*.vtt")))
    return pipeline.read(Bundle(path, path.name, captions), registry.load())


def _needed(name: str) -> None:
    needs(*(("ffmpeg",) if name.endswith((".mp3", ".mp4")) else ()), *(("espeak-ng",) if name in SPOKEN else ()))


@pytest.mark.parametrize("path", sorted(KINDS.glob("*.txt")), ids=lambda path: path.name)
def test_every_kind_reads_whole_and_without_a_warning(folder: Path, path: Path) -> None:
    source = kinds.read(path)
    _needed(source.name)
    document = _read(folder, source.name)
    assert document.findings == ()
    assert document.warnings == ()
    assert document.language == source.head["language"]
    # What is said after answering a question is its margin.
    said = _plain(" ".join(f"{passage.text} {passage.marginal}" for passage in document.passages))
    for section in source.sections if kinds.kind(source.name) not in ("zip", "svg") else ():
        for cell in (cell for line in section.lines for cell in ([line] if isinstance(line, str) else line)):
            if cell.startswith("# ") and source.name.endswith(".scorm.zip"):
                continue  # hidden until it is answered
            text = re.sub(r"^(> |= |~ |# |### |- )", "", cell)
            assert _plain(text) in said or _plain(text.replace(",", ".")) in said


def _plain(text: str) -> str:
    return " ".join(text.replace(" – ", " ").split())


def test_the_questions_of_a_bank_keep_their_right_answers(folder: Path) -> None:
    gift = (folder / "toan-6-chia-het.gift").read_text(encoding="utf-8")
    assert gift.count("::") == 2 * 10
    assert "\t=1 230\n" in gift
    assert "\t~%50%29\n" in gift
    with zipfile.ZipFile(folder / "lich-su-11-khoi-nghia-giai-phong.qti.zip") as package:
        items = [etree.fromstring(package.read(name)) for name in package.namelist() if name.startswith("items/")]
    assert len(items) == 8
    for item in items:
        right = item.findtext(".//{*}correctResponse/{*}value")
        assert right in [choice.get("identifier") for choice in item.iter("{*}simpleChoice")]


def test_true_and_false_are_a_type_of_moodles_own(folder: Path) -> None:
    bank = etree.parse(folder / "khtn-8-phan-ung-hoa-hoc.moodle.xml").getroot()
    kinds_of = [one.get("type") for one in bank]
    assert (kinds_of.count("multichoice"), kinds_of.count("truefalse"), kinds_of[0]) == (8, 2, "category")
    for one in bank[1:]:
        assert sum(float(answer.get("fraction")) for answer in one.iter("answer")) == 100


def test_a_machine_without_speech_builds_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No program at all: what needs ffmpeg or espeak-ng is left out, and named by what is not there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    made = {path.name: bool(kinds.build(kinds.read(path))) for path in KINDS.glob("*.txt") if ".mp" in path.name}
    assert made
    assert not any(made.values())
    assert kinds.build(kinds.read(KINDS / "toan-6-chia-het.gift.txt"))


def test_the_film_has_a_frame_of_its_own_for_a_thumbnail(folder: Path) -> None:
    """Drawn in a child, where nothing can be imported any more."""
    needs("ffmpeg")
    path = folder / "khoa-hoc-4-vong-tuan-hoan-cua-nuoc.mp4"
    with Sandbox() as sandbox:
        assert sandbox.picture(path, media_type="video/mp4", page=1, width=320).startswith(b"RIFF")


def test_what_the_demo_suggests_leads_to_a_slide_a_chapter_and_a_second(folder: Path) -> None:
    names = (
        "dia-li-6-nui-lua-va-dong-dat.odp", "truyen-doc-con-suoi-biet-hat.epub",
        "khoa-hoc-4-vong-tuan-hoan-cua-nuoc.mp4",
    )  # fmt: skip
    for query, name, kind in zip(QUERIES, names, ("slide", "section", "second"), strict=True):
        _needed(name)
        places = [one.locator for one in _read(folder, name).passages if folded(query) in folded(one.text)]
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
