"""LibreOffice missing, hanging, crashing, writing nothing or half a file: the outcome is always known in time."""

import random
import time
import zipfile
from pathlib import Path

import pymupdf
import pytest

from ingest.errors import ToolMissing
from ingest.illustrate import office
from ingest.sandbox import Sandbox
from ingest.tools import soffice
from tests.samples import flat, make_presentation, needs

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
# Writes the outputs one by one, as LibreOffice does, and does what a file's words say at its turn.
_ACTS = """#!/bin/sh
shift 7
while [ "$1" != "--outdir" ]; do shift; done
out=$2; shift 2
for file; do
  name=$out/$(basename "${file%.*}").pdf
  case $(cat "$file") in
    *hang*) sleep 600 & wait ;;
    *crash*) kill -SEGV $$ ;;
    *nothing*) ;;
    *half*) printf '%%PDF-1.7' > "$name" ;;
    *again*) [ -e "$HOME/been" ] || { touch "$HOME/been"; exit 81; }; printf '%%PDF-1.7 %%%%EOF' > "$name" ;;
    *) printf '%%PDF-1.7 %%%%EOF' > "$name" ;;
  esac
done
"""


@pytest.fixture
def acting(tmp_path: Path) -> Path:
    program = tmp_path / "soffice.bin"
    program.write_text(_ACTS)
    program.chmod(0o755)
    return program


def convert(program: Path, folder: Path, words: list[str], seconds: float = 20.0) -> list[bool]:
    """Whether each file, holding one of the words, became a PDF."""
    files = []
    for number, word in enumerate(words):
        path = folder / f"source-{number}"
        path.write_text(f"PK\x03\x04 {word}")
        files.append((path, "pptx"))
    work = folder / "work"
    work.mkdir()
    made = soffice.to_pdf(files, filter="impress_pdf_Export", folder=work, seconds=seconds, program=program)
    return [output is not None for output in made]


@pytest.mark.parametrize(
    ("words", "made"),
    [
        (["well", "well"], [True, True]),
        (["well", "nothing", "well"], [True, False, True]),
        (["well", "half", "well"], [True, False, True]),
        (["well", "crash", "well"], [True, False, False]),
        (["again", "well"], [True, True]),
    ],
)
def test_only_whole_outputs_count(acting: Path, tmp_path: Path, words: list[str], made: list[bool]) -> None:
    assert convert(acting, tmp_path, words) == made


def test_a_hanging_program_is_killed_with_what_it_started(acting: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    assert convert(acting, tmp_path, ["well", "hang", "well"], seconds=1.0) == [True, False, False]
    assert time.monotonic() - began < 10
    assert [process for process in Path("/proc").glob("[0-9]*") if _works_in(process, tmp_path)] == []


def _works_in(process: Path, folder: Path) -> bool:
    try:
        return (process / "cwd").readlink().is_relative_to(folder)
    except OSError:
        return False


def test_a_missing_program_is_said(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing) as raised:
        convert(tmp_path / "nowhere", tmp_path, ["well"])
    assert raised.value.parameters == {"tool": "soffice"}


def test_what_begins_like_no_office_file_is_never_given_to_it(tmp_path: Path) -> None:
    path = tmp_path / "random"
    path.write_bytes(random.Random(7).randbytes(5000))
    empty = tmp_path / "empty"
    empty.touch()
    # Any program would do: it is not started.
    assert office.converted([(path, PPTX), (empty, PPTX)], program=Path("/bin/false")) == [None, None]


@pytest.fixture(scope="module")
def presentation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_presentation(tmp_path_factory.mktemp("real") / "conic.odp")


def test_in_the_sandbox_hidden_slides_keep_their_numbers_and_a_broken_file_spoils_nothing(
    presentation: Path, tmp_path: Path
) -> None:
    kind = "application/vnd.oasis.opendocument.presentation"
    broken = tmp_path / "broken"
    broken.write_bytes(presentation.read_bytes()[:600])
    with Sandbox() as sandbox:
        # Of the broken one LibreOffice may make an empty page: whether a file is broken its reader says.
        first, _, second = sandbox.convert([(presentation, kind), (broken, kind), (presentation, kind)])
    assert first
    assert second
    with pymupdf.open(stream=first, filetype="pdf") as document:
        assert document.page_count == 3
        assert "Đáp án" in document[2].get_text()


def test_nothing_that_a_document_points_at_is_loaded(tmp_path: Path) -> None:
    """A linked picture and a linked section name files of this machine; neither is in the PDF."""
    needs("soffice")
    secret = tmp_path / "secret.png"
    from PIL import Image

    Image.new("RGB", (400, 400), "#ff0000").save(secret)
    words = tmp_path / "secret.txt"
    words.write_text("matkhaubimat")
    body = (
        f'<text:p>Đoạn đầu <draw:frame svg:width="6cm" svg:height="6cm"><draw:image xlink:href="{secret.as_uri()}"/>'
        f'</draw:frame></text:p><text:section text:name="S"><text:section-source xlink:href="{words.as_uri()}" '
        f'text:filter-name="Text"/><text:p>thay</text:p></text:section>'
    )
    document = tmp_path / "linked.odt"
    with zipfile.ZipFile(document, "w") as packed:
        packed.writestr("mimetype", ODT)
        packed.writestr(
            "content.xml",
            flat("text", body)
            .replace("office:document ", "office:document-content ")
            .replace("office:document>", "office:document-content>"),
        )
        packed.writestr("META-INF/manifest.xml", _manifest())
    (made,) = office.converted([(document, ODT)])
    assert made
    with pymupdf.open(stream=made, filetype="pdf") as pdf:
        assert "Đoạn đầu" in pdf[0].get_text()
        assert "matkhaubimat" not in pdf[0].get_text()
        pixels = pdf[0].get_pixmap(dpi=40)
        red = sum(
            pixels.pixel(x, y) == (255, 0, 0) for x in range(0, pixels.width, 3) for y in range(0, pixels.height, 3)
        )
    assert red == 0


def _manifest() -> str:
    entry = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}"/>'
    return (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
        + entry.format("/", ODT)
        + entry.format("content.xml", "text/xml")
        + "</manifest:manifest>"
    )
