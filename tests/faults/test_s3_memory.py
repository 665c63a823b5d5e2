"""How much a process needs to move a large object: a bound that does not grow with the object."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.s3 import S3Server

MIB = 1 << 20
SIZE_MIB = 200
# Parts of 16 MiB, three under way and one being read, and a copy of each on its way through the client library.
BOUND_MIB = 140

MOVE = """
import hashlib, io, sys
from pathlib import Path
from service import compose
from service.ports import blob_key
from service.settings import load

source, way = Path(sys.argv[1]), sys.argv[2]
objects = compose.services(load()).objects
def peak():
    # Not ru_maxrss: that one begins with what the tests themselves held when they forked.
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) // 1024

class Pipe(io.RawIOBase):
    def __init__(self, file): self.file = file
    def readable(self): return True
    def readinto(self, buffer): return self.file.readinto(buffer)

objects.put("documents/small", b"x"); objects.get("documents/small")
before = peak()
with source.open("rb") as file:
    if way == "staged":
        objects.staging.begin("a")
        offset = 0
        while block := file.read(4 << 20):
            offset = objects.staging.append("a", offset, block)
        stored = objects.staging.finish("a")
    else:
        stored = objects.put_blob(file if way == "file" else io.BufferedReader(Pipe(file)))
digest = hashlib.sha256()
for block in objects.open(blob_key(stored.sha256)):
    digest.update(block)
with objects.local(blob_key(stored.sha256)) as path:
    assert path.stat().st_size == source.stat().st_size
assert digest.hexdigest() == stored.sha256
print(peak() - before)
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("source") / "large"
    with path.open("wb") as file:
        for _ in range(SIZE_MIB):
            file.write(os.urandom(MIB))
    return path


@pytest.mark.parametrize("way", ["file", "pipe", "staged"])
def test_a_large_object_goes_up_and_down_in_bounded_memory(
    s3_server: S3Server, bucket: str, tmp_path: Path, source: Path, way: str
) -> None:
    environment = {**os.environ, **s3_server.environment(bucket), "HOCLIEU_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", MOVE, str(source), way], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    print(f"{way}: {done.stdout.strip()} MiB for {SIZE_MIB} MiB")
    # Zero would say that nothing was measured.
    assert 0 < int(done.stdout) < BOUND_MIB
