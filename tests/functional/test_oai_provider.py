"""OAI-PMH: each requirement of a provider that is harvested for ever without a phone call, on both databases.

Each test has the name of one; the strict examiner, whole harvests by other people's clients, and histories with two
harvesters stand in modules of their own.
The module is long because it is that list, in its order.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from service.library import federate, rendering
from service.library.purge import purge
from service.model import OPERATOR, Rendered
from tests.functional.repository import BASE_URL, OAI, Clock, Repository, another, canonical, library, read
from tests.schemas import faults, needed

XSD = "oai/OAI-PMH.xsd"


@pytest.fixture(params=["sqlite", "postgresql"])
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Repository]:
    url = request.getfixturevalue("postgresql_database") if request.param == "postgresql" else ""
    services = library(tmp_path, url)
    yield Repository(services)
    services.catalogue.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def spread(repository: Repository, clock: Clock, seconds: int = 3, each: int = 4) -> list[str]:
    """Records with datestamps a second apart, `each` of every one."""
    ids = []
    for number in range(seconds):
        ids += repository.publish_many(each, f"Lượt {number}", subject="toan-dai-so", grade=f"lop-{10 + number % 3}")
        repository.settle()
        clock.move(1)
    return ids


# --- 1: tokens ----------------------------------------------------------------------------------


def test_line_1_tokens_are_stateless_and_survive_a_restart(repository: Repository, clock: Clock) -> None:
    spread(repository, clock)
    whole = repository.harvest(set="subject", since="2035-01-01", until="2035-01-01")
    token = whole.tokens[0].text
    assert re.fullmatch(r"[A-Za-z0-9_-]+", token), "some harvesters send it back without encoding it"
    clock.move(400 * 86400)
    # Another process, which knows nothing but the database.
    restarted = Repository(replace(repository.services, catalogue=another(repository.services)))
    root = restarted.answer({"verb": "ListRecords", "resumptionToken": token})
    assert read(root) == whole.pages[1]
    restarted.services.catalogue.close()
    # It may be used again, after later ones were.
    assert read(repository.answer({"verb": "ListRecords", "resumptionToken": token})) == whole.pages[1]


def test_line_1_a_tampered_token_is_none(repository: Repository, clock: Clock) -> None:
    spread(repository, clock)
    token = repository.harvest().tokens[0].text
    middle = len(token) // 2
    swapped = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
    for wrong in (
        token + "x",
        token[:-1],
        token[1:],
        swapped,
        token.swapcase(),
        "0",
        "null",
        "'",
        "%00",
        "ă",
        "A" * 9000,
    ):
        assert repository.errors({"verb": "ListRecords", "resumptionToken": wrong}) == ["badResumptionToken"], wrong
    assert repository.errors({"verb": "ListIdentifiers", "resumptionToken": token}) == ["badResumptionToken"]
    assert repository.errors({"verb": "ListSets", "resumptionToken": token}) == ["badResumptionToken"]


def test_line_1_a_token_of_another_library_is_none(repository: Repository, clock: Clock, tmp_path: Path) -> None:
    spread(repository, clock)
    other = Repository(library(tmp_path / "other"))
    spread(other, clock)
    token = other.harvest().tokens[0].text
    assert repository.errors({"verb": "ListRecords", "resumptionToken": token}) == ["badResumptionToken"]
    other.services.catalogue.close()


# --- 2, 3: pages --------------------------------------------------------------------------------


def test_line_2_pages_are_ordered_and_many_records_with_one_datestamp_come_out_once_each(
    repository: Repository, clock: Clock
) -> None:
    ids = repository.publish_many(63, "Một giây")
    repository.settle()
    for verb in ("ListRecords", "ListIdentifiers"):
        got = repository.harvest(verb).records
        assert len({one.datestamp for one in got}) == 1
        places = [(one.datestamp, one.identifier) for one in got]
        assert places == sorted(places)
        assert [one.identifier for one in got] == sorted(map(repository.oai_id, ids))


@pytest.mark.parametrize("count", [1, 4, 5, 6, 10, 15, 16])
def test_line_3_pages_cursor_and_size_are_true_and_the_last_page_carries_an_empty_token(
    repository: Repository, clock: Clock, count: int
) -> None:
    repository.publish_many(count, "Bài")
    repository.settle()
    got = repository.harvest()
    assert [len(page) for page in got.pages] == [5] * (count // 5) + ([count % 5] if count % 5 else [])
    if count <= 5:
        assert got.tokens == (None,)
        return
    assert [int(one.get("cursor")) for one in got.tokens] == [5 * number for number in range(len(got.pages))]
    assert {int(one.get("completeListSize")) for one in got.tokens} == {count}
    assert [bool(one.text) for one in got.tokens] == [True] * (len(got.pages) - 1) + [False]


# --- 4: selective harvesting --------------------------------------------------------------------


def test_line_4_selective_pages_equal_the_full_harvest_filtered(repository: Repository, clock: Clock) -> None:
    clock.move(86_398)
    ids = spread(repository, clock, seconds=4)
    repository.withdraw(ids[0])
    repository.settle()
    whole = repository.harvest().records
    stamps = sorted({one.datestamp for one in whole})
    assert {one[:10] for one in stamps} == {"2035-01-01", "2035-01-02"}
    days = ["2035-01-01", "2035-01-02"]
    sets = ["subject", "subject:toan", "subject:toan:toan-dai-so", "grade:thpt:lop-10", "type:video", "school:default"]
    for since in ["", *stamps, *days]:
        for until in ["", *stamps, *days]:
            if since and until and (len(since) != len(until) or since > until):
                continue
            bounds = {name: text for name, text in (("since", since), ("until", until)) if text}
            wanted = [
                one
                for one in whole
                if one.datestamp[: len(since)] >= since and (not until or one.datestamp[: len(until)] <= until)
            ]
            for spec in ["", *sets] if since in ("", stamps[1]) else [""]:
                meant = [
                    one for one in wanted if not spec or any(f"{name}:".startswith(f"{spec}:") for name in one.sets)
                ]
                asked = {**bounds, **({"set": spec} if spec else {})}
                got = repository.harvest(**asked).records
                assert got == tuple(meant), asked
    # From = until is inclusive.
    assert all(repository.harvest(since=one, until=one).records for one in stamps)


WRONG_BOUNDS = [
    "from=2024-1-1",
    "from=2024",
    "from=2024-01",
    "from=2024-02-30",
    "from=0000-01-01",
    "from=2024-01-01T00:00:00.5Z",
    "from=2024-01-01T00:00:00",
    "from=2024-01-01T00:00Z",
    "from=2024-01-01T24:00:00Z",
    "from=2024-01-01T00:00:00%2B07:00",
    "from=2024-01-01%20",
    "from=%D9%A2%D9%A0%D9%A2%D9%A4-01-01",
    "from=",
    "until=",
    "set=",
    "set=a::b",
    "set=a%20b",
    "from=2024-01-02&until=2024-01-01",
    "from=2024-01-01&until=2024-01-02T00:00:00Z",
    "from=2024-01-01&from=2024-01-01",
    "set=type&set=type",
]


def test_line_4_bounds_that_are_none_are_refused(repository: Repository) -> None:
    for bounds in WRONG_BOUNDS:
        root = repository.answer(f"verb=ListIdentifiers&metadataPrefix=oai_dc&{bounds}")
        assert [one.get("code") for one in root.findall(f"{OAI}error")] == ["badArgument"], bounds
        assert dict(root.find(f"{OAI}request").attrib) == {}, bounds


def test_line_4_nothing_that_matches_is_said_as_such(repository: Repository, clock: Clock) -> None:
    asked = "verb=ListRecords&metadataPrefix=oai_dc"
    assert repository.errors(asked) == ["noRecordsMatch"]
    spread(repository, clock, seconds=1)
    for bounds in ("from=2999-01-01", "until=1970-01-01", "set=no:such", "until=0001-01-01T00:00:00Z"):
        assert repository.errors(f"{asked}&{bounds}") == ["noRecordsMatch"], bounds


# --- 5, 6: datestamps ---------------------------------------------------------------------------


def test_line_5_the_datestamp_is_utc_whatever_the_zone(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    for zone in ("Asia/Ho_Chi_Minh", "America/Los_Angeles"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        try:
            before = time.gmtime(time.time() - 1)
            id = repository.publish(zone)
            repository.settle()
            after = time.gmtime()
            root = repository.answer(f"verb=GetRecord&metadataPrefix=oai_dc&identifier={repository.oai_id(id)}")
            (got,) = read(root)
            assert time.strftime("%Y-%m-%dT%H:%M:%SZ", before) <= got.datestamp
            assert got.datestamp <= time.strftime("%Y-%m-%dT%H:%M:%SZ", after)
            found = repository.harvest("ListIdentifiers", since=got.datestamp, until=got.datestamp).records
            assert repository.oai_id(id) in {one.identifier for one in found}
            begun = repository.answer("verb=Identify").findtext(f".//{OAI}earliestDatestamp")
            assert begun <= got.datestamp
        finally:
            monkeypatch.undo()
            time.tzset()


def test_line_6_a_publish_that_is_held_open_during_a_harvest_is_not_missed(
    repository: Repository, clock: Clock
) -> None:
    """Stamped at 0 s, harvested at 3 s, committed at 5 s: who comes back from the first answer's date gets it."""
    old, new = repository.publish("Cũ"), repository.publish("Mới")
    with repository.services.catalogue.reading() as work:
        resource = work.resources.get(new)
        assert resource is not None
    rendered = _rendered(repository, new)
    assert rendering.write(repository.services, [old]) == {}
    federate.secret(repository.services)
    second = another(repository.services)
    clock.move(60)
    with second.writing() as work:
        assert work.oai.stamp([rendered]) == 1
        clock.move(3)
        first = repository.harvest()
        assert [one.identifier for one in first.records] == [repository.oai_id(old)]
        clock.move(2)
    second.close()
    clock.move(1)
    later = repository.harvest(since=first.at)
    assert repository.oai_id(new) in {one.identifier for one in later.records}
    # Without anybody in between the date of an answer is the present.
    assert later.at == clock.said()


