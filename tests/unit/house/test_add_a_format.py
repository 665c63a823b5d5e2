"""The page that shows how a format is added does add it: every block of it, applied to a copy of the code."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.unit.house.tree import ROOT

_BLOCK = re.compile(r"^```\w+ (?P<path>\S+)(?: (?P<table>\w+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def _apply(block: re.Match[str], folder: Path) -> None:
    """A file, or a row at the end of a table of a module that is there."""
    path = folder / block["path"]
    if block["table"] is None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block["text"], encoding="utf-8")
        return
    source = path.read_text(encoding="utf-8")
    added, times = re.subn(
        rf"^({block['table']}\b.*?)^(?=\))", lambda table: table[1] + block["text"], source, count=1, flags=re.M | re.S
    )
    assert times == 1
    path.write_text(added, encoding="utf-8")


def test_the_page_adds_a_format(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "add-a-format.md").read_text(encoding="utf-8")
    blocks = list(_BLOCK.finditer(page))
    assert len(blocks) == page.count("\n```") / 2 == 5
    shutil.copytree(ROOT / "ingest", tmp_path / "ingest", ignore=shutil.ignore_patterns("__pycache__"))
    for block in blocks:
        _apply(block, tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    golden = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-c",
        os.devnull,
        "--rootdir",
        ".",
        "-p",
        "no:cacheprovider",
        "tests",
    ]
    done = subprocess.run(golden, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    command = [sys.executable, "-m", "ingest", "lesson.cards"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    document = json.loads(done.stdout)
    assert document["error"] is None
    assert document["warnings"] == []
    assert [passage["locator"] for passage in document["passages"]] == [
        {"kind": "question", "value": n} for n in (1, 2)
    ]
