"""One class a port, one subclass an engine: whatever stands behind a port behaves the same."""

from pathlib import Path

import pytest

# Contracts live beside the tests that run them; their assertions are to say as much as a test's own.
for _path in Path(__file__).parent.glob("[!_]*.py"):
    pytest.register_assert_rewrite(f"{__name__}.{_path.stem}")