def test_two_ids_of_one_record_in_a_batch_render_it_once(repository: Repository) -> None:
    id = repository.publish("Một")
    with repository.services.catalogue.writing() as work:
        resource = work.resources.get(id)
        assert resource is not None
        work.resources.add_alias("0" * 12, resource.key)
    assert rendering.write(repository.services, [id, "0" * 12, id]) == {}
    assert [one.identifier for one in repository.harvest().records] == [repository.oai_id(id)]
    with repository.services.catalogue.reading() as work:
        assert len(work.oai.lacks_of(resource.owner, 0, 10)) == len(set(work.oai.lacks_of(resource.owner, 0, 10))) > 0


def test_line_6_what_is_published_in_a_long_transaction_is_dated_by_its_end(
    repository: Repository, clock: Clock
) -> None:
    repository.publish("Cũ")
    repository.settle()
    second = Repository(replace(repository.services, catalogue=another(repository.services)))
    clock.move(60)
    began = clock.said()
    with second.services.catalogue.writing() as work:
        resource = work.resources.add(owner="default")
        work.blobs.add("f" * 64, 9)
        clock.move(5)
        first = repository.harvest()
        assert len(first.records) == 1
    assert resource.id
    new = second.publish("Mới")
    second.settle()
    second.services.catalogue.close()
    got = {one.identifier: one for one in repository.harvest(since=first.at).records}
    assert got[repository.oai_id(new)].datestamp > began


