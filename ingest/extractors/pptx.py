"""PPTX, PPSX, POTX and their macro kin: a passage a slide, with its notes, charts, diagrams and embedded files.

Walked over the XML itself. Footers and what layouts draw on every slide are
kept apart where they repeat; hidden slides are read and named.
"""

import re
from collections import Counter

from ingest.document import Bundle, ContentsEntry, Document, Locator, Warning
from ingest.formats.ooxml.office import LONGEST_TITLE, Reading, numbers
from ingest.formats.ooxml.package import opened
from ingest.formats.ooxml.presentation import Presentation, Slide, read
from ingest.formats.passages import passage
from ingest.formats.words import tidy

VERSION = "2"
MEDIA_TYPES = {
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": 100,
    "application/vnd.openxmlformats-officedocument.presentationml.slideshow": 100,
    "application/vnd.openxmlformats-officedocument.presentationml.template": 100,
    "application/vnd.ms-powerpoint.presentation.macroEnabled.12": 100,
    "application/vnd.ms-powerpoint.slideshow.macroEnabled.12": 100,
    "application/vnd.ms-powerpoint.template.macroEnabled.12": 100,
}

_DIGITS = re.compile(r"\d+")


def extract(bundle: Bundle) -> Document:
    """Read one presentation. Raises: BrokenFile: no package, or no slide that can be read."""
    with opened(bundle.main) as package:
        reading = Reading(package)
        presentation = read(package)
        repeated = _repeated(presentation.slides)
        silent = 0
        for slide in presentation.slides:
            locator = Locator("slide", slide.number)
            footers = list(dict.fromkeys(slide.footers))
            lines = [*slide.lines, *reading.embedded.lines(package, slide.embedded)]
            lines += (line for line in footers if _key(line) not in repeated)
            found = passage(locator, lines, (line for line in footers if _key(line) in repeated))
            if found is not None:
                reading.passages.append(found)
            silent += found is None and bool(slide.pictures)
            reading.see(locator, slide.pictures)
        reading.contents += _contents(presentation)
        reading.title = next((tidy(slide.title) for slide in presentation.slides[:1] if slide.title), "")
        reading.warnings += _warnings(presentation, silent)
        return reading.document(pages=presentation.count)


def _repeated(slides: list[Slide]) -> set[str]:
    """Footers that stand on more than one slide, and numbers alone, digits put aside."""
    counts = Counter(key for slide in slides for key in {_key(line) for line in slide.footers})
    return {key for key, count in counts.items() if count > 1 or not any(map(str.isalpha, key))}


def _key(line: str) -> str:
    return _DIGITS.sub("", tidy(line).casefold())


def _contents(presentation: Presentation) -> list[ContentsEntry]:
    """Titles of slides, under the parts that its author made of them."""
    level = 2 if presentation.parts else 1
    entries = [ContentsEntry(tidy(title), 1, Locator("slide", number)) for title, number in presentation.parts]
    entries += (
        ContentsEntry(tidy(slide.title)[:LONGEST_TITLE], level, Locator("slide", slide.number))
        for slide in presentation.slides
    )
    return sorted(
        (entry for entry in entries if entry.title), key=lambda entry: (int(entry.locator.value), entry.level)
    )


def _warnings(presentation: Presentation, silent: int) -> list[Warning]:
    total = presentation.count
    found: list[Warning] = []
    hidden = [slide.number for slide in presentation.slides if slide.hidden]
    if hidden:
        found.append(Warning("hidden-slides", {"count": len(hidden), "total": total, "slides": numbers(hidden)}))
    if silent:
        found.append(Warning("no-text-layer", {"pages": silent, "total": total}))
    return found
