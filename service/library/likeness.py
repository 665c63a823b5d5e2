"""How much two resources have in common, as a number that is the same whatever engine searches.

What people go on with: first what stands in the same lesson, then what says
the same and belongs to the same topic, then what teaches the subject in the
same grade or one beside it. The weights are judgements, set on the sample
library (`tests/functional/test_similar.py` says what must come before what).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from service.library import lessons, placements
from service.model import Value
from service.vocabularies import Vocabularies

FIELDS = ("title", "subject", "grade", "topic", placements.FIELD)
"""Of a resource: what `traits` are read from, and a title, which each has."""
LESSON, TEXT, TOPIC, SUBJECT, GRADE, WEEK = 4.0, 3.0, 3.0, 1.0, 1.0, 0.5
ELSEWHERE = 1 / 3
# Grades apart -> what that counts for beside the same grade. A lesson of four years before helps nobody.
NEAR = {1: 0.5, 2: 0.25, 3: 0.1}


@dataclass(frozen=True, slots=True)
class Traits:
    """subjects: codes with all above them. grades: those that have none below them; both also of its placements.

    ways: of each topic, itself first, then what is above it. lessons, weeks: `lessons.stands`.
    """

    subjects: frozenset[str] = frozenset()
    grades: frozenset[str] = frozenset()
    ways: tuple[tuple[str, ...], ...] = ()
    lessons: frozenset[str] = frozenset()
    weeks: frozenset[str] = frozenset()


def traits(vocabularies: Vocabularies, values: Iterable[Value]) -> Traits:
    """Of a published revision's values."""
    held = list(values)
    stands = lessons.stands(held)
    placed = [one.placement for one in placements.of_values(held)]
    subjects = [*_every(held, "subject"), *(code for one in placed for code in (one.subject, one.strand) if code)]
    return Traits(
        subjects=frozenset(above for code in subjects for above in vocabularies.ancestors("subject", code)),
        grades=lowest(vocabularies, [*_every(held, "grade"), *(one.grade for one in placed if one.grade)]),
        ways=tuple(vocabularies.ancestors("topic", code) for code in placements.topics(vocabularies, held)),
        lessons=frozenset(one for one in stands if not lessons.is_week(one)),
        weeks=frozenset(one for one in stands if lessons.is_week(one)),
    )


def lowest(vocabularies: Vocabularies, grades: Collection[str]) -> frozenset[str]:
    """Without levels that a grade below them says already."""
    above = {one for code in grades for one in vocabularies.ancestors("grade", code)[1:]}
    return frozenset(grades) - above


def beside(vocabularies: Vocabularies, grades: Collection[str]) -> dict[str, int]:
    """Grade -> how many grades it is from the nearest of these, as far as NEAR goes; these themselves are 0 away."""
    parents = {term.parent for term in vocabularies.terms.get("grade", {}).values()}
    order = [code for code in vocabularies.terms.get("grade", {}) if code not in parents]
    places = [order.index(code) for code in grades if code in order]
    found = dict.fromkeys(grades, 0)
    for place, code in enumerate(order):
        apart = min((abs(place - own) for own in places), default=0)
        if apart in NEAR:
            found[code] = apart
    return found


def shared(one: Traits, near: Mapping[str, int], other: Traits, text: float) -> float:
    """Larger is more, 0 nothing. near: `beside` the grades of the one; text: how alike their texts are, from 0 to 1."""
    # The same words in another subject say less.
    apart = bool(one.subjects) and not one.subjects & other.subjects
    return (
        LESSON * bool(one.lessons & other.lessons)
        + WEEK * bool(one.weeks & other.weeks)
        + TEXT * text * (ELSEWHERE if apart else 1.0)
        + TOPIC * max((_way(mine, yours) for mine, yours in product(one.ways, other.ways)), default=0.0)
        + SUBJECT * _both(one.subjects, other.subjects)
        + GRADE * _grades(one.grades, near, other.grades)
    )


def _way(mine: Sequence[str], yours: Sequence[str]) -> float:
    """The part of the longer way, from the root on, that both go: the same topic is 1, another chapter nearly 0."""
    return len({*mine} & {*yours}) / max(len(mine), len(yours))


def _both(mine: Collection[str], yours: Collection[str]) -> float:
    """A plan of a whole week has all subjects, and so little of each."""
    return 2 * len({*mine} & {*yours}) / (len(mine) + len(yours)) if mine and yours else 0.0


def _grades(mine: frozenset[str], near: Mapping[str, int], yours: frozenset[str]) -> float:
    if mine & yours:
        return _both(mine, yours)
    return max((NEAR.get(near.get(code, 0), 0.0) for code in yours), default=0.0)


def _every(values: Iterable[Value], name: str) -> list[str]:
    return [value.value for value in values if value.field == name]
