"""A question set as a document: a passage a question, its answer in the margin, categories as table of contents."""

from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

from ingest.document import ContentsEntry, Document, Extent, Locator, Passage, Value, Warning
from ingest.errors import BrokenFile
from ingest.formats.passages import passage, plain
from ingest.formats.questions import questions
from ingest.formats.questions.lines import Lines
from ingest.formats.questions.reading import text_of
from ingest.formats.questions.shape import MOST_QUESTIONS, About, Question
from ingest.formats.sections import MAX_CONTENTS
from ingest.vietnamese.language import main_language

# What a line of the table of contents shows of a question.
_BEGINNING_CHARACTERS = 80
_MOST_KEYWORDS = 40


def document(path: Path, media_type: str) -> Document:
    """Read one set. What only looks like one is a text (GIFT, Aiken), or is kept as what nobody reads.

    Raises: BrokenFile: nothing of it can be read; as the format's reader.
    """
    about, lines, made = About(), Lines(), _Made()
    for number, one in enumerate(questions(path, media_type, about), start=1):
        seen = lines.seen(one)
        found = passage(Locator("question", number), seen, lines.answer(one))
        if found is not None:
            made.add(found, one)
    if not made.passages:
        return _nothing(path, media_type, about)
    warnings = [Warning("broken-parts", {"parts": about.broken})] if about.broken else []
    if about.left_out:
        warnings.append(Warning("questions-left-out", {"read": MOST_QUESTIONS, "left_out": about.left_out}))
    return Document(
        media_type=media_type,
        metadata=(*about.values, *made.values(about.title)),
        language=main_language((one.language, len(one.text)) for one in made.passages),
        passages=tuple(made.passages),
        contents=tuple(made.contents[:MAX_CONTENTS]),
        warnings=tuple(warnings),
        extent=Extent(pages=len(made.passages)),
    )


def _nothing(path: Path, media_type: str, about: About) -> Document:
    if about.broken:
        raise BrokenFile(part="questions")
    if media_type.startswith("text/"):
        passages = plain(text_of(path))
        return Document("text/plain", language=passages[0].language if passages else None, passages=passages)
    return Document(media_type, warnings=(Warning("no-reader", {"media_type": media_type}),))


def _beginning(text: str) -> str:
    line = text.partition("\n")[0]
    if len(line) <= _BEGINNING_CHARACTERS:
        return line
    return f"{line[:_BEGINNING_CHARACTERS].rpartition(' ')[0] or line[:_BEGINNING_CHARACTERS]} …"


class _Made:
    """Passages and the table of contents as they grow; names of categories and tags, each once."""

    def __init__(self) -> None:
        self.passages: list[Passage] = []
        self.contents: list[ContentsEntry] = []
        self._keywords: dict[str, str] = {}
        self._category: tuple[str, ...] = ()
        # What the categories of all questions begin with; None before the first.
        self._common: tuple[str, ...] | None = None

    def add(self, found: Passage, one: Question) -> None:
        self.passages.append(found)
        self._common = one.category if self._common is None else _shared(self._common, one.category)
        same = len(_shared(self._category, one.category))
        for level, name in enumerate(one.category[same:], start=same + 1):
            self.contents.append(ContentsEntry(name, level, found.locator))
            self._keywords.setdefault(name, "category")
        self._category = one.category
        self.contents.append(ContentsEntry(_beginning(found.text), len(one.category) + 1, found.locator))
        if len(self._keywords) < _MOST_KEYWORDS:
            self._keywords.update((tag, "tags") for tag in one.tags)

    def values(self, title: str) -> list[Value]:
        """The set's own title, else the category that all of it stands in; keywords."""
        values = [Value("title", title, "head")] if title else []
        if self._common:
            values.append(Value("title", " – ".join(self._common), "heading"))
        named = [(name, where) for name, where in self._keywords.items() if name not in (self._common or ())]
        # Tags were chosen to be found by.
        named.sort(key=lambda one: one[1] != "tags")
        return [*values, *(Value("keyword", name, where) for name, where in named[:_MOST_KEYWORDS])]


def _shared(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
