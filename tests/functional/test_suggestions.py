"""Suggestions while typing: from titles, topics and names, without tones, of public things alone."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service import compose
from service.library import curate
from service.library.relist import relist
from service.library.suggest import MOST, suggest
from service.model import OPERATOR
from service.settings import Settings
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
