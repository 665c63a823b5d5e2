"""A resource as feeds tell it: its record, which of its files are the thing itself, where it lies, and its cover."""

from dataclasses import dataclass

from service.crosswalks import File, Record, is_web
from service.feeds.asked import Asked
from service.library import look, records
from service.library.address import host
from service.library.views import ResourceView

OPEN_ACCESS = "http://opds-spec.org/acquisition/open-access"
ACQUISITION = "http://opds-spec.org/acquisition"


@dataclass(frozen=True, slots=True)
class Told:
    """page: its page here. elsewhere: the address of what lies in another place; empty for what is here.

    acquired: the files that readers come for; of what has none the page that leads to it, of no size and checksum.
    cover: the address of a JPEG, empty where there is none (yet). extent: how long it is, in words; empty where nobody
    counted.
    """

    id: str
    record: Record
    page: str
    elsewhere: str
    acquired: tuple[File, ...]
    cover: str
    extent: str

    @property
    def acquisition(self) -> str:
        """How the files are had: open for whoever takes them, or under more conditions.

        What lies elsewhere is never said to be had without any: that is known there alone.
        """
        licence = self.record.licence
        free = licence is not None and licence.same.get("open") == "yes" and all(file.sha256 for file in self.acquired)
        return OPEN_ACCESS if free else ACQUISITION

    @property
    def licence_url(self) -> str:
        licence = self.record.licence
        return licence.same.get("uri", "") if licence else ""


def told(asked: Asked, view: ResourceView) -> Told:
    """Everything is as the public sees it: a record names files only where everybody may take them."""
    drawn = look.has_wide_thumbnail(asked.door.services, view) is not None
    record = records.record(asked.door.services, asked.links, view, thumbnail=drawn)
    page = asked.links.resource(view.resource.id)
    main = {entry.number for entry in view.revision.main_files}
    numbered = zip(record.files, view.revision.files, strict=False)
    files = tuple(file for file, entry in numbered if entry.number in main)
    elsewhere = _elsewhere(view) if not main else ""
    return Told(
        id=view.resource.id,
        record=record,
        page=page,
        elsewhere=elsewhere,
        # A reading program takes no entry without an acquisition; it opens a page in a browser.
        acquired=files or (File(elsewhere or page, "text/html", 0, "", _leads(asked, view, elsewhere)),),
        cover=asked.links.cover(view.resource.id) if drawn else "",
        extent=asked("extent-page" if record.pages == 1 else "extent-pages", count=record.pages)
        if record.pages
        else "",
    )


def _elsewhere(view: ResourceView) -> str:
    """What was harvested, or is only described, is had where it is."""
    link = view.revision.first("link") or ""
    return link if is_web(link) else ""


def _leads(asked: Asked, view: ResourceView, elsewhere: str) -> str:
    """What the link is called that leads there; empty for the page here."""
    return asked("feed-elsewhere", source=view.revision.first("source") or host(elsewhere)) if elsewhere else ""
