"""A passage out of lines of text: NFC, sane white space, its language, Vietnamese strokes.

What every reader of running text does last, so that a word looks the same
whatever file it came from.
"""

from collections.abc import Iterable

from ingest.document import Locator, Passage
from ingest.formats.rows import cleaned
from ingest.formats.words import visible
from ingest.vietnamese.language import detect
from ingest.vietnamese.letters import with_strokes


def passage(locator: Locator, lines: Iterable[str], marginal: Iterable[str] = ()) -> Passage | None:
    """A passage of these lines; None where they hold nothing to read."""
    text = _flowing(lines)
    return tidy_passage(locator, text, _flowing(marginal)) if text else None


def tidy_passage(locator: Locator, text: str, marginal: str = "") -> Passage:
    """Text that is visible and tidy already as a passage: its language told, its letters those of that language."""
    language = detect(text)
    if language == "vi":
        text, marginal = with_strokes(text), with_strokes(marginal)
    return Passage(locator, text, language, marginal)


def plain(text: str) -> tuple[Passage, ...]:
    """A text without structure as one section, a line a paragraph; none where it holds nothing to read."""
    lines = [line for raw in visible(text).split("\n") if (line := " ".join(raw.split()))]
    return (tidy_passage(Locator("section", 1), "\n".join(lines)),) if lines else ()


def _flowing(lines: Iterable[str]) -> str:
    text = visible("\n".join(lines))
    return "\n".join(filter(None, [cleaned(line) for line in text.split("\n")]))
