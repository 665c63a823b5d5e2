"""Many files handed in at once: each gets the outcome that it would have had alone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

from service.errors import NotFound, Purged, StorageFull
from service.library.deposit import Bundle, Deposited, Offered, deposit, deposit_all
from service.library.services import Services
from service.model import OPERATOR, Value
from service.ports import ObjectStore, Stored, blob_key

TITLE = Value("title", "Bài một", "sheet")


@pytest.fixture
def bundle(tmp_path: Path) -> Callable[..., Bundle]:
    def made(*texts: str) -> Bundle:
        offered = []
        for text in texts:
            path = tmp_path / f"{text}.txt"
            path.write_text(text, encoding="utf-8")
            offered.append(Offered(path, path.name, "captions" if offered else "main"))
        return Bundle(offered, (TITLE,))

    return made


def test_new_ones_come_into_one_commit_and_the_rest_as_each_alone(
    parts: Services, bundle: Callable[..., Bundle]
) -> None:
    there = deposit(parts, OPERATOR, bundle("cũ").files, owner="default").resource
    with parts.catalogue.writing() as work:
        with bundle("bị xoá").files[0].path.open("rb") as source:
            purged = parts.objects.put_blob(source)
        work.blobs.refuse(purged.sha256)
    missing = Bundle([Offered(Path("/không/có"), "không có")])
    given = [bundle("a"), bundle("cũ"), missing, bundle("b", "b.phụ đề"), bundle("bị xoá"), bundle("a"), bundle("c")]
    done = deposit_all(parts, OPERATOR, given, owner="default", publish=True)
    kinds = [one.outcome if isinstance(one, Deposited) else type(one) for one in done]
    assert kinds == ["fresh", "resumed", FileNotFoundError, "fresh", Purged, "resumed", "fresh"]
    fresh = [one for one in done if isinstance(one, Deposited)]
    assert fresh[1].resource == there
    assert fresh[3].resource == fresh[0].resource
    assert fresh[2].added == {"b.phụ đề.txt"}
    assert not parts.objects.exists(blob_key(purged.sha256))
    with parts.catalogue.reading() as work:
        assert work.jobs.numbers() == {("publish", "queued"): 4, ("read", "queued"): 1}
        for one in (fresh[0], fresh[2], fresh[4]):
            assert [event.kind for event in work.events.of(one.resource.key)] == ["deposited"]
            draft = work.resources.open_revision(one.resource.key)
            assert draft is not None
            assert draft.values == (TITLE,)


def test_an_attachment_that_is_a_resource_already_stays_one(parts: Services, tmp_path: Path) -> None:
    for name in ("slides", "plan", "pdf", "other"):
        (tmp_path / name).write_text(f"nội dung của {name}", encoding="utf-8")
    alone = deposit(parts, OPERATOR, [Offered(tmp_path / "pdf", "bài.pdf")], owner="default").resource
    given = [
        Bundle([Offered(tmp_path / "slides", "bài.pptx"), Offered(tmp_path / "pdf", "bài.pdf", "attachment")]),
        Bundle([Offered(tmp_path / "plan", "khác.pptx"), Offered(tmp_path / "other", "khác.pdf", "attachment")]),
    ]
    first, second = deposit_all(parts, OPERATOR, given, owner="default")
    assert isinstance(first, Deposited)
    assert isinstance(second, Deposited)
    assert (first.outcome, first.added, first.left) == ("fresh", set(), {"bài.pdf"})
    assert (second.outcome, second.added, second.left) == ("fresh", {"khác.pdf"}, set())
    again = deposit_all(parts, OPERATOR, [*given, Bundle([Offered(tmp_path / "pdf", "bài.pdf")])], owner="default")
    assert [(one.outcome, one.left) for one in again if isinstance(one, Deposited)] == [
        ("duplicate", {"bài.pdf"}),
        ("duplicate", set()),
        ("duplicate", set()),
    ]
    assert again[2].resource == alone  # type: ignore[union-attr]


def test_without_the_organisation_nothing_goes_in(parts: Services, bundle: Callable[..., Bundle]) -> None:
    done = deposit_all(parts, OPERATOR, [bundle("a"), bundle("b")], owner="không có")
    assert [type(one) for one in done] == [NotFound, NotFound]
    with parts.catalogue.reading() as work:
        assert work.resources.after(0, 10) == []


class Full:
    """A store that has room for so many."""

    def __init__(self, store: ObjectStore, room: int) -> None:
        self._store, self.room = store, room
        self.look = store.look

    def put_blob(self, source: BinaryIO) -> Stored:
        self.room -= 1
        if self.room < 0:
            raise StorageFull
        return self._store.put_blob(source)


def test_what_was_stored_before_the_store_was_full_is_kept(parts: Services, bundle: Callable[..., Bundle]) -> None:
    full = replace(parts, objects=Full(parts.objects, 2))  # type: ignore[arg-type]
    done = deposit_all(full, OPERATOR, [bundle("a"), bundle("b"), bundle("c"), bundle("d")], owner="default")
    assert [type(one) for one in done] == [Deposited, Deposited, StorageFull]
    with parts.catalogue.reading() as work:
        assert len(work.resources.after(0, 10)) == 2


def test_a_file_that_goes_just_when_it_is_needed_again_is_told_by_itself(
    parts: Services, bundle: Callable[..., Bundle]
) -> None:
    given = [bundle("a"), bundle("b")]
    for one in given:
        with one.files[0].path.open("rb") as source:
            parts.objects.put_blob(source)

    class Forgetful:
        """A sweep takes the bytes that were there before, and somebody deletes the file that has them."""

        def __getattr__(self, name: str) -> object:
            return getattr(parts.objects, name)

        def exists(self, key: str) -> bool:
            if (gone := given[0].files[0].path).exists():
                parts.objects.remove(key)
                gone.unlink()
            return parts.objects.exists(key)

    forgetful = replace(parts, objects=Forgetful())  # type: ignore[arg-type]
    done = deposit_all(forgetful, OPERATOR, given, owner="default")
    assert [one.outcome if isinstance(one, Deposited) else type(one) for one in done] == [FileNotFoundError, "fresh"]
