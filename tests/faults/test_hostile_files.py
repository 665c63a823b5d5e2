"""Whatever a file holds, reading and drawing it ends within its limits with an outcome that has a code."""

import resource
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pymupdf
import pytest

from ingest.document import Bundle, Document
from ingest.errors import EmptyFile, EncryptedFile, IngestError
from ingest.sandbox import Limits, Sandbox

_LIMITS = Limits(wall_seconds=20.0, cpu_seconds=10, memory_bytes=600 * 1024**2)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(limits=_LIMITS) as sandbox:
        yield sandbox


def _pdf(stream: bytes, filters: str, length: int | None = None, box: str = "0 0 612 792") -> bytes:
    """A one-page PDF with the given content stream; MuPDF finds its objects without a cross-reference table."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        + f"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R>>endobj\n".encode()
        + f"4 0 obj<</Length {length or len(stream)}{filters}>>stream\n".encode()
        + stream
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n"
    )


def _inflating(size_bytes: int, rounds: int) -> bytes:
    data = b"0 0 m " * (size_bytes // 6)
    for _ in range(rounds):
        data = zlib.compress(data, 9)
    return data


def _pages_that_are_their_own_children() -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000000>>endobj\ntrailer<</Root 1 0 R>>\n"
    )


HOSTILE: dict[str, Callable[[], bytes]] = {
    "inflates to a gibibyte": lambda: _pdf(_inflating(1024**3 // 64, 1) * 1, "/Filter/FlateDecode"),
    "inflates in two rounds": lambda: _pdf(_inflating(256 * 1024**2, 2), "/Filter[/FlateDecode/FlateDecode]"),
    "a page of endless size": lambda: _pdf(b"0 0 m", "", box="0 0 1e30 1e30"),
    "pages that are their own children": _pages_that_are_their_own_children,
    "nests without end": lambda: b"%PDF-1.4\n1 0 obj" + b"[" * 2_000_000,
    "truncated": lambda: _pdf(b"BT (a) Tj ET", "")[:150],
    "rubbish behind a header": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 200,
    "a zip of nothing but a directory": lambda: b"PK\x05\x06" + b"\xff" * 18,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_within_its_limits_and_the_sandbox_survives(
    name: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    path = tmp_path / "hostile.pdf"
    path.write_bytes(HOSTILE[name]())
    for ask in (
        lambda: sandbox.read(Bundle(path, path.name)),
        lambda: sandbox.picture(path, media_type="application/pdf", page=1, width=320),
        lambda: sandbox.layer(path, media_type="application/pdf", page=1),
    ):
        try:
            ask()
        except IngestError as error:
            assert error.code  # noqa: PT017 - any outcome is right, as long as it is one
        assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 <= _LIMITS.memory_bytes
    small = tmp_path / "small.txt"
    small.write_text("a file like any other")
    assert sandbox.read(Bundle(small, small.name)).media_type == "text/plain"


def test_an_empty_file_is_empty(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "empty.pdf"
    path.touch()
    with pytest.raises(EmptyFile):
        sandbox.read(Bundle(path, path.name))


def test_a_password_is_asked_for_by_its_code(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    _locked(path, user="secret")
    with pytest.raises(EncryptedFile):
        sandbox.read(Bundle(path, path.name))


def test_an_empty_password_opens(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "owner.pdf"
    _locked(path, user="")
    assert sandbox.read(Bundle(path, path.name)).passages[0].text == "Under lock"


def _locked(path: Path, *, user: str) -> None:
    document = pymupdf.open()
    document.new_page().insert_text((72, 72), "Under lock")
    document.save(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw=user, owner_pw="owner")
    document.close()


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"\x00\x01\x02 nobody knows this", "unknown-format"), (b"GIF89a\x01\x00", "no-reader")],
)
def test_what_has_no_reader_is_described_and_says_so(data: bytes, code: str, sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "vô_danh.bin"
    path.write_bytes(data)
    document: Document = sandbox.read(Bundle(path, path.name))
    assert [warning.code for warning in document.warnings] == [code]
    assert [(value.value, value.where) for value in document.metadata] == [("vô danh", "name")]
