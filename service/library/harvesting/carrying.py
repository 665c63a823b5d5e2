"""A batch as bytes, for another process of ours: plain tuples in the order of their fields.

Pickled as they are, the values of a record would cost twice as much: Python
takes each apart, and puts it together, field by field.
"""

import pickle
from operator import attrgetter
from typing import Any

from service.library.harvesting.mapping import Read
from service.library.harvesting.writing import Batch, Refused
from service.model import Value
from service.ports import Origin

_VALUE = attrgetter(*Value.__slots__)
_ORIGIN = attrgetter(*Origin.__slots__)
_REFUSED = attrgetter(*Refused.__slots__)


def packed(batch: Batch) -> bytes:
    coming = [(name, None if one is None else _apart(one)) for name, one in batch.coming.items()]
    told = (coming, [_REFUSED(one) for one in batch.refused.values()], batch.settles)
    return pickle.dumps(told, protocol=pickle.HIGHEST_PROTOCOL)


def unpacked(data: bytes) -> Batch:
    """data: what `packed` made, from nobody else."""
    coming, told, settles = pickle.loads(data)  # noqa: S301 - through a socket that only the two processes hold
    refused = [Refused(*one) for one in told]
    return Batch(
        {name: None if one is None else _together(one) for name, one in coming},
        {one.identifier: one for one in refused},
        settles,
    )


def _apart(one: Read) -> tuple[Any, ...]:
    return one.identifier, one.datestamp, list(map(_VALUE, one.values)), list(map(_ORIGIN, one.origins))


def _together(told: tuple[Any, ...]) -> Read:
    identifier, datestamp, values, origins = told
    return Read(
        identifier, datestamp, tuple(Value(*value) for value in values), tuple(Origin(*origin) for origin in origins)
    )
