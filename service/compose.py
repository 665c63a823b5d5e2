"""From URL schemes to adapters: the only place that names them."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from service.errors import SettingsError
from service.library.services import Services
from service.ports import Catalogue, ObjectStore, SearchIndex
from service.settings import Settings
from service.vocabularies.seeds import load

Part = TypeVar("Part")


def services(settings: Settings) -> Services:
    """Open the parts that the settings name. Nothing is created or migrated yet.

    Raises: SettingsError: a URL whose scheme has no adapter, or without a path.
    """
    return Services(
        catalogue=_choose("HOCLIEU_DATABASE_URL", settings.database, {"sqlite": _sqlite}),
        objects=_choose("HOCLIEU_OBJECTS_URL", settings.objects, {"file": _folder}),
        index=_choose("HOCLIEU_INDEX_URL", settings.index, {"tantivy": _tantivy}),
        vocabularies=load(),
        settings=settings,
    )


def _choose(name: str, url: str, adapters: dict[str, Callable[[str], Part]]) -> Part:
    adapter = adapters.get(urlsplit(url).scheme)
    if adapter is None:
        raise SettingsError(name=name, value=url, allowed=", ".join(f"{scheme}://…" for scheme in adapters))
    return adapter(url)


def _path(url: str) -> Path:
    return Path(unquote(urlsplit(url).path))


def _sqlite(url: str) -> Catalogue:
    from service.adapters.database.sqlite import SqliteCatalogue

    _path(url).parent.mkdir(parents=True, exist_ok=True)
    return SqliteCatalogue(url)


def _folder(url: str) -> ObjectStore:
    from service.adapters.objects.folder import FolderStore

    return FolderStore(_path(url))


def _tantivy(url: str) -> SearchIndex:
    from service.adapters.index.tantivy import TantivyIndex

    return TantivyIndex(_path(url))