def _rendered(repository: Repository, id: str) -> Rendered:
    ((resource, view),) = rendering.views(repository.services, [id])
    return rendering.render(repository.services, resource, view)


def test_line_6_whatever_changes_a_record_s_output_or_sets_moves_its_datestamp(
    repository: Repository, clock: Clock
) -> None:
    id = repository.publish("Bài", subject="toan", grade="lop-10")
    still = repository.publish("Không đổi")
    repository.settle()

    def moved() -> bool:
        clock.move(10)
        before = repository.held()
        return repository.settle() == {} and _moved(repository, before) == {repository.oai_id(id)}

    def _moved(repository: Repository, before: object) -> set[str]:
        assert isinstance(before, dict)
        return {name for name, one in repository.held().items() if one != before.get(name)}

    repository.edit(id, "Bài sửa")
    assert moved()
    repository.edit(id, "Bài sửa", subject="ngu-van")
    assert moved()
    (got,) = [one for one in repository.harvest().records if one.identifier == repository.oai_id(id)]
    # Leaving a set is not a deletion.
    assert not got.deleted
    assert got.sets == ("grade:thpt:lop-10", "school:default", "subject:ngu-van", "type:video")
    assert repository.errors("verb=ListIdentifiers&metadataPrefix=oai_dc&set=subject:toan") == ["noRecordsMatch"]
    repository.set_access(id, "signed-in")
    assert moved()
    repository.set_access(id, "organisation")
    assert moved()
    with repository.services.catalogue.writing() as work:
        for name in (id, still):
            work.jobs.add("render", name, priority=1)
    clock.move(10)
    before = repository.held()
    repository.settle()
    assert repository.held() == before, "rendered again without a change"


