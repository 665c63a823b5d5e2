"""Schemathesis asks a real `serve` whatever the contract allows and what it does not: nothing breaks, all is told.

Checked of every answer: no 5xx, a status that is told, the content type, headers
and shape of the contract; good data is accepted, bad data refused, other methods
are 405. The cases are the same in each run; `tests/functional/schemathesis.toml`
bounds them.
"""

import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

from service.model import FACETS
from tests.conftest import Served, Shelf

ROOT = Path(__file__).parents[2]
FEWEST_CASES = 300
# Of one web process; schemathesis is the one that asks for much.
UNLIMITED = "10000000"


def told(library: Shelf, address: str) -> str:
    """What the hooks know of the library."""
    with urllib.request.urlopen(f"{address}/api/v1/search?q=daynhieu&size=5", timeout=30) as answer:
        found = json.load(answer)
    assert found["cursor"]
    terms = library.services.vocabularies.terms
    codes = {name: [row["value"] for row in found["facets"][name]] for name in FACETS}
    return json.dumps(
        {
            "ids": list(library.ids.values()),
            "facets": {name: listed or [*terms.get(name, {})][:5] for name, listed in codes.items()},
            "cursor": found["cursor"],
        }
    )


def test_no_fault_and_no_answer_that_is_not_told(library: Shelf, tmp_path: Path) -> None:
    with Served(library.home, HOCLIEU_SEARCHES_PER_MINUTE=UNLIMITED) as address:
        done = subprocess.run(
            [
                Path(sys.executable).with_name("schemathesis"),
                "--config-file",
                ROOT / "tests/functional/schemathesis.toml",
                "run",
                f"{address}/api/v1/openapi.json",
            ],
            env={**os.environ, "PYTHONPATH": str(ROOT), "SCHEMATHESIS_LIBRARY": told(library, address)},
            # It leaves its notes where it runs.
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    generated = re.search(r"(\d+) generated", said)
    assert generated, said
    assert int(generated[1]) >= FEWEST_CASES, said
