"""What every catalogue promises about records of other repositories."""

import datetime
from dataclasses import replace

import pytest

from service.errors import NotFound
from service.model import Value
from service.ports import Brought, Catalogue, Origin, Source, UnitOfWork

SOURCE = Source(0, "https://kho.example.vn/oai", "", "lom", "default", "CC-BY-4.0", "Kho A")
ORIGIN = Origin("https://kho.example.vn/oai", "oai:a:1", "2026-01-02", "urn:x", "2026-03-01T00:00:00Z")


def brought(name: str, title: str = "Bài một", **changes: object) -> Brought:
    values = (Value("title", title, "source", language="vi"), Value("link", f"https://kho.example.vn/{name}", "source"))
    made = Brought(
        f"oai:a:{name}", "2026-01-02", f"oai:a:{name}", title, values, (("grade", "lop-10"),), "public", (ORIGIN,)
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def kept(work: UnitOfWork, source: Source, *names: str) -> list[object]:
    found = work.harvests.kept(source.key, [f"oai:a:{name}" for name in names])
    return [found.get(f"oai:a:{name}") for name in names]


class HarvestsContract:
    @pytest.fixture
    def source(self, catalogue: Catalogue) -> Source:
        with catalogue.writing() as work:
            return work.harvests.save_source(SOURCE)

    def test_a_source_is_one_whoever_names_it_first(self, catalogue: Catalogue, source: Source) -> None:
        with catalogue.writing() as work:
            again = work.harvests.save_source(replace(SOURCE, name="Kho B", format="mods"))
            assert again.key == source.key
            part = work.harvests.save_source(replace(SOURCE, set="toan"))
            left = replace(again, left_at=datetime.datetime(2026, 5, 6, tzinfo=datetime.UTC))
            work.harvests.save_source(left)
            assert work.harvests.source(SOURCE.base_url, "") == left
            assert work.harvests.save_source(replace(left, key=0, left_at=None)) == again
            done = work.harvests.save_source(replace(again, watermark="2026-01-01", run=3))
        with catalogue.reading() as work:
            assert work.harvests.sources() == [done, part]
            assert work.harvests.source(SOURCE.base_url, "") == replace(
                SOURCE, key=source.key, name="Kho B", format="mods", watermark="2026-01-01", run=3
            )
            assert work.harvests.source("https://elsewhere.example", "") is None

    def test_records_are_born_published_with_their_terms(self, catalogue: Catalogue, source: Source) -> None:
        with catalogue.writing() as work:
            added = work.harvests.add(source, [brought("1"), brought("2", "Bài hai", access="organisation")])
        with catalogue.reading() as work:
            assert sorted(added) == sorted(work.resources.published(list(added)))
            found = {revision.first("title"): one for one, revision in work.resources.published(list(added)).values()}
            assert {title: one.access for title, one in found.items()} == {
                "Bài một": "public",
                "Bài hai": "organisation",
            }
            assert {one.origin for one in found.values()} == {f"source:{source.key}"}
            assert work.terms.counts("grade") == {"lop-10": 2}
            assert work.harvests.origins(list(added)) == {key: [ORIGIN] for key in added}

    def test_nobody_owns_records_of_no_organisation(self, catalogue: Catalogue, source: Source) -> None:
        with catalogue.writing() as work, pytest.raises(NotFound):
            work.harvests.add(replace(source, organisation="nobody"), [brought("1")])

    def test_what_comes_for_a_merged_organisation_is_its_successor_s(
        self, catalogue: Catalogue, source: Source
    ) -> None:
        with catalogue.writing() as work:
            work.organisations.add("kho-cu", "Kho cũ")
            former = replace(source, organisation="kho-cu")
            work.harvests.add(former, [brought("1")])
            work.organisations.merge("kho-cu", "default")
            (key,) = work.harvests.add(former, [brought("2")])
            work.harvests.rewrite(former, [(kept(work, source, "1")[0], brought("1", "Bài mới", digest="d2"))])  # type: ignore[list-item]
        with catalogue.reading() as work:
            assert work.resources.owned("kho-cu", 10) == []
            assert {one.key for one in work.resources.owned("default", 10)} >= {key}

    def test_what_changed_takes_the_place_and_what_was_said_here_is_known(
        self, catalogue: Catalogue, source: Source
    ) -> None:
        with catalogue.writing() as work:
            (key,) = work.harvests.add(source, [brought("1")])
            (here,) = kept(work, source, "1")
            said = Value("title", "Tên của chúng ta", "person")
            work.harvests.rewrite(source, [(here, brought("1", "Bài mới", values=(said,), digest="d2"))])  # type: ignore[list-item]
            assert work.harvests.local([key]) == {key: [said]}
            resource, revision = work.resources.published([key])[key]
            assert (resource.row_version, revision.number, revision.values) == (2, 1, (said,))
            (now,) = kept(work, source, "1")
            assert (now.digest, now.version) == ("d2", 2)  # type: ignore[attr-defined]
            work.harvests.dated(source.key, {"oai:a:1": "2026-05-06"})
            assert kept(work, source, "1")[0].datestamp == "2026-05-06"  # type: ignore[attr-defined]

    def test_what_went_there_goes_here_and_comes_back(self, catalogue: Catalogue, source: Source) -> None:
        with catalogue.writing() as work:
            (key,) = work.harvests.add(source, [brought("1")])
            work.harvests.move(kept(work, source, "1"), gone=True, reason="Đã thu hồi.")  # type: ignore[arg-type]
        with catalogue.writing() as work:
            gone = work.resources.by_key(key)
            assert gone is not None
            assert (gone.visibility, gone.withdrawn_reason) == ("withdrawn", "Đã thu hồi.")
            assert work.terms.counts("grade") == {}
            assert work.harvests.elsewhere(source.key + 1, ["oai:a:1"]) == frozenset()
            work.harvests.move(kept(work, source, "1"), gone=False, reason="")  # type: ignore[arg-type]
            assert work.harvests.elsewhere(source.key + 1, ["oai:a:1", "oai:a:2"]) == {"oai:a:1"}
            assert work.harvests.elsewhere(source.key, ["oai:a:1"]) == frozenset()

    def test_what_was_not_seen_in_a_run_is_found(self, catalogue: Catalogue, source: Source) -> None:
        with catalogue.writing() as work:
            work.harvests.add(source, [brought("1"), brought("2"), brought("3")])
            work.harvests.seen(source.key, ["oai:a:1"], 1)
            work.harvests.refuse(source.key, {"oai:a:2": ("no-title", "")})
            assert [one.identifier for one in work.harvests.unseen(source.key, 1, 10)] == ["oai:a:3"]

    def test_refusals_are_kept_until_they_are_settled(self, catalogue: Catalogue, source: Source) -> None:
        with catalogue.writing() as work:
            work.harvests.refuse(source.key, {"oai:a:1": ("no-title", ""), "oai:a:2": ("no-link", "x")})
            work.harvests.refuse(source.key, {"oai:a:1": ("no-licence", "y")})
            assert work.harvests.refused(source.key) == {"oai:a:1": ("no-licence", "y"), "oai:a:2": ("no-link", "x")}
            work.harvests.settle(source.key, ["oai:a:1", "oai:a:9"])
            assert list(work.harvests.refused(source.key)) == ["oai:a:2"]
