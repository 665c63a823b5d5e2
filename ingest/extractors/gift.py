"""GIFT: a passage a question with what there is to choose, its answer in the margin."""

from ingest.document import Bundle, Document
from ingest.formats.questions.document import document

VERSION = "1"
MEDIA_TYPES = {"text/x-gift": 100}


def extract(bundle: Bundle) -> Document:
    """Read one set. Raises: TooExpensive(limit="size")."""
    return document(bundle.main, "text/x-gift")
