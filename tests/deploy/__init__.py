"""What `deploy/` is for other machines, looked at by the tools that read it there."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.unit.house.tree import ROOT

DEPLOY = ROOT / "deploy"
SITE = "lib.example.vn"


def tool(name: str) -> str:
    """A program of this environment or of Debian. Skips with its name where there is none."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name, path="/usr/sbin:/usr/bin:/bin")
    if found is None:
        pytest.skip(f"{name} is not on this machine: `make setup` as root installs it (deploy/debian-packages.txt)")
    return found
