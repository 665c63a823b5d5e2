"""The day out of a date as files write it: PDF, XMP, EXIF, IPTC, W3C, OpenDocument, vCards."""

import re

_DATE = re.compile(r"(?:D:)?(\d{4})[-:]?(\d\d)[-:]?(\d\d)")


def date_of(text: str) -> str:
    """The day of a date as YYYY-MM-DD; empty where there is none."""
    match = _DATE.match(text.strip())
    return "-".join(match.groups()) if match else ""
