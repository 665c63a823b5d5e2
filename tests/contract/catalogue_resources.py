"""What every catalogue promises about resources, revisions, values and files.

The module is long because a port's promises are read as one list.
"""

import datetime
from dataclasses import replace

import pytest

from service.adapters.database.identifiers import new_identifier
from service.errors import Conflict, Invalid, NotFound
from service.model import Content, Described, FileEntry, Resource, Revision, Value
from service.ports import Catalogue, UnitOfWork

NOW = datetime.datetime(2026, 3, 1, 7, 30, tzinfo=datetime.UTC)
TITLE = Value("title", "Hàm số bậc hai", "file", language="vi", where="info")
LINK = Value("link", "https://phim.example.vn/1", "sheet")
GRADE = Value("grade", "lop-10", "person")


def sha(number: int) -> str:
    return f"{number:064x}"


def a_file(number: int, blob: int, **changes: str) -> FileEntry:
    entry = FileEntry(number, sha(blob), 10 + blob, "application/pdf", f"bài {number}.pdf")
    return replace(entry, **changes)  # type: ignore[arg-type]


def a_draft(work: UnitOfWork, *blobs: int, values: tuple[Value, ...] = (TITLE,)) -> tuple[Resource, Revision]:
    for blob in blobs:
        work.blobs.add(sha(blob), 10 + blob)
    resource = work.resources.add(owner="default")
    files = [a_file(number, blob) for number, blob in enumerate(blobs, start=1)]
    return resource, work.resources.add_revision(resource.key, values=values, files=files)


def publish(work: UnitOfWork, resource: Resource, draft: Revision) -> tuple[Resource, Revision]:
    revision = work.resources.save_revision(replace(draft, state="published", published_at=NOW))
    return work.resources.save(replace(resource, published=draft.number)), revision


