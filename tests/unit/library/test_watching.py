"""What a watch does with what a batch says: where a file goes, what its note says, what waits."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from service.errors import StorageFull
from service.library.batch import Options
from service.library.inbox import Inbox
from service.library.outcomes import Line
from service.library.services import Services
from service.library.watching import Away, Moved, Watch, note_of
from service.model import OPERATOR
from service.ports import Stored


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
    watch = Watch(replace(parts, objects=store), OPERATOR, Options(owner := "default"), inbox)  # type: ignore[arg-type]

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
    # As if somebody had brought it meanwhile: nothing waits for a worker here.
    parts.objects.put_blob(known)
    from service.library.deposit import Offered, deposit

    deposit(parts, OPERATOR, [Offered(folder / "a.txt", "a.txt")], owner=owner)
    done = [one for _ in range(2) for one in rounds()]
    assert [(one.name, one.where) for one in done if isinstance(one, Moved)] == [("a.txt", "done")]
    assert (folder / "done" / "a.txt").exists()
