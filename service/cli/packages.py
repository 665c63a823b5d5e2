"""Which Debian packages of the one list (`deploy/debian-packages.txt`) this machine lacks, for the doctor."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).parents[2] / "deploy" / "debian-packages.txt"
# What only the tests need is no illness of a library.
KINDS = ("required", "optional")
_LINE = re.compile(r"(?P<name>[a-z0-9.+-]+)\s+# (?P<kind>\w+): (?P<reason>.*)")


@dataclass(frozen=True, slots=True)
class Package:
    """reason: what needs it."""

    name: str
    reason: str


def wanted(source: Path = LIST) -> Iterator[Package]:
    """Packages that a running library wants; nothing where the list is not beside the code (an installed wheel)."""
    lines = source.read_text(encoding="utf-8").splitlines() if source.exists() else []
    for match in filter(None, map(_LINE.fullmatch, lines)):
        if match["kind"] in KINDS:
            yield Package(match["name"], match["reason"])


def missing(source: Path = LIST) -> list[Package]:
    """Those that dpkg does not have installed; empty on a machine without dpkg."""
    packages = list(wanted(source))
    query = shutil.which("dpkg-query")
    if query is None or not packages:
        return []
    names = [package.name for package in packages]
    said = subprocess.run(  # noqa: S603 - a fixed program, names from our own list
        [query, "-W", "-f", "${Package} ${db:Status-Status}\n", *names], capture_output=True, text=True, check=False
    )
    have = {line.split()[0] for line in said.stdout.splitlines() if line.endswith(" installed")}
    return [package for package in packages if package.name not in have]
