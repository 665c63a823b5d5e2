"""What every door holds: the library, the counting, and the addresses it speaks of."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from anyio import CapacityLimiter
from starlette.requests import Request

from service.http.counting import Counting
from service.http.limits import Limits
from service.library.browse import Shared
from service.library.remembered import Similar
from service.library.services import Services
from service.links import Links
from service.messages import LANGUAGES

API = "/api/"
# As many as the server's own for everything else (40), and those that a slow or silent store may hold for long.
ASKING, TAKING = 40, 64


@dataclass(frozen=True)
class Threads:
    """Threads for what waits for the store of files, apart from those that answer searches and pages.

    asking: until the first block of a file or picture is there. taking: while a reader takes a file, which is as long
    as the reader's line is slow.
    """

    asking: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(ASKING))
    taking: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(TAKING))


@dataclass(frozen=True)
class Door:
    """Made once by `service/app.py`."""

    services: Services
    counting: Counting
    limits: Limits
    threads: Threads = field(default_factory=Threads)
    browsing: Shared = field(default_factory=Shared)
    similar: Similar = field(default_factory=Similar)

    @property
    def prefixes(self) -> dict[str, str]:
        """Language -> path prefix of its pages; the language of the settings has none."""
        first = self.services.settings.language
        return {language: "" if language == first else f"/{language}" for language in LANGUAGES}

    def language_of(self, path: str) -> str:
        """The language of the page at a path, so that an error answers in the words of its page."""
        for language, prefix in self.prefixes.items():
            if prefix and (path == prefix or path.startswith(f"{prefix}/")):
                return language
        return self.services.settings.language

    def bare(self, path: str) -> str:
        """A path without the prefix of its language."""
        return path.removeprefix(self.prefixes[self.language_of(path)])

    def absolute(self, request: Request, language: str = "") -> Links:
        """Addresses for people and programs elsewhere. Without HOCLIEU_PUBLIC_URL: those of this very request."""
        origin = self.services.settings.public_url or str(request.base_url).rstrip("/")
        return Links(origin, self.prefixes.get(language, ""))

    def relative(self, language: str) -> Links:
        """Addresses inside pages: they hold behind any host name and cost fewer bytes."""
        return Links(urlsplit(self.services.settings.public_url).path.rstrip("/"), self.prefixes[language])
