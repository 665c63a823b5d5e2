"""Finding extractors."""

import logging

import pytest

from ingest import pipeline, registry
from ingest.document import Bundle, Document

VERSION = "7"
MEDIA_TYPES = {"application/pdf": 1000, "text/x-made-up": 1}


def extract(bundle: Bundle) -> Document:
    return Document("text/x-made-up")


def test_the_house_reads_pdf() -> None:
    found = registry.load().best("application/pdf")
    assert found is not None
    assert found.__name__ == "ingest.extractors.pdf"


def test_nobody_reads_what_nobody_declares() -> None:
    assert registry.load().best("application/x-nobody") is None


def test_the_highest_score_wins() -> None:
    found = registry.load([__name__]).best("application/pdf")
    assert found is not None
    assert found.__name__ == __name__


def test_a_broken_extractor_is_logged_and_skipped(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        readers = registry.load(["tests.no_such_module", "ingest.errors"])
    assert readers == registry.load()
    assert [record.message for record in caplog.records] == ["extractor-skipped"] * 2


def test_the_fingerprint_names_pipeline_extractors_and_library() -> None:
    parts = pipeline.fingerprint().split("+")
    assert parts[0] == f"pipeline-{pipeline.PIPELINE_VERSION}"
    assert any(part.startswith("pdf-") for part in parts)
    assert any(part.startswith("pymupdf-") for part in parts)
