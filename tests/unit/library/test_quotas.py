"""What an organisation may store is said in bytes, and holds for every way in."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from service.errors import Invalid, NotAllowed, NotFound, QuotaExceeded
from service.library.deposit import Bundle, Deposited, Offered, deposit, deposit_all
from service.library.merging import merge
from service.library.publishing import publish
from service.library.quotas import Use, bytes_of, is_ambiguous, set_quota, use_of
from service.library.services import Services
from service.messages import sentence
from service.model import OPERATOR, PUBLIC, Resource, Value
from service.ports import UnitOfWork

Made = Callable[[str, int], Bundle]


def published(parts: Services, bundle: Bundle, owner: str = "default") -> Resource:
    """It is in the library, and out."""
    made = deposit(parts, OPERATOR, bundle.files, owner=owner, values=[Value("title", "Phim", "sheet")]).resource

    def act(work: UnitOfWork) -> Resource:
        draft = work.resources.open_revision(made.key)
        assert draft is not None
        return publish(parts, work, made, draft, actor="operator")

    return parts.catalogue.write(act)


@pytest.fixture
def made(tmp_path: Path) -> Made:
    def write(name: str, size: int) -> Bundle:
        path = tmp_path / name
        path.write_bytes((name * size).encode()[:size])
        return Bundle([Offered(path, name)])

    return write


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("50GB", 50 * 10**9), ("1,5 TB", 1_500_000_000_000), ("1.5tb", 1_500_000_000_000), ("2GiB", 2 * 2**30),
        ("7", 7), ("0", 0), ("20k", 20_000), ("500 MB", 500_000_000), ("none", None), ("Không", None),
    ],
)  # fmt: skip
def test_sizes_are_read_as_people_write_them(said: str, meant: int | None) -> None:
    assert bytes_of(said) == meant


@pytest.mark.parametrize("said", ["", "GB", "-5GB", "5 apples", "1e9", "5.5.5GB", "9999999999TB"])
def test_what_is_no_size_is_refused(said: str) -> None:
    with pytest.raises(Invalid):
        bytes_of(said)


@pytest.mark.parametrize("said", ["1.500 GB", "1,500GB", "1.500", "0.125TiB"])
def test_a_size_that_reads_in_two_ways_is_refused(said: str) -> None:
    assert is_ambiguous(said)
    with pytest.raises(Invalid):
        bytes_of(said)
    assert not any(map(is_ambiguous, ["1.50GB", "1500 GB", "apples", "none"]))


def test_of_many_those_go_in_for_which_there_is_room(parts: Services, made: Made) -> None:
    deposit(parts, OPERATOR, made("a", 2_000_000).files, owner="default")
    assert set_quota(parts, OPERATOR, "default", 5_000_000) == Use("default", 2_000_000, 5_000_000)
    given = [made("b", 2_500_000), made("c", 1_000_000), made("d", 400_000), made("a", 2_000_000)]
    done = deposit_all(parts, OPERATOR, given, owner="default")
    assert [one.outcome if isinstance(one, Deposited) else type(one) for one in done] == [
        "fresh", QuotaExceeded, "fresh", "duplicate",
    ]  # fmt: skip
    refused = done[1]
    assert isinstance(refused, QuotaExceeded)
    assert sentence(refused.code, "vi", refused.parameters) == (
        "Đơn vị default đã dùng 5 MB trong 5 MB được phép; tệp này cần thêm 1 MB."
    )
    with pytest.raises(QuotaExceeded):
        deposit(parts, OPERATOR, made("c", 1_000_000).files, owner="default")
    assert use_of(parts, "default") == Use("default", 4_900_000, 5_000_000)
    set_quota(parts, OPERATOR, "default", None)
    assert deposit(parts, OPERATOR, made("c", 1_000_000).files, owner="default").outcome == "fresh"


def test_another_organisation_has_its_own_room(parts: Services, made: Made) -> None:
    parts.catalogue.write(lambda work: work.organisations.add("a", "A"))
    set_quota(parts, OPERATOR, "default", 0)
    assert deposit(parts, OPERATOR, made("x", 10).files, owner="a").outcome == "fresh"
    with pytest.raises(QuotaExceeded):
        deposit(parts, OPERATOR, made("y", 10).files, owner="default")


def test_the_code_of_a_merged_organisation_leads_to_its_successors_quota(parts: Services, made: Made) -> None:
    parts.catalogue.write(lambda work: work.organisations.add("a", "A"))
    merge(parts, OPERATOR, "a", "default")
    set_quota(parts, OPERATOR, "default", 1000)
    with pytest.raises(QuotaExceeded):
        deposit(parts, OPERATOR, made("x", 2000).files, owner="a")
    (done,) = deposit_all(parts, OPERATOR, [made("y", 2000)], owner="a")
    assert isinstance(done, QuotaExceeded)
    assert deposit(parts, OPERATOR, made("z", 900).files, owner="a").resource.owner == "default"
    assert use_of(parts, "a") == Use("default", 900, 1000)
    assert set_quota(parts, OPERATOR, "a", 800) == Use("default", 900, 800) == use_of(parts, "default")


@pytest.mark.parametrize(("owner", "outcome"), [("a", "extended"), ("default", "extended"), ("b", "duplicate")])
def test_companions_join_what_a_merged_organisation_still_owns(
    parts: Services, made: Made, owner: str, outcome: str
) -> None:
    for code in "ab":
        parts.catalogue.write(lambda work, code=code: work.organisations.add(code, code))
    film = published(parts, made("film", 10), owner="a")
    # Its job, which moves what it owns, has not run.
    merge(parts, OPERATOR, "a", "default")
    late = Bundle([*made("film", 10).files, Offered(made("srt", 5).files[0].path, "srt", "captions")])
    (done,) = deposit_all(parts, OPERATOR, [late], owner=owner, publish=True)
    assert isinstance(done, Deposited)
    assert (done.outcome, done.resource.id) == (outcome, film.id)


def test_captions_without_room_are_left_and_their_film_is_where_it_was(parts: Services, made: Made) -> None:
    film = published(parts, made("film", 1000))
    set_quota(parts, OPERATOR, "default", 1002)
    late = Bundle([*made("film", 1000).files, Offered(made("srt", 5).files[0].path, "srt", "captions")])
    (done,) = deposit_all(parts, OPERATOR, [late], owner="default", publish=True)
    assert isinstance(done, Deposited)
    assert (done.outcome, done.resource.id, done.added, done.left) == (
        "duplicate", film.id, frozenset(), frozenset({"srt"}),
    )  # fmt: skip


def test_two_at_once_do_not_both_take_the_last_room(parts: Services, made: Made) -> None:
    set_quota(parts, OPERATOR, "default", 1500)
    outcomes: list[object] = []

    def bring(name: str) -> None:
        outcomes.extend(deposit_all(parts, OPERATOR, [made(name, 1000)], owner="default"))

    threads = [threading.Thread(target=bring, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in outcomes) == ["Deposited", *["QuotaExceeded"] * 3]
    assert use_of(parts, "default").used_bytes == 1000


def test_a_quota_is_of_an_organisation_and_the_operators_to_say(parts: Services) -> None:
    with pytest.raises(NotFound):
        set_quota(parts, OPERATOR, "none", 1)
    with pytest.raises(NotFound):
        use_of(parts, "none")
    with pytest.raises(NotAllowed):
        set_quota(parts, PUBLIC, "default", 1)
