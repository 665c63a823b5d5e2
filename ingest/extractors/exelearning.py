"""eXeLearning: the project (.elp, .elpx) with its tree of pages; a web export by its pages.

An export with a manifest is read by that. `contentv3.xml` is the object tree
of the program up to 2.x, `content.xml` the pages of 3 and later.
"""

from collections.abc import Iterator
from typing import Any

from ingest.document import Bundle, ContentsEntry, Document, Locator, Passage, Value
from ingest.errors import BrokenFile
from ingest.formats import xml
from ingest.formats.packages import exe_project
from ingest.formats.packages.exe_project import Page
from ingest.formats.packages.parts import passage
from ingest.formats.zip import Members
from ingest.vietnamese.language import main_language

VERSION = "2"
MEDIA_TYPES = {"application/x-exelearning": 100}

_PROJECTS = ("contentv3.xml", "content.xml", "contentv2.xml")
_MOST_BYTES = 128 * 1024**2


def extract(bundle: Bundle) -> Document:
    """Read one project. Raises: BrokenFile: no project file that can be read; EncryptedFile; HostileArchive."""
    with Members(bundle.main) as members:
        root = _project(members)
    metadata, pages = exe_project.read(root)
    passages = list(_passages(pages))
    return Document(
        media_type="application/x-exelearning",
        metadata=tuple(Value(field, value, "project") for field, value in metadata),
        language=main_language((one.language, len(one.text)) for one in passages),
        passages=tuple(passages),
        contents=tuple(ContentsEntry(page.title, page.level, Locator("item", page.identifier)) for page in pages),
    )


def _project(members: Members) -> Any:
    for name in _PROJECTS:
        if name in members:
            return xml.parse(exe_project.without_doctype(members.read(name, most=_MOST_BYTES)))
    raise BrokenFile(part="manifest")


def _passages(pages: list[Page]) -> Iterator[Passage]:
    for page in pages:
        if (found := passage(page.identifier, page.title, page.text)) is not None:
            yield found
