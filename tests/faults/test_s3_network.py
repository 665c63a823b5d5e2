"""A store that lies, breaks off, keeps silent or is gone. The server is real; what breaks stands before it."""

import io
import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from minio.commonconfig import CopySource

from service.adapters.objects.s3 import S3Store
from service.adapters.objects.s3.reading import body
from service.adapters.objects.s3.seals import Seals
from service.errors import ObjectDamaged, ObjectMissing, Unavailable
from service.ports import blob_key
from tests.servers.breaking import Faults, Relay
from tests.servers.s3 import SECRET_KEY, S3Server

MIB = 1 << 20
# Bounded, however long the store keeps silent: two attempts of a second each, and what a busy machine adds.
BOUND_SECONDS = 30.0


@pytest.fixture
def relay(s3_server: S3Server) -> Iterator[Relay]:
    with Relay(s3_server.host) as relay:
        yield relay


@pytest.fixture
def store(s3_server: S3Server, bucket: str, tmp_path: Path, relay: Relay) -> S3Store:
    return s3_server.store(bucket, tmp_path, host=relay.host, connect_seconds=1.0, read_seconds=1.0)


@pytest.fixture
def healthy(s3_server: S3Server, bucket: str, tmp_path: Path) -> S3Store:
    return s3_server.store(bucket, tmp_path)


def break_it(relay: Relay, **faults: object) -> None:
    relay.faults = Faults(**faults)  # type: ignore[arg-type]
    relay.hang_up()


def marked(size: int, at: int) -> tuple[bytes, bytes]:
    """Random bytes that hold a mark, and the mark."""
    data, mark = os.urandom(size), os.urandom(16)
    return data[:at] + mark + data[at + len(mark) :], mark


@pytest.mark.parametrize("size", [1000, 3 * MIB, 9 * MIB])
def test_a_wrong_byte_on_the_way_down_is_an_error_that_names_the_object(
    store: S3Store, relay: Relay, size: int
) -> None:
    data, mark = marked(size, size - 100)
    key = blob_key(store.put_blob(io.BytesIO(data)).sha256)
    break_it(relay, spoil_answer=mark)
    served: list[bytes] = []
    with pytest.raises(ObjectDamaged) as error:
        served.extend(store.open(key))
    assert error.value.parameters == {"key": key}
    # The last block is held back: what went out is no whole file, and right as far as it goes.
    assert len(b"".join(served)) < size
    assert data.startswith(b"".join(served))


def test_a_small_wrong_object_is_refused_before_anything_of_it_is_served(store: S3Store, relay: Relay) -> None:
    data, mark = marked(1000, 10)
    store.put("documents/d", data)
    break_it(relay, spoil_answer=mark)
    with pytest.raises(ObjectDamaged):
        store.get("documents/d")
    break_it(relay, spoil_answer=mark)
    with pytest.raises(ObjectDamaged), store.local("documents/d"):
        pass


def test_bytes_that_were_replaced_in_the_store_are_not_served(store: S3Store, s3_server: S3Server, bucket: str) -> None:
    key = blob_key(store.put_blob(io.BytesIO(b"right")).sha256)
    s3_server.client().put_object(bucket, key, io.BytesIO(b"wrong"), 5)
    with pytest.raises(ObjectDamaged):
        store.get(key)


def test_an_object_that_is_put_under_the_name_of_another_is_not_served_with_its_own_seal(
    healthy: S3Store, s3_server: S3Server, bucket: str
) -> None:
    right, other = (blob_key(healthy.put_blob(io.BytesIO(data)).sha256) for data in (b"right", b"other"))
    client = s3_server.client()
    assert "x-amz-meta-seal" in client.stat_object(bucket, other).metadata  # type: ignore[operator]
    # With all that stands beside it.
    client.copy_object(bucket, right, CopySource(bucket, other))
    with pytest.raises(ObjectDamaged):
        healthy.get(right)
    assert healthy.get(other) == b"other"


@pytest.mark.parametrize("staged", [False, True])
def test_what_another_key_sealed_is_proven_by_its_hash(
    healthy: S3Store, s3_server: S3Server, bucket: str, *, staged: bool
) -> None:
    if staged:
        healthy.staging.begin("upload")
        healthy.staging.append("upload", 0, b"right" * MIB)
        stored = healthy.staging.finish("upload")
    else:
        stored = healthy.put_blob(io.BytesIO(b"right" * MIB))
    key, client = blob_key(stored.sha256), s3_server.client()
    assert client.stat_object(bucket, key).metadata["x-amz-meta-seal"]  # type: ignore[index]
    for secret in (SECRET_KEY, "the key that came after"):
        blocks = body(client, bucket, key, stored.sha256, seals=Seals(secret))
        assert sum(len(block) for block in blocks) == 5 * MIB
    client.put_object(bucket, key, io.BytesIO(b"wrong"), 5, metadata={"sha256": stored.sha256, "seal": "made-up"})
    with pytest.raises(ObjectDamaged):
        healthy.get(key)


