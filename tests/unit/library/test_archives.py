"""Archives in a batch: members like files of a folder, everything else one file with a reason."""

import errno
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from service.library import archives as archived
from service.library.archives import Archives
from tests.archives import Entry, honest, rar5, seven, zip_of

MEMBERS = {"Tuần 1/Bài giảng.txt": "Nước bay hơi.".encode(), "Tuần 1/bai.srt": b"1", "a.txt": b"x" * 70_000}


@pytest.fixture(scope="module")
def archives() -> Iterator[Archives]:
    with Archives() as archives:
        yield archives


def _opened(archives: Archives, path: Path) -> list[tuple[str, bytes, str | None]]:
    """(name in the report, bytes, code of a refusal) of one archive's group."""
    groups = archives.opened([(path, path.name)])
    assert next(groups) == []
    group = next(groups)
    # Names of our own: nothing of the archive's words reaches the disk.
    assert all(one.path == path or one.path.name.isdecimal() for one in group)
    return [(one.name, one.path.read_bytes(), one.refusal and one.refusal.code) for one in group]


@pytest.mark.parametrize("make", [honest, seven, rar5])
def test_members_come_out_in_the_order_of_their_names(
    make: Callable[[Path, dict[str, bytes]], Path], archives: Archives, tmp_path: Path
) -> None:
    path = make(tmp_path / "lớp 4.zip", MEMBERS)
    assert _opened(archives, path) == [(f"lớp 4.zip!/{name}", MEMBERS[name], None) for name in sorted(MEMBERS)]


def test_names_without_the_flag_are_decoded(archives: Archives, tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", [Entry("Toán.txt".encode("cp1258"), b"x"), Entry("Lý.txt".encode(), b"y")])
    assert [name for name, _, _ in _opened(archives, path)] == ["a.zip!/Lý.txt", "a.zip!/Toán.txt"]


def test_a_zip_packed_by_a_rarer_method_is_opened(archives: Archives, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as target:
        target.writestr("Bài 1.txt", b"words " * 1000)
    assert _opened(archives, path) == [("a.zip!/Bài 1.txt", b"words " * 1000, None)]


def test_files_that_are_no_archives_come_first_and_as_they_are(archives: Archives, tmp_path: Path) -> None:
    plain = [(tmp_path / name, name) for name in ("a.pdf", "z.txt", "trống.zip")]
    for path, _ in plain:
        path.write_bytes(b"%PDF-1.4" if path.suffix == ".pdf" else b"")
    archive = honest(tmp_path / "b.zip", {"c.txt": b"x"})
    with Archives() as archives:
        groups = [[one.name for one in group] for group in archives.opened([plain[0], (archive, "b.zip"), *plain[1:]])]
    assert groups == [["a.pdf", "z.txt", "trống.zip"], ["b.zip!/c.txt"]]


def test_nothing_is_left_behind(archives: Archives, tmp_path: Path) -> None:
    path = honest(tmp_path / "a.zip", {"a.txt": b"x"})
    places = [one.path for group in archives.opened([(path, "a.zip")]) for one in group]
    assert [place.exists() for place in places] == [False]


@pytest.mark.parametrize(
    "make",
    [
        lambda path: zip_of(path, [Entry(b"a.pdf", b"x", flags=1), Entry(b"b.pdf", b"x")]),
        lambda path: rar5(path, {"a": b"x"}, locked=True),
        lambda path: rar5(path, {"a": b"x"}, sealed=True),
        lambda path: rar5(path, {"a": b"x"}, volume=True),
        lambda path: zip_of(path, [Entry(b"a", b"x")], disk=1),
        lambda path: zip_of(path, [Entry(b"a", b"x" * 99, inflated=5)]),
        lambda path: seven(path, {"imsmanifest.xml": b"<manifest/>", "a.html": b"<p>"}),
    ],
    ids=["locked", "locked names", "locked data", "RAR volume", "ZIP volume", "damaged", "course in 7z"],
)
def test_what_cannot_be_opened_stays_one_file(make: Callable[[Path], Path], archives: Archives, tmp_path: Path) -> None:
    path = make(tmp_path / "a.zip")
    assert _opened(archives, path) == [("a.zip", path.read_bytes(), None)]


def test_what_is_made_to_harm_is_refused(archives: Archives, tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", [Entry(b"../a.pdf", b"x")])
    # Sniffed as a zip that says nothing, whatever it is called.
    assert [(name, code) for name, _, code in _opened(archives, path)] == [("a.zip", "hostile-archive")]
    path = honest(tmp_path / "b.zip", {"a.txt": b"\0" * 300 * 1024**2})
    assert [(name, code) for name, _, code in _opened(archives, path)] == [("b.zip", "too-expensive")]


def test_an_archive_inside_stays_closed(archives: Archives, tmp_path: Path) -> None:
    inner = honest(tmp_path / "inner.zip", {"c.pdf": b"%PDF-1.4"}).read_bytes()
    assert _opened(archives, honest(tmp_path / "a.zip", {"b.zip": inner})) == [("a.zip!/b.zip", inner, None)]


def test_an_archive_that_goes_meanwhile_is_one_file_and_the_others_are_opened(
    archives: Archives, tmp_path: Path
) -> None:
    gone, there = (honest(tmp_path / name, {"a.txt": b"x"}) for name in ("a.zip", "b.zip"))
    groups = archives.opened([(gone, "a.zip"), (there, "b.zip")])
    assert next(groups) == []
    gone.unlink()
    # Whoever admits it meets the same, and says so.
    assert [(one.name, one.refusal) for one in next(groups)] == [("a.zip", None)]
    assert [one.name for one in next(groups)] == ["b.zip!/a.txt"]


@pytest.mark.parametrize("what", ["folder", "member", "end of a member"])
def test_an_archive_for_which_there_is_no_room_is_refused_by_itself(
    what: str, archives: Archives, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    path = honest(tmp_path / "a.zip", {"a.txt": b"x"})
    groups = archives.opened([(path, "a.zip"), (path, "b.zip")])
    assert next(groups) == []
    with monkeypatch.context() as patched:
        if what == "folder":
            patched.setattr(tempfile, "mkdtemp", Mock(side_effect=full))
        elif what == "member":
            patched.setattr(archived._Staging, "begin", Mock(side_effect=full))
        else:
            patched.setattr(archived._Staging, "_close", Mock(side_effect=full))
        (refused,) = next(groups)
    assert refused.refusal is not None
    assert (refused.refusal.code, refused.refusal.parameters) == ("too-expensive", {"limit": "disk"})
    assert [one.name for one in next(groups)] == ["b.zip!/a.txt"]


def test_what_a_killed_batch_has_unpacked_goes_with_the_next_one(tmp_path: Path) -> None:
    path = honest(tmp_path / "a.zip", {"danh sách.txt": b"x"})
    killed = f"""
import os, signal
from pathlib import Path
from service.library.archives import Archives
with Archives() as archives:
    groups = archives.opened([(Path({str(path)!r}), "a.zip")])
    next(groups)
    print(next(groups)[0].path, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    said = subprocess.run([sys.executable, "-c", killed], capture_output=True, text=True, check=False).stdout
    left = Path(said.strip())
    assert left.exists()
    with Archives() as other:
        groups = other.opened([(path, "a.zip")])
        next(groups)
        (held,) = next(groups)
        assert not left.parent.exists()
        with Archives():
            # Of one that lives, nothing.
            assert held.path.exists()
