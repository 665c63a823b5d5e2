"""Files that people drop: taken when they are whole, moved without a loss whoever else is there."""

import errno
import os
from pathlib import Path

import pytest

from service.library.inbox import DONE, MOVING, REFUSED, Arrived, Inbox


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def no_links(_path: Path, _second: Path) -> None:
    raise OSError(errno.EOPNOTSUPP, "no second names here")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["links", "no links"])
def inbox(tmp_path: Path, clock: Clock, request: pytest.FixtureRequest) -> Inbox:
    """On a drive that has second names for files, and on one that has none (SMB, FAT)."""
    folder = tmp_path / "thả vào đây"
    folder.mkdir()
    made = Inbox(folder, 10.0, clock) if request.param == "links" else Inbox(folder, 10.0, clock, no_links)
    made.begin()
    return made


def drop(inbox: Inbox, name: str, text: str = "x") -> Path:
    path = inbox.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def arrived(inbox: Inbox, clock: Clock, *, after: float = 0.0, limit: int = 100) -> list[str]:
    clock.now += after
    return [one.name for one in inbox.arrived(limit)]


def taken(inbox: Inbox, clock: Clock, name: str) -> Arrived:
    inbox.arrived(0)
    clock.now += 11
    return next(one for one in inbox.arrived(100) if one.name == name)


def tree(inbox: Inbox) -> dict[str, str]:
    return {
        path.relative_to(inbox.folder).as_posix(): path.read_text(encoding="utf-8-sig")
        for path in inbox.folder.rglob("*")
        if path.is_file()
    }


def test_a_file_is_given_out_once_when_it_has_stopped_growing(inbox: Inbox, clock: Clock) -> None:
    drop(inbox, "a.pdf")
    assert arrived(inbox, clock) == []
    assert arrived(inbox, clock, after=9) == []
    drop(inbox, "a.pdf", "xx")
    assert arrived(inbox, clock, after=2) == []
    assert arrived(inbox, clock, after=10) == ["a.pdf"]
    assert arrived(inbox, clock, after=100) == []
    # Somebody saved it anew: it is another one.
    drop(inbox, "a.pdf", "xxx")
    assert arrived(inbox, clock, after=1) == []
    assert arrived(inbox, clock, after=10) == ["a.pdf"]


def test_a_recording_and_its_captions_wait_for_each_other_and_for_nobody_else(inbox: Inbox, clock: Clock) -> None:
    drop(inbox, "lop 5/bai1.vi.srt")
    drop(inbox, "lop 5/khac.pdf")
    arrived(inbox, clock)
    for size in range(1, 4):
        drop(inbox, "lop 5/Bai1.mp4", "v" * size)
        given = arrived(inbox, clock, after=6)
        assert given == (["lop 5/khac.pdf"] if size == 2 else []), size
    assert arrived(inbox, clock, after=10) == ["lop 5/Bai1.mp4", "lop 5/bai1.vi.srt"]


def test_those_that_belong_together_are_not_cut_apart(inbox: Inbox, clock: Clock) -> None:
    for name in ("a.mp4", "a.en.vtt", "a.vi.vtt", "b.pdf"):
        drop(inbox, name)
    arrived(inbox, clock)
    assert arrived(inbox, clock, after=10, limit=1) == ["a.en.vtt", "a.mp4", "a.vi.vtt"]
    assert arrived(inbox, clock) == ["b.pdf"]


def test_what_is_hidden_half_copied_or_litter_is_left_alone(inbox: Inbox, clock: Clock) -> None:
    for name in (".hidden", "a.part", "~$a.docx", "Thumbs.db", ".git/x", "done/old.pdf", "refused/old.pdf"):
        drop(inbox, name)
    arrived(inbox, clock)
    assert arrived(inbox, clock, after=100) == []
    assert len(tree(inbox)) == 7


def test_a_file_moves_with_its_path_and_a_note_beside_it(inbox: Inbox, clock: Clock) -> None:
    drop(inbox, "lop 5/a.pdf", "a")
    one = taken(inbox, clock, "lop 5/a.pdf")
    assert inbox.move(one, REFUSED, "Vì sao\n") == inbox.folder / REFUSED / "lop 5" / "a.pdf"
    assert tree(inbox) == {"refused/lop 5/a.pdf": "a", "refused/lop 5/a.pdf.txt": "Vì sao\n"}
    note = (inbox.folder / "refused/lop 5/a.pdf.txt").read_bytes()
    assert note.startswith(b"\xef\xbb\xbf")
    assert note.endswith(b"\r\n")
    assert os.listdir(inbox.folder / MOVING) == []  # noqa: PTH208


def test_names_that_are_taken_get_a_number_and_nothing_is_overwritten(inbox: Inbox, clock: Clock) -> None:
    for number in (1, 2, 3):
        drop(inbox, "a.pdf", str(number))
        assert inbox.move(taken(inbox, clock, "a.pdf"), DONE) is not None
    drop(inbox, "refused/b.pdf.txt", "somebody's own text")
    drop(inbox, "b.pdf", "b")
    assert inbox.move(taken(inbox, clock, "b.pdf"), REFUSED, "why") is not None
    assert tree(inbox) == {
        "done/a.pdf": "1", "done/a (2).pdf": "2", "done/a (3).pdf": "3",
        "refused/b.pdf.txt": "somebody's own text", "refused/b (2).pdf": "b", "refused/b (2).pdf.txt": "why",
    }  # fmt: skip


