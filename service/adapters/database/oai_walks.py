"""Statements that walk over what harvesters get: of everything or of a set, by (datestamp, id), with XML or without.

And how many there are to walk over.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    LargeBinary,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    tuple_,
)

from service.adapters.database.columns import CODE
from service.adapters.database.tables import OAI_FORMS, OAI_MEMBERS, OAI_RECORDS, OAI_SETS
from service.model import HARVESTED

# A page is a megabyte that nobody looks into: SQLite hands out the UTF-8 that it keeps, without a text in between.
# PostgreSQL's driver takes bytes in hexadecimal only, twice as long: there it stays the text that it is.
_AS_KEPT = Text().with_variant(LargeBinary(), "sqlite")


def columns(with_xml: bool) -> Select[Any]:
    """Records as `Harvested` has them; a format is named by the parameter `format`."""
    wanted = (OAI_RECORDS.c.id, OAI_RECORDS.c.datestamp, OAI_RECORDS.c.status, OAI_RECORDS.c.sets)
    if not with_xml:
        return select(*wanted, null().label("xml")).select_from(OAI_RECORDS)
    of_it = and_(OAI_FORMS.c.resource == OAI_RECORDS.c.resource, OAI_FORMS.c.format == bindparam("format"))
    xml = cast(OAI_FORMS.c.xml, _AS_KEPT).label("xml")
    return select(*wanted, xml).select_from(OAI_RECORDS.outerjoin(OAI_FORMS, of_it))


def _between(walked: Any, since: bool, until: bool) -> list[ColumnElement[bool]]:
    """Dates of a window; parameters are named as its fields."""
    found: list[ColumnElement[bool]] = []
    if since:
        found.append(walked.datestamp >= bindparam("since"))
    if until:
        found.append(walked.datestamp <= bindparam("until"))
    return found


def _bounds(of_set: bool, since: bool, until: bool) -> list[ColumnElement[bool]]:
    if of_set:
        return [_member_of(bindparam("set")), *_between(OAI_MEMBERS.c, since, until)]
    # What came from other repositories is told to those who ask for it.
    return [OAI_RECORDS.c.sets != HARVESTED, *_between(OAI_RECORDS.c, since, until)]


def _member_of(spec: Any) -> ColumnElement[bool]:
    meant = select(OAI_SETS.c.key).where(OAI_SETS.c.spec == spec).scalar_subquery()
    return OAI_MEMBERS.c.set == meant


@cache
def count(of_set: bool, since: bool, until: bool) -> Select[Any]:
    """How many a window holds, counted in the indexes alone: what came from elsewhere has a set and is taken off."""
    members = select(func.count()).select_from(OAI_MEMBERS).where(*_between(OAI_MEMBERS.c, since, until))
    if of_set:
        return members.where(_member_of(bindparam("set")))
    everything = select(func.count()).select_from(OAI_RECORDS).where(*_between(OAI_RECORDS.c, since, until))
    foreign = members.where(_member_of(literal(HARVESTED, CODE)))
    return select(everything.scalar_subquery() - foreign.scalar_subquery())


def _within(of_set: bool, since: bool, until: bool, with_xml: bool) -> tuple[Select[Any], Any]:
    """The rows of a window, and the columns whose index is walked."""
    found = columns(with_xml).where(*_bounds(of_set, since, until))
    if of_set:
        found = found.where(OAI_MEMBERS.c.id == OAI_RECORDS.c.id)
    return found, OAI_MEMBERS.c if of_set else OAI_RECORDS.c


def _place() -> Any:
    return tuple_(bindparam("datestamp", type_=CODE), bindparam("id", type_=CODE))


# Statements are built once for each of their few shapes: a page is a millisecond, and building one half of that.
@cache
def walk(of_set: bool, since: bool, until: bool, after: bool, with_xml: bool) -> Select[Any]:
    """A page, behind a place (`datestamp`, `id`) where `after`; `most` rows."""
    found, walked = _within(of_set, since, until, with_xml)
    if after:
        found = found.where(tuple_(walked.datestamp, walked.id) > _place())
    return found.order_by(walked.datestamp, walked.id).limit(bindparam("most", type_=Integer))


@cache
def back(of_set: bool, since: bool, until: bool, with_xml: bool) -> Select[Any]:
    """The same backwards, from a place on."""
    found, walked = _within(of_set, since, until, with_xml)
    found = found.where(tuple_(walked.datestamp, walked.id) <= _place())
    return found.order_by(walked.datestamp.desc(), walked.id.desc()).limit(bindparam("most", type_=Integer))
