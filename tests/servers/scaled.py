"""All three servers of a large library under one command: `python -m tests.servers.scaled FOLDER COMMAND…`.

PostgreSQL, S3 and OpenSearch on folders below FOLDER; the command finds their
settings in its environment and a home folder beside them. The servers start
before it and end after it, however it ends.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.opensearch.node import CannotRun
from tests.servers.leash import with_parent
from tests.servers.opensearch import opensearch
from tests.servers.postgresql import postgresql
from tests.servers.s3 import s3

NAME = "hoclieu"
"""Of the database, the bucket and the indexes."""


@contextmanager
def scaled(folder: Path, heap: str = "400m") -> Iterator[dict[str, str]]:
    """Gives the settings of a library on the three. folder: kept. heap: OpenSearch's, as -Xmx has it."""
    with (
        postgresql(folder / "postgresql") as database,
        s3(folder / "s3") as store,
        opensearch(folder=folder / "opensearch", heap=heap) as index,
    ):
        if not store.client().bucket_exists(NAME):
            store.client().make_bucket(NAME)
        yield {
            "HOCLIEU_HOME": str(folder / "home"),
            "HOCLIEU_DATABASE_URL": database.named(NAME),
            **store.environment(NAME),
            **index.environment(NAME),
        }


def main(folder: Path, command: Sequence[str]) -> int:
    """Run the command on the three. Returns: its exit code."""
    process: subprocess.Popen[bytes] | None = None

    def stop(number: int, _frame: object) -> None:
        if process is None:
            # The servers are still on their way; their blocks end them.
            raise KeyboardInterrupt
        process.send_signal(number)

    signal.signal(signal.SIGTERM, stop)
    with scaled(folder) as settings:
        # At a terminal Ctrl+C reaches the command by itself, and twice does no harm.
        signal.signal(signal.SIGINT, stop)
        process = subprocess.Popen(command, env={**os.environ, **settings}, preexec_fn=with_parent())
        return process.wait()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("python -m tests.servers.scaled FOLDER COMMAND…")
    try:
        sys.exit(main(Path(sys.argv[1]).absolute(), sys.argv[2:]))
    except CannotRun as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(1)
