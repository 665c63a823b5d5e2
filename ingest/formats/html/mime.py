"""A web page saved as one MIME message (.mht, RFC 2557): the page in it, without what came along.

Word keeps pages that were pasted whole this way (altChunk).
"""

import email
import re

from ingest.formats import html
from ingest.formats.html import Html

_HEAD = 4096
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|body)[\s>]", re.IGNORECASE)
_MESSAGE = re.compile(rb"^mime-version:", re.IGNORECASE | re.MULTILINE)
_MOST_PARTS = 200


def read(data: bytes) -> Html | None:
    """The page, whether it stands alone or in a message; None where there is none."""
    head = data[:_HEAD]
    if _MESSAGE.search(head):
        try:
            waiting = [email.message_from_bytes(data)]
            for _ in range(_MOST_PARTS):
                if not waiting:
                    break
                part = waiting.pop(0)
                inner = part.get_payload()
                if isinstance(inner, list):
                    waiting = [*inner, *waiting]
                elif part.get_content_type() == "text/html":
                    return html.read(bytes(part.get_payload(decode=True) or b""))
        except (RecursionError, ValueError):
            # Parts in parts without end.
            return None
        return None
    return html.read(data) if _PAGE.search(head) else None
