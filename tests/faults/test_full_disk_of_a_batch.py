"""A disk that fills up at any moment of a batch: a sentence, nothing half-written, and all is well with more room."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.library import Library, acknowledged, examine, make_pdf

# From "no room for the empty library" to "room for the whole batch", so that the end of the
# disk falls into the database, the object store, the documents and the index in turn.
SMALLEST_KILOBYTES, LARGEST_KILOBYTES = 200, 6_000


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """An empty mount point, unmounted at the end."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small tmpfs needs root")
    folder = tmp_path / "disk"
    folder.mkdir()
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def mount(folder: Path, kilobytes: int, *options: str) -> None:
    size = ",".join((f"size={kilobytes}k", *options))
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], check=True)


def test_a_full_disk_stops_the_batch_with_a_sentence_and_more_room_ends_it_well(
    disk: Path, tmp_path: Path, soak_count: int
) -> None:
    tokens = {f"{number}.pdf": f"zfull{chr(97 + number)}disko" for number in range(6)}
    for name, token in tokens.items():
        make_pdf(tmp_path / "in" / name, token)
    steps = max(2, soak_count)
    stopped = 0
    for step in range(steps):
        kilobytes = SMALLEST_KILOBYTES + step * (LARGEST_KILOBYTES - SMALLEST_KILOBYTES) // (steps - 1)
        mount(disk, kilobytes)
        library = Library(disk / "home")
        output, errors = library.ingest(tmp_path / "in").communicate(timeout=120)
        assert b"Traceback" not in errors, errors.decode()
        mount(disk, 200_000, "remount")
        again = library.ingest(tmp_path / "in")
        _, later = again.communicate(timeout=120)
        assert again.returncode == 0, (kilobytes, later.decode())
        parts = library.open()
        examine(parts, tokens, acknowledged(output))
        parts.catalogue.close()
        stopped += bool(errors)
        subprocess.run(["umount", "-l", str(disk)], check=True)  # the index is still mapped here
    print(f"\n{steps} sizes of disk, stopped at {stopped} of them, 0 lost")
    assert stopped
