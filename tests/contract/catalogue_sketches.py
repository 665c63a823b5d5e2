"""What every catalogue promises about sketches of texts and about finding those that are alike."""

import threading
from collections.abc import Sequence
from dataclasses import replace

from service.model import ResourceId, Sketch
from service.ports import Catalogue, UnitOfWork
from service.search.sketching import RECIPE, sketch
from tests.contract.catalogue_parts import READ
from tests.contract.catalogue_resources import TITLE, a_draft, a_file, publish, sha
from tests.copies.series import paragraphs

TEXT = list(paragraphs()[:10])
MINE = sketch(TEXT)
ALIKE = sketch([*TEXT[:9], paragraphs()[30]])
LESS_ALIKE = sketch([*TEXT[:7], *paragraphs()[30:33]])
OTHER = sketch(paragraphs()[100:110])
EMPTY = Sketch(RECIPE, 3)


def _astray(work: UnitOfWork, after: int = 0, limit: int = 10, recipe: str = RECIPE) -> Sequence[ResourceId]:
    return [id for _, id in work.sketches.astray(recipe, after=after, limit=limit)]


class SketchesContract:
    def test_a_sketch_comes_back_whole_and_a_new_one_takes_its_place(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.sketches.save(sha(1), MINE)
            work.sketches.save(sha(2), EMPTY)
        with catalogue.writing() as work:
            assert work.sketches.of([sha(1), sha(2), sha(3)]) == {sha(1): MINE, sha(2): EMPTY}
            work.sketches.save(sha(1), OTHER)
        with catalogue.reading() as work:
            assert work.sketches.of([sha(1)]) == {sha(1): OTHER}
            assert list(work.sketches.sharing(MINE, 10)) == []
            assert list(work.sketches.sharing(OTHER, 10)) == [sha(1)]

    def test_those_that_share_most_come_first_and_others_not_at_all(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            given = ((1, OTHER), (2, LESS_ALIKE), (3, EMPTY), (4, ALIKE), (5, MINE))
            for number, one in given:
                work.sketches.save(sha(number), one)
        with catalogue.reading() as work:
            found = work.sketches.sharing(MINE, 10)
            assert list(found) == [sha(5), sha(4), sha(2)]
            assert found == {sha(5): MINE, sha(4): ALIKE, sha(2): LESS_ALIKE}
            assert list(work.sketches.sharing(MINE, 2)) == [sha(5), sha(4)]
            assert work.sketches.sharing(EMPTY, 10) == {}

    def test_what_is_forgotten_is_found_no_more(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            for number, one in ((1, MINE), (2, ALIKE), (3, EMPTY)):
                work.sketches.save(sha(number), one)
            work.sketches.forget([sha(1), sha(3), sha(9)])
            work.sketches.forget([])
        with catalogue.writing() as work:
            assert set(work.sketches.of([sha(1), sha(2), sha(3)])) == {sha(2)}
            assert list(work.sketches.sharing(MINE, 10)) == [sha(2)]
            # A key that is given again brings no band of the former one back.
            work.sketches.forget([sha(2)])
            work.sketches.save(sha(4), OTHER)
            assert work.sketches.sharing(MINE, 10) == {}

    def test_a_form_that_very_many_fill_in_alike_is_looked_at_only_so_far(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            for number in range(1, 81):
                work.sketches.save(sha(number), MINE)
            work.sketches.save(sha(100), ALIKE)
        with catalogue.reading() as work:
            assert len(work.sketches.sharing(MINE, 5)) == 5
            assert 5 < len(work.sketches.sharing(MINE, 1_000)) < 80
            # Those that the many crowd out of one band are found by others.
            assert sha(100) in work.sketches.sharing(ALIKE, 1_000)

    def test_holders_have_it_as_a_main_file_of_a_revision_that_counts(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            draft, _ = a_draft(work, 1)
            twice, revision = a_draft(work, 1, 2)
            publish(work, twice, revision)
            gone, _ = a_draft(work, 1)
            work.resources.save(replace(gone, visibility="withdrawn"))
            hidden, _ = a_draft(work, 2)
            work.resources.save(replace(hidden, visibility="hidden"))
            beside = work.resources.add(owner="default")
            files = [replace(a_file(1, 2), role="captions"), replace(a_file(2, 1), role="attachment")]
            work.resources.add_revision(beside.key, values=[TITLE], files=files)
            former, revision = a_draft(work, 1)
            former, revision = publish(work, former, revision)
            work.resources.save_revision(replace(revision, state="superseded"))
            newer = work.resources.add_revision(former.key, values=[TITLE], files=[a_file(2, 2)])
            publish(work, former, newer)
        with catalogue.reading() as work:
            assert work.sketches.holders([sha(1)]) == [(sha(1), one.key, one.id) for one in (draft, twice)]
            both = work.sketches.holders([sha(2), sha(1), sha(7)])
            assert {(sha256, id) for sha256, _, id in both} == {
                (sha(1), draft.id), (sha(1), twice.id), (sha(2), twice.id), (sha(2), hidden.id), (sha(2), former.id)
            }  # fmt: skip
            assert work.sketches.holders([]) == []

    def test_astray_is_what_was_read_and_has_no_sketch_of_this_recipe(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            made = []
            for number in range(1, 6):
                made.append(a_draft(work, number)[0])
                if number != 3:
                    # The third waits to be read.
                    work.readings.save(replace(READ, bundle=sha(number)))
            work.sketches.save(sha(2), MINE)
            work.resources.save(replace(made[3], visibility="withdrawn"))
            work.blobs.add(sha(9), 19)
            with_captions = work.resources.add(owner="default")
            files = [a_file(1, 5), replace(a_file(2, 9), role="captions")]
            work.resources.add_revision(with_captions.key, values=[TITLE], files=files)
        with catalogue.writing() as work:
            assert _astray(work) == [made[0].id, made[4].id, with_captions.id]
            first = work.sketches.astray(RECIPE, after=0, limit=1)
            assert _astray(work, after=first[0][0]) == [made[4].id, with_captions.id]
            assert _astray(work, recipe="another") == [made[0].id, made[1].id, made[4].id, with_captions.id]
            work.sketches.save(sha(1), EMPTY)
            work.sketches.save(sha(5), OTHER)
            assert _astray(work) == []

    def test_of_two_that_come_at_once_the_later_sees_the_earlier(self, catalogue: Catalogue) -> None:
        saved, seen = threading.Event(), {}

        def first() -> None:
            with catalogue.writing() as work:
                work.sketches.save(sha(1), MINE)
                saved.set()
                seen[1] = set(work.sketches.sharing(MINE, 10))

        def second() -> None:
            saved.wait(20)
            with catalogue.writing() as work:
                work.sketches.save(sha(2), ALIKE)
                seen[2] = set(work.sketches.sharing(ALIKE, 10))

        threads = [threading.Thread(target=act) for act in (second, first)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert seen == {1: {sha(1)}, 2: {sha(1), sha(2)}}

    def test_it_stays_at_home_when_a_library_moves(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.sketches.save(sha(1), MINE)
        with catalogue.reading() as work:
            assert not {"sketches", "sketch_bands"} & set(work.tables.names())
            assert work.tables.untouched()
