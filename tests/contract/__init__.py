"""One class a port, one subclass an engine: whatever stands behind a port behaves the same."""

import pytest

# Contracts live beside the tests that run them; their assertions are to say as much as a test's own.
for _name in ("catalogue_resources", "catalogue_jobs", "catalogue_parts", "catalogue_transactions", "object_store"):
    pytest.register_assert_rewrite(f"tests.contract.{_name}")
