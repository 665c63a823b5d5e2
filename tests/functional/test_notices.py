"""What a landing page says of its files: in both languages, to whoever may know it."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from ingest.document import Warning
from service import compose
from service.app import create
from service.library import look
from service.library.notices import FOR_READERS, notices
from service.library.services import Services
from service.messages import LANGUAGES, catalogue
from service.model import OPERATOR, PUBLIC
from service.settings import Settings
from service.web.speech import Speech
from tests.conftest import Shelf, ingest, make_pdf


@pytest.fixture(scope="module")
def mislabelled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Services, str]:
    """A PDF whose name says that it is something else."""
    root = tmp_path_factory.mktemp("notices")
    folder = root / "in"
    make_pdf(folder / "bai.pdf", ["Bài học về dòng sông."], title="Dòng sông")
    (folder / "bai.pdf").rename(folder / "bai.docx")
    (resource,) = ingest(root / "home", folder, "--publish", "--licence", "CC0-1.0").values()
    return compose.services(Settings(home=root / "home")), resource


@pytest.fixture(scope="module")
def client(mislabelled: tuple[Services, str]) -> Iterator[TestClient]:
    with TestClient(create(mislabelled[0]), base_url="http://library.test") as made:
        yield made


def _told(page: str) -> list[str]:
    found = re.search(r'<ul class="notice notes"[^>]*>(.*?)</ul>', page, re.DOTALL)
    return re.findall(r"<li>(.*?)</li>", found[1]) if found else []


def test_a_reader_is_told_in_his_language(client: TestClient, mislabelled: tuple[Services, str]) -> None:
    _, resource = mislabelled
    assert _told(client.get(f"/resources/{resource}").text) == ["Tên tệp kết thúc bằng .docx nhưng nội dung là PDF."]
    assert _told(client.get(f"/en/resources/{resource}").text) == ["The name ends in .docx, but the content is PDF."]


def test_hidden_slides_are_said_and_a_film_without_trouble_says_nothing(kinds: Shelf) -> None:
    with TestClient(create(kinds.services), base_url="http://library.test") as client:
        (told,) = _told(client.get(f"/resources/{kinds.ids['conic.pptx']}").text)
        assert told.startswith("1 trong 3 trang chiếu bị ẩn khi trình chiếu (trang 3)")
        assert _told(client.get(f"/resources/{kinds.ids['nui-lua.mp4']}").text) == []


def test_what_concerns_the_depositor_alone_is_not_for_readers(mislabelled: tuple[Services, str]) -> None:
    services, resource = mislabelled
    with services.catalogue.writing() as work:
        reading = look.resource(services, OPERATOR, resource).readings[1]
        work.readings.save(replace(reading, warnings=(*reading.warnings, Warning("holds-position"))))
    codes = {
        principal.role: [one.code for one in notices(principal, look.resource(services, principal, resource), 1)]
        for principal in (PUBLIC, OPERATOR)
    }
    assert codes == {"public": ["wrong-extension"], "operator": ["wrong-extension", "holds-position"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_has_a_sentence_and_speaks_as_people_do(language: str) -> None:
    assert catalogue(language).keys() >= FOR_READERS
    said = Speech(language).warning(Warning("no-reader", {"media_type": "application/msword"}))
    assert "(DOC)" in said
    assert ("1.200" if language == "vi" else "1,200") in Speech(language).warning(
        Warning("archive-kept", {"files": 1200})
    )
