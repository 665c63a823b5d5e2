"""How long the fault loops run: `--soak-count` and `--soak-seed`, a few rounds in `make test`, many in `make soak`.

Gives tests the fixtures `soak_count` and `soak_seed`; the run's header prints
both, so that a loss can be run again. Loaded through `-p tests.soak`.
"""

import secrets

import pytest

ROUNDS_IN_A_TEST_RUN = 2


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("soak")
    group.addoption(
        "--soak-count",
        type=int,
        default=ROUNDS_IN_A_TEST_RUN,
        help="rounds of every fault loop (default: %(default)s)",
    )
    group.addoption(
        "--soak-seed", type=int, default=secrets.randbelow(2**31), help="seed of the fault loops (default: a new one)"
    )


def pytest_report_header(config: pytest.Config) -> str:
    return f"soak: --soak-count={config.getoption('soak_count')} --soak-seed={config.getoption('soak_seed')}"


@pytest.fixture(scope="session")
def soak_count(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("soak_count"))


@pytest.fixture(scope="session")
def soak_seed(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("soak_seed"))