def test_line_6_a_stale_fingerprint_queues_rendering_which_moves_only_what_changed(
    repository: Repository, clock: Clock
) -> None:
    with repository.services.catalogue.writing() as work:
        work.organisations.add("so", "Sở Giáo dục")
        work.organisations.add("thpt-a", "THPT A", "school", "so")
    ids = [repository.publish("Của sở", owner="so"), repository.publish("Của trường", owner="thpt-a")]
    repository.settle()
    assert rendering.sweep(repository.services) == 0
    before = repository.held("lom")
    clock.move(60)
    # The library is reached under another address from now on: every record says so.
    settings = repository.services.settings.model_copy(update={"public_url": "https://khohoclieu.example.vn"})
    moved = Repository(replace(repository.services, settings=settings))
    assert rendering.sweep(moved.services) == 2
    assert moved.settle() == {}
    after = moved.held("lom")
    assert {after[name].datestamp for name in after} == {clock.said()}
    got = {one.identifier: one for one in moved.harvest(prefix="lom").records}
    assert all("https://khohoclieu.example.vn/resources/" in one.metadata for one in got.values())
    assert rendering.sweep(moved.services) == 0
    # Another language says names in another order, in LOM; a fingerprint alone moves nothing.
    clock.move(60)
    with moved.services.catalogue.writing() as work:
        work.oai.stamp([replace(_rendered(moved, id), fingerprint="made by an older version") for id in ids])
    assert moved.held("lom") == after
    assert rendering.sweep(moved.services) == 2
    moved.settle()
    assert moved.held("lom") == after != before


def test_line_6_what_an_older_version_has_published_is_rendered_by_itself(repository: Repository) -> None:
    ids = repository.publish_many(3, "Từ trước")
    with repository.services.catalogue.writing() as work:
        for id in ids:
            work.jobs.cancel(id)
    assert repository.settle() == {}
    assert repository.errors("verb=ListRecords&metadataPrefix=oai_dc") == ["noRecordsMatch"]
    assert rendering.sweep(repository.services) == 3
    repository.settle()
    assert {one.identifier for one in repository.harvest().records} == set(map(repository.oai_id, ids))
    assert rendering.sweep(repository.services) == 0
    assert rendering.everything(repository.services) == 3


# --- 7, 8: tombstones, Identify -----------------------------------------------------------------


def test_line_7_a_withdrawn_resource_is_a_tombstone_for_ever(repository: Repository, clock: Clock) -> None:
    kept, gone, purged = (repository.publish(title, subject="toan") for title in ("Còn", "Thu hồi", "Xoá hẳn"))
    repository.settle()
    clock.move(5)
    # At once, whether or not a worker runs.
    repository.withdraw(gone)
    purge(repository.services, OPERATOR, purged, reason="Phụ huynh yêu cầu.")
    for _ in range(2):
        for prefix in federate.PREFIXES:
            got = {one.identifier: one for one in repository.harvest(prefix=prefix, set="subject:toan").records}
            assert {name: one.deleted for name, one in got.items()} == {
                repository.oai_id(kept): False,
                repository.oai_id(gone): True,
                repository.oai_id(purged): True,
            }
            for id in (gone, purged):
                asked = f"verb=GetRecord&metadataPrefix={prefix}&identifier={repository.oai_id(id)}"
                assert read(repository.answer(asked)) == (got[repository.oai_id(id)],)
                assert got[repository.oai_id(id)].metadata == ""
                assert got[repository.oai_id(id)].datestamp == "2035-01-01T00:00:05Z"
        repository.settle()
        clock.move(10**8)
    repository.reinstate(gone)
    repository.settle()
    (back,) = [one for one in repository.harvest().records if one.identifier == repository.oai_id(gone)]
    assert not back.deleted


