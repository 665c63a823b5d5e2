"""Similar resources on the page of one and in the API: by what they share, never what a reader may not see."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service import compose
from service.app import create
from service.library import project
from service.library.likeness import beside, shared, traits
from service.library.services import Services
from service.library.similar import MOST
from service.model import Access, ResourceId, Value, Visibility
from service.settings import Settings
from service.vocabularies import seeds
from tests.relevance.library import Text, publish

MATHS, PHYSICS = (("subject", "toan"), ("grade", "lop-10")), (("subject", "vat-li"), ("grade", "lop-10"))
PARABOLA = (
    "Đồ thị của hàm số bậc hai là một parabol có đỉnh và trục đối xứng; hàm số bậc hai đồng biến rồi nghịch biến."
)
LIGHT = "Ánh sáng truyền theo đường thẳng; tia sáng khúc xạ khi đi từ không khí vào nước."
SIXTH = ("grade", "lop-6")


def placed(grade: str, lesson: int) -> tuple[tuple[str, str], ...]:
    stands = f"programme=ct2018,subject=toan,grade={grade},series=kntt,lesson={lesson}"
    return ("subject", "toan"), ("grade", grade), ("placement", stands)


TEXTS = [
    Text("one", "Hàm số bậc hai", (PARABOLA, "Trang hai."), MATHS),
    Text("two", "Vẽ parabol", (f"Luyện tập. {PARABOLA}",), MATHS),
    Text(
        "three",
        "Hàm số bậc hai, bài tập",
        ("Một trang khác hẳn.",),
        (("subject", "toan-dai-so"), ("grade", "thpt"), ("grade", "lop-10")),
    ),
    Text("older", "Hàm số bậc hai ở lớp 11", (PARABOLA,), (("subject", "toan"), ("grade", "lop-11"))),
    Text("motion", "Ném xiên", (f"Quỹ đạo. {PARABOLA}",), PHYSICS),
    Text("light", "Khúc xạ ánh sáng", (LIGHT,), PHYSICS),
    Text("alone", "Sóng thần", ("Không ai khác nói về sóng thần.",), (("subject", "dia-li"), ("grade", "lop-6"))),
    Text("plain", "Hàm số bậc hai chưa mô tả", (PARABOLA,)),
    Text("lesson", "Phép cộng", ("Bảy cộng năm bằng mười hai.",), placed("lop-2", 16)),
    Text("song", "Bài hát vào lớp", ("Cùng hát nào các bạn ơi.",), (placed("lop-2", 16)[-1],)),
    Text("other-lesson", "Hình tròn", ("Một hình rất tròn trịa.",), placed("lop-2", 17)),
    Text("near", "Bảng cửu chương", ("Chín nhân bảy.",), (("subject", "toan"), ("grade", "lop-4"))),
    Text("far", "Cân và ki-lô-gam", ("Túi gạo nặng.",), (("subject", "toan"), ("grade", "lop-6"))),
    Text("same-topic", "Thuật toán", ("Các bước pha trà.",), (("topic", "tin-hoc-6-6-1"),)),
    Text(
        "topic", "Sơ đồ khối", ("Mũi tên và hình thoi.",), (("topic", "tin-hoc-6-6-1"), ("subject", "tin-hoc"), SIXTH)
    ),
    Text("beside-topic", "Trang vở", ("Kẻ ô và tô màu.",), (("topic", "tin-hoc-6-6"),)),
    *(Text(f"more-{n}", f"Hàm số bậc hai, phiếu {n}", (PARABOLA,), (("subject", "tin-hoc"),)) for n in range(9)),
]


class Library:
    def __init__(self, home: Path) -> None:
        self.services: Services = compose.services(Settings(home=home, public_url="http://library.test"))
        self.services.catalogue.migrate()
        project.ensure(self.services)
        names = publish(self.services, TEXTS)
        self.ids = {name: resource for resource, name in names.items()}
        self.names: dict[str, str] = {str(resource): name for resource, name in names.items()}

    def change(self, name: str, *, visibility: Visibility = "live", access: Access = "public") -> None:
        """In the catalogue alone: the index has not heard of it yet."""
        with self.services.catalogue.writing() as work:
            found = work.resources.get(self.ids[name])
            assert found is not None
            work.resources.save(replace(found, visibility=visibility, access=access))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    made = Library(tmp_path_factory.mktemp("similar"))
    yield made
    made.services.catalogue.close()


@pytest.fixture
def client(shelf: Library) -> Iterator[TestClient]:
    app = create(shelf.services)
    with TestClient(app, base_url="http://library.test", raise_server_exceptions=False, follow_redirects=False) as made:
        yield made


def told(client: TestClient, shelf: Library, name: str) -> list[str]:
    """What the API names, by the texts' own names."""
    answer = client.get(f"/api/v1/resources/{shelf.ids[name]}/similar")
    assert answer.status_code == 200
    assert answer.json()["id"] == shelf.ids[name]
    return [shelf.names[item["id"]] for item in answer.json()["items"]]


