"""Whatever a file holds, reading and drawing it ends within its limits with an outcome, and touches nothing else.

A test for each row of the table of threats that concerns reading, by its
name. `make test` fires a part of the attacks, another one each time (the
seed stands in the header), under tight limits; `make soak` fires all, under
those of a real library.
"""

import random
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pymupdf
import pytest

from ingest import registry
from ingest.document import Bundle, Document
from ingest.errors import EmptyFile, EncryptedFile
from ingest.sandbox import Limits, Sandbox
from ingest.sniff import sniff
from tests.faults.hostile import ATTACKS
from tests.faults.hostile import attack as threats
from tests.faults.hostile.__main__ import table
from tests.faults.hostile.range import MOST_BYTES, Range
from tests.soak import ROUNDS_IN_A_TEST_RUN
from tests.unit.house.tree import ROOT

_CORPUS = ROOT.parent / "shared" / "corpus" / "hostile"
_IN_A_TEST_RUN = 9
_TIGHT = Limits(wall_seconds=5.0, cpu_seconds=4)


@pytest.fixture(scope="module")
def firing_range(soak_count: int) -> Iterator[Range]:
    with Range(_TIGHT if soak_count <= ROUNDS_IN_A_TEST_RUN else None) as firing_range:
        yield firing_range


@pytest.fixture
def withstood(firing_range: Range, soak_count: int, soak_seed: int) -> Callable[[str], None]:
    """Fires the attacks of one threat; fails where one of them did what it must not."""

    def fire(threat: str) -> None:
        attacks = [attack for attack in ATTACKS if attack.threat == threat]
        if soak_count <= ROUNDS_IN_A_TEST_RUN:
            light = [attack for attack in attacks if not attack.heavy]
            attacks = random.Random(soak_seed).sample(light, min(_IN_A_TEST_RUN, len(light)))
        assert attacks
        assert table(map(firing_range.fire, attacks)) == 0
        # As the kernel counted it, over all children so far.
        assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 <= MOST_BYTES

    return fire


def test_parser_hang_memory_crash(withstood: Callable[[str], None]) -> None:
    withstood(threats.PARSERS)


def test_image_bombs(withstood: Callable[[str], None]) -> None:
    withstood(threats.IMAGE_BOMBS)


def test_zip_bombs(withstood: Callable[[str], None]) -> None:
    withstood(threats.ZIP_BOMBS)


def test_zip_slip_links_odd_names(withstood: Callable[[str], None]) -> None:
    withstood(threats.ZIP_NAMES)


def test_xxe_entity_bombs(withstood: Callable[[str], None]) -> None:
    withstood(threats.XML)


def test_ffmpeg_playlists(withstood: Callable[[str], None]) -> None:
    withstood(threats.PLAYLISTS)


def test_libreoffice_fetching_remote_pictures(withstood: Callable[[str], None]) -> None:
    withstood(threats.REMOTE)


def test_stored_xss(withstood: Callable[[str], None]) -> None:
    withstood(threats.SCRIPTS)


def test_hostile_files_that_others_made(firing_range: Range) -> None:
    if not _CORPUS.is_dir():
        pytest.skip(f"{_CORPUS} is not on this machine")
    assert table(map(firing_range.foreign, sorted(_CORPUS.iterdir()))) == 0


def test_there_are_enough_attacks_and_each_has_a_name_of_its_own() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) >= 60
    assert {attack.threat for attack in ATTACKS} == set(threats.THREATS) - {threats.FOREIGN}


def test_the_range_sees_what_must_not_be(firing_range: Range) -> None:
    """Guards the tests above: a text that tells the secret and keeps a word is not passed over."""
    attack = threats.Attack("told.pdf", threats.SCRIPTS, "pdf", _telling(firing_range), absent=("KEPT",))
    assert firing_range.fire(attack).faults == ("told a secret", "kept KEPT")


def test_an_attack_that_another_reader_takes_is_a_fault(firing_range: Range) -> None:
    """It would never reach what it attacks. In files that others made, whoever takes them is right."""
    text = threats.Attack("no picture.svg", threats.SCRIPTS, "svg", lambda _: b"<svgs>")
    assert firing_range.fire(text).faults == ("taken by text, made for svg",)
    kept = threats.Attack("no picture.bin", threats.SCRIPTS, "svg", lambda _: b"\x00\x01\x02")
    assert firing_range.fire(kept).faults == ("taken by no reader, made for svg",)
    taken = threats.Attack("a text.txt", threats.SCRIPTS, "", lambda _: b"a text")
    assert firing_range.fire(taken).faults == ("taken by text, made for none",)


def test_every_attack_is_sniffed_as_what_it_attacks(firing_range: Range, tmp_path: Path) -> None:
    """All light attacks, whatever part of them is fired in this run."""
    readers = registry.load()
    path = tmp_path / "attack"
    for attack in ATTACKS:
        if attack.heavy or attack.reader is None:
            continue
        path.write_bytes(attack.make(firing_range.canary))
        reader = readers.best(sniff(path).media_type)
        assert (attack.name, reader.__name__.rpartition(".")[2] if reader else "") == (attack.name, attack.reader)


def _telling(firing_range: Range) -> Callable[[threats.Canary], bytes]:
    document = pymupdf.open()
    document.new_page().insert_text((72, 72), firing_range.canary.secret.read_text() + " KEPT")
    data: bytes = document.tobytes()
    return lambda _: data


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def test_an_empty_file_is_empty(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "empty.pdf"
    path.touch()
    with pytest.raises(EmptyFile):
        sandbox.read(Bundle(path, path.name))


def test_a_password_is_asked_for_by_its_code(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    _locked(path, user="secret")
    with pytest.raises(EncryptedFile):
        sandbox.read(Bundle(path, path.name))


def test_an_empty_password_opens(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "owner.pdf"
    _locked(path, user="")
    assert sandbox.read(Bundle(path, path.name)).passages[0].text == "Under lock"


def _locked(path: Path, *, user: str) -> None:
    document = pymupdf.open()
    document.new_page().insert_text((72, 72), "Under lock")
    document.save(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw=user, owner_pw="owner")
    document.close()


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"\x00\x01\x02 nobody knows this", "unknown-format"), (b"\x01\xda\x01\x01 of no reader", "no-reader")],
)
def test_what_has_no_reader_is_described_and_says_so(data: bytes, code: str, sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "vô_danh.bin"
    path.write_bytes(data)
    document: Document = sandbox.read(Bundle(path, path.name))
    assert [warning.code for warning in document.warnings] == [code]
    assert [(value.value, value.where) for value in document.metadata] == [("vô danh", "name")]