def test_a_folder_may_be_called_like_a_file_that_stands_there(inbox: Inbox, clock: Clock) -> None:
    drop(inbox, "done/toan", "a file")
    drop(inbox, "toan/a.pdf", "a")
    assert inbox.move(taken(inbox, clock, "toan/a.pdf"), DONE) == inbox.folder / "done" / "a.pdf"


@pytest.mark.parametrize("name", ["đ" * 120 + ".pdf", "a" * 251 + ".pdf", "b" * 255])
def test_the_longest_names_find_room_for_their_note(inbox: Inbox, clock: Clock, name: str) -> None:
    for text in ("1", "2"):
        drop(inbox, name, text)
        assert inbox.move(taken(inbox, clock, name), REFUSED, "why") is not None
    kept = tree(inbox)
    assert sorted(kept.values()) == ["1", "2", "why", "why"]
    assert all(path.removesuffix(".txt") in kept for path in kept)


def test_a_name_that_is_no_utf8_keeps_its_bytes(inbox: Inbox, clock: Clock) -> None:
    name = os.fsdecode(b"To\xb8n.pdf")
    drop(inbox, name, "tcvn3")
    place = inbox.move(taken(inbox, clock, name), DONE)
    assert place is not None
    assert os.fsencode(place.name) == b"To\xb8n.pdf"


def test_a_file_that_was_replaced_or_taken_meanwhile_is_not_moved(inbox: Inbox, clock: Clock) -> None:
    drop(inbox, "a.pdf", "first")
    one = taken(inbox, clock, "a.pdf")
    drop(inbox, "a.pdf", "the second one")
    assert inbox.move(one, DONE) is None
    assert tree(inbox) == {"a.pdf": "the second one"}
    # It is looked at again.
    arrived(inbox, clock)
    assert arrived(inbox, clock, after=10) == ["a.pdf"]
    (inbox.folder / "a.pdf").unlink()
    assert inbox.move(one, DONE) is None
    assert tree(inbox) == {}


def test_of_two_who_watch_one_moves(inbox: Inbox, clock: Clock) -> None:
    drop(inbox, "a.pdf", "a")
    other = Inbox(inbox.folder, 10.0, clock)
    mine = taken(inbox, clock, "a.pdf")
    theirs = taken(other, clock, "a.pdf")
    assert inbox.move(mine, DONE) is not None
    assert other.move(theirs, DONE) is None
    assert tree(inbox) == {"done/a.pdf": "a"}


def test_what_somebody_who_died_had_on_its_way_comes_back(inbox: Inbox, clock: Clock) -> None:
    moving = inbox.folder / MOVING / "4f4f" / "toan"
    moving.mkdir(parents=True)
    (moving / "a.pdf").write_text("a", encoding="utf-8")
    drop(inbox, "toan/a.pdf", "another one")
    assert arrived(inbox, clock) == []
    assert "toan/a (2).pdf" not in tree(inbox)
    clock.now += 11
    inbox.arrived(100)
    assert tree(inbox) == {"toan/a.pdf": "another one", "toan/a (2).pdf": "a"}
    clock.now += 1
    inbox.arrived(100)
    assert arrived(inbox, clock, after=11) == ["toan/a (2).pdf"]


def test_what_had_arrived_before_the_death_is_not_doubled(inbox: Inbox, clock: Clock) -> None:
    moving = inbox.folder / MOVING / "4f4f"
    moving.mkdir(parents=True)
    (moving / "a.pdf").write_text("a", encoding="utf-8")
    os.link(moving / "a.pdf", inbox.folder / DONE / "a.pdf")
    (inbox.folder / MOVING / "probe").touch()
    inbox.arrived(100)
    clock.now += 11
    inbox.arrived(100)
    assert tree(inbox) == {"done/a.pdf": "a"}


def test_links_and_pipes_are_given_out_as_what_they_are(inbox: Inbox, clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "outside.pdf").write_text("outside", encoding="utf-8")
    (inbox.folder / "link.pdf").symlink_to(tmp_path / "outside.pdf")
    os.mkfifo(inbox.folder / "pipe")
    inbox.arrived(100)
    clock.now += 11
    given = inbox.arrived(100)
    assert [(one.name, one.regular) for one in given] == [("link.pdf", False), ("pipe", False)]
    for one in given:
        assert inbox.move(one, REFUSED, "why") is not None
    assert (inbox.folder / "refused/link.pdf").is_symlink()
    assert (tmp_path / "outside.pdf").read_text(encoding="utf-8") == "outside"


def test_a_folder_that_is_away_is_told_and_comes_back(inbox: Inbox, clock: Clock) -> None:
    drop(inbox, "a.pdf")
    arrived(inbox, clock)
    aside = inbox.folder.with_name("away")
    inbox.folder.rename(aside)
    with pytest.raises(FileNotFoundError):
        inbox.arrived(100)
    aside.rename(inbox.folder)
    assert arrived(inbox, clock, after=10) == ["a.pdf"]
