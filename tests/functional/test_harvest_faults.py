"""What known harvesters get wrong: ours loses nothing on any of these faults, stops on a circle, and tells.

A real server with faults, the real client; only the waiting is a list.
The module is long because it is the list of these faults.
"""

import email.utils
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from service import compose
from service.errors import HarvestStopped, NotARepository, PrivateAddress, SourceAway
from service.library import discover
from service.library.harvesting.writing import Refused
from service.library.views import SearchRequest
from service.model import PUBLIC
from tests.functional.faulty_source import ANSWERED, Query, Record, Reply, Source, Trouble, packed, wrapped
from tests.functional.follower import Here, settings


def second(query: Query) -> bool:
    """The request for the second page of the whole list."""
    return query.get("resumptionToken") == "5||"


def once(page: Callable[[Query], bool], reply: Callable[[bytes], Reply]) -> Trouble:
    return lambda query, number, right: reply(right) if page(query) and number == 0 else None


def busy(after: str) -> Callable[[bytes], Reply]:
    return lambda _right: Reply(b"busy", 503, {"Retry-After": after})


def looping(query: Query, _number: int, right: bytes) -> Reply | None:
    """Every token leads to the beginning of its list, for ever."""
    number, *_ = query.get("resumptionToken", "||").split("|")
    return Reply(right.replace(f"{int(number) + 5}|".encode(), b"0|")) if number else None


def moved(query: Query, _number: int, _right: bytes) -> Reply | None:
    return (
        Reply(b"", 302, {"Location": f"/oai/?{'&'.join(f'{k}={v}' for k, v in query.items())}&moved=1"})
        if (second(query) and "moved" not in query)
        else None
    )


