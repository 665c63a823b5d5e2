"""Put and get of 200 MB on S3 beside the bare client library: `python -m tests.benchmarks.objects`.

In pairs within one run, each pair in a changing order, since the disk and the
server's caches drift; the ratio is the median of the pairs'. The bare client
does the same useful work: it stores a file under a key it knows, and reads
the whole of an object in blocks of a megabyte. We hash besides, compare what
the store says, and check what comes.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from minio import Minio

from service.ports import blob_key
from tests.benchmarks.figures import Figure, figure, report
from tests.servers.s3 import s3

NEEDS_SERVER = True
SIZE = 200 * 1000 * 1000
PAIRS = 5
AT_LEAST = 0.8
BLOCK = 1 << 20
BUCKET = "benchmark"


def fresh(path: Path) -> None:
    """Bytes that no store knows yet."""
    with path.open("wb") as file:
        left = SIZE
        while left:
            file.write(os.urandom(min(BLOCK, left)))
            left -= min(BLOCK, left)


def bare_put(client: Minio, key: str, source: Path) -> None:
    with source.open("rb") as file:
        client.put_object(BUCKET, key, file, SIZE)


def bare_get(client: Minio, key: str) -> int:
    response = client.get_object(BUCKET, key)
    try:
        return sum(len(block) for block in response.stream(BLOCK))
    finally:
        response.close()
        response.release_conn()


def seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def judged(name: str, pairs: list[tuple[float, float]]) -> Figure:
    """MB/s of the pair with the median ratio, ours beside the bare client's."""
    ours, bare = sorted(pairs, key=lambda pair: pair[1] / pair[0])[len(pairs) // 2]
    spread = ", ".join(f"{bare / ours:.2f}" for ours, bare in pairs)
    print(f"{name}: {spread}; median {statistics.median(b / o for o, b in pairs):.2f}", file=sys.stderr)
    return figure(name, SIZE / 1e6 / ours, "MB/s", baseline=SIZE / 1e6 / bare, at_least=AT_LEAST)


def main() -> int:
    puts: list[tuple[float, float]] = []
    gets: list[tuple[float, float]] = []
    with s3() as server, tempfile.TemporaryDirectory() as folder:
        client, store = server.client(), server.store(BUCKET, Path(folder))
        client.make_bucket(BUCKET)
        source = Path(folder, "source")
        stored = ""

        def put() -> None:
            nonlocal stored
            with source.open("rb") as file:
                stored = store.put_blob(file).sha256

        def get() -> None:
            assert sum(len(block) for block in store.open(blob_key(stored))) == SIZE

        # The first of each pays for connections, volumes and imports.
        fresh(source)
        put()
        bare_put(client, "bare", source)
        for number in range(PAIRS):
            store.remove(blob_key(stored))
            client.remove_object(BUCKET, "bare")
            fresh(source)
            acts: list[Callable[[], object]] = [put, lambda: bare_put(client, "bare", source)]
            puts.append(_pair(acts, backwards=number % 2 == 1))
            gets.append(_pair([get, lambda: bare_get(client, "bare")], backwards=number % 2 == 0))
    return report([judged("object-put-200-mb", puts), judged("object-get-200-mb", gets)])


def _pair(acts: list[Callable[[], object]], *, backwards: bool) -> tuple[float, float]:
    """Seconds of ours and of the bare one."""
    if backwards:
        bare = seconds(acts[1])
        return seconds(acts[0]), bare
    ours = seconds(acts[0])
    return ours, seconds(acts[1])


if __name__ == "__main__":
    sys.exit(main())
