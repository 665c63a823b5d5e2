"""A library that follows a repository: its harvest, without the waiting, and what is here after it."""

import shutil
from pathlib import Path

from service import compose
from service.library.harvesting.gathering import Listeners
from service.library.harvesting.harvest import Report, Wish, harvest
from service.library.harvesting.writing import Counts, Refused
from service.library.services import Services
from service.model import OPERATOR
from service.settings import Settings


def settings(home: Path) -> Settings:
    return Settings(home=home, public_url="https://thuvien.example.vn", repository_id="thuvien.example.vn")


class Here:
    """A library that harvests. pauses: seconds that it would have waited; refused: what it told of."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.pauses: list[float] = []
        self.refused: list[Refused] = []
        self.steps: list[Counts] = []

    def harvest(self, url: str, **wish: object) -> Report:
        fetcher = compose.fetcher(self.services.settings)
        on = Listeners(pause=self.pauses.append, step=self.steps.append, refused=self.refused.append)
        try:
            return harvest(self.services, OPERATOR, fetcher, Wish(url, **wish), on)  # type: ignore[arg-type]
        finally:
            fetcher.close()

    def titles(self) -> dict[str, str]:
        """identifier -> title of what is live."""
        with self.services.catalogue.reading() as work:
            (source,) = work.harvests.sources()
            kept = work.harvests.kept(source.key, [f"oai:kho:{number}" for number in range(100)])
            shown = work.resources.published([one.key for one in kept.values() if one.visibility == "live"])
            return {name: shown[one.key][1].first("title") or "" for name, one in kept.items() if one.key in shown}

    def watermark(self) -> str:
        with self.services.catalogue.reading() as work:
            return work.harvests.sources()[0].watermark


def following(fresh: Path, home: Path) -> Here:
    """fresh: the home of a migrated library, which is copied."""
    shutil.copy(fresh / "library.sqlite", home / "library.sqlite")
    return Here(compose.services(settings(home)))
