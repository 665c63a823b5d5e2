"""What every catalogue promises about changes: lists by the last one, and blocks that keep their resources."""

import datetime
from dataclasses import replace
from typing import Any

import pytest

from service.model import Resource
from service.ports import Block, Catalogue, Listed, UnitOfWork
from tests.contract.catalogue_resources import NOW

HOUR = datetime.timedelta(hours=1)


def add(work: UnitOfWork, at: datetime.datetime = NOW, **columns: Any) -> Resource:
    """A resource that counts as published, changed at a moment."""
    made = work.resources.add(owner="default")
    return work.resources.save(replace(made, **{"published": 1, "modified_at": at, **columns}))


def keys(listed: Any) -> list[int]:
    return [one.key for one in listed]


class ChangesContract:
    def test_a_library_without_resources_has_neither_changes_nor_blocks(self, catalogue: Catalogue) -> None:
        with catalogue.reading() as work:
            assert work.changes.newest() is None
            assert list(work.changes.public({}, limit=9)) == []
            assert list(work.changes.walk(0, 99, 9)) == []
            assert list(work.changes.blocks(10)) == []

    def test_the_last_change_comes_first_and_equal_moments_fall_by_key(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            made = [add(work, NOW + number % 3 * HOUR) for number in range(6)]
        ordered = [made[place].key for place in (5, 2, 4, 1, 3, 0)]
        with catalogue.reading() as work:
            found = work.changes.public({}, limit=9)
            assert keys(found) == ordered
            assert found[0] == Listed(made[5].key, made[5].id, NOW + 2 * HOUR)
            assert work.changes.newest() == NOW + 2 * HOUR
            for place, one in enumerate(found):
                assert keys(work.changes.public({}, before=one, limit=2)) == ordered[place + 1 : place + 3]
                assert keys(work.changes.public({}, after=one, limit=2)) == ordered[max(0, place - 2) : place]

    def test_microseconds_part_pages(self, catalogue: Catalogue) -> None:
        tick = datetime.timedelta(microseconds=1)
        with catalogue.writing() as work:
            made = [add(work, NOW + number * tick) for number in range(4)]
        with catalogue.reading() as work:
            first = work.changes.public({}, limit=2)
            assert keys(work.changes.public({}, before=first[-1], limit=9)) == [made[1].key, made[0].key]

    @pytest.mark.parametrize(
        "columns",
        [
            {"visibility": "withdrawn"},
            {"visibility": "hidden"},
            {"access": "signed-in"},
            {"access": "organisation"},
            {"published": None},
            {"embargo_until": datetime.date(2100, 1, 1)},
        ],
    )
    def test_what_is_not_for_everybody_is_listed_nowhere_but_moves_the_last_change(
        self, catalogue: Catalogue, columns: dict[str, Any]
    ) -> None:
        with catalogue.writing() as work:
            public = add(work, embargo_until=datetime.date(2020, 1, 1))
            add(work, NOW + HOUR, **columns)
        with catalogue.reading() as work:
            assert keys(work.changes.public({}, limit=9)) == [public.key]
            assert keys(work.changes.walk(0, 99, 9)) == [public.key]
            assert list(work.changes.blocks(1_000)) == [Block(1, 1, NOW + HOUR)]
            assert work.changes.newest() == NOW + HOUR

    def test_filters_hold_together_and_each_takes_one_of_its_values(self, catalogue: Catalogue) -> None:
        terms = [("lop-10", "toan"), ("lop-11", "toan"), ("lop-11", "vat-li"), ("lop-12", "toan")]
        with catalogue.writing() as work:
            made = [add(work) for _ in terms]
            for one, (grade, subject) in zip(made, terms, strict=True):
                work.terms.replace(one.key, [("grade", grade), ("subject", subject)])
        with catalogue.reading() as work:
            both = {"grade": ["lop-10", "lop-11"], "subject": ["toan"]}
            assert keys(work.changes.public(both, limit=9)) == [made[1].key, made[0].key]
            assert keys(work.changes.public({"grade": ["lop-12"], "subject": ["vat-li"]}, limit=9)) == []
            assert len(work.changes.public({"grade": []}, limit=9)) == 4

    def test_blocks_keep_their_resources_and_tell_their_last_change(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            made = [add(work, NOW + number * HOUR) for number in range(7)]
            work.resources.save(replace(made[1], visibility="withdrawn", modified_at=NOW + 9 * HOUR))
            for one in made[3:6]:
                work.resources.save(replace(one, access="organisation"))
        assert made[0].key == 1
        with catalogue.reading() as work:
            told = [Block(1, 2, NOW + 9 * HOUR), Block(3, 1, NOW + 6 * HOUR)]
            assert list(work.changes.blocks(3)) == told
            assert list(work.changes.blocks(3, 1)) == told[:1]
            assert list(work.changes.blocks(3, 2)) == []
            assert keys(work.changes.walk(0, 3, 1)) == [1]
            assert keys(work.changes.walk(1, 3, 9)) == [3]
            assert keys(work.changes.walk(6, 9, 9)) == [7]
