"""OAI-PMH: each requirement of a provider that is harvested for ever without a phone call, on both databases.

Each test has the name of one; datestamps, errors, the strict examiner, whole harvests by other people's clients, and
histories with two harvesters stand in modules of their own.
The module is long because it is that list, in its order.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from service.library import federate, rendering
from service.library.purge import purge
from service.model import OPERATOR
from tests.functional.repository import BASE_URL, OAI, Clock, Repository, another, canonical, library, read, spread
from tests.schemas import faults, needed

XSD = "oai/OAI-PMH.xsd"


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
    assert well.startswith("✓ Database: well\n✓ Files: well\n")
    assert "✓ Cơ sở dữ liệu: tốt\n✓ Kho tệp: tốt\n" in said(**given, HOCLIEU_LANGUAGE="vi")
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
