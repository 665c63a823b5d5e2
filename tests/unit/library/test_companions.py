"""Which PDF of a folder goes with which slides; captions are tested with real recordings (`tests/functional`)."""

from pathlib import Path

import pytest

from service.library.companions import pair, role_of
from tests.ooxml import docx, paragraph, pptx, shape, slide

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def written(folder: Path, *names: str) -> dict[str, Path]:
    """Files of the kinds that their names say, where the name does not say otherwise."""
    paths = {}
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".pptx"):
            pptx(path, [slide(shape("Bài học"))])
        elif name.endswith(".docx"):
            docx(path, paragraph("Bài học"))
        elif name.endswith("false.pdf"):
            path.write_text("Không phải PDF.", encoding="utf-8")
        else:
            path.write_bytes(PDF)
        paths[name] = path
    return paths


def paired(folder: Path, *names: str) -> dict[str, list[str]]:
    found = pair((path, name) for name, path in written(folder, *names).items())
    return {
        path.relative_to(folder).as_posix(): [one.relative_to(folder).as_posix() for one in companions]
        for path, companions in found.items()
    }


def test_a_pdf_goes_with_the_slides_of_its_name(tmp_path: Path) -> None:
    assert paired(tmp_path, "a/Bài 5.pptx", "a/bài 5.PDF", "a/Bài 6.pptx", "a/Bài 6.pptx.pdf", "b/Bài 5.pdf") == {
        "a/Bài 5.pptx": ["a/bài 5.PDF"],
        "a/Bài 6.pptx": ["a/Bài 6.pptx.pdf"],
    }


@pytest.mark.parametrize(
    "names",
    [
        # Either may be what it was made from.
        ("Bài 5.pptx", "Bài 5.docx", "Bài 5.pdf"),
        # A text and its PDF stay two.
        ("Bài 5.docx", "Bài 5.pdf"),
        ("Bài 5.pptx", "Bài 51.pdf"),
        ("false.pptx", "false.pdf"),
        ("Bài 5.pdf",),
    ],
)
def test_other_pdfs_are_resources_of_their_own(tmp_path: Path, names: tuple[str, ...]) -> None:
    assert paired(tmp_path, *names) == {}


def test_a_full_name_decides_between_slides_and_a_text(tmp_path: Path) -> None:
    names = ("Bài 5.pptx", "Bài 5.docx", "Bài 5.pptx.pdf", "Bài 5.pdf")
    assert paired(tmp_path, *names) == {"Bài 5.pptx": ["Bài 5.pptx.pdf"]}


def test_a_companion_has_a_role() -> None:
    assert (role_of("a/Bài 5.PDF"), role_of("bai1.vi.srt")) == ("attachment", "captions")