class ResourcesContract:
    def test_a_new_resource_is_live_and_unpublished_and_found_by_id_and_key(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            made = work.resources.add(owner="default", access="organisation", origin="sở")
        with catalogue.reading() as work:
            assert work.resources.get(made.id) == work.resources.by_key(made.key) == made
        assert (made.visibility, made.access, made.origin, made.published) == ("live", "organisation", "sở", None)
        assert made.created_at.tzinfo is datetime.UTC

    def test_an_id_is_found_in_capitals_and_with_misread_letters(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            made = next(r for r in iter(lambda: work.resources.add(owner="default"), None) if {"0", "1"} & set(r.id))
        with catalogue.reading() as work:
            assert work.resources.get(made.id.upper().replace("0", "O").replace("1", "l")) == made

    def test_several_are_found_by_their_ids_and_by_retired_ones(self, catalogue: Catalogue) -> None:
        retired = new_identifier()
        with catalogue.writing() as work:
            made = [work.resources.add(owner="default") for _ in range(3)]
            work.resources.add_alias(retired, made[1].key)
        with catalogue.reading() as work:
            found = work.resources.some([made[0].id, retired, made[2].id, new_identifier()])
            assert found == {made[0].id: made[0], retired: made[1], made[2].id: made[2]}
            assert work.resources.some([]) == {}

    def test_descriptions_are_born_published_or_open_in_their_order(self, catalogue: Catalogue) -> None:
        described = [
            Described((replace(TITLE, value=f"Phim {number}"), LINK), (("grade", "lop-10"),), access, published)
            for number, (access, published) in enumerate((("public", True), ("public", False), ("organisation", True)))
        ]
        with catalogue.writing() as work:
            added = work.resources.add_described([*described, *described * 60], owner="default")
            assert work.resources.add_described([], owner="default") == []
            with pytest.raises(NotFound):
                work.resources.add_described(described, owner="nobody")
        keys = [key for key, _ in added]
        with catalogue.reading() as work:
            shown = work.resources.published(keys[:3])
            assert {key: revision.values for key, (_, revision) in shown.items()} == {
                keys[0]: described[0].values, keys[2]: described[2].values,
            }  # fmt: skip
            assert [shown[key][0].access for key in (keys[0], keys[2])] == ["public", "organisation"]
            draft = work.resources.open_revision(keys[1])
            assert draft is not None
            assert (draft.values, draft.files, draft.state) == (described[1].values, (), "draft")
            assert [work.resources.by_key(key).id for key in keys[:3]] == [id for _, id in added[:3]]  # type: ignore[union-attr]
            assert work.terms.counts("grade") == {"lop-10": 2 * len(keys) // 3}

    def test_an_address_is_found_where_its_owner_describes_it(self, catalogue: Catalogue) -> None:
        one, two = Described((TITLE, LINK)), Described((TITLE,), published=False)
        with catalogue.writing() as work:
            work.organisations.add("th-a", "Trường A")
            (first, _), (second, _) = work.resources.add_described([one, two], owner="default")
            ((third, _),) = work.resources.add_described([one], owner="th-a")
            work.addresses.keep({first: "d1", second: "d2", third: "d1"})
            work.addresses.keep({})
        with catalogue.writing() as work:
            assert {name: found.key for name, found in work.addresses.known("default", {"d1", "d2", "d3"}).items()} == {
                "d1": first, "d2": second,
            }  # fmt: skip
            assert work.addresses.known("th-a", ["d1"])["d1"].key == third
            work.addresses.keep({second: "d3"})
            found = work.resources.by_key(first)
            assert found is not None
            work.resources.save(replace(found, visibility="withdrawn"))
            work.resources.strip(third, ())
        with catalogue.reading() as work:
            # What was withdrawn is described anew; of what was purged nobody can tell.
            assert list(work.addresses.known("default", ["d1", "d2", "d3"])) == ["d3"]
            assert work.addresses.known("th-a", ["d1"]) == {}

    @pytest.mark.parametrize("text", ["", "x", "a" * 11, "a" * 5000, "%' OR 1=1 --", "đđđđđđđđđđđđ", "\x00" * 12])
    def test_what_is_no_id_is_simply_not_there(self, catalogue: Catalogue, text: str) -> None:
        with catalogue.reading() as work:
            assert work.resources.get(text) is None

    def test_many_at_once_are_what_each_alone_would_be(self, catalogue: Catalogue) -> None:
        odd = Value("description", """{"a", 'b'}, NULL \\ đ\n%(x)s""", "sheet")
        contents = [
            Content((TITLE, odd), (a_file(1, 1), a_file(2, 2, role="captions", media_type="text/vtt"))),
            Content((GRADE,)),
            Content((TITLE,), (a_file(1, 3),)),
        ]
        with catalogue.writing() as work:
            assert work.blobs.add_all({sha(number): 10 + number for number in (1, 2, 3)}) == frozenset()
            made = work.resources.add_all(contents, owner="default", access="organisation", origin="sở")
            alone, draft = a_draft(work, 4)
        with catalogue.reading() as work:
            for resource, content in zip(made, contents, strict=True):
                assert work.resources.get(resource.id) == work.resources.by_key(resource.key) == resource
                assert (resource.access, resource.origin, resource.row_version) == ("organisation", "sở", 1)
                held = work.resources.open_revision(resource.key)
                assert held is not None
                assert (held.values, held.files) == (content.values, content.files)
                assert (held.number, held.state, held.row_version) == (draft.number, draft.state, draft.row_version)
            keys = [resource.key for resource in made]
            assert [*keys, alone.key] == [resource.key for resource in work.resources.after(0, 10)]
            assert work.resources.held([sha(number) for number in range(9)]) == {sha(1), sha(3), sha(4)}

    def test_none_at_once_is_nothing(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            assert work.blobs.add_all({}) == frozenset()
            assert work.resources.add_all([], owner="default") == []
            assert work.resources.held([]) == work.resources.held([sha(1)]) == frozenset()

    def test_what_only_withdrawn_ones_hold_is_free(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            resource, _ = a_draft(work, 1)
            work.resources.save(replace(resource, visibility="withdrawn"))
            assert work.resources.held([sha(1)]) == frozenset()

    def test_many_at_once_need_an_owner_and_their_blobs(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work, pytest.raises(NotFound):
            work.resources.add_all([Content()], owner="không có")
        with catalogue.writing() as work, pytest.raises(Invalid) as error:
            work.resources.add_all([Content((), (a_file(1, 7),))], owner="default")
        assert error.value.parameters == {"field": "files", "value": sha(7)}

    def test_an_owner_must_exist(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work, pytest.raises(NotFound):
            work.resources.add(owner="không có")

    def test_saving_writes_every_mutable_column_and_counts_the_version(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.organisations.add("thpt-a", "THPT A")
            made = work.resources.add(owner="default")
            wanted = replace(
                made,
                owner="thpt-a",
                visibility="withdrawn",
                access="signed-in",
                embargo_until=datetime.date(2027, 1, 2),
                published=3,
                modified_at=NOW,
                withdrawn_reason="trùng lặp",
            )
            saved = work.resources.save(wanted)
        assert saved == replace(wanted, row_version=2)
        with catalogue.reading() as work:
            assert work.resources.get(made.id) == saved

    def test_saving_what_somebody_else_changed_is_a_conflict(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            made = work.resources.add(owner="default")
            work.resources.save(made)
        with catalogue.writing() as work, pytest.raises(Conflict):
            work.resources.save(made)

    def test_a_naive_time_is_refused(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            made = work.resources.add(owner="default")
        with pytest.raises(ValueError, match="zone"), catalogue.writing() as work:
            work.resources.save(replace(made, modified_at=datetime.datetime(2026, 3, 1)))  # noqa: DTZ001

    def test_times_of_any_zone_come_back_as_utc(self, catalogue: Catalogue) -> None:
        hanoi = datetime.timezone(datetime.timedelta(hours=7))
        with catalogue.writing() as work:
            made = work.resources.add(owner="default")
            saved = work.resources.save(replace(made, modified_at=NOW.astimezone(hanoi)))
        assert saved.modified_at == NOW
        assert saved.modified_at.tzinfo is datetime.UTC

    def test_a_walk_meets_every_resource_once(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            made = [work.resources.add(owner="default").key for _ in range(7)]
        met: list[int] = []
        with catalogue.reading() as work:
            while page := work.resources.after(met[-1] if met else 0, 3):
                assert len(page) <= 3
                met += [resource.key for resource in page]
        assert met == sorted(made)

    def test_a_retired_id_leads_on_for_ever_through_later_retirements_too(self, catalogue: Catalogue) -> None:
        free = new_identifier()
        with catalogue.writing() as work:
            first, second, third = (work.resources.add(owner="default") for _ in range(3))
            work.resources.add_alias(free.upper(), first.key)
            work.resources.add_alias(free, first.key)
            work.resources.add_alias(first.id, second.key)
            work.resources.add_alias(second.id, third.key)
            for old in (free, first.id, second.id, third.id):
                assert work.resources.get(old) == third

    def test_an_alias_that_would_lead_astray_is_refused(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            first, second = (work.resources.add(owner="default") for _ in range(2))
            work.resources.add_alias(first.id, second.key)
            with pytest.raises(Conflict):
                work.resources.add_alias(second.id, second.key)
            with pytest.raises(Conflict):
                work.resources.add_alias(second.id, first.key)
            with pytest.raises(Invalid):
                work.resources.add_alias("không phải id", first.key)

    def test_holding_finds_main_files_of_any_revision_but_not_of_withdrawn_resources(
        self, catalogue: Catalogue
    ) -> None:
        with catalogue.writing() as work:
            work.blobs.add(sha(2), 12)
            one, draft = a_draft(work, 1)
            one, _ = publish(work, one, draft)
            work.resources.add_revision(one.key, values=(), files=[a_file(1, 2), a_file(2, 2, role="captions")])
            other, _ = a_draft(work, 1)
            captions = work.resources.add(owner="default")
            work.resources.add_revision(captions.key, values=(), files=[a_file(1, 1, role="captions")])
            assert [found.key for found in work.resources.holding(sha(1))] == [one.key, other.key]
            assert [found.key for found in work.resources.holding(sha(2))] == [one.key]
            work.resources.save(replace(other, visibility="withdrawn"))
            assert [found.key for found in work.resources.holding(sha(1))] == [one.key]

    def test_published_gives_many_at_once_and_leaves_out_what_is_not(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            one, draft = a_draft(work, 1, 2, values=(TITLE, GRADE))
            one, first = publish(work, one, draft)
            work.resources.add_revision(one.key, values=(GRADE,), files=())
            other, _ = a_draft(work, 3)
            last, draft = a_draft(work, 3)
            last, third = publish(work, last, draft)
        with catalogue.reading() as work:
            found = work.resources.published([one.key, other.key, last.key, 999_999])  # type: ignore[list-item]
        assert found == {one.key: (one, first), last.key: (last, third)}

    def test_values_are_counted_in_open_and_published_revisions_and_in_no_former_one(
        self, catalogue: Catalogue
    ) -> None:
        toan, van = Value("subject", "toan", "person"), Value("subject", "ngu-van", "person")
        with catalogue.writing() as work:
            shown, _ = publish(work, *a_draft(work, 1, values=(TITLE, toan, toan)))
            a_draft(work, 2, values=(toan, replace(van, field="keyword")))
            former, first = publish(work, *a_draft(work, 3, values=(van,)))
            work.resources.save_revision(replace(first, state="superseded"))
            work.resources.add_revision(shown.key, values=(toan,), files=())
            assert former.key != shown.key
            assert work.resources.carrying("subject", ["toan", "ngu-van", "tin-hoc"]) == {"toan": 2}
            assert work.resources.carrying("subject", []) == {}

    def test_placements_are_those_of_open_and_published_revisions(self, catalogue: Catalogue) -> None:
        first, second = (Value("placement", f"programme=ct2018,week={week}", "person") for week in (12, 13))
        with catalogue.writing() as work:
            shown, _ = publish(work, *a_draft(work, 1, values=(TITLE, first, second)))
            work.resources.add_revision(shown.key, values=(first,), files=())
            former, revision = publish(work, *a_draft(work, 2, values=(first,)))
            work.resources.save_revision(replace(revision, state="superseded"))
            draft, _ = a_draft(work, 3, values=(TITLE, second))
            assert former.key not in (shown.key, draft.key)
            assert sorted(work.resources.placed()) == [
                (shown.key, first.value), (shown.key, second.value), (draft.key, second.value),
            ]  # fmt: skip


class RevisionsContract:
    def test_by_keys_gives_every_one_that_there_is_whatever_its_state(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            draft, _ = a_draft(work, 1)
            gone = work.resources.save(replace(work.resources.add(owner="default"), visibility="withdrawn"))
        with catalogue.reading() as work:
            missing = type(draft.key)(10**6)
            assert work.resources.by_keys([draft.key, gone.key, missing]) == {draft.key: draft, gone.key: gone}
            assert work.resources.by_keys([]) == {}

    def test_a_draft_keeps_values_and_files_in_order(self, catalogue: Catalogue) -> None:
        values = (GRADE, TITLE, Value("keyword", "parabol", "machine"), Value("title", "Parabola", "sheet", "en"))
        with catalogue.writing() as work:
            work.blobs.add(sha(1), 11)
            work.blobs.add(sha(2), 5_000_000_000)
            made = work.resources.add(owner="default")
            files = (replace(a_file(2, 2), size_bytes=5_000_000_000), a_file(1, 1, role="captions"))
            draft = work.resources.add_revision(made.key, values=values, files=files)
        assert (draft.number, draft.state, draft.values, draft.files) == (1, "draft", values, files)
        with catalogue.reading() as work:
            assert work.resources.open_revision(made.key) == work.resources.revision(made.key, 1) == draft

    def test_a_file_needs_its_blob(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            made = work.resources.add(owner="default")
            with pytest.raises(Invalid):
                work.resources.add_revision(made.key, values=(), files=[a_file(1, 9)])

    def test_two_open_revisions_are_a_conflict_and_numbers_rise(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            made, draft = a_draft(work, 1)
            with pytest.raises(Conflict):
                work.resources.add_revision(made.key, values=(), files=())
            publish(work, made, draft)
            second = work.resources.add_revision(made.key, values=(), files=())
            assert second.number == 2
            assert [revision.number for revision in work.resources.revisions(made.key)] == [1, 2]

    def test_a_draft_may_change_its_values_state_and_media_types(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            _, draft = a_draft(work, 1, 2)
            better = replace(draft.files[1], media_type="application/epub+zip")
            wanted = replace(draft, state="submitted", values=(GRADE, TITLE), files=(draft.files[0], better))
            saved = work.resources.save_revision(wanted)
            assert saved == replace(wanted, row_version=2)
            assert work.resources.revision(draft.resource, 1) == saved
            assert work.resources.save_revision(replace(saved, state="draft")).state == "draft"

    def test_a_stale_draft_is_a_conflict(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            _, draft = a_draft(work, 1)
            work.resources.save_revision(replace(draft, values=(GRADE,)))
        with catalogue.writing() as work, pytest.raises(Conflict):
            work.resources.save_revision(draft)

    def test_the_files_of_a_draft_do_not_change_under_its_number(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            work.blobs.add(sha(2), 12)
            _, draft = a_draft(work, 1)
            for files in ((), (a_file(1, 2),), (replace(draft.files[0], name="khác.pdf"),)):
                with pytest.raises(Conflict):
                    work.resources.save_revision(replace(draft, files=files))

    def test_what_is_published_never_changes_again(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            made, draft = a_draft(work, 1)
            _, revision = publish(work, made, draft)
            later = NOW + datetime.timedelta(seconds=1)
            for changed in (
                replace(revision, values=(GRADE,)),
                replace(revision, files=(replace(revision.files[0], media_type="text/plain"),)),
                replace(revision, published_at=later),
                replace(revision, state="draft", published_at=None),
            ):
                with pytest.raises(Conflict):
                    work.resources.save_revision(changed)
            superseded = work.resources.save_revision(replace(revision, state="superseded"))
            with pytest.raises(Conflict):
                work.resources.save_revision(replace(superseded, values=()))

    def test_a_resource_has_one_published_revision(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            made, draft = a_draft(work, 1)
            publish(work, made, draft)
            second = work.resources.add_revision(made.key, values=(), files=())
        with pytest.raises(Conflict), catalogue.writing() as work:
            work.resources.save_revision(replace(second, state="published", published_at=NOW))

    def test_a_revision_that_is_not_there(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            made, draft = a_draft(work, 1)
            assert work.resources.revision(made.key, 2) is None
            with pytest.raises(NotFound):
                work.resources.save_revision(replace(draft, number=2))

    def test_who_shares_bytes_is_told_whatever_became_of_it(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            one, _ = a_draft(work, 1, 2)
            work.blobs.add(sha(3), 13)
            attached = work.resources.add(owner="default")
            files = [a_file(1, 3), a_file(2, 2, role="attachment")]
            draft = work.resources.add_revision(attached.key, values=(), files=files)
            _, first = publish(work, attached, draft)
            work.resources.save_revision(replace(first, state="superseded"))
            withdrawn, _ = a_draft(work, 2)
            work.resources.save(replace(withdrawn, visibility="withdrawn", withdrawn_reason="trùng"))
            a_draft(work, 4)
        with catalogue.reading() as work:
            keys = [[found.key for found in work.resources.sharing(hashes)] for hashes in ((sha(2), sha(3)), (sha(4),))]
            assert keys[0] == [one.key, attached.key, withdrawn.key]
            assert len(keys[1]) == 1
            assert [work.resources.sharing(hashes) for hashes in ((), (sha(9),))] == [[], []]

    def test_stripping_takes_values_and_names_of_every_revision_published_or_not(self, catalogue: Catalogue) -> None:
        with catalogue.writing() as work:
            made, draft = a_draft(work, 1, 2, values=(TITLE, GRADE, Value("title", "Parabola", "sheet", "en")))
            made, _ = publish(work, made, draft)
            work.resources.add_revision(made.key, values=(GRADE, TITLE), files=[a_file(1, 2)])
            other, _ = a_draft(work, 1)
            before = work.resources.revisions(other.key)
            work.resources.strip(made.key, ("grade", "type"))
        with catalogue.reading() as work:
            stripped = work.resources.revisions(made.key)
            assert [revision.values for revision in stripped] == [(GRADE,), (GRADE,)]
            assert [[(file.name, file.sha256) for file in one.files] for one in stripped] == [
                [("", sha(1)), ("", sha(2))],
                [("", sha(2))],
            ]
            assert work.resources.revisions(other.key) == before
