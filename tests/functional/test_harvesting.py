"""Libraries that follow each other: edits and withdrawals arrive, nothing goes in a circle, everything says whence.

The module is long because its tests share three libraries.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree

from service import compose
from service.errors import OwnRepository, SourceFormat, UnknownOrganisation
from service.library import curate, project
from service.library.harvesting.gathering import Listeners
from service.library.harvesting.harvest import Report, Wish, harvest
from service.model import HARVESTED, OPERATOR, Value
from service.settings import Settings
from tests.functional.faulty_source import Source
from tests.functional.repository import OAI, Repository, canonical
from tests.schemas import faults, needed

PROVENANCE = "{http://www.openarchives.org/OAI/2.0/provenance}"


class Library(Repository):
    """A repository that harvests too."""

    def __init__(self, home: Path, name: str) -> None:
        self.url = f"https://{name}.example.vn"
        settings = Settings(home=home, public_url=self.url, repository_id=f"{name}.example.vn", oai_page=3)
        super().__init__(compose.services(settings))

    def follow(self, web: "Web", other: "Library | Source", **wish: object) -> Report:
        url = other.url if isinstance(other, Source) else f"{other.url}/oai"
        on = Listeners(pause=lambda _seconds: None, step=lambda _counts: None, refused=lambda _refused: None)
        done = harvest(self.services, OPERATOR, web, Wish(url, **wish), on)  # type: ignore[arg-type]
        self.settle()
        return done

    def titles(self) -> dict[str, tuple[str, ...]]:
        """Public id -> titles of all that is live."""
        with self.services.catalogue.reading() as work:
            shown = work.resources.published([one.key for one in work.resources.after(0, 1000)])
        return {one.id: tuple(revision.every("title")) for one, revision in shown.values() if one.visibility == "live"}

    def harvested(self) -> list[str]:
        with self.services.catalogue.reading() as work:
            resources = work.resources.after(0, 1000)
        return [one.id for one in resources if one.origin != "local"]


class Web:
    """Libraries of this process by their hosts. The port `service.ports.Fetcher`."""

    def __init__(self, *libraries: Library) -> None:
        self._libraries = {urlsplit(one.url).netloc: one for one in libraries}

    @contextmanager
    def get(self, url: str) -> Iterator["Answered"]:
        parts = urlsplit(url)
        answer = self._libraries[parts.netloc].client.get(f"{parts.path}?{parts.query}")
        yield Answered(answer.status_code, dict(answer.headers), answer.content)

    def close(self) -> None:
        pass


class Answered:
    def __init__(self, status: int, headers: Mapping[str, str], data: bytes) -> None:
        self.status, self.headers, self._data = status, headers, data

    def read(self, size: int) -> bytes:
        taken, self._data = self._data[:size], self._data[size:]
        return taken


@pytest.fixture
def three(fresh: Path, tmp_path: Path) -> Iterator[tuple[Library, Library, Library]]:
    made = []
    for name in ("a", "b", "c"):
        home = tmp_path / name
        home.mkdir()
        shutil.copy(fresh / "library.sqlite", home / "library.sqlite")
        made.append(Library(home, name))
    yield (made[0], made[1], made[2])
    for one in made:
        one.client.close()
        one.services.catalogue.close()


Three = tuple[Library, Library, Library]


def test_two_libraries_follow_each_others_edits_and_withdrawals(three: Three) -> None:
    a, b, _ = three
    web = Web(a, b)
    ids = a.publish_many(7, "Bài của A", subject="toan-dai-so", grade="lop-10")
    mine = b.publish("Bài của B", subject="ngu-van")
    for one in (a, b):
        one.settle()
    assert b.follow(web, a).counts.new == 7
    assert a.follow(web, b).counts.new == 1
    assert sorted(title for (title,) in b.titles().values()) == sorted(
        ["Bài của A", *(f"Bài của A {number}" for number in range(1, 7)), "Bài của B"]
    )
    a.edit(ids[0], "Bài đã sửa")
    a.withdraw(ids[1])
    b.edit(mine, "Bài của B đã sửa")
    for one in (a, b):
        one.settle()
    done = b.follow(web, a).counts
    assert (done.new, done.changed, done.withdrawn, done.same) == (0, 1, 1, 5)
    assert a.follow(web, b).counts.changed == 1
    assert ("Bài đã sửa",) in b.titles().values()
    assert ("Bài của A 1",) not in b.titles().values()
    assert ("Bài của B đã sửa",) in a.titles().values()
    a.reinstate(ids[1])
    a.settle()
    assert b.follow(web, a).counts.reinstated == 1
    assert ("Bài của A 1",) in b.titles().values()
    # The same id for ever, and one revision.
    with b.services.catalogue.reading() as work:
        for id in b.harvested():
            resource = work.resources.get(id)
            assert resource is not None
            assert [one.number for one in work.resources.revisions(resource.key)] == [1]


def test_a_ring_of_three_never_hands_a_record_back(three: Three) -> None:
    a, b, c = three
    web = Web(*three)
    names = {one: one.publish(f"Bài của {one.url}") for one in three}
    for one in three:
        one.settle()
    around = ((b, a), (c, b), (a, c))
    for _ in range(3):
        for to, of in around:
            to.follow(web, of)
            to.follow(web, of, set=HARVESTED)
    for one in three:
        held = sorted(title for (title,) in one.titles().values())
        assert held == sorted(f"Bài của {other.url}" for other in three), "each once, on whatever way it came"
        assert names[one] not in one.harvested()
    # And what its owner withdraws goes everywhere.
    a.withdraw(names[a])
    for _ in range(3):
        for to, of in around:
            to.settle()
            of.settle()
            to.follow(web, of)
            to.follow(web, of, set=HARVESTED)
    assert all((f"Bài của {a.url}",) not in one.titles().values() for one in three)


def test_what_was_harvested_is_told_in_its_own_set_alone(three: Three) -> None:
    a, b, c = three
    web = Web(*three)
    a.publish_many(4, "Bài của A")
    own = b.publish("Bài của B")
    a.settle()
    b.settle()
    b.follow(web, a)
    assert [one.identifier for one in b.harvest().records] == [b.oai_id(own)]
    told = b.harvest(set=HARVESTED)
    assert len(told.records) == 4
    assert {one.sets for one in told.records} == {(HARVESTED,)}
    assert HARVESTED in [one.text for one in b.answer("verb=ListSets").iter(f"{OAI}setSpec")]
    c.follow(web, b, set=HARVESTED)
    (root, *_) = list(c.walk(set=HARVESTED))
    about = root.find(f".//{OAI}about/{PROVENANCE}provenance")
    chain = [one.findtext(f"{PROVENANCE}baseURL") for one in about.iter(f"{PROVENANCE}originDescription")]
    assert chain == [f"{b.url}/oai", f"{a.url}/oai"]
    found = root.find(f".//{OAI}about/{PROVENANCE}provenance//{PROVENANCE}identifier[last()]")
    assert found is not None
    assert canonical(about)


@needed
def test_provenance_is_valid(three: Three) -> None:
    a, b, _ = three
    a.publish("Bài của A")
    a.settle()
    b.follow(Web(a, b), a)
    (root,) = b.walk(prefix="lom", set=HARVESTED)
    assert faults(etree.tostring(root.find(f".//{PROVENANCE}provenance")).decode(), "oai/provenance.xsd") == []
    assert faults(canonical(root.find(f".//{OAI}metadata")[0]), "lom/lomLoose.xsd") == []


def test_what_was_harvested_is_found_and_leads_to_where_it_is(three: Three) -> None:
    a, b, _ = three
    there = a.publish("Đồ thị hàm số", subject="toan-dai-so", grade="lop-10", description="Một parabol.")
    a.settle()
    project.ensure(b.services)
    b.follow(Web(a, b), a)
    (id,) = b.harvested()
    project.write(b.services, [id])
    link = f"{a.url}/resources/{there}"
    found = b.client.get("/api/v1/search?q=do thi ham so&grade=lop-10&subject=toan").json()
    assert [(one["id"], one["source"]) for one in found["items"]] == [(id, "Học liệu mở")]
    assert [one["value"] for one in found["facets"]["organisation"]] == ["default"]
    assert [(one["value"], one["count"]) for one in found["facets"]["source"]] == [("Học liệu mở", 1)]
    assert b.client.get("/api/v1/search", params={"source": "Học liệu mở"}).json()["total"] == 1
    chip = b.client.get("/search", params={"q": "do thi", "source": "Học liệu mở"})
    assert 'aria-label="Bỏ bộ lọc Học liệu mở"' in chip.text
    record = b.client.get(f"/api/v1/resources/{id}").json()
    assert (record["source_url"], record["files"], record["licence"]) == (link, [], "CC-BY-4.0")
    page = b.client.get(f"/resources/{id}")
    assert page.status_code == 200
    assert page.text.count(f'href="{link}"') == 2
    assert "Mở tại kho lưu giữ" in page.text
    assert "từ Học liệu mở" in b.client.get("/search?q=do thi ham so").text
    # Pages that are about files say that there are none; those about records go on.
    for path in ("read", "text", "keep", "files/1"):
        assert b.client.get(f"/resources/{id}/{path}").status_code == 404, path
    for path in ("metadata/lom", "metadata/oai_dc", "metadata/bibtex", "v/1", "qr.svg", "report", "linkset"):
        assert b.client.get(f"/resources/{id}/{path}").status_code == 200, path
    for path in (f"/oembed?url={b.url}/resources/{id}", f"/embed/resources/{id}", "/atom", "/"):
        assert b.client.get(path).status_code == 200, path
    assert link in b.client.get(f"/resources/{id}/metadata/oai_dc").text


def test_what_somebody_here_says_lies_over_what_comes(three: Three) -> None:
    a, b, _ = three
    there = a.publish("Bài cũ", subject="toan")
    a.settle()
    web = Web(a, b)
    b.follow(web, a)
    (id,) = b.harvested()
    with b.services.catalogue.writing() as work:
        resource = work.resources.get(id)
        assert resource is not None
        draft = work.resources.add_revision(
            resource.key,
            values=[Value("subject", "ngu-van", "person"), Value("title", "Tên ở đây", "person")],
            files=[],
        )
        former = work.resources.revision(resource.key, 1)
        assert former is not None
        work.resources.save_revision(replace(former, state="superseded"))
        work.resources.save_revision(replace(draft, state="published", published_at=former.published_at))
        work.resources.save(replace(resource, published=draft.number))
    a.edit(there, "Bài mới", description="Mô tả mới")
    a.settle()
    assert b.follow(web, a).counts.changed == 1
    with b.services.catalogue.reading() as work:
        resource = work.resources.get(id)
        assert resource is not None
        ((_, revision),) = work.resources.published([resource.key]).values()
    assert revision.first("title") == "Tên ở đây"
    assert revision.every("subject") == ("toan", "ngu-van")
    assert revision.first("description") == "Mô tả mới"


def test_what_was_withdrawn_here_stays_withdrawn(three: Three) -> None:
    a, b, _ = three
    there = a.publish("Bài của A")
    a.settle()
    web = Web(a, b)
    b.follow(web, a)
    (id,) = b.harvested()
    curate.withdraw(b.services, OPERATOR, id, reason="Không phù hợp.")
    a.edit(there, "Bài đã sửa")
    a.settle()
    assert b.follow(web, a).counts.changed == 1
    a.withdraw(there)
    a.reinstate(there)
    a.settle()
    b.follow(web, a)
    with b.services.catalogue.reading() as work:
        resource = work.resources.get(id)
    assert resource is not None
    assert (resource.visibility, resource.withdrawn_reason) == ("withdrawn", "Không phù hợp.")


def test_a_licence_that_keeps_a_thing_in_its_house_keeps_its_record_too(three: Three) -> None:
    _, b, _ = three
    with Source(2) as source:
        source.records["oai:kho:1"].licence = "http://rightsstatements.org/vocab/InC/1.0/"
        on = Listeners(pause=lambda _: None, step=lambda _: None, refused=lambda _: None)
        fetcher = compose.fetcher(b.services.settings)
        harvest(b.services, OPERATOR, fetcher, Wish(source.url), on)
        fetcher.close()
    with b.services.catalogue.reading() as work:
        access = sorted(one.access for one in work.resources.after(0, 10))
    assert access == ["organisation", "public"]


def test_wishes_that_cannot_be_are_refused_before_anything_happens(three: Three) -> None:
    a, b, _ = three
    web = Web(a, b)
    with pytest.raises(OwnRepository):
        a.follow(web, a)
    with pytest.raises(SourceFormat):
        b.follow(web, a, format="marc21")
    with pytest.raises(UnknownOrganisation):
        b.follow(web, a, organisation="nobody")
    with b.services.catalogue.reading() as work:
        assert work.harvests.sources() == []
