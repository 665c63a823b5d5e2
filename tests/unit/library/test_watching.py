"""What a watch does with what a batch says: where a file goes, what its note says, what waits."""

import errno
import io
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO
from unittest.mock import Mock

import pytest

from service.errors import StorageFull
from service.library import archives
from service.library.batch import Batch, Options
from service.library.deposit import Offered, deposit
from service.library.inbox import Inbox
from service.library.outcomes import Line
from service.library.services import Services
from service.library.watching import Away, Moved, Watch, note_of
from service.model import OPERATOR
from service.ports import Stored
from tests.archives import honest


def test_a_note_says_what_and_why_and_what_to_do() -> None:
    refused, kept, well = Line("a.zip!/b.pdf"), Line("a.zip!/c.pdf", resource="x1"), Line("a.zip!/d.pdf")
    refused.end("refused", "empty-file", {"name": "b.pdf"}, "vi")
    kept.end("draft", "encrypted-file", {"name": "c.pdf"}, "vi")
    well.outcome = "published"
    note = note_of([refused, kept, well], "vi")
    assert note.count("\n\n") == 1
    assert note.startswith("Thư viện không nhận a.zip!/b.pdf.\n")
    assert "a.zip!/c.pdf đã vào thư viện dưới dạng bản nháp x1, chưa công bố." in note
    assert note_of([well], "vi") == ""


class Full:
    """A store that has no room, until it has."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.full = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def put_blob(self, source: BinaryIO) -> Stored:
        if self.full:
            raise StorageFull(part="objects")
        stored: Stored = self._store.put_blob(source)
        return stored


def deposited(parts: Services, path: Path) -> None:
    """As if somebody had brought it meanwhile: nothing waits for a worker here."""
    deposit(parts, OPERATOR, [Offered(path, "a.txt")], owner="default")


def test_a_zip_that_goes_meanwhile_keeps_no_other_file(
    parts: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = archives._is_archive

    def gone(path: Path) -> bool:
        found = known(path)
        if found:
            path.unlink()
        return found

    monkeypatch.setattr(archives, "_is_archive", gone)
    now = [0.0]
    inbox = Inbox(tmp_path / "in", 1.0, lambda: now[0])
    inbox.folder.mkdir()
    inbox.begin()
    honest(inbox.folder / "b.zip", {"x.txt": b"x"})
    (inbox.folder / "a.txt").write_text("Bài một", encoding="utf-8")
    deposited(parts, inbox.folder / "a.txt")
    watch = Watch(parts, OPERATOR, Options(), inbox)
    said: list[object] = []
    for _ in range(3):
        now[0] += 2.0
        said += watch.round(lambda: True, lambda: True)
    moved = {one.name: (one.where, one.lines[0].reason) for one in said if isinstance(one, Moved)}
    assert moved["a.txt"] == ("done", None)
    assert moved["b.zip"][0] == ""
    assert (moved["b.zip"][1] or {})["code"] == "unreadable-path"


def test_what_a_failing_drive_has_stopped_is_tried_again(
    parts: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    folder = tmp_path / "in"
    folder.mkdir()
    inbox = Inbox(folder, 1.0, lambda: now[0])
    inbox.begin()
    # Two batches: in a report they are called the same.
    names = [b"a\xff.txt", b"a\xfe.txt"]
    for name in names:
        (folder / os.fsdecode(name)).write_text("Bài một", encoding="utf-8")
    watch = Watch(parts, OPERATOR, Options(), inbox)
    deposited(parts, folder / os.fsdecode(names[0]))
    assert list(watch.round(lambda: True, lambda: True)) == []
    now[0] += 2.0
    with monkeypatch.context() as patched:
        patched.setattr(Batch, "take", Mock(side_effect=OSError(errno.EIO, "drive")))
        with pytest.raises(OSError, match="drive"):
            list(watch.round(lambda: True, lambda: True))
    now[0] += 2.0
    done = list(watch.round(lambda: True, lambda: True))
    assert [one.where for one in done if isinstance(one, Moved)] == ["done", "done"]


def test_without_room_files_stay_and_are_taken_later(parts: Services, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    now = [0.0]
    inbox = Inbox(folder, 1.0, lambda: now[0])
    inbox.begin()
    (folder / "a.txt").write_text("Bài một", encoding="utf-8")
    with (folder / "a.txt").open("rb") as source:
        known = io.BytesIO(source.read())
    store = Full(parts.objects)
    watch = Watch(replace(parts, objects=store), OPERATOR, Options(), inbox)  # type: ignore[arg-type]

    def rounds() -> list[object]:
        now[0] += 2.0
        return list(watch.round(lambda: True, lambda: True))

    assert rounds() == []
    said = rounds()
    assert [type(one) for one in said] == [Away]
    # It is said once, and tried again.
    assert rounds() == []
    assert (folder / "a.txt").exists()
    store.full = False
    parts.objects.put_blob(known)
    deposited(parts, folder / "a.txt")
    done = [one for _ in range(2) for one in rounds()]
    assert [(one.name, one.where) for one in done if isinstance(one, Moved)] == [("a.txt", "done")]
    assert (folder / "done" / "a.txt").exists()
