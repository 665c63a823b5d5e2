"""QTI 1.2, 2 and 3, an item, a bank or a package of them: a passage a question, its answer in the margin."""

from ingest.document import Bundle, Document
from ingest.formats.questions.document import document

VERSION = "1"
MEDIA_TYPES = {"application/x-qti": 100}


def extract(bundle: Bundle) -> Document:
    """Read one set. Raises: BrokenFile; EncryptedFile; HostileArchive; TooExpensive."""
    return document(bundle.main, "application/x-qti")
