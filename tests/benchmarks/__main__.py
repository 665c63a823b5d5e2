"""Every benchmark that needs no server, one after another, each in a process of its own: `make bench`.

A benchmark is a module of this folder that can be run; one that needs a
server says `NEEDS_SERVER = True` and is left to its own target. Lines that
are not figures go to standard error. Exit 1 when any limit was missed.

    python -m tests.benchmarks [NAME…]
"""

import re
import subprocess
import sys
import time
from pathlib import Path

FOLDER = Path(__file__).parent


def benchmarks() -> list[str]:
    """Names of the runnable modules, without those that need a server."""
    names = []
    for path in sorted(FOLDER.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        runnable = '__name__ == "__main__"' in text
        if path.stem != "__main__" and runnable and not re.search(r"^NEEDS_SERVER = True", text, re.MULTILINE):
            names.append(path.stem)
    return names


def main(names: list[str]) -> int:
    missed = []
    for name in names or benchmarks():
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
