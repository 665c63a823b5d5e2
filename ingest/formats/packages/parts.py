"""Put passages of a package together: text with its item's title, language by passage, strokes put right."""

from ingest.document import Locator, Passage
from ingest.formats.words import visible
from ingest.vietnamese.language import detect
from ingest.vietnamese.letters import with_strokes


def passage(item: str, title: str, text: str) -> Passage | None:
    """The passage of one item, its title before its text unless the text begins with it; None where both are empty."""
    if title and not text.casefold().startswith(title.casefold()):
        text = f"{title}\n{text}"
    text = visible(text).strip()
    if not text:
        return None
    language = detect(text)
    return Passage(Locator("item", item), with_strokes(text) if language == "vi" else text, language)