def shown(client: TestClient, shelf: Library, name: str, *, patient: bool = True) -> list[str]:
    """What the page shows; a busy machine may have it ready only for the next reader."""
    deadline = time.monotonic() + (60 if patient else 0)
    while True:
        page = client.get(f"/resources/{shelf.ids[name]}")
        assert page.status_code == 200
        _, _, section = page.text.partition('aria-labelledby="similar"')
        if section or time.monotonic() > deadline:
            return [shelf.names[one] for one in re.findall(r'card-title"><a href="/resources/([^"/]+)"', section)]
        time.sleep(0.05)


def test_what_says_the_same_in_the_same_grade_comes_before_the_grade_beside_it(
    client: TestClient, shelf: Library
) -> None:
    found = told(client, shelf, "one")
    assert found[0] == "two"
    assert {*found[:3]} == {"two", "three", "older"}
    # A lesson many grades on is no help.
    assert not {"far", "lesson"} & {*found}


def test_the_same_subject_and_grade_comes_before_the_same_words_in_another(client: TestClient, shelf: Library) -> None:
    found = told(client, shelf, "motion")
    assert found[0] == "light"
    assert {"one", "two"} & {*found}


def test_nothing_is_named_that_shares_nothing(client: TestClient, shelf: Library) -> None:
    assert told(client, shelf, "alone") == []


def test_the_same_lesson_comes_first_then_the_same_grade_then_the_one_beside_it(
    client: TestClient, shelf: Library
) -> None:
    # A song says nothing of it and belongs to it all the same; two grades on is the last.
    assert told(client, shelf, "lesson")[:3] == ["song", "other-lesson", "near"]
    assert told(client, shelf, "song")[:2] == ["lesson", "other-lesson"]


def test_the_same_topic_comes_before_the_one_above_it(client: TestClient, shelf: Library) -> None:
    assert told(client, shelf, "topic")[:2] == ["same-topic", "beside-topic"]
    assert told(client, shelf, "same-topic")[:2] == ["topic", "beside-topic"]


def test_one_that_nobody_described_is_like_whatever_says_the_same_and_six_are_enough(
    client: TestClient, shelf: Library
) -> None:
    found = told(client, shelf, "plain")
    assert len(found) == MOST
    assert not {"plain", "light", "alone"} & set(found)


def test_the_page_shows_the_same_with_titles_and_facts(client: TestClient, shelf: Library) -> None:
    assert shown(client, shelf, "one") == told(client, shelf, "one")
    page = client.get(f"/resources/{shelf.ids['one']}").text
    section = page.partition('aria-labelledby="similar"')[2]
    assert "Học liệu tương tự" in section
    assert "Vẽ parabol" in section
    assert "Toán" in section
    english = client.get(f"/en/resources/{shelf.ids['one']}").text
    assert "Similar resources" in english
    assert f'href="/en/resources/{shelf.ids["two"]}"' in english
    assert shown(client, shelf, "alone", patient=False) == []


