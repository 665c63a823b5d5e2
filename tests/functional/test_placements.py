"""Where resources stand in the programme: filters, their page, the API, metadata, "this week" on the start page."""

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service import compose
from service.app import create
from service.library import entries, project, school_year
from service.library.deposit import Offered, deposit
from service.model import FACETS, OPERATOR, Value, ValueOrigin
from service.settings import Settings
from service.web.speech import HERE
from tests.conftest import Shelf, make_pdf
from tests.kinds import work_off

WEEK = school_year.week_of(datetime.datetime.now(HERE).date(), holidays=Settings().holidays).number
OTHER = 5 if WEEK != 5 else 6
PLAN = "# Tuần học\n\nMở đầu.\n\n# Toán\n\nBảng nhân 6.\n\n# Tiếng Việt\n\nTập đọc.\n"


def _publish(shelf: Shelf, path: Path, origin: ValueOrigin, placements: list[str], **values: str) -> None:
    said = [Value(field, value, "person") for field, value in {"licence": "CC0-1.0", **values}.items()]
    said += [Value("placement", placement, origin, where="row 2") for placement in placements]
    done = deposit(shelf.services, OPERATOR, [Offered(path, path.name)], owner="default", values=said, publish=True)
    shelf.ids[path.name] = done.resource.id


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    root = tmp_path_factory.mktemp("placed")
    shelf = Shelf(root / "home", compose.services(Settings(home=root / "home")), {})
    shelf.services.catalogue.migrate()
    project.ensure(shelf.services)
    lesson = make_pdf(root / "toan.pdf", ["Phép nhân trong bảng."], title="Bảng nhân 2")
    old = make_pdf(root / "cu.pdf", ["Bài học của chương trình trước."], title="Bài cũ")
    make_pdf(root / "khac.pdf", ["Không ở đâu trong chương trình."], title="Đọc thêm")
    plan = root / "tuan.md"
    plan.write_text(PLAN, encoding="utf-8")
    kntt = f"programme=ct2018,subject=toan,grade=lop-2,series=kntt,lesson=16,week={WEEK}"
    _publish(shelf, lesson, "sheet", [kntt], subject="toan", grade="lop-2")
    _publish(
        shelf, old, "machine", [f"programme=ct2006,subject=vat-li,grade=lop-10,week={OTHER},term=1"], grade="lop-10"
    )
    sections = [f"programme=ct2018,grade=lop-3,week={WEEK},section={number}" for number in (2, 9)]
    _publish(shelf, plan, "person", sections, grade="lop-3", title="Kế hoạch tuần")
    _publish(shelf, root / "khac.pdf", "person", [], grade="lop-5")
    work_off(shelf.services)
    yield shelf
    shelf.services.catalogue.close()


@pytest.fixture
def client(placed: Shelf) -> Iterator[TestClient]:
    """One a test: each has its own cookies."""
    app = create(placed.services)
    with TestClient(app, base_url="http://library.test", raise_server_exceptions=False, follow_redirects=False) as made:
        yield made


def titles(client: TestClient, query: str) -> set[str]:
    return {item["title"] for item in client.get(f"/api/v1/search?{query}").json()["items"]}


def section(page: str, heading: str) -> str:
    """The section of a page under the heading with this id."""
    return unescape(page).partition(f'id="{heading}"')[2].partition("</section>")[0]


@pytest.mark.parametrize("typed", ["toan 2 bai 16", "toan 2 bai 16 ket noi tri thuc", "mathematics 2 lesson 16"])
def test_who_knows_book_and_lesson_finds_what_stands_there(client: TestClient, typed: str) -> None:
    """Neither the words of its title nor those of its text say where it stands."""
    found = client.get("/api/v1/search", params={"q": typed}).json()["items"]
    assert found[0]["title"] == "Bảng nhân 2"


def test_what_a_machine_guesses_is_no_name_of_a_resource(placed: Shelf) -> None:
    with placed.services.catalogue.reading() as work:
        keys = [found.key for name in ("toan.pdf", "cu.pdf") if (found := work.resources.get(placed.ids[name]))]
    lesson, old = entries.documents(placed.services, keys).values()
    assert "Toán 2 Bài 16 Kết nối tri thức" in lesson.keywords
    assert not any("Vật lí 10" in word for word in old.keywords)


