"""Where metadata values come from, which of them win, and what makes a revision valid.

Every value keeps its origin. For a field with one value the better origin
wins: what a person said, then a sheet, then a source, then the file itself,
then the machine's guess. Repeatable fields collect, each value from its best origin.
"""

from collections.abc import Iterable, Sequence

from ingest.document import Document
from service.model import Revision, Value

SINGLE = frozenset({"title", "description", "language", "type", "licence", "publisher", "created"})
RANK = {"person": 0, "sheet": 1, "source": 2, "file": 3, "machine": 4}
VALID = ("title", "language", "type", "licence")
"""What an operator's batch needs to publish; the owner is always there."""

# Where no file, sheet or option says: type by media kind.
TYPES = (
    ("application/pdf", "other"),
    ("video/", "video"),
    ("audio/", "audio"),
    ("image/", "image"),
    ("application/vnd.ms-powerpoint", "presentation"),
    ("application/vnd.openxmlformats-officedocument.presentationml", "presentation"),
    ("application/vnd.oasis.opendocument.presentation", "presentation"),
    ("application/x-scorm", "simulation"),
    ("application/x-imscp", "simulation"),
    ("application/x-imscc", "simulation"),
    ("application/x-exelearning", "simulation"),
    ("application/x-h5p", "simulation"),
    ("application/x-html5-simulation", "simulation"),
    ("application/vnd.geogebra", "simulation"),
    ("application/x-shockwave-flash", "simulation"),
)


def of_document(document: Document) -> tuple[Value, ...]:
    """What reading says, and the defaults that count as valid."""
    values = [
        Value(
            field=value.field,
            value=value.value,
            origin="machine" if value.where in ("name", "detected") else "file",
            language=value.language,
            where=value.where,
        )
        for value in document.metadata
    ]
    kind = next((type for prefix, type in TYPES if document.media_type.startswith(prefix)), "other")
    values.append(Value("type", kind, "machine", where="media-type"))
    values.append(Value("language", document.language or "und", "machine", where="detected"))
    return tuple(values)


def merge(*groups: Iterable[Value]) -> tuple[Value, ...]:
    """All groups in one: the best origin of a single field, each distinct value of a repeatable one.

    The same group merged again changes nothing; among equal origins the later group wins
    (a file read again, an option given again).
    """
    single: dict[str, Value] = {}
    many: dict[tuple[str, str], Value] = {}
    for value in (value for group in groups for value in group):
        if value.field in SINGLE:
            held = single.get(value.field)
            if held is None or RANK[value.origin] <= RANK[held.origin]:
                single[value.field] = value
        else:
            # What a machine proposed stands confirmed once somebody says the same.
            said = many.setdefault((value.field, value.value), value)
            if RANK[value.origin] < RANK[said.origin]:
                many[value.field, value.value] = value
    return (*single.values(), *many.values())


def corrected(held: Iterable[Value], said: Iterable[Value]) -> tuple[Value, ...]:
    """`merge`, where what a sheet says of a field takes the place of what a sheet said of it before."""
    said = tuple(said)
    again = {value.field for value in said if value.origin == "sheet"}
    return merge((value for value in held if value.origin != "sheet" or value.field not in again), said)


def missing(revision: Revision) -> Sequence[str]:
    """Fields that publication by a batch still needs."""
    return [name for name in VALID if not revision.first(name)]
