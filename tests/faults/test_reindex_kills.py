"""`hoclieu reindex` is killed anywhere, on its way there and back: the next run is right and nothing is left over."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from service import compose
from service.library import discover, lexicon_files, project, reindexing
from service.library.services import Services
from service.library.views import SearchRequest
from service.model import PUBLIC
from service.settings import Settings
from tests.relevance.library import Text, publish
from tests.servers.opensearch import OpenSearchServer

RESOURCES = 200
ROUNDS_FOR_EACH = 2


def test_an_embedded_index_survives_kills(tmp_path: Path, soak_count: int, soak_seed: int) -> None:
    killed_again_and_again({}, tmp_path, soak_count * ROUNDS_FOR_EACH, soak_seed)


def test_a_cluster_survives_kills(
    opensearch_server: OpenSearchServer, index_name: str, tmp_path: Path, soak_count: int, soak_seed: int
) -> None:
    killed_again_and_again(opensearch_server.environment(index_name), tmp_path, soak_count * ROUNDS_FOR_EACH, soak_seed)


def killed_again_and_again(environment: dict[str, str], tmp_path: Path, kills: int, seed: int) -> None:
    rng = random.Random(seed)
    environment = {**environment, "HOCLIEU_HOME": str(tmp_path / "home")}
    given = {name.removeprefix("HOCLIEU_").lower(): value for name, value in environment.items()}
    services = compose.services(Settings(**given))  # type: ignore[arg-type]
    services.catalogue.migrate()
    project.ensure(services)
    publish(services, [Text(f"t{number}", f"Bài {number}", (f"hàm số {number}",)) for number in range(RESOURCES)])
    seconds, _ = run(environment, "reindex", None)
    cut = 0
    for number in range(kills):
        act = "back" if number % 3 == 2 else "reindex"
        cut += run(environment, act, rng.uniform(0, 1.2 * seconds))[1] != 0
        # What was live, or has just become so, answers, and takes what comes.
        assert total(services, "ham so") == RESOURCES + number
        publish(services, [Text(f"n{number}", "Mới", (f"hàm số mới {number} tumoi{number}",))])
        assert total(services, f"tumoi{number}") == 1
    for act in ("reindex", "back", "reindex"):
        assert run(environment, act, None)[1] == 0
        assert not project.compare(services, project.live(services))
        assert total(services, "ham so") == RESOURCES + kills
        assert total(services, f"tumoi{kills - 1} khongco") == 1
    assert {one.generation.state for one in reindexing.listing(services)} == {"live", "old"}
    reindexing.drop_old(services)
    (left,) = reindexing.listing(services)
    assert (left.generation.state, left.resources) == ("live", RESOURCES + kills)
    named = {f"{lexicon_files.FOLDER}/{left.generation.name}/{file}" for file in left.generation.lexicon or ()}
    assert set(services.objects.keys(f"{lexicon_files.FOLDER}/")) == named
    if not given.get("index_url"):
        assert [path.name for path in (tmp_path / "home/index").iterdir()] == [left.generation.name]
    services.index.close()
    services.catalogue.close()
    print(f"seed {seed}: {kills} runs, {cut} of them killed before their end; one of {seconds:.1f} s was not")


def run(environment: dict[str, str], act: str, kill_after: float | None) -> tuple[float, int]:
    """Returns: seconds after it said that it began, and how it ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.reindexing", act],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    began = time.monotonic()
    if kill_after is not None:
        time.sleep(kill_after)
        process.kill()
    process.stdout.read()
    process.stdout.close()
    return time.monotonic() - began, process.wait()


def total(services: Services, text: str) -> int:
    return discover.search(services, PUBLIC, SearchRequest(text=text)).total
