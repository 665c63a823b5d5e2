"""The real command in a process of its own, forked off one that has its imports, which take it a second each time.

`python -m tests.moving.commands` reads a line of JSON a command, runs it, and answers with its exit code.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib import import_module

SLOW = (
    "alembic.command",
    "ingest.sandbox",
    "minio",
    "pyrage",
    "service.adapters.database.postgresql",
    "service.adapters.database.sqlite",
    "service.adapters.index.tantivy",
    "service.adapters.objects.s3",
    "service.library.project",
)


class Commands:
    """Runs one command at a time, in English."""

    def __init__(self) -> None:
        # Read when the command line is imported, so it is the same for all.
        environment = {**os.environ, "HOCLIEU_LANGUAGE": "en"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str]:
        """Returns: the exit code, and what it said on both outputs."""
        assert self._process.stdin
        assert self._process.stdout
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as said:
            asked = {"arguments": list(arguments), "environment": dict(environment), "said": said.name}
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline()), said.read()

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


def serve() -> None:
    from service.cli import main

    for name in SLOW:
        import_module(name)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            os.environ.update(asked["environment"])
            nothing, said = os.open(os.devnull, os.O_RDONLY), os.open(asked["said"], os.O_WRONLY | os.O_APPEND)
            for descriptor, number in ((nothing, 0), (said, 1), (said, 2)):
                os.dup2(descriptor, number)
            # Ends as it ends by itself: with SystemExit through everything that is left to be closed.
            main(asked["arguments"], prog_name="hoclieu")
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    serve()
