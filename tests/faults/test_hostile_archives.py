"""Every row of the threat table that archives and packages can attack by, against a real sandbox.

Each ends within 60 seconds and 2 GB with an outcome that has a code, nothing is
written but what the caller wrote, and the sandbox reads the next file.
"""

import resource
import struct
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.document import Bundle
from ingest.errors import IngestError
from ingest.sandbox import Sandbox
from ingest.sniff import sniff
from service.library.archives import Archives
from tests.archives import Entry, honest, rar5, seven, zip_of

_MANIFEST = b'<manifest xmlns:adlcp="x"><organizations/><resources/></manifest>'
_SECONDS = 60.0
_BYTES = 2 * 1024**3


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def _million_entries(path: Path) -> Path:
    """10⁶ records in 47 MB; the end record says that there are 65,535."""
    record = b"PK\x01\x02" + struct.pack("<6H3I5H2I", 20, 20, 0, 0, 0, 0x21, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    directory = record * 1_000_000
    end = struct.pack("<4H2IH", 0, 0, 0xFFFF, 0xFFFF, len(directory), 0, 0)
    path.write_bytes(directory + b"PK\x05\x06" + end)
    # What the sniffer looks at first.
    data = path.read_bytes()
    path.write_bytes(b"PK\x03\x04" + b"\0" * 26 + data)
    return path


def _many_small_entries(path: Path) -> Path:
    """One more than is allowed, in a directory that is not large."""
    with zipfile.ZipFile(path, "w") as target:
        for number in range(20_001):
            target.writestr(str(number), b"")
    return path


def _flat_bomb(path: Path) -> Path:
    """A gibibyte a member at deflate's best ratio, 16 of them in 16 MB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for number in range(4):
            with target.open(f"{number}.html", "w") as member:
                for _ in range(256):
                    member.write(b"\0" * 1024**2)
    return path


def _nested(path: Path) -> Path:
    """An archive in an archive, ten deep, sixteen at each level: opened to the end it is a petabyte."""
    inner = honest(path.with_name("inner.zip"), {"0.txt": b"\0" * 1024**2}).read_bytes()
    for _ in range(10):
        inner = honest(path.with_name("inner.zip"), {f"{number}.zip": inner for number in range(4)}).read_bytes()
    path.write_bytes(inner)
    return path


def _overlapping(path: Path) -> Path:
    """60 entries that are all the same four megabytes of zeros packed."""
    data = b"\0" * 4 * 1024**2
    return zip_of(path, [Entry(b"0", data), *(Entry(str(n).encode(), data, at=0) for n in range(1, 60))])


def _package_bomb(path: Path) -> Path:
    """A course whose only page inflates to 300 MB."""
    return honest(
        path,
        {
            "imsmanifest.xml": _MANIFEST.replace(
                b"<resources/>", b'<resources><resource identifier="r" href="a.html"/></resources>'
            ),
            "a.html": b"<p>x</p>" * 40_000_000,
        },
    )


def _manifest_bomb(path: Path) -> Path:
    """Entities of entities in the manifest."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<!DOCTYPE m [<!ENTITY e0 "xxxxxxxxxx">{levels}]><manifest adlcp="1">&e11;</manifest>'
    return honest(path, {"imsmanifest.xml": text.encode()})


def _external_entity(path: Path) -> Path:
    text = (
        '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><manifest adlcp="1"><metadata>&x;</metadata></manifest>'
    )
    return honest(path, {"imsmanifest.xml": text.encode()})


def _deep_manifest(path: Path) -> Path:
    items = b'<item identifier="i"><title>t</title>' * 100_000 + b"</item>" * 100_000
    return honest(
        path,
        {
            "imsmanifest.xml": b'<manifest adlcp="1"><organizations><organization>'
            + items
            + b"</organization></organizations></manifest>"
        },
    )


def _deep_json(path: Path) -> Path:
    return honest(path, {"h5p.json": b"{}", "content/content.json": b"[" * 5_000_000})


def _deep_h5p(path: Path) -> Path:
    part = b'{"library":"H5P.Column 1.0","params":'
    return honest(path, {"h5p.json": b"{}", "content/content.json": part * 50_000 + b"1" + b"}" * 50_000})


def _script_of_braces(path: Path) -> Path:
    return honest(path, {"index.html": b"<script>" + b"({" * 2_000_000 + b"</script>"})


def _script_of_quotes(path: Path) -> Path:
    return honest(path, {"index.html": b"<p>a</p>", "data.js": b"'\\" * 3_000_000})


def _unclosed_scripts(path: Path) -> Path:
    return honest(path, {"index.html": b"<script " * 500_000})


def _deep_html(path: Path) -> Path:
    return honest(path, {"index.html": b"<div>" * 2_000_000})


def _packed_bomb(path: Path) -> Path:
    """A string in a page that is base64 of a gibibyte of JSON, deflated."""
    import base64
    import zlib

    packer = zlib.compressobj(9)
    data = b"".join(
        [packer.compress(b'["' + b"a" * 1024**2) for _ in range(1)]
        + [packer.compress(b"a" * 1024**2) for _ in range(500)]
    )
    text = base64.b64encode(data + packer.flush())
    return honest(path, {"index.html": b'<script>var presInfo = "' + text + b'";</script>'})


def _geogebra_bomb(path: Path) -> Path:
    element = b'<expression label="t" exp="&quot;x&quot;"/><element type="text" label="t"/>'
    return honest(
        path, {"geogebra.xml": b"<geogebra><construction>" + element * 500_000 + b"</construction></geogebra>"}
    )


def _seven_bomb(path: Path) -> Path:
    return seven(path, {"a.txt": b"\0" * 280 * 1024**2})


def _rar_that_promises(path: Path) -> Path:
    """A member that says it is an exabyte long."""
    data = rar5(path, {"a.txt": b"xyz"}).read_bytes()
    path.write_bytes(data.replace(b"xyz", b"xy"))
    return path


def _rubbish(path: Path, sign: bytes) -> Path:
    path.write_bytes(sign + bytes(range(256)) * 500)
    return path


ATTACKS: dict[str, Callable[[Path], Path]] = {
    "10⁶ entries": _million_entries,
    "20,001 entries": _many_small_entries,
    "flat bomb": _flat_bomb,
    "archives in archives": _nested,
    "overlapping entries": _overlapping,
    "zip-slip": lambda path: zip_of(path, [Entry(b"../../../../tmp/slipped", b"x")]),
    "absolute name": lambda path: zip_of(path, [Entry(b"/tmp/slipped", b"x")]),
    "link": lambda path: zip_of(path, [Entry(b"passwd", b"/etc/passwd", mode=0o120777)]),
    "casefold twins": lambda path: zip_of(path, [Entry(b"a.pdf", b"x"), Entry(b"A.PDF", b"y")]),
    "lying sizes": lambda path: zip_of(path, [Entry(b"a.txt", b"\0" * 30_000_000, inflated=10)]),
    "bomb in a course": _package_bomb,
    "entity bomb in a manifest": _manifest_bomb,
    "external entity in a manifest": _external_entity,
    "a tree without end": _deep_manifest,
    "JSON without end": _deep_json,
    "parts within parts": _deep_h5p,
    "a script of braces": _script_of_braces,
    "a script of quotes": _script_of_quotes,
    "scripts that never close": _unclosed_scripts,
    "a page that nests without end": _deep_html,
    "a bomb in a string": _packed_bomb,
    "a million texts on a board": _geogebra_bomb,
    "7z bomb": _seven_bomb,
    "RAR cut short": _rar_that_promises,
    "RAR of rubbish": lambda path: _rubbish(path, b"Rar!\x1a\x07\x01\x00"),
    "7z of rubbish": lambda path: _rubbish(path, b"7z\xbc\xaf\x27\x1c\0\4"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_ends_with_an_outcome_and_the_sandbox_survives(name: str, sandbox: Sandbox, tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    path = ATTACKS[name](given / "attack.zip")
    before = {one: one.stat().st_size for one in tmp_path.rglob("*")}
    began = time.monotonic()
    assert sniff(path, path.name).media_type
    try:
        document = sandbox.read(Bundle(path, path.name))
        assert sum(len(passage.text) for passage in document.passages) < 50_000_000
    except IngestError as error:
        assert error.code  # noqa: PT017 - any outcome is right, as long as it is one
    assert time.monotonic() - began < _SECONDS
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < _BYTES
    assert {one: one.stat().st_size for one in tmp_path.rglob("*")} == before
    assert not Path("/tmp/slipped").exists()  # noqa: S108
    small = tmp_path / "small.txt"
    small.write_text("a file like any other")
    assert sandbox.read(Bundle(small, small.name)).media_type == "text/plain"


@pytest.mark.parametrize("name", ATTACKS)
def test_a_batch_takes_an_attack_as_one_file_or_not_at_all(name: str, tmp_path: Path) -> None:
    path = ATTACKS[name](tmp_path / "attack.zip")
    began = time.monotonic()
    with Archives() as archives:
        found = [(one.name, one.refusal) for group in archives.opened([(path, "attack.zip")]) for one in group]
    assert time.monotonic() - began < _SECONDS
    assert all(refusal is None or refusal.code in ("hostile-archive", "too-expensive") for _, refusal in found)
    # Depth ends at 1: what comes out of an archive is not opened again.
    assert all(member.count("!/") <= 1 for member, _ in found)
    assert not Path("/tmp/slipped").exists()  # noqa: S108
