"""Which files of a folder go in together: those that a row of a sheet names, captions with their recording, a PDF
with its slides.

Asked by a batch before it deposits, with what the row says of them.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.errors import Invalid
from service.library.archives import Found
from service.library.companions import pair
from service.library.sheet import NOTHING, Rows, Told, key


@dataclass(frozen=True, slots=True)
class Taken:
    """The files of one resource, the main one first. place: of their row in the sheet, None: no row names them.

    joined: how many of the last no row names, and go with them by their names (`companions`).
    wrong: why the row cannot be used, and its files with it.
    """

    files: Sequence[Found]
    place: int | None = None
    told: Told = NOTHING
    wrong: Invalid | None = None
    joined: int = 0


def together(group: Sequence[Found], rows: Rows) -> Iterator[Taken]:
    """Each file of a group once, in the group's order of the first of those that go in together."""
    named: dict[int, list[Found]] = defaultdict(list)
    for found in group:
        if (place := rows.place(found.name)) is not None:
            named[place].append(found)
    ours = {found.path for files in named.values() for found in files}
    companions = pair((found.path, found.name) for found in group)
    joined = {path for paths in companions.values() for path in paths} - ours
    by_path = {found.path: found for found in group}
    for found in group:
        if found.path in joined:
            continue
        place = rows.place(found.name)
        files = [found] if place is None else named.pop(place, [])
        if not files:
            # It went with another file of its row.
            continue
        beside = [by_path[path] for one in files for path in companions.get(one.path, ()) if path in joined]
        if place is None:
            yield Taken([*files, *beside], joined=len(beside))
            continue
        names = [one.name for one in files]
        order = [key(name) for name in rows.files(place, names)]
        files.sort(key=lambda one: order.index(key(one.name)) if key(one.name) in order else len(order))
        try:
            yield Taken([*files, *beside], place, rows.told(place, names), joined=len(beside))
        except Invalid as error:
            yield Taken([*files, *beside], place, wrong=error, joined=len(beside))
