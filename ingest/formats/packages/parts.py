"""The passage of a part of a package: its text under its item's title."""

from ingest.document import Locator, Passage
from ingest.formats.passages import tidy_passage
from ingest.formats.words import visible


def passage(item: str, title: str, text: str) -> Passage | None:
    """The passage of one item, its title before its text unless the text begins with it; None where both are empty."""
    if title and not text.casefold().startswith(title.casefold()):
        text = f"{title}\n{text}"
    text = visible(text).strip()
    return tidy_passage(Locator("item", item), text) if text else None
