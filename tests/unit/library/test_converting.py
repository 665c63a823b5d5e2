"""Office files as PDF: batches, halving until the culprit stands alone, and what a missing program leaves behind."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ingest.errors import ReaderCrashed, TooExpensive, ToolMissing
from service import compose
from service.library import converting
from service.library.services import Services
from service.model import FileEntry
from service.settings import Settings

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


class Converter:
    """Makes a PDF of every file; what a file holds says what happens instead."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def convert(self, files: Sequence[tuple[Path, str]]) -> list[bytes | None]:
        self.batches.append(len(files))
        texts = [path.read_text() for path, _ in files]
        if any("hang" in text for text in texts):
            raise TooExpensive(limit="time")
        if any("crash" in text for text in texts):
            raise ReaderCrashed(signal="SIGSEGV")
        if any("gone" in text for text in texts):
            raise ToolMissing(tool="soffice")
        return [None if "broken" in text else b"%PDF-" + text.encode() for text in texts]


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    made = compose.services(Settings(home=tmp_path / "home"))
    made.catalogue.migrate()
    yield made
    made.catalogue.close()


def entries(services: Services, folder: Path, texts: Sequence[str]) -> list[FileEntry]:
    made = []
    for number, text in enumerate(texts, start=1):
        path = folder / f"{number}.pptx"
        path.write_text(f"{number} {text}")
        with path.open("rb") as source:
            stored = services.objects.put_blob(source)
        made.append(FileEntry(number, stored.sha256, stored.size_bytes, PPTX, path.name))
    return made


def outcomes(services: Services, files: Sequence[FileEntry]) -> list[bool]:
    return [services.objects.get(converting.pdf_key(file.sha256)) != b"" for file in files]


@pytest.mark.parametrize("fault", ["hang", "crash", "broken"])
def test_the_culprit_is_found_by_halving_and_the_others_have_their_pdf(
    services: Services, tmp_path: Path, fault: str
) -> None:
    files = entries(services, tmp_path, ["", "", "", "", "", fault, "", ""])
    converter = Converter()
    converting.convert(services, converter, files)
    assert outcomes(services, files) == [True] * 5 + [False] + [True] * 2
    # 8, then halves; a file that merely gives none leaves only itself to be tried again.
    assert converter.batches == ([8, 1] if fault == "broken" else [8, 4, 4, 2, 1, 1, 2])
    assert converting.cannot(services, files[5])
    assert not converting.cannot(services, files[0])


def test_one_alone_is_tried_twice_and_never_again(services: Services, tmp_path: Path) -> None:
    files = entries(services, tmp_path, ["crash"])
    converter = Converter()
    for _ in range(3):
        converting.convert(services, converter, files)
    assert converter.batches == [1, 1]


def test_what_is_made_is_not_made_again_and_batches_are_bounded(services: Services, tmp_path: Path) -> None:
    files = entries(services, tmp_path, [""] * (converting.BATCH + 3))
    converter = Converter()
    converting.convert(services, converter, [*files, *files])
    converting.convert(services, converter, files)
    assert converter.batches == [converting.BATCH, 3]


def test_other_kinds_and_missing_objects_are_left_alone(services: Services, tmp_path: Path) -> None:
    (held,) = entries(services, tmp_path, [""])
    converter = Converter()
    pdf = FileEntry(2, held.sha256, 1, "application/pdf", "a.pdf")
    absent = FileEntry(3, "0" * 64, 1, PPTX, "b.pptx")
    converting.convert(services, converter, [pdf, absent])
    assert converter.batches == []


def test_a_missing_program_blames_no_file(services: Services, tmp_path: Path) -> None:
    files = entries(services, tmp_path, ["gone"])
    with pytest.raises(ToolMissing):
        converting.convert(services, Converter(), files)
    assert not services.objects.exists(converting.pdf_key(files[0].sha256))
    converting.note_missing(services, "soffice")
    assert converting.lacks(services, "soffice")
