"""What every staging promises."""

import datetime
import hashlib
import os

import pytest

from service.errors import Conflict, Invalid, NotFound
from service.ports import ObjectStore, Stored, blob_key

MIB = 1 << 20


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class StagingContract:
    def test_pieces_of_any_size_become_one_blob(self, store: ObjectStore) -> None:
        sizes = [1, 5 * MIB, 3 * MIB - 1, 8 * MIB, 17 * MIB + 3, 0, 2]
        data = os.urandom(sum(sizes))
        store.staging.begin("a")
        offset = 0
        for size in sizes:
            offset = store.staging.append("a", offset, data[offset : offset + size])
            assert store.staging.offset("a") == offset
        stored = store.staging.finish("a")
        assert stored == Stored(hashlib.sha256(data).hexdigest(), len(data))
        assert store.get(blob_key(stored.sha256)) == data

    @pytest.mark.parametrize("data", [b"", b"x", b"y" * (8 * MIB)], ids=["empty", "a byte", "a part exactly"])
    def test_one_piece_is_a_blob_too(self, store: ObjectStore, data: bytes) -> None:
        store.staging.begin("a")
        store.staging.append("a", 0, data)
        stored = store.staging.finish("a")
        assert stored == Stored(hashlib.sha256(data).hexdigest(), len(data))
        assert store.get(blob_key(stored.sha256)) == data

    def test_what_is_finished_says_the_same_until_it_is_removed(self, store: ObjectStore) -> None:
        store.staging.begin("a")
        store.staging.append("a", 0, b"abc")
        stored = store.staging.finish("a")
        assert store.staging.finish("a") == stored
        with pytest.raises(Conflict):
            store.staging.append("a", 3, b"more")
        store.staging.remove("a")
        with pytest.raises(NotFound):
            store.staging.finish("a")
        assert store.get(blob_key(stored.sha256)) == b"abc"

    def test_bytes_that_are_known_already_stay_one_object(self, store: ObjectStore) -> None:
        for name in ("a", "b"):
            store.staging.begin(name)
            store.staging.append(name, 0, b"abc")
            store.staging.finish(name)
        assert list(store.keys("")) == [blob_key(hashlib.sha256(b"abc").hexdigest())]

    def test_only_the_durable_offset_is_appended_to(self, store: ObjectStore) -> None:
        store.staging.begin("a")
        store.staging.append("a", 0, b"abc")
        for wrong in (0, 2, 4):
            with pytest.raises(Conflict):
                store.staging.append("a", wrong, b"x")
        assert store.staging.append("a", 3, b"d") == 4

    def test_an_upload_begins_once_and_is_known_by_its_name(self, store: ObjectStore) -> None:
        store.staging.begin("a")
        with pytest.raises(Conflict):
            store.staging.begin("a")
        for act in (store.staging.offset, store.staging.finish, lambda name: store.staging.append(name, 0, b"x")):
            with pytest.raises(NotFound):
                act("b")
        for name in ("", "../a", "a/b", ".a"):
            with pytest.raises(Invalid):
                store.staging.begin(name)

    def test_staged_uploads_are_listed_and_are_no_objects(self, store: ObjectStore) -> None:
        before = now() - datetime.timedelta(seconds=2)
        for name, data in (("a", b"x"), ("b", b"y" * (9 * MIB))):
            store.staging.begin(name)
            store.staging.append(name, 0, data)
        listed = list(store.staging.staged())
        assert [(each.name, each.size_bytes) for each in listed] == [("a", 1), ("b", 9 * MIB)]
        assert all(before < each.touched_at <= now() + datetime.timedelta(seconds=2) for each in listed)
        assert list(store.keys("")) == []

    def test_what_is_removed_can_be_begun_again(self, store: ObjectStore) -> None:
        store.staging.begin("a")
        store.staging.append("a", 0, b"abc")
        store.staging.remove("a")
        store.staging.remove("a")
        assert list(store.staging.staged()) == []
        store.staging.begin("a")
        assert store.staging.offset("a") == 0

    def test_what_was_given_up_expires_and_what_grows_stays(self, store: ObjectStore) -> None:
        store.staging.begin("a")
        store.staging.append("a", 0, b"abc")
        assert store.staging.expire(now() - datetime.timedelta(hours=1)) == []
        assert store.staging.offset("a") == 3
        assert store.staging.expire(now() + datetime.timedelta(hours=1)) == ["a"]
        assert list(store.staging.staged()) == []
