"""Questions of somebody who is typing, put to the term table: what everybody may see of what begins so.

Built once, since each letter asks them. Ranges of the index (field, value,
resource) on every engine, which LIKE is not.
"""

import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Date, Integer, Select, bindparam, func, literal, or_, select

from service.adapters.database.tables import RESOURCES, TERMS

# No value holds the last character there is.
_BEYOND = "\U0010ffff"
_FIELD: BindParameter[str] = bindparam("field")
_FIRST: BindParameter[str] = bindparam("first")
_LAST: BindParameter[str] = bindparam("last")
_TODAY: BindParameter[datetime.date] = bindparam("today", type_=Date)
_MOST, _COUNTED = bindparam("most", type_=Integer), bindparam("counted", type_=Integer)


def between(field: str, prefix: str) -> dict[str, Any]:
    """The range of a prefix, as these statements name it."""
    return {"field": field, "first": prefix, "last": prefix + _BEYOND}


def public_on(day: datetime.date | BindParameter[datetime.date]) -> tuple[ColumnElement[bool], ...]:
    """Of a resource: everybody may see it, as the permission table says of this day."""
    return (
        RESOURCES.c.visibility == "live",
        RESOURCES.c.access == "public",
        RESOURCES.c.published.is_not(None),
        or_(RESOURCES.c.embargo_until.is_(None), RESOURCES.c.embargo_until <= day),
    )


BEGINNING = (
    select(TERMS.c.value, TERMS.c.resource)
    .join(RESOURCES, RESOURCES.c.key == TERMS.c.resource)
    .where(TERMS.c.field == _FIELD, TERMS.c.value >= _FIRST, TERMS.c.value < _LAST, *public_on(_TODAY))
    .order_by(TERMS.c.value, TERMS.c.resource)
    .limit(_MOST)
)
"""Values and resources in their order."""


def _values() -> Select[Any]:
    """Each value once: from one to the next is one step in the index, however many resources have it."""
    walk = (
        select(func.min(TERMS.c.value).label("value"), literal(1, Integer).label("place"))
        .where(TERMS.c.field == _FIELD, TERMS.c.value >= _FIRST, TERMS.c.value < _LAST)
        .cte("walk", recursive=True)
    )
    beside = TERMS.alias("beside")
    following = (
        select(func.min(beside.c.value))
        .where(beside.c.field == _FIELD, beside.c.value > walk.c.value, beside.c.value < _LAST)
        .correlate(walk)
        .scalar_subquery()
    )
    walk = walk.union_all(select(following, walk.c.place + 1).where(walk.c.value.is_not(None), walk.c.place < _MOST))
    having = (
        select(TERMS.c.resource)
        .join(RESOURCES, RESOURCES.c.key == TERMS.c.resource)
        .where(TERMS.c.field == _FIELD, TERMS.c.value == walk.c.value, *public_on(_TODAY))
        .correlate(walk)
    )
    example = having.order_by(TERMS.c.resource).limit(1).scalar_subquery()
    number = select(func.count()).select_from(having.limit(_COUNTED).subquery()).correlate(walk).scalar_subquery()
    return (
        select(walk.c.value, example.label("example"), number.label("number"))
        .where(walk.c.value.is_not(None))
        .order_by(walk.c.value)
    )


VALUES_BEGINNING = _values()
"""Values, the first resource that has each (none: nobody may see one) and how many have it, as far as is counted."""