def test_line_8_identify_says_what_is_set_and_never_what_a_header_says(repository: Repository, clock: Clock) -> None:
    begun = set()
    for _ in range(3):
        spread(repository, clock, seconds=1, each=1)
        headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
        root = etree.fromstring(repository.client.get("/oai?verb=Identify", headers=headers).content)
        told = {etree.QName(one).localname: one.text for one in root.find(f"{OAI}Identify")}
        assert told["baseURL"] == root.findtext(f"{OAI}request") == f"{BASE_URL}/oai"
        assert told["deletedRecord"] == "persistent"
        assert told["granularity"] == "YYYY-MM-DDThh:mm:ssZ"
        assert told["protocolVersion"] == "2.0"
        assert root.findtext(".//{*}repositoryIdentifier") == "thuvien.example.vn"
        begun.add(told["earliestDatestamp"])
    assert len(begun) == 1
    assert begun.pop() <= min(one.datestamp for one in repository.harvest().records)


def test_line_8_names_and_addresses_of_the_settings_are_told(tmp_path: Path) -> None:
    services = library(
        tmp_path, library_name="Kho <b>học liệu</b> & hơn\x03", admin_emails="a@so.example.vn, b@example.vn"
    )
    root = Repository(services).answer("verb=Identify")
    assert root.findtext(f".//{OAI}repositoryName") == "Kho <b>học liệu</b> & hơn"
    assert [one.text for one in root.iter(f"{OAI}adminEmail")] == ["a@so.example.vn", "b@example.vn"]
    services.catalogue.close()


# --- 9, 10: whatever is stored ------------------------------------------------------------------

ODD = [
    "\x03 điều khiển",
    "￾￿",
    "\ud800 một nửa",
    "]]><!-- & <script>",
    "a" * 5000,
    "á" * 99,
    "‮",
    "https://public-url.invalid",
]


@needed
@pytest.mark.parametrize("prefix", list(federate.PREFIXES))
def test_line_9_output_is_valid_whatever_is_stored(repository: Repository, clock: Clock, prefix: str) -> None:
    for odd in ODD:
        try:
            odd.encode()
        except UnicodeEncodeError:
            # No database takes it; what reads files has replaced it before.
            continue
        repository.publish(odd, description=odd, creator=odd, keyword=odd, subject=odd, grade=odd, created=odd)
    assert repository.settle() == {}
    schema = {"oai_dc": "oai/oai_dc.xsd", "mods": "mods/mods-3-8.xsd"}.get(prefix, "lom/lomLoose.xsd")
    total = 0
    for root in repository.walk(prefix=prefix):
        for one in root.iter(f"{OAI}metadata"):
            assert faults(canonical(one[0]), schema) == []
            total += 1
    assert total == len(ODD) - 1


