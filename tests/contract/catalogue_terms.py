"""What every catalogue promises about terms: what is published by field and code, counted and listed."""

import dataclasses
import datetime
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from service.model import (
    ResourceKey,
    Value,
)
from service.ports import Catalogue, UnitOfWork
from tests.contract.catalogue_resources import NOW

FAR = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)


def published(work: UnitOfWork, values: Sequence[Value] = (), **state: Any) -> ResourceKey:
    resource = work.resources.add(owner="default")
    draft = work.resources.add_revision(resource.key, values=values, files=())
    work.resources.save_revision(replace(draft, state="published", published_at=NOW))
    work.resources.save(replace(resource, published=draft.number, **state))
    return resource.key


class TermsContract:
    def test_terms_are_replaced_counted_and_walked(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            keys = [work.resources.add(owner="default").key for _ in range(4)]
            for key in keys:
                work.terms.replace(key, [("grade", "lop-10"), ("grade", "thpt"), ("grade", "thpt")])
            work.terms.replace(keys[0], [("grade", "lop-1"), ("subject", "toan")])
            work.terms.replace(keys[3], [])
        with catalogue.reading() as work:
            assert work.terms.counts("grade") == {"lop-1": 1, "lop-10": 2, "thpt": 2}
            assert work.terms.counts("language") == {}
            assert work.terms.resources("grade", "thpt", after=0, limit=1) == [keys[1]]
            assert work.terms.resources("grade", "thpt", after=keys[1], limit=9) == [keys[2]]

    def test_a_beginning_finds_public_resources_in_the_order_of_values(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            first, second, third, hidden, inside, later = (
                published(work, **state)
                for state in (
                    {}, {}, {"embargo_until": NOW.date()}, {"visibility": "hidden"}, {"access": "organisation"},
                    {"embargo_until": FAR.date()},
                )
            )  # fmt: skip
            draft = work.resources.add(owner="default").key
            work.terms.replace(first, [("title", "ham so bac hai"), ("title-word", "so bac hai")])
            work.terms.replace(second, [("title", "ham so bac ba"), ("title", "ham so Ω"), ("other", "ham")])
            work.terms.replace(third, [("title", "ham"), ("title", "han mac tu"), ("title", "ha_m"), ("title", "hb")])
            for key in (hidden, inside, later, draft):
                work.terms.replace(key, [("title", "ham an"), ("topic", "ham"), ("grade", "lop-9")])
        with catalogue.reading() as work:
            terms = work.terms
            assert terms.public_beginning("title", "ham", limit=9) == [
                ("ham", third),
                ("ham so bac ba", second),
                ("ham so bac hai", first),
                ("ham so Ω", second),
            ]
            assert terms.public_beginning("title", "ham so", limit=1) == [("ham so bac ba", second)]
            assert terms.public_beginning("title-word", "so", limit=9) == [("so bac hai", first)]
            # No sign of a pattern is one.
            assert terms.public_beginning("title", "ha_", limit=9) == [("ha_m", third)]
            assert terms.public_beginning("title", "%", limit=9) == []
            assert terms.public_values("topic", "ham", limit=9, counted=9) == []
            asked = [("grade", "lop-9"), ("title", "ham an"), ("title", "hb"), ("other", "ham")]
            assert terms.public_any(asked) == {("title", "hb"), ("other", "ham")}
            assert terms.public_any([]) == frozenset()
            assert sorted(terms.values("title", [first, second, hidden])) == [
                ("ham an", hidden),
                ("ham so bac ba", second),
                ("ham so bac hai", first),
                ("ham so Ω", second),
            ]

    def test_different_values_are_counted_however_many_have_them(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            keys = [published(work) for _ in range(5)]
            for key in keys:
                work.terms.replace(key, [("topic", "dao ham")])
            work.terms.replace(keys[3], [("topic", "dao ham"), ("topic", "dao dong")])
            work.terms.replace(published(work, visibility="withdrawn"), [("topic", "dao an"), ("topic", "dao ham")])
        with catalogue.reading() as work:
            told = [("dao dong", keys[3], 1), ("dao ham", keys[0], 5)]
            assert work.terms.public_values("topic", "dao", limit=9, counted=9) == told
            assert work.terms.public_values("topic", "dao h", limit=9, counted=3) == [("dao ham", keys[0], 3)]
            # What nobody may see is looked at, too.
            assert work.terms.public_values("topic", "dao", limit=2, counted=9) == told[:1]
            assert work.terms.public_values("topic", "dat", limit=9, counted=9) == []

    def test_what_is_told_of_resources_are_the_values_of_their_published_revision(self, catalogue: Catalogue) -> None:
        said = (Value("title", "Cũ", "file"), Value("subject", "toan", "file"), Value("title", "Hai", "file", "vi"))
        with catalogue.writing() as work:
            first, second = published(work, said), published(work)
            work.resources.add_revision(first, values=[Value("title", "Nháp", "person")], files=())
        with catalogue.reading() as work:
            told = work.resources.told([first, second], ("title", "language"))
            assert {key: (one.key, list(values)) for key, (one, values) in told.items()} == {
                first: (first, [said[0], said[2]])
            }
            assert work.resources.told([], ("title",)) == {}

    def test_public_lists_hold_what_is_live_published_and_for_everybody(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            made = [work.resources.add(owner="default") for _ in range(7)]
            # One whose embargo has ended is for everybody, one whose embargo goes on is not.
            ended, goes_on = datetime.date(2020, 1, 1), datetime.date(9999, 1, 1)
            made[0] = work.resources.save(dataclasses.replace(made[0], embargo_until=ended))
            for one in made:
                work.terms.replace(one.key, [("grade", "lop-10"), ("grade", "thpt"), ("subject", "toan")])
            work.terms.replace(made[1].key, [("grade", "lop-11"), ("grade", "thpt"), ("subject", "vat-li")])
            for one in made[:3]:
                work.resources.save(dataclasses.replace(one, published=1))
            work.resources.save(dataclasses.replace(made[3], published=1, visibility="hidden"))
            work.resources.save(dataclasses.replace(made[4], published=1, access="signed-in"))
            work.resources.save(dataclasses.replace(made[6], published=1, embargo_until=goes_on))
        keys = [one.key for one in made]
        with catalogue.reading() as work:
            terms = work.terms
            assert terms.public_counts(("grade", "subject", "type")) == {
                "grade": {"lop-10": 2, "lop-11": 1, "thpt": 3},
                "subject": {"toan": 2, "vat-li": 1},
                "type": {},
            }
            assert terms.public({}, before=None, limit=9) == [keys[2], keys[1], keys[0]]
            assert terms.public({}, before=keys[2], limit=1) == [keys[1]]
            both = {"grade": ("lop-10", "lop-11"), "subject": ("toan",), "type": ()}
            assert terms.public(both, before=None, limit=9) == [keys[2], keys[0]]
            assert (terms.public_total({}), terms.public_total(both)) == (3, 2)
            assert terms.public_total({"grade": ("none",)}) == 0

    def test_an_embargo_keeps_a_resource_out_of_public_lists_until_its_day(self, catalogue: Catalogue) -> None:
        today = datetime.datetime.now(datetime.UTC).date()
        with catalogue.writing() as work:
            made = [work.resources.add(owner="default") for _ in range(2)]
            for one, until in zip(made, (today, today + datetime.timedelta(days=1)), strict=True):
                work.terms.replace(one.key, [("grade", "lop-10")])
                work.resources.save(dataclasses.replace(one, published=1, embargo_until=until))
        with catalogue.reading() as work:
            assert work.terms.public_counts(("grade",)) == {"grade": {"lop-10": 1}}
            assert work.terms.public({}, before=None, limit=9) == [made[0].key]
            assert work.terms.public_total({"grade": ["lop-10"]}) == 1
