"""Export, import, backup and restore are killed and go on. `make soak` kills at many moments, each from the start."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.adapters.objects.folder import FolderStore
from service.library.moving import keep, load
from service.library.moving.dump import dump
from service.library.services import Services
from service.model import OPERATOR
from tests.moving.dying import Act, count_acts, dies_after, until_it_ends
from tests.moving.engines import Make, Room
from tests.moving.library import ids_of, looks_right
from tests.soak import ROUNDS_IN_A_TEST_RUN


def moving(command: str, place: Path) -> Act:
    """What dies: an export into a place, or an import from it."""

    def act(services: Services, dying: Callable[[FolderStore], Any]) -> None:
        store = dying(FolderStore(place))
        if command == "export":
            dump(services, OPERATOR, store, "place")
        else:
            load.load(services, OPERATOR, store, load.choose(store, "place"))

    return act


def is_whole(room: Room, place: Path, content: str, ids: dict[str, str]) -> None:
    """Nothing is missing and nothing is there twice."""
    services = room.open()
    assert dump(services, OPERATOR, FolderStore(place), "place").content == content
    looks_right(services, ids)
    services.catalogue.close()


@pytest.mark.parametrize("command", ["export", "import"])
def test_killed_at_any_moment_it_goes_on(
    filled: Room, make: Make, tmp_path: Path, command: str, soak_count: int, soak_seed: int
) -> None:
    """Killed before its first act, its second …, each where the one before died, until it ends by itself."""
    services = filled.open()
    ids = ids_of(services)
    right = dump(services, OPERATOR, FolderStore(tmp_path / "right"), "right")
    services.catalogue.close()

    def once(name: str, die: Callable[[Room, Act], None]) -> None:
        """One library that is moved with deaths on the way, and looked at."""
        room = filled if command == "export" else make()
        place = tmp_path / name if command == "export" else tmp_path / "right"
        die(room, moving(command, place))
        if command == "export":
            store = FolderStore(place)
            assert list(keep.verify(store, "place")) == []
            room, services = (new := make()), new.open()
            load.load(services, OPERATOR, store, load.choose(store, "place"))
            services.catalogue.close()
        is_whole(room, tmp_path / f"{name}-again", right.content, ids)

    def step_by_step(room: Room, act: Act) -> None:
        # What an earlier one has written is no act of a later one.
        assert until_it_ends(room, act) >= 5

    once("steps", step_by_step)
    acts = count_acts(
        make() if command == "import" else filled,
        moving(command, tmp_path / ("right" if command == "import" else "counted")),
    )
    assert acts > 20
    rng = random.Random(soak_seed)
    for number in range(soak_count // ROUNDS_IN_A_TEST_RUN):
        moment = rng.randrange(1, acts)
        print(f"seed {soak_seed}, {command}: dies at act {moment} of {acts}")

        def at_a_moment(room: Room, act: Act, moment: int = moment) -> None:
            assert dies_after(moment, room, act)
            assert not dies_after(acts + 1, room, act)

        once(f"round-{number}", at_a_moment)
