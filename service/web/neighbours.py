"""Addresses near a place of the reader, and what its places are called."""

from dataclasses import dataclass
from functools import cached_property

from ingest.document import Locator
from service.library.views import Place, ResourceView
from service.web.qualities import PARAMETER
from service.web.rendering import Page

ANCHOR = "at"
"""Query parameter with a place inside a section, by which the part that has it is found; browsers keep `#` to
themselves.
"""


@dataclass(frozen=True)
class Neighbours:
    """What is looked for, the chosen form (picture or text) and the chosen quality of a recording go along."""

    page: Page
    view: ResourceView
    place: Place
    text_only: bool
    quality: str = ""

    @cached_property
    def _titles(self) -> dict[Locator, str]:
        return {one.locator: one.title for one in reversed(self.place.contents) if one.locator.kind == "item"}

    def called(self, locator: Locator) -> str:
        """`Trang 12`; of a package's item its title."""
        return self.page.speech.place(locator, self._titles.get(locator, ""))

    def at(self, locator: Locator, file: int | None = None) -> str:
        return self._address(locator, file=file or self.place.file.number, text_only=self.text_only)

    def other_form(self) -> str:
        return self._address(self.place.locator, file=self.place.file.number, text_only=not self.text_only)

    def part(self, number: int) -> str:
        """Another part of the text of this place."""
        return f"{self.at(self.place.locator)}&part={number}"

    def picture(self, width: int) -> str:
        page = 1 if self.place.is_image else int(self.place.locator.value)
        return self.page.links.page_picture(self.view.resource.id, self.place.file.number, page, width)

    def in_quality(self, quality: str) -> str:
        """The recording in another form, at the same moment."""
        moment = self.place.locator if self.place.moment is None else Locator("second", self.place.moment)
        return self._address(moment, file=self.place.file.number, text_only=False, quality=quality)

    def _address(self, locator: Locator, *, file: int, text_only: bool, quality: str | None = None) -> str:
        url = self.page.links.read(
            self.view.resource.id, file=file, kind=locator.kind, value=locator.value, q=self.page.query
        )
        quality = self.quality if quality is None else quality
        url = f"{url}&{PARAMETER}={quality}" if quality else url
        return f"{url}&text=1" if text_only else url
