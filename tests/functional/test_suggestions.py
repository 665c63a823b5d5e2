"""Suggestions while typing: from titles, topics and names, without tones, of public things alone."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service import compose
from service.app import create
from service.library import curate
from service.library.publishing import listed
from service.library.relist import relist
from service.library.services import Services
from service.library.suggest import MOST, WALKED, suggest
from service.library.used import MostUsed
from service.model import OPERATOR, Value
from service.settings import Settings
from tests.benchmarks.bulk import Made, fill
from tests.conftest import Shelf, ingest, make_pdf


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """Three described resources and one that is public nowhere."""
    root = tmp_path_factory.mktemp("described")
    folder = root / "in"
    for name in ("bac-hai", "bac-nhat", "te-bao", "noi-bo"):
        make_pdf(folder / f"{name}.pdf", [f"Một trang của {name}."])
    (folder / "bang.csv").write_text(
        "path,title,subject,grade,licence,keywords\n"
        "bac-hai.pdf,Hàm số bậc hai,toan,lớp 10,CC0-1.0,parabol;đồ thị\n"
        "bac-nhat.pdf,Ôn tập hàm số bậc nhất,toan,lớp 9,CC0-1.0,đường thẳng\n"
        "te-bao.pdf,Tế bào nhân thực,sinh-hoc,lớp 10,CC0-1.0,tế bào\n"
        "noi-bo.pdf,Hàm số nội bộ,toan,lớp 10,CNE,nội bộ\n",
        encoding="utf-8",
    )
    ids = ingest(root / "home", folder, "--publish", "--sheet", str(folder / "bang.csv"))
    services = compose.services(Settings(home=root / "home"))
    yield Shelf(root / "home", services, ids)
    services.catalogue.close()


def texts(shelf: Shelf, typed: str) -> list[str]:
    return [one.text for one in suggest(shelf.services, typed, language="vi")]


@pytest.mark.parametrize("typed", ["ham so bac h", "Hàm số bậc h", "HAM  SO bac h", "hàm so bậc h"])
def test_a_title_is_found_however_it_is_typed(described: Shelf, typed: str) -> None:
    (found,) = suggest(described.services, typed, language="vi")
    assert (found.kind, found.text, found.resource) == ("title", "Hàm số bậc hai", described.ids["bac-hai.pdf"])


def test_titles_that_begin_so_come_before_those_with_such_a_word(described: Shelf) -> None:
    assert texts(described, "ham s") == ["Hàm số bậc hai", "Ôn tập hàm số bậc nhất"]


def test_names_and_topics_are_suggested_where_the_library_has_something_of_them(described: Shelf) -> None:
    found = suggest(described.services, "toa", language="vi")
    assert [(one.kind, one.code) for one in found if one.code] == [("subject", "toan")]
    assert ("topic", "đường thẳng") in [
        (one.kind, one.text) for one in suggest(described.services, "duong", language="vi")
    ]
    # A subject that nothing here has.
    assert texts(described, "am nhac") == []
    assert [one.text for one in suggest(described.services, "math", language="en")] == ["Mathematics"]


def test_topics_of_a_programme_and_textbook_series_are_suggested_and_browsed(filled: Callable[..., Services]) -> None:
    def taught(title: str, topic: str, *, public: bool = True) -> Made:
        placed = Value("placement", "programme=ct2018,subject=toan,grade=lop-10,series=kntt,lesson=16", "sheet")
        return Made((Value("title", title, "person"), Value("topic", topic, "sheet"), placed), 0, public)

    services = filled(
        *(taught(f"Bài {number}", "toan-12-1-1-2") for number in range(3)),
        taught("Parabol", "toan-10-1-1-3-2"),
        taught("Nội bộ", "toan-11-1-1-1-2", public=False),
        made("Phiếu", "hàm số chẵn"),
    )
    found = suggest(services, "ham so", language="vi")
    # What stands above what a resource has is there too; what most have comes first, then readers' own words.
    assert [(one.kind, one.code) for one in found] == [
        ("topic", "toan-12-1-1"),
        ("topic", "toan-12-1-1-2"),
        ("topic", ""),
        ("topic", "toan-10-1-1-3"),
        ("topic", "toan-10-1-1-3-2"),
    ]
    assert found[3].text == "Hàm số và đồ thị · Lớp 10"
    # From any word on, toneless; what nobody may see tells not even that there is something of it.
    assert [one.code for one in suggest(services, "bac hai do thi", language="vi")] == ["toan-10-1-1-3-2"]
    assert [one.code for one in suggest(services, "ham so luong giac", language="vi")] == []
    (series,) = suggest(services, "ket noi", language="vi")
    assert (series.kind, series.code, series.text) == ("series", "kntt", "Kết nối tri thức")


def test_a_topic_leads_to_what_has_it(filled: Callable[..., Services]) -> None:
    services = filled(Made((Value("title", "Parabol", "person"), Value("topic", "toan-10-1-1-3-2", "sheet"))))
    with TestClient(create(services), base_url="http://library.test") as client:
        (found,) = client.get("/suggest", params={"q": "ham so bac"}).json()
    assert (found["kind"], found["url"]) == ("Chủ đề", "/search?topic=toan-10-1-1-3-2")


def test_what_is_not_public_is_never_suggested(described: Shelf, library: Shelf) -> None:
    assert "Hàm số nội bộ" not in texts(described, "ham so")
    assert texts(described, "noi bo") == []
    assert texts(library, "ban nhap") == texts(library, "tai lieu se thu hoi") == []


def test_what_is_withdrawn_goes_at_once_and_comes_back(described: Shelf, tmp_path: Path) -> None:
    shutil.copytree(described.home, tmp_path / "home")
    own = replace(described, services=compose.services(Settings(home=tmp_path / "home")))
    curate.withdraw(own.services, OPERATOR, own.ids["te-bao.pdf"], reason="Sai.")
    assert texts(own, "te bao") == []
    curate.reinstate(own.services, OPERATOR, own.ids["te-bao.pdf"])
    assert "Tế bào nhân thực" in texts(own, "te bao")
    with own.services.catalogue.writing() as work:
        found = work.resources.get(own.ids["te-bao.pdf"])
        assert found is not None
        work.terms.replace(found.key, [])
    # As of a library that an older version has filled.
    assert texts(own, "te bao") == []
    relist(own.services)
    assert "Tế bào nhân thực" in texts(own, "te bao")
    own.services.catalogue.close()


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Callable[..., Services]]:
    """A library of rows alone, whose use has been read."""
    opened: list[Services] = []

    def make(*made: Made) -> Services:
        services = compose.services(Settings(home=tmp_path / "home"))
        opened.append(services)
        services.catalogue.migrate()
        fill(services, made)
        services.most_used.read(services.catalogue)
        return services

    yield make
    for services in opened:
        services.catalogue.close()


def made(title: str, *keywords: str, used: int = 0, public: bool = True) -> Made:
    values = (Value("title", title, "person", language="vi"), *(Value("keyword", one, "person") for one in keywords))
    return Made(values, used, public)


def titles(services: Services, typed: str) -> list[str]:
    return [one.text for one in suggest(services, typed, language="vi")]


def test_rows_of_a_filled_library_are_those_that_publishing_writes(
    described: Shelf, filled: Callable[..., Services]
) -> None:
    with described.services.catalogue.reading() as work:
        resource = work.resources.get(described.ids["bac-hai.pdf"])
        assert resource is not None
        ((_, revision),) = work.resources.published([resource.key]).values()
        fields = ("title", "title-word", "topic", "subject", "grade", "organisation")
        written = {field: {value for value, _ in work.terms.values(field, [resource.key])} for field in fields}
    with filled(Made(revision.values)).catalogue.reading() as work:
        keys = [one.key for one in work.resources.after(0, 9)]
        assert {field: {value for value, _ in work.terms.values(field, keys)} for field in fields} == written


def test_the_most_used_come_first_and_then_the_shortest(filled: Callable[..., Services]) -> None:
    services = filled(
        made("Phân số và hỗn số"),
        made("Phân số"),
        made("Phân số bằng nhau", used=3),
        made("Phân số thập phân", used=40),
        made("Phân số của trường", used=90, public=False),
        made("Bài tập phân số", used=500),
    )
    assert titles(services, "phan s") == [
        "Phân số thập phân",
        "Phân số bằng nhau",
        "Phân số",
        "Phân số và hỗn số",
        "Bài tập phân số",
    ]


def test_among_more_than_are_looked_at_the_most_used_are_not_missed(filled: Callable[..., Services]) -> None:
    same = [made(f"Đề thi {number:04}") for number in range(WALKED + 50)]
    services = filled(*same, made("Đề thi zê", used=1), made("Đề thi yê", used=2), made("Xem đề thi w", used=3))
    found = titles(services, "de thi")
    assert found[:2] == ["Đề thi yê", "Đề thi zê"]
    assert len(found) == MOST
    # Without them as well: not all that begin so come before it by letters.
    assert titles(services, "de thi y") == ["Đề thi yê"]


def test_the_same_title_over_and_over_leaves_room_for_others(filled: Callable[..., Services]) -> None:
    services = filled(*[made("Giáo án tuần 3")] * 60, made("Giáo án tuần 3 (sửa)"), made("Soạn giáo án tuần 3"))
    assert titles(services, "giao an") == ["Giáo án tuần 3", "Giáo án tuần 3 (sửa)", "Soạn giáo án tuần 3"]


def test_different_topics_are_suggested_however_many_resources_share_one(filled: Callable[..., Services]) -> None:
    services = filled(
        *[made(f"Bài {number}", "đạo hàm") for number in range(40)],
        made("Tám", "đạo đức", "Đạo hàm", used=9),
        made("Chín", "đạo đức"),
        made("Mười", "đạo diễn phim"),
        made("Kín", "đạo kín", public=False),
    )
    found = suggest(services, "dao", language="vi")
    assert [(one.kind, one.text) for one in found] == [
        ("topic", "đạo hàm"),
        ("topic", "đạo đức"),
        ("topic", "đạo diễn phim"),
    ]


def test_what_was_retitled_since_its_use_was_read_is_not_suggested_by_its_old_title(
    filled: Callable[..., Services],
) -> None:
    services = filled(made("Tên cũ", used=5))
    with services.catalogue.writing() as work:
        (resource,) = work.resources.after(0, 2)
        revision = work.resources.revision(resource.key, 1)
        assert revision is not None
        work.resources.save_revision(replace(revision, state="superseded"))
        values = (Value("title", "Tên mới", "person"),)
        draft = work.resources.add_revision(resource.key, values=values, files=())
        draft = work.resources.save_revision(replace(draft, state="published", published_at=revision.published_at))
        work.terms.replace(resource.key, listed(services.vocabularies, resource, draft))
        work.resources.save(replace(resource, published=draft.number))
    assert titles(services, "ten c") == []
    assert titles(services, "ten m") == ["Tên mới"]


def test_use_is_read_behind_an_answer_and_soon_counts(filled: Callable[..., Services]) -> None:
    services = filled(made("Thơ ca"), made("Thơ ca dân gian", used=2))
    fresh = replace(services, most_used=MostUsed())
    assert titles(fresh, "tho")[0] in ("Thơ ca", "Thơ ca dân gian")
    until = time.monotonic() + 30
    while titles(fresh, "tho")[0] != "Thơ ca dân gian":
        assert time.monotonic() < until
        time.sleep(0.01)


def test_the_door_says_where_each_leads(client: TestClient, library: Shelf) -> None:
    answer = client.get("/en/suggest", params={"q": "cells of"})
    assert answer.headers["content-type"] == "application/json"
    (found,) = answer.json()
    assert found == {
        "text": "Cells of plants and animals",
        "lang": "",
        "kind": "Resource",
        "url": f"/en/resources/{library.ids['cells.pdf']}",
    }
    assert client.get("/suggest", params={"q": "cells of"}).json()[0]["lang"] == "en"
    many = client.get("/suggest", params={"q": "bai doc them"}).json()
    assert len(many) == MOST
    assert client.get("/suggest", params={"q": "b"}).json() == client.get("/suggest").json() == []
    assert client.get("/suggest", params={"q": "‮%_'\"<" * 400}).json() == []
