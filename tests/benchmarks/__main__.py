"""Every benchmark that needs no server, one after another, each in a process of its own: `make bench`.

A benchmark is a module of this folder that can be run; one that needs a
server says `NEEDS_SERVER = True`, starts it itself, and runs with `--scaled`:
`make bench-scaled`; one that says `BY_NAME = True` runs only when it is named.
Lines that are not figures go to standard error. Exit 1
when any limit was missed.

    python -m tests.benchmarks [--scaled] [NAME…]
"""

import re
import subprocess
import sys
import time
from pathlib import Path

FOLDER = Path(__file__).parent


SCALED = "--scaled"


def benchmarks(*, scaled: bool = False) -> list[str]:
    """Names of the runnable modules: those that need no server, or those that do."""
    names = []
    for path in sorted(FOLDER.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        runnable = '__name__ == "__main__"' in text
        if (
            path.stem != "__main__"
            and runnable
            and not re.search(r"^BY_NAME = True", text, re.MULTILINE)
            and bool(re.search(r"^NEEDS_SERVER = True", text, re.MULTILINE)) == scaled
        ):
            names.append(path.stem)
    return names


def main(arguments: list[str]) -> int:
    missed = []
    names = [word for word in arguments if word != SCALED]
    for name in names or benchmarks(scaled=SCALED in arguments):
        began = time.monotonic()
        code = subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}"], check=False).returncode
        print(f"{name}: {time.monotonic() - began:.0f} s, exit {code}", file=sys.stderr, flush=True)
        if code:
            missed.append(name)
    if missed:
        print(f"Missed or failed: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