HTML = Reply(b"<!doctype html><p>Error<br>", 200, {"Content-Type": "text/html"})
TROUBLES: dict[str, Trouble] = {
    "none": lambda *_: None,
    "retry-after-seconds": once(second, busy("7")),
    "retry-after-date": once(second, lambda _: busy(email.utils.formatdate(time.time() + 90, usegmt=True))(b"")),
    "one-500": once(second, lambda _: Reply(b"oops", 500)),
    "truncated": once(second, lambda right: Reply(right[:700], cut=True)),
    "truncated-unseen": once(second, lambda right: Reply(right[:700])),
    "token-expires-once": once(second, lambda _: Reply(wrapped('<error code="badResumptionToken"/>'))),
    "token-loops": looping,
    "empty-page": once(
        second, lambda _: Reply(wrapped("<ListRecords><resumptionToken>5||</resumptionToken></ListRecords>"))
    ),
    "redirect": moved,
    "no-charset": lambda _query, _number, right: Reply(right, headers={"Content-Type": "text/xml"}),
    "wrong-charset": lambda _q, _n, right: Reply(right, headers={"Content-Type": "text/xml; charset=martian"}),
    "line-before-declaration": lambda _query, _number, right: Reply(b"\n\n" + right),
    "no-final-token": lambda _q, _n, right: Reply(right.replace(b"<resumptionToken></resumptionToken>", b"")),
    "html-page": once(second, lambda _: HTML),
    "gzip": lambda _query, _number, right: packed(right),
    "gzip-cut": once(second, lambda right: Reply(packed(right).body[:90], headers=packed(right).headers)),
    "control-characters": lambda _q, _n, right: Reply(right.replace("Bài 7<".encode(), "Bài\x03&#x3;7<".encode())),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_nothing_is_lost(here: Here, source: Source, name: str) -> None:
    source.trouble = TROUBLES[name]
    done = here.harvest(source.url)
    titles = here.titles()
    assert set(titles) == set(source.records)
    assert titles["oai:kho:7"] == ("Bài \ufffd7" if name == "control-characters" else "Bài 7")
    assert (done.counts.new, here.refused) == (23, [])
    assert here.watermark() == "2026-01-31T23:00:00Z"
    assert all("until" not in one for one in source.asked) or name == "token-loops"
    if name == "retry-after-seconds":
        assert here.pauses == [7.0]
    if name == "retry-after-date":
        assert 80 < here.pauses[0] <= 90


def test_a_record_that_breaks_its_page_is_left_out_and_asked_for_again(here: Here, source: Source) -> None:
    def broken(query: Query, _number: int, right: bytes) -> Reply | None:
        return Reply(b"oops", 500) if b"<dc:title>B\xc3\xa0i 12<" in right else None

    source.trouble = broken
    done = here.harvest(source.url)
    assert set(source.records) - set(here.titles()) == {"oai:kho:12"}
    assert here.refused == [Refused("oai:kho:12", "http-status", "500")]
    assert (done.counts.refused, here.watermark()) == (1, "2026-01-31T23:00:00Z")
    # Mended: it is asked for by name, though its date is long past.
    source.trouble = TROUBLES["none"]
    again = here.harvest(source.url)
    assert "oai:kho:12" in here.titles()
    assert (again.counts.new, again.counts.refused) == (1, 0)
    assert source.asked[-1] == {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:kho:12"}
    here.harvest(source.url)
    assert source.asked[-1]["verb"] == "ListRecords"


def test_a_circle_that_no_part_breaks_is_left_and_told(here: Here) -> None:
    with Source(step_seconds=0) as source:
        source.by_day, source.trouble = True, looping
        with pytest.raises(HarvestStopped) as raised:
            here.harvest(source.url)
        assert raised.value.parameters["reason"] == "token-loop"
        assert len(source.asked) < 300
        # What came before it is in, and the next harvest begins anew.
        assert len(here.titles()) >= 5
        assert here.watermark() == ""
        source.trouble = TROUBLES["none"]
        here.harvest(source.url)
        assert len(here.titles()) == 23


def test_records_that_cannot_be_one_are_told_one_by_one(here: Here, source: Source) -> None:
    source.records["oai:kho:3"].title = ""
    source.records["oai:kho:4"].licence = ""
    source.records["oai:kho:5"].licence = "Mọi quyền được bảo lưu"
    here.harvest(source.url)
    assert [(one.identifier, one.code) for one in here.refused] == [
        ("oai:kho:3", "no-title"),
        ("oai:kho:4", "no-licence"),
        ("oai:kho:5", "no-licence"),
    ]
    assert len(here.titles()) == 20
    here.harvest(source.url, licence="CC-BY-SA-4.0")
    assert set(source.records) - set(here.titles()) == {"oai:kho:3"}


def test_days_are_asked_for_where_a_source_counts_days(here: Here, source: Source) -> None:
    source.by_day = True
    here.harvest(source.url)
    assert here.watermark() == "2026-01-31"
    source.records["oai:kho:1"] = Record("oai:kho:1", "2026-01-31T23:59:59Z", "Bài mới")
    assert here.harvest(source.url).counts.changed == 1
    assert source.asked[-1]["from"] == "2026-01-31"
    assert here.titles()["oai:kho:1"] == "Bài mới"


def test_what_was_withdrawn_there_is_withdrawn_here_and_comes_back(here: Here, source: Source) -> None:
    here.harvest(source.url)
    source.records["oai:kho:2"] = Record("oai:kho:2", ANSWERED, "", deleted=True)
    source.records["oai:kho:99"] = Record("oai:kho:99", ANSWERED, "", deleted=True)
    done = here.harvest(source.url)
    assert (done.counts.withdrawn, done.counts.same) == (1, 1)
    assert "oai:kho:2" not in here.titles()
    source.records["oai:kho:2"] = Record("oai:kho:2", ANSWERED, "Bài trở lại")
    assert here.harvest(source.url).counts.reinstated == 1
    assert here.titles()["oai:kho:2"] == "Bài trở lại"


def test_a_source_that_tells_of_no_deletions_is_compared_as_a_whole(here: Here, source: Source) -> None:
    source.deletes = "no"
    here.harvest(source.url)
    del source.records["oai:kho:2"]
    assert here.harvest(source.url).counts.withdrawn == 0
    assert here.harvest(source.url, whole=True).counts.withdrawn == 1
    assert set(here.titles()) == set(source.records)


def test_what_is_no_repository_is_said_at_once(here: Here, source: Source) -> None:
    source.trouble = lambda *_: HTML
    with pytest.raises(NotARepository):
        here.harvest(source.url)
    assert not here.services.catalogue.write(lambda work: work.harvests.sources())


def test_a_page_that_unpacks_without_end_is_refused(here: Here, source: Source) -> None:
    bomb = packed(b"<OAI-PMH>" + b" " * (18 * 1024 * 1024))
    source.trouble = lambda query, _number, _right: bomb if second(query) and query["verb"] == "ListRecords" else None
    # What it would have held comes one by one.
    here.harvest(source.url)
    assert set(here.titles()) == set(source.records)
    assert {one["verb"] for one in source.asked} >= {"ListIdentifiers", "GetRecord"}


def test_nobody_is_led_into_a_private_network(here: Here, source: Source) -> None:
    named = source.url.replace("127.0.0.1", "localhost")
    source.trouble = lambda _query, _number, _right: Reply(b"", 302, {"Location": source.url})
    with pytest.raises(PrivateAddress):
        here.harvest(named)
    # The host that the operator names may stand in one.
    source.trouble = TROUBLES["none"]
    here.harvest(named)
    closed = Here(compose.services(here.services.settings.model_copy(update={"harvest_private": "never"})))
    with pytest.raises(PrivateAddress):
        closed.harvest(named)
    closed.services.catalogue.close()


@pytest.mark.parametrize(
    ("target", "reason"), [("file:///etc/passwd", "address"), ("/oai", "redirects"), ("ftp://a.example/", "address")]
)
def test_redirects_lead_to_the_web_and_end(here: Here, source: Source, target: str, reason: str) -> None:
    source.trouble = lambda *_: Reply(b"", 302, {"Location": target})
    with pytest.raises(SourceAway) as raised:
        here.harvest(source.url)
    assert raised.value.parameters["reason"] == reason


def test_the_command_harvests_lists_and_reports(fresh: Path, tmp_path: Path, source: Source) -> None:
    source.records["oai:kho:3"].title = ""

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "service.cli", *words],
            env={**os.environ, "HOCLIEU_HOME": str(tmp_path), "HOCLIEU_LANGUAGE": "en"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    shutil.copy(fresh / "library.sqlite", tmp_path / "library.sqlite")
    done = run("harvest", source.url, "--report", str(tmp_path / "report.json"))
    assert done.returncode == 0, done.stderr
    assert "New: 22\n" in done.stdout
    assert "oai:kho:3: The record has no title." in done.stderr
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["totals"]["new"] == 22
    assert [one["reason"]["code"] for one in report["left_out"]] == ["no-title"]
    # It is found at once.
    services = compose.services(settings(tmp_path))
    found = discover.search(services, PUBLIC, SearchRequest(text="Bài 7"))
    assert found.items[0].source == "Kho thử"
    services.catalogue.close()
    assert run("harvest", "--list").stdout.startswith(f"{source.url}\t-\toai_dc\tdefault\t2026-01-31T23:00:00Z")
