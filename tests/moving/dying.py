"""A process that dies: SIGKILL before the n-th act that changes a store or a database."""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

import pytest

from service.adapters.objects.folder import FolderStore
from service.library.services import Services
from tests.moving.engines import Room

ACTS = ("put", "put_blob", "remove", "writing", "write", "create", "drop")
"""Of stores, places and catalogues; `write` is the index's too, with its `create` and `drop`."""
LIMIT = 500
Act = Callable[[Services, Callable[[FolderStore], Any]], None]
"""Is given the parts, and what makes a place die with them."""


class Dying:
    """A part whose acts are counted together with those of the others; the process ends at the last one."""

    def __init__(self, part: Any, left: list[int]) -> None:
        self._part, self._left = part, left

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._part, name)
        if name not in ACTS:
            return found

        def act(*values: Any, **named: Any) -> Any:
            self._left[0] -= 1
            if self._left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return found(*values, **named)

        return act


def until_it_ends(room: Room, act: Act) -> int:
    """Run it in a child that dies before its first act, then the second …; each goes on where the one before died.

    Returns: how many died.
    """
    for count in range(LIMIT):
        if not dies_after(count, room, act):
            return count
    pytest.fail("it never ended")


def dies_after(count: int, room: Room, act: Act) -> bool:
    """Run it in a child that dies after so many acts. Returns: whether it died of that; else it ended well."""
    child = os.fork()
    if child == 0:
        _die_after(count, room, act)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def count_acts(room: Room, act: Act) -> int:
    """How many acts it has from its start to its end, undisturbed."""
    services = room.open()
    left = [sys.maxsize]
    act(_mortal(services, left), lambda place: Dying(place, left))
    services.catalogue.close()
    return sys.maxsize - left[0]


def _mortal(services: Services, left: list[int]) -> Services:
    return replace(
        services,
        catalogue=Dying(services.catalogue, left),
        objects=Dying(services.objects, left),
        index=Dying(services.index, left),
    )


def _die_after(count: int, room: Room, act: Act) -> NoReturn:
    left, code = [count], 1
    try:
        act(_mortal(room.open(), left), lambda place: Dying(place, left))
        code = 0
    except BaseException:  # noqa: BLE001 - a child of pytest has nobody else to tell it
        traceback.print_exc()
    finally:
        os._exit(code)
