"""Who is believed about a reader's address: with it, two readers behind one proxy are two; without, nobody can pose."""

import datetime
import shutil
import urllib.request
from pathlib import Path

import pytest

from service import compose
from service.library import count
from service.model import OPERATOR
from service.settings import Settings
from tests.conftest import Served, ingest, make_pdf


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A library of one resource, and its id."""
    root = tmp_path_factory.mktemp("proxies")
    make_pdf(root / "in/one.pdf", ["Một trang."], title="Một trang")
    return root / "home", ingest(root / "home", root / "in", "--publish", "--licence", "CC0-1.0")["one.pdf"]


@pytest.mark.parametrize(
    ("trusted", "readers"),
    [("", 1), ("192.0.2.7", 1), ("192.0.2.7, 127.0.0.1", 2)],
    ids=["nobody", "another", "this one too"],
)
def test_forwarded_addresses_count_only_from_a_trusted_proxy(
    one: tuple[Path, str], tmp_path: Path, trusted: str, readers: int
) -> None:
    home, resource = tmp_path / "home", one[1]
    shutil.copytree(one[0], home)
    with Served(home, HOCLIEU_TRUSTED_PROXIES=trusted) as address:
        for reader in ("203.0.113.4", "203.0.113.5", "203.0.113.5"):
            request = urllib.request.Request(f"{address}/resources/{resource}", headers={"X-Forwarded-For": reader})
            with urllib.request.urlopen(request, timeout=20) as answer:
                assert answer.status == 200
    parts = compose.services(Settings(home=home))
    today = datetime.datetime.now(datetime.UTC).date()
    rows = count.rows(parts, OPERATOR, today - datetime.timedelta(1), today)
    counted = sum(row.number for row in rows if row.kind == "opening")
    parts.catalogue.close()
    assert counted == readers