@pytest.mark.parametrize("size", [1000, 20 * MIB], ids=["in one piece", "in parts"])
def test_a_wrong_byte_on_the_way_up_leaves_nothing(store: S3Store, healthy: S3Store, relay: Relay, size: int) -> None:
    data, mark = marked(size, size // 2)
    break_it(relay, spoil_request=mark)
    with pytest.raises(ObjectDamaged):
        store.put_blob(io.BytesIO(data))
    assert list(healthy.keys("")) == []
    break_it(relay)
    assert store.get(blob_key(store.put_blob(io.BytesIO(data)).sha256)) == data


class Changing(io.BytesIO):
    """A file that somebody writes to while it is stored."""

    reads = 0

    def read(self, size: int | None = -1) -> bytes:
        self.reads += 1
        # Once to be hashed, with its end; then to be sent.
        return super().read(size).replace(b"a", b"a" if self.reads <= 2 else b"b")


def test_a_file_that_changes_between_hashing_and_sending_is_not_stored(healthy: S3Store) -> None:
    with pytest.raises(ObjectDamaged):
        healthy.put_blob(Changing(b"a" * 1000))
    assert list(healthy.keys("")) == []


def test_a_connection_cut_in_the_middle_ends_the_stream_with_an_error(store: S3Store, relay: Relay) -> None:
    data = os.urandom(5 * MIB)
    key = blob_key(store.put_blob(io.BytesIO(data)).sha256)
    break_it(relay, cut_after=3 * MIB)
    for start, length in ((0, None), (100, 4 * MIB)):
        with pytest.raises(Unavailable):
            list(store.open(key, start=start, length=length))


def test_a_silent_store_is_given_up_and_then_not_asked_for_a_moment(store: S3Store, relay: Relay) -> None:
    break_it(relay, silent=True)
    began = time.monotonic()
    with pytest.raises(Unavailable) as error:
        store.exists("documents/d")
    assert error.value.parameters == {"part": "objects"}
    assert time.monotonic() - began < BOUND_SECONDS
    # Twenty pictures of a page do not wait for it twenty times: nothing reaches the network.
    relay.faults = Faults()
    with pytest.raises(Unavailable):
        store.exists("documents/d")


def test_a_slow_store_is_waited_for(store: S3Store, relay: Relay) -> None:
    store.put("documents/d", b"abc")
    break_it(relay, delay_seconds=0.2)
    assert store.get("documents/d") == b"abc"


def test_a_store_that_stalls_while_it_takes_a_body_is_waited_for(
    s3_server: S3Server, bucket: str, tmp_path: Path, relay: Relay
) -> None:
    """Longer than a connection may take to be made: that limit is another one."""
    store = s3_server.store(bucket, tmp_path, host=relay.host, connect_seconds=1.0, read_seconds=60.0)
    data = os.urandom(15 * MIB)
    # More than the buffers on the way hold, over a connection that is made for it.
    break_it(relay, stall_seconds=2.5)
    store.put("documents/d", data)
    assert store.get("documents/d") == data


def test_every_act_says_that_a_store_is_gone_and_works_when_it_is_back(tmp_path: Path) -> None:
    with_server = S3Server()
    try:
        with_server.start()
        with_server.client().make_bucket("outage")
        store = with_server.store("outage", tmp_path)
        store.put("documents/d", b"abc")
        store.staging.begin("a")
        store.staging.append("a", 0, b"kept")
        with_server.kill()
        acts = (
            lambda: store.get("documents/d"),
            lambda: store.exists("documents/d"),
            lambda: store.put("documents/e", b"x"),
            lambda: store.put_blob(io.BytesIO(b"x")),
            lambda: list(store.keys("")),
            lambda: store.remove("documents/d"),
            lambda: store.check(),
            lambda: store.staging.append("a", 4, b"x"),
            lambda: store.staging.offset("a"),
        )
        for act in acts:
            with pytest.raises(Unavailable) as error:
                act()
            assert not isinstance(error.value, ObjectMissing)
        with_server.start()
        for _ in itertools.takewhile(lambda _: not _answers(store), range(100)):
            time.sleep(0.1)
        assert store.get("documents/d") == b"abc"
        assert store.staging.append("a", 4, b" too") == 8
    finally:
        with_server.close()


def _answers(store: S3Store) -> bool:
    try:
        store.check()
    except Unavailable:
        return False
    return True
