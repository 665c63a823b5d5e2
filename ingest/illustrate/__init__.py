"""Show a file: a page as WebP, and a page's words with their places to lay over it; a chapter as HTML.

Asked for picture by picture, after reading: a thumbnail when something is
published, a page when a reader opens it. Runs in the sandbox's children only.

One module a kind. Who adds a kind names its module in one of the two lists
here; the library follows from `ILLUSTRATED` (has a thumbnail) and `PAGED`
(its pages can be turned as pictures). Kinds in `CONVERTED` are made into a PDF
first, by `converted`, which whoever asks keeps and then turns the pages of;
of `SLIDES` every slide is such a page. Those in `CHAPTERED` are shown section by
section as HTML, with their pictures one by one (`chapters`). Heavy libraries are imported inside the
modules' functions, because web processes read these lists.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from ingest.errors import NoReader
from ingest.illustrate import book, chapters, office, pdf, raster, recording, svg
from ingest.illustrate.cards import card, initials
from ingest.illustrate.office import SHEETS, SLIDES, converted
from ingest.illustrate.printed import printed
from ingest.illustrate.webp import MAX_PIXELS, MAX_SIDE

__all__ = [
    "CHAPTERED", "CONVERTED", "ILLUSTRATED", "MAX_PIXELS", "MAX_SIDE", "PAGED", "QUESTIONS", "SHEETS", "SLIDES",
    "Drawer", "PagedDrawer", "card", "chapters", "converted", "initials", "layer", "picture", "printed",
]  # fmt: skip


class Drawer(Protocol):
    """A module that draws some media types; page 1 stands for the whole file."""

    @property
    def MEDIA_TYPES(self) -> tuple[str, ...]: ...  # noqa: N802 - a module's constant

    def picture(self, path: Path, *, media_type: str, page: int, width: int) -> bytes:
        """As `ingest.illustrate.picture`."""
        ...


class PagedDrawer(Drawer, Protocol):
    """A module that draws every page of `Extent.pages` and knows where its words are."""

    def layer(self, path: Path, *, media_type: str, page: int) -> dict[str, Any]:
        """As `ingest.illustrate.layer`."""
        ...


PAGED_DRAWERS: tuple[PagedDrawer, ...] = (pdf,)
DRAWERS: tuple[Drawer, ...] = (*PAGED_DRAWERS, book, office, raster, svg, recording)

_PAGED: Mapping[str, PagedDrawer] = {kind: drawer for drawer in PAGED_DRAWERS for kind in drawer.MEDIA_TYPES}
_ALL: Mapping[str, Drawer] = {kind: drawer for drawer in DRAWERS for kind in drawer.MEDIA_TYPES}

PAGED = frozenset(_PAGED)
"""Media types whose pages can be shown as pictures, with their words over them."""

ILLUSTRATED = frozenset(_ALL)
"""Media types that have something to show."""

CONVERTED = frozenset(office.MEDIA_TYPES)
"""Media types whose pictures are those of a PDF that is made first."""

CHAPTERED = frozenset(chapters.MEDIA_TYPES)
"""Media types whose sections, or questions, are shown as HTML."""

QUESTIONS = frozenset(chapters.QUESTIONS)
"""Those of CHAPTERED whose places are questions."""


def picture(path: Path, *, media_type: str, page: int, width: int) -> bytes:
    """Page `page` (from 1) as WebP, `width` pixels wide; narrower where it would pass 100 megapixels, and where
    pictures and films have fewer pixels than that.

    Raises: NoReader: nothing draws this kind; BrokenFile: no such page, or it cannot be drawn; EncryptedFile;
    TooExpensive; ToolMissing.
    """
    if (drawer := _ALL.get(media_type)) is None:
        raise NoReader(media_type=media_type)
    return drawer.picture(path, media_type=media_type, page=page, width=width)


def layer(path: Path, *, media_type: str, page: int) -> dict[str, Any]:
    """Words of a page with their boxes, in reading order, spelt as in the passage's text.

    Returns: {"aspect": width / height, "lines": [[[text, left, top, right, bottom], …], …]}; boxes are
    fractions of the page as it is shown.
    Raises: as `picture`.
    """
    if (drawer := _PAGED.get(media_type)) is None:
        raise NoReader(media_type=media_type)
    return drawer.layer(path, media_type=media_type, page=page)
