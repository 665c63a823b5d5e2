"""What a seal beside an object proves, and to whom."""

import hashlib

from service.adapters.objects.s3.seals import Check, Seals

OURS, OTHERS = Seals("the secret key of this library"), Seals("another key")
DATA = b"h\xc3\xa0m s\xe1\xbb\x91" * 1000
NAME = hashlib.sha256(DATA).hexdigest()


def sealed(seals: Seals, data: bytes, name: str) -> str:
    seal = seals.begin()
    assert seal is not None
    seal.update(data)
    return seal.told(name)


def passed(check: Check | None, *blocks: bytes) -> bool:
    assert check is not None
    for block in blocks:
        check.update(block)
    return check.right()


def test_the_same_bytes_pass_in_whatever_blocks_they_come() -> None:
    told = sealed(OURS, DATA, NAME)
    assert passed(OURS.check(told, NAME), DATA)
    assert passed(OURS.check(told, NAME), DATA[:7], DATA[7:])


def test_other_bytes_fail() -> None:
    told = sealed(OURS, DATA, NAME)
    assert not passed(OURS.check(told, NAME), DATA[:-1] + b"x")
    assert not passed(OURS.check(told, NAME), DATA[:-1])
    assert not passed(OURS.check(told, NAME), DATA + bytes.fromhex(NAME))


def test_a_seal_of_one_object_does_not_pass_under_the_name_of_another() -> None:
    assert not passed(OURS.check(sealed(OURS, DATA, NAME), "00" * 32), DATA)


def test_a_seal_that_is_cut_or_made_up_fails() -> None:
    told = sealed(OURS, DATA, NAME)
    name = told.partition("-")[0]
    for forged in (told[:-1], f"{name}-", f"{name}-" + "0" * 64, f"{name}-đ"):
        assert not passed(OURS.check(forged, NAME), DATA)


def test_a_seal_of_another_key_is_none_and_leaves_it_to_the_hash() -> None:
    assert OURS.check(sealed(OTHERS, DATA, NAME), NAME) is None
    assert OURS.check("", NAME) is None


def test_without_a_secret_nothing_is_sealed() -> None:
    nobody = Seals("")
    assert nobody.begin() is None
    assert nobody.check(sealed(OURS, DATA, NAME), NAME) is None