def test_line_10_a_record_that_cannot_be_rendered_is_left_out_and_reported(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    ids = repository.publish_many(3, "Bài")
    broken = repository.publish("Hỏng")

    class Breaking:
        """A crosswalk that writes no XML of one record."""

        FORMAT = federate.PREFIXES["mods"].FORMAT
        FIELDS = federate.PREFIXES["mods"].FIELDS

        @staticmethod
        def write(record: object) -> str:
            text = federate.PREFIXES["mods"].write(record)  # type: ignore[arg-type]
            return text.replace("</mods>", "") if "Hỏng" in text else text

    monkeypatch.setattr(rendering, "FORMATS", (*rendering.FORMATS[:2], Breaking))
    failed = repository.settle()
    assert list(failed) == [broken]
    assert "mods" in str(failed[broken])
    assert {one.identifier for one in repository.harvest().records} == set(map(repository.oai_id, ids))
    asked = f"verb=GetRecord&metadataPrefix=oai_dc&identifier={repository.oai_id(broken)}"
    assert repository.errors(asked) == ["idDoesNotExist"]
    # Mended, it comes in.
    monkeypatch.undo()
    assert rendering.sweep(repository.services) == 1
    repository.settle()
    assert len(repository.harvest().records) == 4


# --- 11: errors, POST, gzip ---------------------------------------------------------------------

LONG = "x" * 10_000
BAD = [
    ("", "badVerb"),
    ("verb=", "badVerb"),
    ("verb=identify", "badVerb"),
    ("verb=Identify&verb=Identify", "badVerb"),
    (f"verb={LONG}", "badVerb"),
    ("verb=%00", "badVerb"),
    ("verb=%FF%FE", "badVerb"),
    ("verb=%2549dentify", "badVerb"),
    ("x", "badVerb"),
    ("&&&", "badVerb"),
    ("verb=Identify&x=1", "badArgument"),
    ("verb=Identify&metadataPrefix=oai_dc", "badArgument"),
    ("verb=Identify&resumptionToken=x", "badArgument"),
    ("verb=Identify&%FF=%FF", "badArgument"),
    ("verb=Identify&Verb=Identify", "badArgument"),
    ("verb=ListRecords", "badArgument"),
    ("verb=ListRecords&metadataPrefix=", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument"),
    ("verb=ListRecords&metadataPrefix=nope", "cannotDisseminateFormat"),
    (f"verb=ListRecords&metadataPrefix={LONG}", "cannotDisseminateFormat"),
    ("verb=ListRecords&metadataPrefix=%C4%83%00", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai%255Fdc", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x", "badArgument"),
    ("verb=ListRecords&resumptionToken=", "badResumptionToken"),
    ("verb=ListRecords&resumptionToken=%FF%00", "badResumptionToken"),
    (f"verb=ListRecords&resumptionToken={LONG}", "badResumptionToken"),
    ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
    ("verb=ListSets&resumptionToken=", "badResumptionToken"),
    ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
    ("verb=GetRecord&identifier=oai:x:1", "badArgument"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=", "badArgument"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=x%22y", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=%22%3C%26", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=%00%FF%25", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=http://[", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=:a", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=1a:b", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=a%20b%20%25zz", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:thuvien.example.vn:0123456789ab", "idDoesNotExist"),
    (f"verb=GetRecord&metadataPrefix=oai_dc&identifier={LONG}", "idDoesNotExist"),
    ("verb=ListMetadataFormats&identifier=oai:none:0", "idDoesNotExist"),
    ("verb=ListMetadataFormats&metadataPrefix=oai_dc", "badArgument"),
]


@needed
@pytest.mark.parametrize("query", BAD, ids=[f"{query[:60]}" for query, _ in BAD])
def test_line_11_errors_are_answers_with_status_200_and_posting_says_the_same(
    running_dry: Repository, query: tuple[str, str]
) -> None:
    asked, code = query
    answers = [
        running_dry.client.get(f"/oai?{asked}"),
        running_dry.client.post("/oai", content=asked, headers={"Content-Type": "application/x-www-form-urlencoded"}),
    ]
    for response in answers:
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/xml; charset=utf-8"
        root = etree.fromstring(response.content)
        assert [one.get("code") for one in root.findall(f"{OAI}error")] == [code]
        assert faults(response.text, XSD) == []
        said = root.find(f"{OAI}request").attrib
        assert bool(said) == (code not in ("badVerb", "badArgument"))


@pytest.fixture(scope="module")
def running_dry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    """A library that nothing is stored in: what is wrong with a request is the same everywhere."""
    services = library(tmp_path_factory.mktemp("dry"), searches_per_minute=10_000)
    yield Repository(services)
    services.catalogue.close()


def test_line_11_post_equals_get(repository: Repository, clock: Clock) -> None:
    spread(repository, clock)
    token = repository.harvest().tokens[0].text
    for asked in (
        "verb=Identify",
        "verb=ListSets",
        "verb=ListMetadataFormats",
        "verb=ListRecords&metadataPrefix=lom&from=2035-01-01",
        f"verb=ListRecords&resumptionToken={token}",
    ):
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert (
            repository.client.post("/oai", content=asked, headers=form).content
            == repository.client.get(f"/oai?{asked}").content
        )


def test_line_11_gzip_is_announced_and_spoken(repository: Repository) -> None:
    packed = repository.client.get("/oai?verb=Identify", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert etree.fromstring(packed.content).findtext(f".//{OAI}compression") == "gzip"
    plain = repository.client.get("/oai?verb=Identify", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers


# --- 12: sets -----------------------------------------------------------------------------------


def test_line_12_sets_are_hierarchical_with_declared_parents_and_paged_without_duplicates(
    repository: Repository, clock: Clock
) -> None:
    with repository.services.catalogue.writing() as work:
        for number in range(600):
            work.organisations.add(f"truong-{number:03}", f"Trường số {number} & bạn", "school", "default")
    repository.publish("Bài", owner="truong-007", subject="toan-dai-so", grade="lop-10", type="video")
    repository.settle()
    names: dict[str, str] = {}
    specs, sizes, query = [], [], "verb=ListSets"
    while query:
        root = repository.answer(query)
        found = [(one.findtext(f"{OAI}setSpec"), one.findtext(f"{OAI}setName")) for one in root.iter(f"{OAI}set")]
        names.update(found)
        specs += [spec for spec, _ in found]
        token = root.find(f".//{OAI}resumptionToken")
        sizes.append(int(token.get("completeListSize")))
        assert int(token.get("cursor")) == len(specs) - len(found)
        query = f"verb=ListSets&resumptionToken={token.text}" if token.text else ""
    assert len(specs) == len(set(specs)) == sizes[0]
    assert len(sizes) > 1
    assert [spec for spec in specs if ":" in spec and spec.rsplit(":", 1)[0] not in names] == []
    assert {spec.split(":")[0] for spec in specs} == {"type", "subject", "grade", "school", "ready", "trial"}
    (got,) = repository.harvest().records
    assert got.sets == (
        "grade:thpt:lop-10", "school:default", "school:truong-007", "subject:toan:toan-dai-so", "type:video",
    )  # fmt: skip
    assert set(got.sets) <= set(specs)
    assert names["subject:toan:toan-dai-so"] == "Số và Đại số"
    assert names["school:truong-007"] == "Trường số 7 & bạn"
    for spec in ("subject:toan", "grade:thpt", "school:default", "school"):
        assert len(repository.harvest(set=spec).records) == 1


# --- 13, 14, 15 ---------------------------------------------------------------------------------


def test_line_13_an_update_is_visible_in_the_next_list(repository: Repository, clock: Clock) -> None:
    id = repository.publish("Trước")
    repository.settle()
    first = repository.client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc")
    assert "max-age" not in first.headers["cache-control"]
    repository.edit(id, "Sau khi sửa")
    repository.settle()
    assert "Sau khi sửa" in repository.client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc").text
    repository.withdraw(id)
    assert "Sau khi sửa" not in repository.client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc").text


def test_line_14_formats_are_listed_and_an_alias_sends_the_same_bytes(repository: Repository, clock: Clock) -> None:
    id = repository.publish("Bài", subject="toan", grade="lop-10")
    repository.settle()
    asked = f"verb=ListMetadataFormats&identifier={repository.oai_id(id)}"
    told = [one.text for one in repository.answer(asked).iter(f"{OAI}metadataPrefix")]
    assert set(told) == {"oai_dc", "lom", "oai_lom", "mods"}
    assert [one.text for one in repository.answer("verb=ListMetadataFormats").iter(f"{OAI}metadataPrefix")] == told
    bodies = {}
    for prefix in told:
        text = repository.client.get(
            f"/oai?verb=GetRecord&metadataPrefix={prefix}&identifier={repository.oai_id(id)}"
        ).text
        bodies[prefix] = text[text.index("<metadata>") :]
    assert bodies["lom"] == bodies["oai_lom"] != bodies["mods"]
    assert '<dc:subject xml:lang="vi">Toán</dc:subject>' in bodies["oai_dc"]
    assert '<dc:subject xml:lang="vi">Lớp 10</dc:subject>' in bodies["oai_dc"]
    assert re.fullmatch(r"[A-Za-z0-9:._-]+", repository.oai_id(id))


def test_line_14_what_is_listed_follows_access_and_licence(repository: Repository, clock: Clock) -> None:
    public = repository.publish("Mở")
    signed = repository.publish("Đăng nhập", access="signed-in")
    repository.publish("Nội bộ", access="organisation")
    repository.publish("Không rời trường", licence=next(_inside(repository)))
    repository.settle()
    for prefix in federate.PREFIXES:
        got = {one.identifier: one.metadata for one in repository.harvest(prefix=prefix).records}
        assert set(got) == {repository.oai_id(public), repository.oai_id(signed)}
        # Files with their address; of what asks for an account the description alone.
        assert f"{BASE_URL}/resources/{public}/files/1" in got[repository.oai_id(public)]
        assert "/files/" not in got[repository.oai_id(signed)]
        assert f"{BASE_URL}/resources/{signed}" in got[repository.oai_id(signed)]
    whole = repository.harvest(prefix="lom").records
    (metadata,) = [one.metadata for one in whole if one.identifier == repository.oai_id(public)]
    for told in ("application/pdf", "1000", f"{BASE_URL}/resources/{public}/files/1"):
        assert told in metadata
    assert re.search(r"[0-9a-f]{64}", metadata), "the checksum"


def _inside(repository: Repository) -> Iterator[str]:
    """Licences that do not leave the house."""
    for code, term in repository.services.vocabularies.terms["licence"].items():
        if term.extra.get("leaves") == "no":
            yield code


def test_line_15_a_harvest_renders_nothing(
    repository: Repository, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    spread(repository, clock)
    expected = repository.harvest(prefix="mods").records

    def never(*_: object) -> str:
        raise AssertionError("rendered while it is harvested")

    for one in set(federate.PREFIXES.values()):
        monkeypatch.setattr(one, "write", never)
    assert repository.harvest(prefix="mods").records == expected


def test_who_asks_too_much_is_told_in_seconds_when_to_come_back(tmp_path: Path) -> None:
    services = library(tmp_path, searches_per_minute=10)
    repository = Repository(services)
    answers = [repository.client.get("/oai?verb=Identify")]
    while answers[-1].status_code == 200 and len(answers) < 5_000:
        # More is allowed every second, so a slow machine asks longer.
        answers.append(repository.client.get("/oai?verb=Identify"))
    assert {one.status_code for one in answers} == {200, 503}
    refused = next(one for one in answers if one.status_code == 503)
    assert refused.headers["retry-after"].isdigit()
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    services.catalogue.close()


def test_nothing_stored_contains_the_library_s_address(repository: Repository, clock: Clock) -> None:
    spread(repository, clock)
    with repository.services.catalogue.reading() as work:
        for name in ("oai_records", "oai_forms"):
            rows = [str(row) for page in work.tables.rows(name, 100) for row in page]
            assert rows
            assert not [row for row in rows if BASE_URL in row]


def test_doctor_tells_which_settings_harvesters_miss(tmp_path: Path) -> None:
    def said(**settings: str) -> str:
        environment = {**os.environ, "HOCLIEU_HOME": str(tmp_path), "HOCLIEU_LANGUAGE": "en", **settings}
        command = [sys.executable, "-m", "service.cli", "doctor"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout

    missing = said()
    for name in ("HOCLIEU_REPOSITORY_ID", "HOCLIEU_PUBLIC_URL", "HOCLIEU_ADMIN_EMAILS"):
        assert name in missing
    given = {
        "HOCLIEU_REPOSITORY_ID": "thuvien.example.vn",
        "HOCLIEU_PUBLIC_URL": BASE_URL,
        "HOCLIEU_ADMIN_EMAILS": "a@example.vn",
    }
    well = said(**given)
    assert "HOCLIEU_" not in well.replace("HOCLIEU_PLAY_URL", "")
    assert "thuvien" in said(**{**given, "HOCLIEU_REPOSITORY_ID": "thuvien"})


def test_the_command_queues_all_that_was_published(tmp_path: Path) -> None:
    services = library(tmp_path, public_url="", repository_id="hoclieu.example")
    repository = Repository(services)
    repository.publish_many(3, "Bài")
    repository.settle()
    environment = {**os.environ, "HOCLIEU_HOME": str(tmp_path), "HOCLIEU_LANGUAGE": "en"}
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", "rerender"], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("3 ")
    with services.catalogue.reading() as work:
        assert work.jobs.numbers()["render", "queued"] == 3
    services.catalogue.close()
