"""Where a resource stands in the programme, as lines of its page whose parts lead to what stands there too."""

from dataclasses import dataclass

from service.library import placements, standing
from service.library.views import Place, ResourceView
from service.web.rendering import Page


@dataclass(frozen=True, slots=True)
class Line:
    """A placement. parts: (text, address or empty); proposed: nobody has confirmed it."""

    parts: list[tuple[str, str]]
    proposed: bool


def lines(page: Page, view: ResourceView, place: Place | None) -> list[Line]:
    """Of the revision that is shown. place: where its reader opens; a section leads there if it has sections."""
    vocabularies = page.door.services.vocabularies
    made = []
    for placed in placements.of(view.revision):
        said = standing.parts(placed.placement, vocabularies, page.language)
        parts = [(part.text, page.links.search(**part.filters) if part.filters else "") for part in said]
        if section := placed.placement.section:
            opens = place is not None and place.locator.kind == "section" and section <= place.count
            url = page.links.read(view.resource.id, kind="section", value=section) if opens else ""
            parts.append((page.speech("locator-section", value=section), url))
        if parts:
            made.append(Line(parts, placed.proposed))
    return made
