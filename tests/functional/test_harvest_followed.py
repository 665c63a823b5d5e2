"""A followed repository has a name, which stands for its address; it can be left, and its records stay."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from service.errors import Invalid, NotAllowed, SharedName, UnknownSource
from service.library.harvesting import followed
from service.model import OPERATOR, PUBLIC
from tests.functional.faulty_source import Source
from tests.functional.follower import Here


def test_a_name_as_it_is_listed_stands_for_the_address(here: Here, source: Source) -> None:
    with pytest.raises(UnknownSource):
        followed.meant(here.services, "Kho thử")
    here.harvest(source.url)
    assert followed.meant(here.services, "Kho thử") == (source.url, "")
    # As people type it: in capitals, with accents apart.
    assert followed.meant(here.services, " KHO  THU\u031b\u0309") == (source.url, "")
    assert followed.meant(here.services, "Kho thử", "toan") == (source.url, "toan")
    for said in ("Kho", source.url.removeprefix("http://"), ""):
        with pytest.raises(UnknownSource):
            followed.meant(here.services, said)
    # An address is itself, whoever is called so.
    assert followed.meant(here.services, "https://kho-moi.example/oai", "x") == ("https://kho-moi.example/oai", "x")


def test_a_name_that_several_have_is_told_with_their_addresses(here: Here, source: Source) -> None:
    here.harvest(source.url, set="toan")
    assert followed.meant(here.services, "Kho thử") == (source.url, "toan")
    here.harvest(source.url, set="van")
    with pytest.raises(SharedName) as raised:
        followed.meant(here.services, "Kho thử")
    assert raised.value.parameters["addresses"] == f"{source.url} --set toan, {source.url} --set van"
    here.harvest(source.url)
    assert followed.meant(here.services, "Kho thử") == (source.url, "")
    with Source() as other:
        here.harvest(other.url)
        with pytest.raises(SharedName):
            followed.meant(here.services, "Kho thử")
        with pytest.raises(SharedName):
            followed.meant(here.services, "Kho thử", "khac")
        assert followed.meant(here.services, "Kho thử", "van") == (source.url, "van")


def test_what_is_left_is_not_listed_and_its_records_stay(here: Here, source: Source) -> None:
    here.harvest(source.url)
    followed.forget(here.services, OPERATOR, "Kho thử")
    assert followed.sources(here.services) == []
    assert len(here.titles()) == 23
    for said in ("Kho thử", source.url):
        with pytest.raises(UnknownSource):
            followed.forget(here.services, OPERATOR, said)
    with pytest.raises(Invalid):
        followed.forget(here.services, OPERATOR, "ftp://kho.example/oai")
    with pytest.raises(NotAllowed):
        followed.forget(here.services, PUBLIC, source.url)
    # Harvested once more it goes on from where it was.
    done = here.harvest(source.url)
    assert (done.counts.new, source.asked[-1]["from"]) == (0, "2026-01-31T23:00:00Z")
    assert [one.base_url for one in followed.sources(here.services)] == [source.url]
    followed.forget(here.services, OPERATOR, source.url)
    assert followed.sources(here.services) == []


def test_the_command_takes_names_and_leaves(here: Here, source: Source, fresh: Path, tmp_path: Path) -> None:
    here.harvest(source.url)
    home = tmp_path / "home"
    home.mkdir()
    here.services.catalogue.close()
    shutil.copy(tmp_path / "library.sqlite", home / "library.sqlite")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "service.cli", "harvest", *words],
            env={**os.environ, "HOCLIEU_HOME": str(home), "HOCLIEU_LANGUAGE": "en"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    done = run("Kho thử", "--from", "2026-01-01")
    assert done.returncode == 0, done.stderr
    assert "As they were: 23\n" in done.stdout
    wrong = run("Kho lạ")
    assert wrong.returncode == 2
    assert "“Kho lạ”" in wrong.stderr
    assert "hoclieu harvest --list" in wrong.stderr
    left = run("Kho thử", "--forget")
    assert left.stdout.startswith(f"Kho thử ({source.url}) is followed no more. Its records stay;")
    assert run("--list").stdout == ""
    part = run(source.url, "--licence", "CC0-1.0", "--from", "2026-01-01")
    assert "Kho thử is followed; the next harvest asks for everything" in part.stdout, part.stderr
