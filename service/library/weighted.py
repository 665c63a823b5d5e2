"""What a resource says, with the weight of a word in each text: what `search/telling.py` chooses words from."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import takewhile

from service.errors import Unavailable
from service.library.documents import open_document
from service.library.services import Services
from service.library.views import ResourceView

# Of the text: the beginning of a book tells what it is about, and one block of a stored document is as long.
TEXT_CHARACTERS = 20_000
# What a word counts for beside one in the text.
TITLE, KEYWORD, DESCRIPTION, HEADING = 8.0, 8.0, 3.0, 2.0


def weighted(services: Services, view: ResourceView) -> Iterator[tuple[str, float]]:
    """What is said of it, and the beginning of what it says; while the store is away what is said of it alone."""
    weights = {"title": TITLE, "keyword": KEYWORD, "description": DESCRIPTION}
    yield from ((value.value, weights[value.field]) for value in view.revision.values if value.field in weights)
    key = next((one.document_key for one in view.readings.values() if one.document_key and one.passages), None)
    if key is None:
        return
    with suppress(Unavailable):
        document = open_document(services.objects, key)
        yield from ((entry.title, HEADING) for entry in document.head.contents)
        before = 0

        def room(text: str) -> bool:
            nonlocal before
            before += len(text)
            return before - len(text) < TEXT_CHARACTERS

        yield from ((text, 1.0) for text in takewhile(room, (passage.text for passage in document.passages())))
