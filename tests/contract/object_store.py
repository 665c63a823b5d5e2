"""What every object store promises."""

import datetime
import hashlib
import io
import os
from collections.abc import Iterator

import pytest

from service.errors import Invalid, ObjectMissing
from service.ports import ObjectStore, Stored, blob_key


class Unseekable(io.RawIOBase):
    """A source that can be read once, like a network body."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        return self._data.readinto(buffer)


class ObjectStoreContract:
    def test_a_blob_is_stored_under_its_own_hash(self, store: ObjectStore) -> None:
        data = os.urandom(3_000_000)
        stored = store.put_blob(io.BytesIO(data))
        assert stored == Stored(hashlib.sha256(data).hexdigest(), len(data))
        assert store.get(blob_key(stored.sha256)) == data

    def test_a_source_is_read_from_where_it_stands(self, store: ObjectStore) -> None:
        source = io.BytesIO(b"skipped kept")
        source.seek(8)
        assert store.get(blob_key(store.put_blob(source).sha256)) == b"kept"

    def test_a_source_that_cannot_seek_is_stored_too(self, store: ObjectStore) -> None:
        data = os.urandom(2_500_000)
        stored = store.put_blob(io.BufferedReader(Unseekable(data)))
        assert store.get(blob_key(stored.sha256)) == data

    def test_the_same_bytes_twice_are_one_object(self, store: ObjectStore) -> None:
        first, second = (store.put_blob(io.BytesIO(b"abc")) for _ in range(2))
        assert first == second
        assert list(store.keys("blobs/")) == [blob_key(first.sha256)]

    def test_an_empty_blob_is_a_blob(self, store: ObjectStore) -> None:
        stored = store.put_blob(io.BytesIO(b""))
        assert stored.size_bytes == 0
        assert b"".join(store.open(blob_key(stored.sha256))) == b""

    def test_putting_replaces_and_removing_is_idempotent(self, store: ObjectStore) -> None:
        store.put("derived/x/page-1.webp", b"one")
        store.put("derived/x/page-1.webp", b"two")
        assert store.get("derived/x/page-1.webp") == b"two"
        store.remove("derived/x/page-1.webp")
        store.remove("derived/x/page-1.webp")
        assert not store.exists("derived/x/page-1.webp")

    @pytest.mark.parametrize("key", ["documents/nothing", "documents"])
    def test_what_is_not_there_is_missing_before_the_first_block(self, store: ObjectStore, key: str) -> None:
        store.put("documents/a/b", b"x")
        assert not store.exists(key)
        with pytest.raises(ObjectMissing):
            store.get(key)
        with pytest.raises(ObjectMissing):
            store.open(key)
        with pytest.raises(ObjectMissing), store.local(key):
            pass

    @pytest.mark.parametrize(
        ("start", "length"),
        [(0, None), (0, 0), (1, 1), (0, 2_500_000), (2_499_999, 1), (2_499_999, 99), (2_500_000, 5), (9_999_999, None)],
    )
    def test_ranges_are_cut_out_exactly(self, store: ObjectStore, start: int, length: int | None) -> None:
        data = os.urandom(2_500_000)
        store.put("documents/d", data)
        end = len(data) if length is None else start + length
        assert b"".join(store.open("documents/d", start=start, length=length)) == data[start:end]

    def test_a_negative_range_is_refused(self, store: ObjectStore) -> None:
        store.put("documents/d", b"abc")
        for start, length in ((-1, None), (0, -1)):
            with pytest.raises(Invalid):
                store.open("documents/d", start=start, length=length)

    def test_a_stream_that_began_ends_with_the_same_bytes(self, store: ObjectStore) -> None:
        store.put("documents/d", b"a" * 3_000_000)
        blocks: Iterator[bytes] = store.open("documents/d")
        first = next(blocks)
        store.put("documents/d", b"b" * 10)
        store.remove("documents/d")
        assert first + b"".join(blocks) == b"a" * 3_000_000

    def test_it_says_when_an_object_came_and_whether_its_bytes_were_there(self, store: ObjectStore) -> None:
        before = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=60)
        first, second = (store.put_blob(io.BytesIO(b"abc")) for _ in range(2))
        assert (first.known, second.known) == (False, True)
        written = store.written_at(blob_key(first.sha256))
        assert written is not None
        assert before < written < before + datetime.timedelta(seconds=180)
        assert store.written_at("documents/nothing") is None
        room = store.room()
        assert room is None or room.free_bytes > 0

    def test_a_local_path_has_the_bytes(self, store: ObjectStore) -> None:
        store.put("documents/d", b"abc")
        with store.local("documents/d") as path:
            assert path.read_bytes() == b"abc"

    def test_keys_are_found_by_any_prefix(self, store: ObjectStore) -> None:
        first, second = "ab" * 32, "cd" * 32
        keys = {f"documents/{first}/p1", f"documents/{first}/p2", f"documents/{second}/p1", f"derived/{first}/x.webp"}
        for key in keys:
            store.put(key, b"x")
        for prefix in ("", "d", "documents/", f"documents/{first}/", f"documents/{first}/p2", "documents/ab", "none/"):
            assert sorted(store.keys(prefix)) == sorted(key for key in keys if key.startswith(prefix)), prefix

    @pytest.mark.parametrize(
        "key",
        ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/./b", "a/", ".incoming/x", "a\0b", "a\nb", "bài", "a\\b"],
    )
    def test_what_is_no_key_is_refused_everywhere(self, store: ObjectStore, key: str) -> None:
        for act in (store.get, store.exists, store.remove, store.open, lambda key: store.put(key, b"x")):
            with pytest.raises(Invalid):
                act(key)

    def test_a_healthy_store_says_so(self, store: ObjectStore) -> None:
        store.check()
        assert list(store.keys("")) == []