def test_a_plan_of_many_subjects_is_less_like_each_of_them() -> None:
    terms = seeds.load()
    lesson = traits(terms, [Value("subject", "toan", "person"), Value("grade", "lop-3", "person")])
    plan = replace(lesson, subjects=lesson.subjects | {"tieng-viet", "dao-duc", "nghe-thuat"})
    near = beside(terms, lesson.grades)
    assert {code for code, apart in near.items() if apart == 1} == {"lop-2", "lop-4"}
    assert (near["lop-3"], near["lop-6"], near.get("lop-7")) == (0, 3, None)
    assert shared(lesson, near, plan, 0.0) < shared(lesson, near, lesson, 0.0)
    assert shared(lesson, near, lesson, 0.1) > shared(lesson, near, lesson, 0.0) > 0
    assert shared(lesson, near, replace(lesson, grades=frozenset({"lop-12"}), subjects=frozenset()), 0.0) == 0


def test_the_record_says_where_they_are_and_the_contract_what_they_look_like(
    client: TestClient, shelf: Library
) -> None:
    record = client.get(f"/api/v1/resources/{shelf.ids['one']}").json()
    items = client.get(record["similar_url"]).json()["items"]
    assert {tuple(item) for item in items} == {
        ("id", "title", "type", "subjects", "grades", "language", "licence", "url", "thumbnail_url", "source")
    }
    assert all(item["url"] == f"http://library.test/resources/{item['id']}" for item in items)
    contract = client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/resources/{resource_id}/similar"]["get"]
    assert set(contract["responses"]) >= {"200", "404", "410", "429", "503"}
    assert client.get("/api/v1/resources/nothere00000/similar").status_code == 404


@pytest.mark.parametrize(
    "change",
    [{"visibility": "withdrawn"}, {"visibility": "hidden"}, {"access": "organisation"}, {"access": "signed-in"}],
)
def test_what_a_reader_may_not_see_is_gone_at_once(client: TestClient, shelf: Library, change: dict[str, str]) -> None:
    before = shown(client, shelf, "one")
    assert before[0] == "two"
    shelf.change("two", **change)  # type: ignore[arg-type]
    try:
        # From what the page remembers as from what a stale index finds.
        assert "two" not in shown(client, shelf, "one", patient=False)
        assert "two" not in told(client, shelf, "one")
        assert {*told(client, shelf, "one")} > {"three", "older"}
        with TestClient(create(shelf.services), base_url="http://library.test") as fresh:
            assert shown(fresh, shelf, "one") == told(client, shelf, "one")
    finally:
        shelf.change("two")


def test_of_one_that_may_not_be_seen_nothing_is_named(client: TestClient, shelf: Library) -> None:
    shelf.change("one", visibility="hidden")
    try:
        assert client.get(f"/api/v1/resources/{shelf.ids['one']}/similar").status_code == 404
    finally:
        shelf.change("one")


def test_without_the_index_the_page_goes_on_and_the_api_says_so(client: TestClient, shelf: Library) -> None:
    with shelf.services.catalogue.reading() as work:
        generation = work.generations.all(shelf.services.index.engine)[0]
    shelf.services.index.drop(generation.name)
    try:
        assert shown(client, shelf, "two", patient=False) == []
        answer = client.get(f"/api/v1/resources/{shelf.ids['two']}/similar")
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["retry-after"]
    finally:
        shelf.services.index.create(generation.name)
        project.write(shelf.services, [ResourceId(one) for one in shelf.names])


def test_the_store_of_files_is_not_needed(client: TestClient, shelf: Library, tmp_path: Path) -> None:
    elsewhere = replace(shelf.services, objects=compose.services(Settings(home=tmp_path / "empty")).objects)
    with TestClient(create(elsewhere), base_url="http://library.test") as without:
        assert set(shown(without, shelf, "three")[:2]) == {"one", "two"}
