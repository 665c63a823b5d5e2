"""What whoever looks at a resource is told of its files: warnings of the reading that matter to a reader.

The operator sees all of them; the others are for whoever hands in and looks after the file.
"""

from ingest.document import Warning
from service.library.permissions import allows
from service.library.views import ResourceView
from service.model import Principal

FOR_READERS = frozenset(
    (
        # What stands in the file and is not found, or is not all of it.
        "no-reader", "unknown-format", "no-text-layer", "watermark-only", "unmapped-text", "broken-pages",
        "broken-parts", "unread-objects", "documents-inside", "archive-kept", "sheets-cut", "captions-are-pictures",
        "missing-pictures", "damaged-picture", "picture-too-large", "repaired",
        # What a show or a program does not show, and the search finds.
        "hidden-slides", "hidden-sheets",
        # What to know before it is downloaded and opened.
        "wrong-extension", "macros", "flash-not-run", "program-not-run",
    )
)  # fmt: skip


def notices(principal: Principal, view: ResourceView, number: int) -> tuple[Warning, ...]:
    """Warnings about one file of a resource that the principal sees; none where it was not read."""
    reading = view.readings.get(number)
    if reading is None:
        return ()
    everything = allows(principal, view.resource, view.revision, "publish")
    return tuple(warning for warning in reading.warnings if everything or warning.code in FOR_READERS)