def test_programme_series_and_week_filter_and_count(client: TestClient) -> None:
    assert titles(client, f"week={WEEK}") == {"Bảng nhân 2", "Kế hoạch tuần"}
    assert titles(client, f"grade=lop-2&week={WEEK}") == {"Bảng nhân 2"}
    assert titles(client, "series=kntt") == {"Bảng nhân 2"}
    assert titles(client, "programme=ct2006") == {"Bài cũ"}
    facets = client.get("/api/v1/search").json()["facets"]
    weeks = [(row["value"], row["label"], row["count"]) for row in facets["week"]]
    assert weeks == sorted(
        [(str(WEEK), f"Tuần {WEEK}", 2), (str(OTHER), f"Tuần {OTHER}", 1)], key=lambda row: int(row[0])
    )
    assert {(row["label"], row["count"]) for row in facets["programme"]} == {
        ("Chương trình 2018", 2),
        ("Chương trình cũ", 1),
    }
    assert [row["label"] for row in facets["series"]] == ["Kết nối tri thức"]
    english = client.get("/api/v1/search?lang=en").json()["facets"]["week"]
    assert {row["label"] for row in english} == {f"Week {WEEK}", f"Week {OTHER}"}


@pytest.mark.parametrize("query", ["week=36", "week=x", "series=nope", "programme=ct1990"])
def test_a_place_that_no_programme_has_is_named(client: TestClient, query: str) -> None:
    answer = client.get(f"/api/v1/search?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown-filter")


def test_weeks_and_series_are_searched_as_people_type_them(client: TestClient) -> None:
    assert titles(client, "q=kntt") == {"Bảng nhân 2"}
    assert "Bảng nhân 2" in titles(client, f"q=toan+tuan+{WEEK}")


def test_the_search_page_has_the_facets_in_their_order_and_chips(client: TestClient) -> None:
    page = unescape(client.get("/search").text)
    shown = re.findall(r'<h3 id="facet-(\w+)"', page)
    assert {"programme", "series", "week"} <= {*shown}
    assert shown == [name for name in FACETS if name in shown]
    assert re.findall(r'label">(Tuần \d+)<', page) == [f"Tuần {week}" for week in sorted((WEEK, OTHER))]
    chosen = unescape(client.get(f"/search?week={WEEK}").text)
    assert f'aria-label="Bỏ bộ lọc Tuần {WEEK}"' in chosen


def test_the_page_says_where_it_stands_and_leads_to_what_stands_there_too(client: TestClient, placed: Shelf) -> None:
    told = section(client.get(f"/resources/{placed.ids['toan.pdf']}").text, "placed")
    assert f"Kết nối tri thức · Toán 2 · Bài 16 · Tuần {WEEK}\n" in re.sub(r"<[^>]+>", "", told)
    links = re.findall(r'href="([^"]+)"', told)
    assert links == ["/search?series=kntt", "/search?subject=toan&grade=lop-2", f"/search?grade=lop-2&week={WEEK}"]
    for link in links:
        assert "Bảng nhân 2" in client.get(link).text, link
    english = section(client.get(f"/en/resources/{placed.ids['toan.pdf']}").text, "placed")
    assert f'Mathematics, grade 2</a> · Lesson 16 · <a href="/en/search?grade=lop-2&week={WEEK}">Week' in english


def test_a_proposed_place_is_marked_and_the_former_programme_named(client: TestClient, placed: Shelf) -> None:
    told = section(client.get(f"/resources/{placed.ids['cu.pdf']}").text, "placed")
    assert "Chương trình cũ</a> · " in told
    assert "Học kì 1" in told
    assert "do máy đề xuất" in told
    assert "do máy đề xuất" not in client.get(f"/resources/{placed.ids['toan.pdf']}").text


def test_a_section_leads_into_the_reader_where_there_is_one(client: TestClient, placed: Shelf) -> None:
    resource = f"/resources/{placed.ids['tuan.md']}"
    told = section(client.get(resource).text, "placed")
    assert f'<a href="{resource}/read?section=2">Phần 2</a>' in told
    assert re.search(r"· Phần 9</li>", told)
    assert client.get(f"{resource}/read?section=2").status_code == 200


def test_a_resource_without_a_place_says_nothing_of_it(client: TestClient, placed: Shelf) -> None:
    assert 'id="placed"' not in client.get(f"/resources/{placed.ids['khac.pdf']}").text


def test_the_record_tells_each_placement_with_its_state(client: TestClient, placed: Shelf) -> None:
    (one,) = client.get(f"/api/v1/resources/{placed.ids['toan.pdf']}").json()["placements"]
    assert one == {
        "programme": "ct2018", "subject": "toan", "strand": None, "grade": "lop-2", "series": "kntt", "edition": None,
        "lesson": 16, "week": WEEK, "period": None, "term": None, "outcome": None, "section": None, "proposed": False,
    }  # fmt: skip
    (guess,) = client.get(f"/api/v1/resources/{placed.ids['cu.pdf']}").json()["placements"]
    assert guess["proposed"] is True


