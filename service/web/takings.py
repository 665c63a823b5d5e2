"""In which forms a file, or all of them, can be taken away beside the original: PDF, words alone, one zip."""

from dataclasses import dataclass

from service.errors import Unavailable
from service.http.zipped import Zip
from service.library import printing, shown
from service.library.views import OpenedFile, ResourceView
from service.model import FileEntry, Revision
from service.ports import blob_key
from service.web import qualities
from service.web.rendering import Page


@dataclass(frozen=True, slots=True)
class Taking:
    """A form. size_bytes: None where it is not known before it is made."""

    text: str
    url: str
    size_bytes: int | None = None


def of_file(page: Page, view: ResourceView, entry: FileEntry) -> list[Taking]:
    """Forms of a main file of the published revision; none of another role's."""
    reading = view.readings.get(entry.number)
    if reading is None:
        return []
    t, links, asked = page.speech, page.links, view.resource.id
    try:
        sheets = printing.offered(page.door.services, entry, reading)
    except Unavailable:
        # The store of files is away: what it would hold is not offered.
        sheets = ()
    made = [
        Taking(t("take-pdf-four" if sheet == printing.FOUR else "take-pdf"), links.printed(asked, entry.number, sheet))
        for sheet in sheets
        if printing.key_of(entry, sheet) != blob_key(entry.sha256)
    ]
    if shown.is_recording(entry):
        smaller = qualities.of_file(page.door.services, page, asked, entry)[:-1]
        made.extend(Taking(t(f"take-{one.name}"), one.url, one.size_bytes) for one in smaller)
    if reading.passages and reading.error is None:
        made.append(Taking(t("take-text"), links.text(asked, entry.number)))
    return made


def of_all(page: Page, view: ResourceView, pinned: int | None) -> Taking | None:
    """All files of the revision as one zip; None where there is one file."""
    revision: Revision = view.revision
    if len(revision.files) < 2:
        return None
    files = [OpenedFile(entry, blob_key(entry.sha256)) for entry in revision.files]
    size = Zip.of(page.door.services, revision, files).size_bytes
    text = page.speech("take-all", size=page.speech.size(size))
    return Taking(text, page.links.files_zip(view.resource.id, pinned), size)
