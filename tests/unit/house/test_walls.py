"""The import contracts of pyproject.toml hold."""

import subprocess
import sys
from pathlib import Path

from tests.unit.house.tree import ROOT


def test_imports_keep_the_contracts() -> None:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_contracts_see_a_wrong_import(tmp_path: Path) -> None:
    """Guards the test above: contracts that match nothing would pass for ever."""
    for package in ("service", "ingest", "search_mappings"):
        for source in (ROOT / package).rglob("*.py"):
            copy = tmp_path / source.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(source.read_bytes())
    wrong = tmp_path / "ingest" / "document.py"
    wrong.write_text(wrong.read_text(encoding="utf-8") + "\nimport service.model\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "ingest.document -> service.model" in result.stdout