def test_other_systems_are_told_what_is_confirmed(client: TestClient, placed: Shelf) -> None:
    told = json.loads(client.get(f"/resources/{placed.ids['toan.pdf']}/metadata/jsonld").text)
    assert told["educationalAlignment"] == [
        {
            "@type": "AlignmentObject",
            "alignmentType": "educationalSubject",
            "educationalFramework": "Chương trình 2018 · Kết nối tri thức",
            "targetName": f"Toán 2 · Bài 16 · Tuần {WEEK}",
        }
    ]
    guess = json.loads(client.get(f"/resources/{placed.ids['cu.pdf']}/metadata/jsonld").text)
    assert "educationalAlignment" not in guess


# --- this week


def test_without_a_choice_the_whole_week_is_offered_and_the_page_is_everybodys(client: TestClient) -> None:
    answer = client.get("/")
    assert answer.headers["cache-control"] == "no-cache"
    assert "Cookie" in answer.headers["vary"]
    told = section(answer.text, "this-week")
    assert "Bảng nhân 2" in told
    assert "Kế hoạch tuần" in told
    assert "Bài cũ" not in told
    # Only what there is something of is offered.
    assert re.findall(r'name="grade" value="([\w-]+)"', told) == ["lop-2", "lop-3", "lop-5", "lop-10"]
    assert "checked" not in told


def test_chosen_grades_are_kept_in_a_cookie_that_says_nothing_else(client: TestClient) -> None:
    sent = client.post("/grades", data={"grade": ["lop-5", "lop-2", "nope"]})
    assert (sent.status_code, sent.headers["location"]) == (303, "/#this-week")
    assert sent.headers["cache-control"] == "no-store"
    cookie = sent.headers["set-cookie"]
    assert cookie.startswith("grades=lop-2.lop-5;")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    answer = client.get("/")
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "Cookie" in answer.headers["vary"]
    told = section(answer.text, "this-week")
    assert f'<a href="/search?grade=lop-2&week={WEEK}">Lớp 2 <span class="n">1</span></a>' in told
    assert f'<a href="/search?grade=lop-5&week={WEEK}">Lớp 5 <span class="n">0</span></a>' in told
    assert "Bảng nhân 2" in told
    assert "Kế hoạch tuần" not in told
    assert re.findall(r'value="([\w-]+)" checked', told) == ["lop-2", "lop-5"]
    assert "Week " in section(client.get("/en/").text, "this-week")


def test_a_week_without_anything_says_so_and_an_empty_choice_takes_the_cookie_away(client: TestClient) -> None:
    client.post("/grades", data={"grade": "lop-5"})
    assert "Chưa có học liệu nào cho tuần này ở những lớp đã chọn.</p>" in client.get("/").text
    client.post("/grades", data={"grade": "lop-10"})
    told = section(client.get("/").text, "this-week")
    assert "Những tuần gần nhất có học liệu:" in told
    assert f'<a href="/search?grade=lop-10&week={OTHER}">Tuần {OTHER} <span class="n">1</span></a>' in told
    emptied = client.post("/en/grades", data={})
    assert emptied.headers["location"] == "/en/#this-week"
    assert "Max-Age=0" in emptied.headers["set-cookie"]
    assert client.get("/").headers["cache-control"] == "no-cache"


def test_a_cookie_of_anything_is_read_as_far_as_it_goes(client: TestClient) -> None:
    for value in ("", "....", "lop-2." * 500, '"<script>"', "lop-2.%00"):
        answer = client.get("/", headers={"Cookie": f"grades={value}"})
        assert answer.status_code == 200
        assert "<script>" not in section(answer.text, "this-week")


def test_another_sites_form_and_what_is_none_are_refused(client: TestClient) -> None:
    foreign = client.post("/grades", data={"grade": "lop-2"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert "set-cookie" not in foreign.headers
    assert client.post("/grades", content=b"\xff" * 10).status_code == 400
    assert client.post("/grades", content=b"grade=a&" * 400).status_code == 400
    assert client.post("/grades", content=b"x" * 5_000).status_code == 413
    assert client.get("/grades").status_code == 405


def test_the_cookie_is_secure_where_the_library_is_and_stays_under_its_path(placed: Shelf) -> None:
    settings = Settings(home=placed.home, public_url="https://lib.example.vn/kho")
    app = create(replace(placed.services, settings=settings))
    with TestClient(app, base_url="https://lib.example.vn", follow_redirects=False) as client:
        cookie = client.post("/grades", data={"grade": "lop-2"}).headers["set-cookie"]
    assert {"Secure", "Path=/kho"} <= set(cookie.split("; "))


def test_a_library_without_weeks_has_no_such_section(library: Shelf) -> None:
    with TestClient(create(library.services), base_url="http://library.test") as client:
        assert 'id="this-week"' not in client.get("/").text
