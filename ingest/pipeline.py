"""The way of a bundle to a document: sniff -> extract -> describe -> segment -> privacy -> illustrate.

    sniff       what the bytes are                            ingest/sniff.py
    extract     the best extractor of that media type         ingest/extractors/
    describe    one good title, clean values, sane dates      ingest/describe.py
    segment     passages a reader can be sent to              ingest/segment.py
    privacy     lists of pupils and staff, by place           ingest/privacy/
    illustrate  pages as pictures and words, when asked for   ingest/illustrate/

`read` does the first five, inside a child of the sandbox. A kind without a
reader is no error: it is kept, called by its name, and says so.
"""

import logging
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib import metadata
from pathlib import Path

from ingest import registry
from ingest.describe import describe
from ingest.document import Bundle, Document, Warning
from ingest.errors import BrokenFile, EmptyFile, EncryptedFile
from ingest.registry import Registry
from ingest.segment import segment
from ingest.sniff import UNKNOWN, sniff

log = logging.getLogger(__name__)

PIPELINE_VERSION = "4"
"""Raise it when sniff, describe, segment, privacy or what they stand on changes what comes out."""

_BLOCK_BYTES = 1024 * 1024

# Libraries whose version changes what is read.
_LIBRARIES = ("libarchive-c", "lxml", "markdown-it-py", "pillow", "pillow-heif", "pymupdf")


def read(bundle: Bundle, readers: Registry) -> Document:
    """Read a bundle into a document.

    Raises: EmptyFile, BrokenFile, EncryptedFile, ToolMissing: what the file or the machine is to blame for.
    """
    # Here, because web processes import this module for the fingerprint alone.
    from ingest import privacy

    if bundle.main.stat().st_size == 0:
        raise EmptyFile
    sniffed = sniff(bundle.main, bundle.name)
    if sniffed.media_type == "application/x-ole-encrypted":
        raise EncryptedFile
    if sniffed.media_type == UNKNOWN and _is_nothing_but_zeros(bundle.main):
        raise BrokenFile(part="zeros")
    extractor = readers.best(sniffed.media_type)
    document = extractor.extract(bundle) if extractor is not None else _unread(sniffed.media_type)
    document = segment(describe(document, bundle.name))
    return replace(
        document,
        media_type=document.media_type or sniffed.media_type,
        warnings=(*sniffed.warnings, *document.warnings),
        findings=privacy.find(document, bundle.name),
    )


def _is_nothing_but_zeros(path: Path) -> bool:
    """What a failing disk or a copy that was broken off leaves: the size is right, and nothing is there."""
    with path.open("rb") as source:
        return not any(block.strip(b"\0") for block in iter(lambda: source.read(_BLOCK_BYTES), b""))


def _unread(media_type: str) -> Document:
    if media_type == UNKNOWN:
        return Document(media_type, warnings=(Warning("unknown-format"),))
    return Document(media_type, warnings=(Warning("no-reader", {"media_type": media_type}),))


@cache
def fingerprint() -> str:
    """Names everything that decides what comes out; a document read under another one is stale."""
    return _fingerprint(registry.load().versions())


def _fingerprint(versions: Iterable[tuple[str, str]]) -> str:
    parts = [f"pipeline-{PIPELINE_VERSION}", *(f"{name}-{version}" for name, version in versions)]
    return "+".join(parts + [f"{library}-{metadata.version(library)}" for library in _LIBRARIES])
