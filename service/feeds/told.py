"""A resource as feeds tell it: its record, which of its files are the thing itself, and its cover."""

from dataclasses import dataclass

from service.crosswalks import File, Record
from service.feeds.asked import Asked
from service.library import look, records
from service.library.views import ResourceView

OPEN_ACCESS = "http://opds-spec.org/acquisition/open-access"
ACQUISITION = "http://opds-spec.org/acquisition"


@dataclass(frozen=True, slots=True)
class Told:
    """acquired: the files that readers come for. cover: the address of a JPEG, empty where there is none (yet)."""

    id: str
    record: Record
    acquired: tuple[File, ...]
    cover: str

    @property
    def acquisition(self) -> str:
        """How the files are had: open for whoever takes them, or free of charge under more conditions."""
        licence = self.record.licence
        return OPEN_ACCESS if licence is not None and licence.same.get("open") == "yes" else ACQUISITION

    @property
    def licence_url(self) -> str:
        licence = self.record.licence
        return licence.same.get("uri", "") if licence else ""


def told(asked: Asked, view: ResourceView) -> Told:
    """Everything is as the public sees it: a record names files only where everybody may take them."""
    drawn = look.has_wide_thumbnail(asked.door.services, view) is not None
    record = records.record(asked.door.services, asked.links, view, thumbnail=drawn)
    main = {entry.number for entry in view.revision.main_files}
    # What was harvested is had where it is.
    link = view.revision.first("link") if not main else None
    numbered = zip(record.files, view.revision.files, strict=False)
    return Told(
        id=view.resource.id,
        record=record,
        acquired=(File(link, "text/html", 0, ""),)
        if link
        else tuple(file for file, entry in numbered if entry.number in main),
        cover=asked.links.cover(view.resource.id) if drawn else "",
    )
