"""A passage out of lines of text: NFC, sane white space, its language, Vietnamese strokes.

What every reader of running text does last, so that a word looks the same
whatever file it came from.
"""

from collections.abc import Iterable

from ingest.document import Locator, Passage
from ingest.formats.words import visible
from ingest.vietnamese.language import detect
from ingest.vietnamese.letters import with_strokes


def passage(locator: Locator, lines: Iterable[str], marginal: Iterable[str] = ()) -> Passage | None:
    """A passage of these lines; None where they hold nothing to read."""
    text = _flowing(lines)
    if not text:
        return None
    language = detect(text)
    beside = _flowing(marginal)
    if language == "vi":
        text, beside = with_strokes(text), with_strokes(beside)
    return Passage(locator, text, language, beside)


def _flowing(lines: Iterable[str]) -> str:
    text = visible("\n".join(lines))
    return "\n".join(filter(None, [" ".join(line.split()) for line in text.split("\n")]))
