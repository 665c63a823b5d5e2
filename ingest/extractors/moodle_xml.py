"""Moodle XML: a passage a question with its category and tags, its answer in the margin."""

from ingest.document import Bundle, Document
from ingest.formats.questions.document import document

VERSION = "1"
MEDIA_TYPES = {"application/x-moodle-xml": 100}


def extract(bundle: Bundle) -> Document:
    """Read one set. Raises: BrokenFile; TooExpensive(limit="size")."""
    return document(bundle.main, "application/x-moodle-xml")
