"""What pages show of similar resources: not waited for long, not what has changed since, not asked for in vain."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from service import compose
from service.errors import IndexUnavailable
from service.library import look, project, remembered
from service.library.remembered import Similar
from service.library.services import Services
from service.library.views import Item, ResourceView
from service.model import PUBLIC, SearchPage, SearchQuery
from service.settings import Settings
from tests.relevance.library import Text, publish

# No test says how fast a machine is.
PATIENT = 60.0
TEXTS = [Text(f"bai-{n}", "Hàm số bậc hai", ("Đồ thị hàm số bậc hai là một parabol.",)) for n in range(4)]


class Index:
    """The real one, with faults. asked: how often."""

    def __init__(self, services: Services) -> None:
        self._index = services.index
        self.engine = self._index.engine
        self.asked = 0
        self.away = False
        self.held: threading.Event | None = None

    def search(self, generation: str, query: SearchQuery) -> SearchPage:
        self.asked += 1
        if self.held is not None:
            self.held.wait(30)
        if self.away:
            raise IndexUnavailable(part="index")
        return self._index.search(generation, query)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[tuple[Services, Index, ResourceView]]:
    made = compose.services(Settings(home=tmp_path))
    made.catalogue.migrate()
    project.ensure(made)
    ids = publish(made, TEXTS)
    index = Index(made)
    yield replace(made, index=index), index, look.resource(made, PUBLIC, next(iter(ids)))  # type: ignore[arg-type]
    made.catalogue.close()


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def seen(similar: Similar, services: Services, view: ResourceView) -> Sequence[Item]:
    return similar.of(services, PUBLIC, view, looks=True)


def test_it_is_asked_once_and_remembered(library: tuple[Services, Index, ResourceView]) -> None:
    services, index, view = library
    clock = Clock()
    similar = Similar(clock, wait_seconds=PATIENT)
    assert len(seen(similar, services, view)) == 3
    before = index.asked
    assert len(similar.of(services, PUBLIC, view, looks=True)) == 3
    assert index.asked == before
    # Three are fewer than there is room for: more may have come.
    clock.now += remembered.KEPT_FEW_SECONDS + 1
    assert len(similar.of(services, PUBLIC, view, looks=False)) == 3
    assert index.asked == before
    assert len(similar.of(services, PUBLIC, view, looks=True)) == 3
    assert index.asked == 2 * before


def test_what_was_taken_away_meanwhile_is_not_shown(library: tuple[Services, Index, ResourceView]) -> None:
    services, _, view = library
    similar = Similar(wait_seconds=PATIENT)
    first, *others = seen(similar, services, view)
    changes: Mapping[str, Mapping[str, str]] = {
        "withdrawn": {"visibility": "withdrawn"},
        "kept inside": {"access": "organisation"},
    }
    for left, change in zip((2, 1), changes.values(), strict=True):
        with services.catalogue.writing() as work:
            resource = work.resources.get(first.id)
            assert resource is not None
            work.resources.save(replace(resource, **change))  # type: ignore[arg-type]
        # The index has not heard of it yet: neither what is remembered nor what it finds anew may show it.
        for _ in range(3):
            ids = [item.id for item in similar.of(services, PUBLIC, view, looks=True)]
            assert first.id not in ids
        assert {item.id for item in seen(similar, services, view)} == {item.id for item in others}
        assert len(others) == left
        first, *others = others


def test_while_the_index_is_away_nobody_asks_and_then_they_do(library: tuple[Services, Index, ResourceView]) -> None:
    services, index, view = library
    clock = Clock()
    similar = Similar(clock, wait_seconds=PATIENT)
    index.away = True
    for _ in range(5):
        assert similar.of(services, PUBLIC, view, looks=True) == ()
    assert index.asked == 1
    index.away = False
    clock.now += remembered.PAUSE_SECONDS + 1
    assert len(seen(similar, services, view)) == 3


def test_a_silent_index_holds_a_few_lookups_and_no_page(library: tuple[Services, Index, ResourceView]) -> None:
    services, index, view = library
    index.held = threading.Event()
    similar = Similar(wait_seconds=0.05)
    for _ in range(remembered.LOOKUPS_AT_ONCE * 3):
        assert similar.of(services, PUBLIC, view, looks=True) == ()
    assert index.asked == remembered.LOOKUPS_AT_ONCE
    index.held.set()
    # What came too late for its reader is there for the next.
    deadline = time.monotonic() + 30
    while not (found := seen(similar, services, view)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(found) == 3


def test_who_may_not_ask_gets_nothing(library: tuple[Services, Index, ResourceView]) -> None:
    services, index, view = library
    assert Similar().of(services, PUBLIC, view, looks=False) == ()
    assert index.asked == 0
