"""Readers say what is wrong: kept as an event without a person, bounded, listed for whoever looks after the library."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service import compose
from service.app import create
from service.errors import NotAllowed
from service.library import reports
from service.model import OPERATOR, PUBLIC
from service.settings import Settings
from tests.conftest import Shelf


@pytest.fixture
def own(library: Shelf, tmp_path: Path) -> Iterator[Shelf]:
    """A copy: reports stay for ever."""
    shutil.copytree(library.home, tmp_path / "home")
    services = compose.services(Settings(home=tmp_path / "home"))
    yield replace(library, home=tmp_path / "home", services=services)
    services.catalogue.close()


def asking(shelf: Shelf) -> TestClient:
    return TestClient(
        create(shelf.services), base_url="http://library.test", raise_server_exceptions=False, follow_redirects=False
    )


def test_a_report_is_taken_and_listed(own: Shelf) -> None:
    resource = own.ids["parabola.pdf"]
    with asking(own) as client:
        form = client.get(f"/resources/{resource}/report").text
        assert 'method="post"' in form
        assert f"/resources/{resource}/report" in client.get(f"/resources/{resource}").text
        text = "Trang 2 sai dấu.\r\nGọi 0912 345 678 hoặc a.b@example.vn"
        sent = client.post(f"/en/resources/{resource}/report", data={"reason": "wrong", "text": text})
        assert sent.status_code == 303
        assert sent.headers["location"] == f"/en/resources/{resource}/report?sent=1"
        assert 'role="status"' in client.get(sent.headers["location"]).text
    (listed,) = reports.reports(own.services, OPERATOR)
    assert (listed.resource, listed.reason) == (resource, "wrong")
    assert listed.text == "Trang 2 sai dấu. Gọi … hoặc …"
    said = subprocess.run(
        [sys.executable, "-m", "service.cli", "reports", "--json"],
        env={**os.environ, "HOCLIEU_HOME": str(own.home)},
        check=True,
        capture_output=True,
        timeout=60,
    )
    assert json.loads(said.stdout)[0]["title"] == "Hàm số bậc hai và đồ thị"


def test_what_cannot_be_reported_is_refused(own: Shelf) -> None:
    known = f"/resources/{own.ids['parabola.pdf']}/report"
    with asking(own) as client:
        assert client.post(known, data={"reason": "because"}).status_code == 400
        assert client.post(known, content=b"\xff\xfe").status_code == 400
        assert client.post(known, data={"reason": "other", "text": "a" * 20_000}).status_code == 413
        assert client.post(known, data={"reason": "other"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        for name, status in (("gone.pdf", 410), ("draft.pdf", 404)):
            answer = client.post(f"/resources/{own.ids[name]}/report", data={"reason": "other"})
            assert answer.status_code == status
    assert reports.reports(own.services, OPERATOR) == []


def test_one_address_reports_a_few_times_a_minute(own: Shelf) -> None:
    paths = [f"/resources/{own.ids[f'many-{number:02}.pdf']}/report" for number in range(12)]
    with asking(own) as client:
        answers = [client.post(path, data={"reason": "broken"}) for path in paths]
    assert [answer.status_code for answer in answers[:10]] == [303] * 10
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert "Địa chỉ mạng này" in answers[-1].text


def test_one_resource_takes_so_many_reports_a_day(own: Shelf) -> None:
    resource = own.ids["cells.pdf"]
    for _ in range(reports.MOST_A_DAY):
        reports.report(own.services, PUBLIC, resource, reason="other")
    with asking(own) as client:
        answer = client.post(f"/resources/{resource}/report", data={"reason": "other"})
    assert answer.status_code == 429
    assert 86_000 < int(answer.headers["retry-after"]) <= 86_400
    assert len(reports.reports(own.services, OPERATOR)) == reports.MOST_A_DAY


def test_reports_are_not_for_everybody(own: Shelf) -> None:
    with pytest.raises(NotAllowed):
        reports.reports(own.services, PUBLIC)
