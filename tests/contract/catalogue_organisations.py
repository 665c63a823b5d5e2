"""What every catalogue promises about organisations: names, parents, mergers, quotas."""

import threading
from dataclasses import replace

import pytest

from service.errors import AlreadyMerged, Conflict, Invalid, NotFound
from service.model import (
    Content,
    FileEntry,
    Organisation,
    Quota,
)
from service.ports import Catalogue
from tests.contract.catalogue_resources import NOW, sha


class OrganisationsContract:
    def test_a_new_library_holds_the_organisation_default(self, catalogue: Catalogue) -> None:
        with catalogue.reading() as work:
            default = Organisation("default", "Thư viện mặc định", "organisation")
            assert work.organisations.all() == [default]
            assert work.organisations.get("default") == default

    def test_organisations_have_kinds_and_parents_and_come_by_code(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            school = work.organisations.add("thcs-a", "THCS A", "lower-secondary", "default")
            department = work.organisations.add("so", "Sở Giáo dục và Đào tạo")
            assert school == Organisation("thcs-a", "THCS A", "lower-secondary", "default")
            assert work.organisations.get("thcs-a") == school
            assert [found.code for found in work.organisations.all()] == ["default", "so", "thcs-a"]
            assert work.organisations.all()[1] == department
            assert work.organisations.some({"so", "thcs-a", "none"}) == {"so": department, "thcs-a": school}
            assert work.organisations.some(()) == {}

    def test_a_code_is_given_once(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.organisations.add("a", "A")
            with pytest.raises(Conflict):
                work.organisations.add("a", "B")
            with pytest.raises(NotFound):
                work.organisations.add("b", "B", parent="không có")
            assert work.organisations.get("b") is None

    def test_a_quota_counts_each_stored_file_of_an_organisation_once(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.organisations.add("a", "A")
            for owner, number in (("a", 1), ("a", 2), ("default", 1), ("default", 3)):
                work.blobs.add(sha(number), 10 * number)
                made = work.resources.add(owner=owner)
                entry = FileEntry(1, sha(number), 10 * number, "application/pdf", "a.pdf")
                work.resources.add_revision(made.key, values=(), files=(entry,))
                draft = work.resources.open_revision(made.key)
                assert draft is not None
                work.resources.save_revision(replace(draft, state="published", published_at=NOW))
                work.resources.add_revision(made.key, values=(), files=(entry,))
            assert work.organisations.quota("a") is None
            assert work.organisations.used("a") == 30
            work.organisations.set_quota("a", 5_000_000_000)
            asked = [sha(2), sha(3), sha(4)]
            assert work.organisations.quota("a", asked) == Quota(30, 5_000_000_000, frozenset({sha(2)}))
            assert work.organisations.bounds() == {"a": 5_000_000_000}
            work.blobs.refuse(sha(1))
            assert (work.organisations.used("a"), work.organisations.used("default")) == (20, 30)
            work.organisations.set_quota("a", None)
            assert work.organisations.quota("a") is None
            for ask in (lambda: work.organisations.set_quota("none", 1), lambda: work.organisations.quota("none")):
                with pytest.raises(NotFound):
                    ask()

    def test_a_merged_organisation_is_answered_for_by_the_last_one_in_the_line(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            for code, parent in (("so", None), ("a", "so"), ("b", None), ("c", None), ("lop", "a")):
                work.organisations.add(code, code.upper(), parent=parent)
            work.organisations.merge("a", "b")
            assert work.organisations.successors() == {"a": "b"}
            assert work.organisations.get("lop") == Organisation("lop", "LOP", "organisation", "b")
            work.organisations.merge("b", "c")
        with catalogue.reading() as work:
            assert work.organisations.successors() == {"a": "c", "b": "c"}
            assert {one.code: one.successor for one in work.organisations.all()} == {
                "a": "c", "b": "c", "c": None, "default": None, "lop": None, "so": None,
            }  # fmt: skip
            lop = work.organisations.get("lop")
            assert lop is not None
            assert lop.parent == "c"
        with catalogue.writing() as work:
            for code, into in (("a", "so"), ("so", "a")):
                with pytest.raises(AlreadyMerged):
                    work.organisations.merge(code, into)
            with pytest.raises(Invalid):
                work.organisations.merge("c", "c")
            with pytest.raises(NotFound):
                work.organisations.merge("c", "nobody")
            with pytest.raises(Conflict):
                work.organisations.add("a", "Lại A")

    def test_one_that_merges_into_what_stands_below_it_leaves_it_under_what_is_above(
        self, catalogue: Catalogue
    ) -> None:
        with catalogue.writing() as work:
            for code, parent in (("so", None), ("xa", "so"), ("truong", "xa"), ("khac", "xa")):
                work.organisations.add(code, code, parent=parent)
            work.organisations.merge("xa", "truong")
            assert {one.code: one.parent for one in work.organisations.all()} == {
                "default": None, "so": None, "xa": "so", "truong": "so", "khac": "truong",
            }  # fmt: skip

    def test_what_is_added_for_a_merged_organisation_is_its_successor_s(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.organisations.add("a", "A")
            work.organisations.add("b", "B")
            before = work.resources.add(owner="a")
            work.organisations.merge("a", "b")
            assert work.resources.add(owner="a").owner == "b"
            (other,) = work.resources.add_all([Content()], owner="a")
            assert other.owner == "b"
            assert work.organisations.owing() == [("a", "b")]
            assert [one.key for one in work.resources.owned("a", 9)] == [before.key]
            work.resources.save(replace(before, owner="b"))
            assert work.organisations.owing() == []
            assert list(work.resources.owned("a", 9)) == []
            assert len(work.resources.owned("b", 2)) == 2

    def test_whoever_is_depositing_is_waited_for_and_whoever_comes_meanwhile_waits(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.organisations.add("a", "A")
            work.organisations.add("b", "B")
        merged, added = threading.Event(), threading.Event()
        owners: list[str] = []

        def merge() -> None:
            catalogue.write(lambda work: work.organisations.merge("a", "b"))
            merged.set()

        def deposit() -> None:
            owners.append(catalogue.write(lambda work: work.resources.add(owner="a").owner))
            added.set()

        merging = threading.Thread(target=merge)
        with catalogue.writing() as work:
            assert work.resources.add(owner="a").owner == "a"
            merging.start()
            assert not merged.wait(0.2)
        merging.join()
        with catalogue.reading() as work:
            assert work.organisations.owing() == [("a", "b")]
        depositing = threading.Thread(target=deposit)
        with catalogue.writing() as work:
            work.organisations.add("c", "C")
            work.organisations.merge("b", "c")
            depositing.start()
            assert not added.wait(0.2)
        depositing.join()
        with catalogue.reading() as work:
            assert owners == ["c"]
            assert work.organisations.owing() == [("a", "c")]
