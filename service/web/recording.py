"""A recording as a page shows it: what the browser's player needs, and the transcript line by line."""

from dataclasses import dataclass

from markupsafe import Markup

from ingest.document import Locator
from service.library.views import Place, ResourceView
from service.model import FileEntry
from service.search.marking import Wanted
from service.web.neighbours import Neighbours
from service.web.prose import lines_of
from service.web.qualities import Quality
from service.web.rendering import Page

# Some four hours at half a minute a line; of what is longer the lines around the moment are shown.
MOST_LINES = 500

# What browsers since Chrome 64 play, as far as a type can tell; others are offered for taking away.
PLAYED = frozenset(
    (
        "video/mp4", "video/webm", "video/ogg", "video/quicktime", "video/3gpp",
        "audio/mpeg", "audio/mp4", "audio/aac", "audio/ogg", "audio/webm", "audio/wav", "audio/flac",
    )
)  # fmt: skip


SPEEDS = ("0.5", "0.75", "1", "1.25", "1.5", "2")
"""Times as fast, as a player's script reads them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A passage of the transcript. start: seconds; current: it runs at the moment that was asked for."""

    start: int
    place: Locator
    url: str
    text: Markup
    language: str | None
    current: bool


@dataclass(frozen=True, slots=True)
class Track:
    """Captions for the player. label: what its menu calls them."""

    url: str
    label: str
    language: str


@dataclass(frozen=True, slots=True)
class Player:
    """url: with the moment as a media fragment. shape: (width, height) in pixels, or None for sound alone.

    begins: the second at which the passage that was asked for begins, where the moment is that of a passage: places
    are whole seconds, and its first words are shown somewhat later.
    """

    url: str
    is_video: bool
    played: bool
    shape: tuple[int, int] | None
    tracks: tuple[Track, ...]
    begins: int | None = None


def transcript(place: Place, to: Neighbours, wanted: Wanted) -> list[Line]:
    """Lines with the words that were looked for marked; empty where nothing is said, or nothing runs."""
    found = [passage.locator for passage in place.running]
    wanted = wanted.settled(passage.text for passage in place.running)
    now = found.index(place.locator) if place.locator in found else 0
    start = max(0, min(now - MOST_LINES // 2, len(found) - MOST_LINES))
    return [
        Line(
            start=int(passage.locator.value),
            place=passage.locator,
            url=f"{to.at(passage.locator)}#now",
            text=Markup(" ").join(cell for cells in lines_of(passage.text, wanted) for cell in cells),
            language=passage.language,
            current=passage.locator == place.locator,
        )
        for passage in place.running[start : start + MOST_LINES]
    ]


def player(page: Page, view: ResourceView, place: Place, quality: Quality) -> Player:
    """The player of a recording in one of its forms, at the moment that was asked for."""
    url = quality.url
    reading = view.readings.get(place.file.number)
    extent = reading.extent if reading else None
    is_video = quality.is_film
    known = extent is not None and bool(extent.width_pixels and extent.height_pixels)
    return Player(
        url=f"{url}#t={place.moment}" if place.moment else url,
        is_video=is_video,
        played=quality.media_type in PLAYED,
        shape=(extent.width_pixels or 16, extent.height_pixels or 9) if extent and known and is_video else None,
        tracks=(
            *(_track(page, view, place, entry) for entry in place.captions),
            *(_inside(page, view, place, language) for language in place.captions_inside),
        ),
        begins=place.moment if place.passages and place.moment == place.locator.value else None,
    )


def _track(page: Page, view: ResourceView, place: Place, entry: FileEntry) -> Track:
    spoken = next((passage.language for passage in place.running if passage.language), None)
    return Track(
        url=page.links.captions(view.resource.id, entry.number),
        label=entry.name.rpartition(".")[0] or entry.name,
        language=spoken or view.revision.first("language") or "und",
    )


def _inside(page: Page, view: ResourceView, place: Place, language: str) -> Track:
    return Track(
        url=page.links.captions(view.resource.id, place.file.number, language),
        label=page.labels.of("language", language),
        language=language,
    )
