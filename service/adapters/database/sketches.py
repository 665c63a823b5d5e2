"""Sketches of texts, and the bands by which those that are alike are found without looking at all."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Integer, bindparam, delete, exists, func, insert, literal, or_, select, union_all

from service.adapters.database.tables import FILES, READINGS, RESOURCES, REVISIONS, SKETCH_BANDS, SKETCHES
from service.adapters.database.transaction import Transaction, chunks
from service.model import ResourceId, ResourceKey, Sketch
from service.search.sketching import BANDS, bands

# Of a band: texts that fill a form alike share it by the thousand, and whoever is alike shares other bands too.
_DEEP = 64

_ADD = insert(SKETCHES).returning(SKETCHES.c.key)
_ADD_BANDS = insert(SKETCH_BANDS)
_OF = select(SKETCHES).where(SKETCHES.c.sha256.in_(bindparam("hashes", expanding=True)))
_FORGET = delete(SKETCHES).where(SKETCHES.c.key == bindparam("meant"))
_FORGET_BANDS = delete(SKETCH_BANDS).where(
    SKETCH_BANDS.c.sketch == bindparam("meant"), SKETCH_BANDS.c.band.in_(bindparam("bands", expanding=True))
)


def _sharing() -> Any:
    """A look into the index for each band, then the sketches that came up most often."""
    looks = []
    for number in range(BANDS):
        under = (
            select(SKETCH_BANDS.c.sketch)
            .where(SKETCH_BANDS.c.band == bindparam(f"band{number}", type_=Integer))
            .order_by(SKETCH_BANDS.c.sketch)
            .limit(_DEEP)
        )
        looks.append(select(under.subquery().c.sketch))
    found = union_all(*looks).subquery()
    times = func.count().label("times")
    most = (
        select(found.c.sketch, times)
        .group_by(found.c.sketch)
        .order_by(times.desc(), found.c.sketch)
        .limit(bindparam("most", type_=Integer))
        .subquery()
    )
    return select(SKETCHES).join(most, most.c.sketch == SKETCHES.c.key).order_by(most.c.times.desc(), SKETCHES.c.key)


# Built once: 48 looks in one statement cost 5 ms to write down and nothing to send.
_SHARING = _sharing()

_HOLDERS = (
    select(FILES.c.sha256, RESOURCES.c.key, RESOURCES.c.id)
    .distinct()
    .join(REVISIONS, REVISIONS.c.key == FILES.c.revision)
    .join(RESOURCES, RESOURCES.c.key == REVISIONS.c.resource)
    .where(
        FILES.c.sha256.in_(bindparam("hashes", expanding=True)),
        FILES.c.role == "main",
        REVISIONS.c.state != "superseded",
        RESOURCES.c.visibility != "withdrawn",
    )
    .order_by(RESOURCES.c.key)
)

_BESIDE = FILES.alias("beside")
_WAS_READ = or_(
    exists(select(literal(1)).where(READINGS.c.bundle == FILES.c.sha256)),
    exists(select(literal(1)).where(_BESIDE.c.revision == FILES.c.revision, _BESIDE.c.role == "captions")),
)
_SKETCHED = exists(
    select(literal(1)).where(SKETCHES.c.sha256 == FILES.c.sha256, SKETCHES.c.recipe == bindparam("recipe"))
)
_ASTRAY = (
    select(RESOURCES.c.key, RESOURCES.c.id)
    .where(
        RESOURCES.c.key > bindparam("after", type_=Integer),
        RESOURCES.c.visibility != "withdrawn",
        exists(
            select(literal(1))
            .select_from(REVISIONS.join(FILES, FILES.c.revision == REVISIONS.c.key))
            .where(
                REVISIONS.c.resource == RESOURCES.c.key,
                REVISIONS.c.state != "superseded",
                FILES.c.role == "main",
                _WAS_READ,
                ~_SKETCHED,
            )
        ),
    )
    .order_by(RESOURCES.c.key)
    .limit(bindparam("most", type_=Integer))
)


class Sketches:
    """The port `service.ports.Sketches`."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def save(self, sha256: str, sketch: Sketch) -> None:
        self.transaction.alone("sketches")
        self.forget([sha256])
        row = {
            "sha256": sha256, "recipe": sketch.recipe, "shingles": sketch.shingles, "signature": sketch.signature,
        }  # fmt: skip
        key = self.transaction.insert_all(_ADD, [row])[0].key
        self.transaction.insert_all(_ADD_BANDS, [{"band": band, "sketch": key} for band in sorted(set(bands(sketch)))])

    def of(self, hashes: Collection[str]) -> Mapping[str, Sketch]:
        return {row.sha256: _sketch(row) for row in self._rows(hashes)}

    def sharing(self, sketch: Sketch, most: int) -> Mapping[str, Sketch]:
        asked = {f"band{number}": band for number, band in enumerate(bands(sketch))}
        if not asked:
            return {}
        return {row.sha256: _sketch(row) for row in self.transaction.all(_SHARING, {**asked, "most": most})}

    def holders(self, hashes: Collection[str]) -> Sequence[tuple[str, ResourceKey, ResourceId]]:
        rows = [row for chunk in chunks(hashes) for row in self.transaction.all(_HOLDERS, {"hashes": chunk})]
        return [(row.sha256, ResourceKey(row.key), ResourceId(row.id)) for row in rows]

    def astray(self, recipe: str, *, after: int, limit: int) -> Sequence[tuple[ResourceKey, ResourceId]]:
        rows = self.transaction.all(_ASTRAY, {"recipe": recipe, "after": after, "most": limit})
        return [(ResourceKey(row.key), ResourceId(row.id)) for row in rows]

    def forget(self, hashes: Collection[str]) -> None:
        for row in self._rows(hashes):
            if row.signature:
                self.transaction.run(_FORGET_BANDS, {"meant": row.key, "bands": bands(_sketch(row))})
            self.transaction.run(_FORGET, {"meant": row.key})

    def _rows(self, hashes: Collection[str]) -> Sequence[Any]:
        return [row for chunk in chunks(hashes) for row in self.transaction.all(_OF, {"hashes": chunk})]


def _sketch(row: Any) -> Sketch:
    return Sketch(row.recipe, row.shingles, bytes(row.signature))
