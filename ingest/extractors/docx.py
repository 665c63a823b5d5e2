"""DOCX, DOTX and their macro kin: a passage a section, with notes, comments, boxes, charts and embedded files.

Walked over the XML itself. What was deleted is left out, what was inserted is
read. Long sections are cut later, by `segment`.
"""

from ingest.document import Bundle, ContentsEntry, Document, Locator
from ingest.formats.ooxml import sections, word
from ingest.formats.ooxml.office import LONGEST_TITLE, Reading
from ingest.formats.ooxml.package import opened
from ingest.formats.passages import passage
from ingest.formats.words import tidy

VERSION = "2"
MEDIA_TYPES = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": 100,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template": 100,
    "application/vnd.ms-word.document.macroEnabled.12": 100,
    "application/vnd.ms-word.template.macroEnabled.12": 100,
}


def extract(bundle: Bundle) -> Document:
    """Read one document. Raises: BrokenFile: no package, or its main part cannot be read."""
    with opened(bundle.main) as package:
        reading = Reading(package)
        text = word.read(package)
        cut = sections.cut(text.pieces)
        for number, section in enumerate(cut, start=1):
            locator = Locator("section", number)
            lines = [*section.lines, *reading.embedded.lines(package, section.embedded)]
            found = passage(locator, lines, dict.fromkeys(section.margins))
            if found is not None:
                reading.passages.append(found)
            if section.level and (title := tidy(section.title)[:LONGEST_TITLE]):
                reading.contents.append(ContentsEntry(title, section.level, locator))
            reading.see(locator, section.pictures)
        reading.title = tidy(text.title) or next((entry.title for entry in reading.contents[:1]), "")
        return reading.document()
