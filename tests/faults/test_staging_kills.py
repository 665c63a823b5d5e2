"""A process that receives an upload is killed while it appends: what it was told is there, and nothing is doubled."""

import hashlib
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from service import compose
from service.ports import ObjectStore, Stored, blob_key
from service.settings import Settings
from tests.faults.appending import NAME
from tests.servers.s3 import S3Server

SIZE = 60_000_000


def test_an_upload_in_a_folder_survives_kills(tmp_path: Path, soak_count: int) -> None:
    killed_again_and_again({}, tmp_path, soak_count)


def test_an_upload_on_s3_survives_kills(s3_server: S3Server, bucket: str, tmp_path: Path, soak_count: int) -> None:
    killed_again_and_again(s3_server.environment(bucket), tmp_path, soak_count)


def killed_again_and_again(environment: dict[str, str], tmp_path: Path, kills: int) -> None:
    data = os.urandom(SIZE)
    source = tmp_path / "source"
    source.write_bytes(data)
    environment = {**environment, "HOCLIEU_HOME": str(tmp_path / "home")}
    given = {name.removeprefix("HOCLIEU_").lower(): value for name, value in environment.items()}
    objects: ObjectStore = compose.services(Settings(**given)).objects  # type: ignore[arg-type]
    told = done = 0
    for _ in range(kills):
        if told == SIZE:
            # It was quicker than we: once more from the beginning.
            done += check(objects, data)
            objects.staging.remove(NAME)
            told = 0
        told = receive(environment, source, told, kill=True)
        assert told <= objects.staging.offset(NAME) <= SIZE
    receive(environment, source, told, kill=False)
    assert check(objects, data)
    print(f"killed {kills} times, {done} uploads whole in between")


def receive(environment: dict[str, str], source: Path, told: int, *, kill: bool) -> int:
    """Run the receiver, kill it somewhere in the middle. Returns: the last offset that it was told."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.appending", str(source)],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    first = int(process.stdout.readline())
    assert first >= told
    if kill:
        time.sleep(random.uniform(0, 0.4))
        process.kill()
    lines = process.stdout.read().split()
    assert kill or process.wait() == 0
    process.wait()
    process.stdout.close()
    return int(lines[-1]) if lines else first


def check(objects: ObjectStore, data: bytes) -> bool:
    assert objects.staging.offset(NAME) == len(data)
    stored = objects.staging.finish(NAME)
    assert stored == Stored(hashlib.sha256(data).hexdigest(), len(data))
    assert hashlib.sha256(b"".join(objects.open(blob_key(stored.sha256)))).hexdigest() == stored.sha256
    return True


@pytest.mark.parametrize("left", [("part-00000", "tail-00000"), ("part-00000", "part-00001", "tail-00000")])
def test_a_tail_counts_no_more_once_its_part_is_there(
    s3_server: S3Server, bucket: str, tmp_path: Path, left: tuple[str, ...]
) -> None:
    """What a process leaves that dies between writing a part and removing the tail that went into it."""
    import io

    mib = 1 << 20
    store = s3_server.store(bucket, tmp_path)
    store.staging.begin("a")
    data = os.urandom(16 * mib)
    store.staging.append("a", 0, data[: 3 * mib])
    for number, name in enumerate(left[:-1]):
        part = data[number * 8 * mib : (number + 1) * 8 * mib]
        s3_server.client().put_object(bucket, f".staging/a/{name}", io.BytesIO(part), 8 * mib)
    whole = (len(left) - 1) * 8 * mib
    assert store.staging.offset("a") == whole
    store.staging.append("a", whole, b"end")
    stored = store.staging.finish("a")
    assert stored.sha256 == hashlib.sha256(data[:whole] + b"end").hexdigest()
    assert [entry.object_name for entry in s3_server.client().list_objects(bucket, prefix=".staging/a/")] == [
        ".staging/a/begun",
        ".staging/a/finished",
    ]
