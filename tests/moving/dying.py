"""A process that dies: SIGKILL before the n-th act that changes a store or a database."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

import pytest

from service.adapters.objects.folder import FolderStore
from service.library.services import Services
from tests.moving.engines import Room

ACTS = ("put", "put_blob", "remove", "writing", "write")
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
        child = os.fork()
        if child == 0:
            _die_after(count, room, act)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            assert os.WTERMSIG(status) == signal.SIGKILL
            continue
        assert os.WEXITSTATUS(status) == 0
        return count
    pytest.fail("it never ended")


def _die_after(count: int, room: Room, act: Act) -> NoReturn:
    left, code = [count], 1
    try:
        services = room.open()
        parts = replace(
            services,
            catalogue=Dying(services.catalogue, left),
            objects=Dying(services.objects, left),
            index=Dying(services.index, left),
        )
        act(parts, lambda place: Dying(place, left))
        code = 0
    finally:
        os._exit(code)
