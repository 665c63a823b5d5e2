"""Find the extractors and choose one for a media type.

Every module in `ingest/extractors/` is one; others can be named by whoever
starts the sandbox (a test, an extension). The highest score wins. A module
that cannot be loaded is logged and skipped: one broken reader must not stop
the library from reading everything else.
"""

import importlib
import logging
import pkgutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from ingest import extractors
from ingest.extractor import Extractor

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Registry:
    """The extractors that could be loaded, in order of their names."""

    extractors: tuple[Extractor, ...]

    def best(self, media_type: str) -> Extractor | None:
        """The extractor with the highest score for a media type; None: kept, not read."""
        able = [extractor for extractor in self.extractors if media_type in extractor.MEDIA_TYPES]
        return max(able, key=lambda extractor: extractor.MEDIA_TYPES[media_type], default=None)

    def versions(self) -> Sequence[tuple[str, str]]:
        """(name, version) of each, for the fingerprint."""
        return [(extractor.__name__.rpartition(".")[2], extractor.VERSION) for extractor in self.extractors]


def load(extra: Iterable[str] = ()) -> Registry:
    """Load the house's extractors and the modules named in `extra`."""
    names = sorted(f"{extractors.__name__}.{module.name}" for module in pkgutil.iter_modules(extractors.__path__))
    loaded: list[Extractor] = []
    for name in (*names, *extra):
        try:
            loaded.append(_module(name))
        except Exception:  # whatever a module does wrong while it loads, the others work
            log.exception("extractor-skipped", extra={"extractor": name})
    return Registry(tuple(loaded))


def _module(name: str) -> Extractor:
    module = importlib.import_module(name)
    if not (isinstance(module.VERSION, str) and module.MEDIA_TYPES and callable(module.extract)):
        raise TypeError(name)
    return cast(Extractor, module)
