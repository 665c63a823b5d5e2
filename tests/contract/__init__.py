"""One class a port, one subclass an engine: whatever stands behind a port behaves the same."""

import pytest

# Contracts live beside the tests that run them; their assertions are to say as much as a test's own.
_CATALOGUE = (
    "catalogue_resources", "catalogue_jobs", "catalogue_parts", "catalogue_sketches", "catalogue_transactions",
)  # fmt: skip
for _name in (*_CATALOGUE, "object_store", "search_index"):
    pytest.register_assert_rewrite(f"tests.contract.{_name}")
