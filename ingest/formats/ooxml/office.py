"""What the three readers of office files do alike: pictures, properties, what went wrong.

They differ in how a file is cut into places; the rest of a `Document` comes
from here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ingest.document import ContentsEntry, Document, Extent, Locator, Passage, Picture, Value, Warning
from ingest.formats.images import image_size
from ingest.formats.ooxml import properties
from ingest.formats.ooxml.embedded import Embedded
from ingest.formats.ooxml.package import Package
from ingest.vietnamese.language import main_language

# Bullets, rules and logos are no pictures to speak of.
_PICTURE_PIXELS = 32
_MAX_CONTENTS = 10_000
LONGEST_TITLE = 200


@dataclass(slots=True)
class Reading:
    """What a reader gathers place by place. embedded: reads what is embedded at a place."""

    package: Package
    embedded: Embedded = field(default_factory=Embedded)
    passages: list[Passage] = field(default_factory=list)
    contents: list[ContentsEntry] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)
    title: str = ""
    _seen: set[str] = field(default_factory=set)

    def see(self, locator: Locator, parts: Iterable[str]) -> None:
        """Count the pictures in these parts, each at the first place that shows it."""
        for part in parts:
            if not part or part in self._seen:
                continue
            self._seen.add(part)
            size = image_size.size(self.package.head(part, image_size.HEAD_BYTES))
            if size and min(size) >= _PICTURE_PIXELS:
                self.pictures.append(Picture(locator, *size))

    def document(self, *, pages: int | None = None) -> Document:
        """The document, as far as a reader can say it. pages: slides or sheets."""
        values = [*properties.read(self.package)]
        if self.title:
            values.append(Value("title", self.title[:LONGEST_TITLE], "heading"))
        return Document(
            media_type=self.package.media_type,
            metadata=tuple(values),
            language=main_language((passage.language, len(passage.text)) for passage in self.passages),
            passages=tuple(self.passages),
            contents=tuple(self.contents[:_MAX_CONTENTS]),
            pictures=tuple(self.pictures),
            warnings=(*self.warnings, *self._faults()),
            extent=Extent(pages=pages),
        )

    def _faults(self) -> Iterator[Warning]:
        if self.package.broken:
            yield Warning("broken-parts", {"parts": len(self.package.broken)})
        if self.embedded.unread:
            yield Warning("unread-objects", {"objects": self.embedded.unread})
        if self.package.has_macros:
            yield Warning("macros")


def numbers(found: Iterable[int]) -> str:
    """Numbers as people list them: 1, 3–5."""
    runs: list[list[int]] = []
    for number in sorted(found):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)
