"""The lanes of a worker: which kinds of jobs a thread does, how many at once, what it sees to now and then.

Two lanes (HOCLIEU_READING_LANES) read and publish, so that two cores read, or
one of them while what was read before is stored; one for the index and one for
harvesters, in batches, beside them; two for pictures, in batches and for
people who wait; one for smaller forms of recordings; one that reads stored
files over again.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from service.library import converting, fixity, merging, process, rendering, sketches, trial
from service.library.services import Services
from service.model import PRIORITY_PEOPLE, JobKind

INDEX_BATCH = 500
# Commits of the index are at least this far apart while a batch goes in: each takes some 30 ms of processor time and
# eight syncs, whether it holds one small file or eight. The first after a rest is made at once, and what is published
# is found long before two seconds.
INDEX_SECONDS = 0.25
# Records for harvesters a transaction: on SQLite it keeps others from writing for some 20 ms.
RENDER_BATCH = 100
SWEEP_SECONDS = 3600.0
TRIAL_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Something to be seen to at the start of a worker, and again so often; it is cheap where there is nothing."""

    act: Callable[[Services], object]
    every_seconds: float = math.inf


@dataclass(frozen=True, slots=True)
class Lane:
    """A thread: kinds of jobs, how many are leased at once; with a priority: only what is at least as urgent.

    every_seconds: leases that are not full are this far apart, so that more comes together.
    after: kinds whose lane in the same process goes first: this one rests while it finds full batches.
    upkeep: done by this thread, before it leases.
    """

    kinds: tuple[JobKind, ...]
    limit: int = 1
    priority: int | None = None
    every_seconds: float = 0.0
    after: tuple[JobKind, ...] = ()
    upkeep: tuple[Upkeep, ...] = ()


Lanes = tuple[Lane, ...]


def reading(number: int) -> Lanes:
    """Lanes that read files, one each at a time, and now and then write anew what follows from imported terms,
    sketch what was read before, or hand on what a merged organisation owns."""
    return (Lane((*process.KINDS, "relist", "sketch", "merge")),) * number


def urgent(lanes: Lanes) -> Lanes:
    """The same for what somebody waits for alone, without upkeep: beside a batch they neither do its work nor end
    with it.
    """
    return tuple(replace(lane, priority=PRIORITY_PEOPLE, upkeep=()) for lane in lanes)


READING = reading(2)
_SWEEPS = (
    # What a killed merge still owes; what was made with something else, or an embargo has let go.
    Upkeep(merging.queue_owed, SWEEP_SECONDS),
    Upkeep(rendering.sweep, SWEEP_SECONDS),
    Upkeep(sketches.sweep, SWEEP_SECONDS),
    # Whether the set for trials lacks something: two counts, and nothing more where it is whole.
    Upkeep(trial.fill, TRIAL_SECONDS),
)
# Two lanes at once share one interpreter: after thousands of new resources readers would find each only when
# harvesters can have it too, which takes more than twice as long.
RENDERING: Lanes = (Lane(("render",), RENDER_BATCH, every_seconds=INDEX_SECONDS, after=("index",), upkeep=_SWEEPS),)
# What is told of the catalogue outside: to readers who search, to harvesters.
INDEXING: Lanes = (Lane(("index",), INDEX_BATCH, every_seconds=INDEX_SECONDS), *RENDERING)
# A batch of office files takes seconds, a hostile one in it a minute: whoever has opened a page waits for neither.
DRAWING: Lanes = (Lane(("illustrate",), converting.BATCH), Lane(("illustrate",), priority=PRIORITY_PEOPLE))
# An hour of film takes ten minutes of a processor: one at a time, and never before anything else.
LIGHTENING: Lanes = (Lane(("lighten",)),)
# Paced, so it waits most of its time: a lane of its own, which keeps nobody waiting.
CARING: Lanes = (Lane(("fixity",), upkeep=(Upkeep(fixity.begin_if_due, SWEEP_SECONDS),)),)
RELISTING: Lanes = (Lane(("relist",)),)
MERGING: Lanes = (Lane(("merge",)),)
LANES = READING + INDEXING + DRAWING + LIGHTENING + CARING
