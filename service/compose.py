"""From URL schemes to adapters: the only place that names them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from service.errors import BucketForeign, PlaceTaken, SecretInUrl, SettingsError
from service.library.living import Living
from service.library.services import Services
from service.ports import PLACES, Catalogue, Fetcher, ObjectStore, SearchIndex
from service.settings import Settings, admin_emails
from service.vocabularies.seeds import load

Part = TypeVar("Part")

SECRETS = {
    "HOCLIEU_DATABASE_URL": "HOCLIEU_DATABASE_PASSWORD",
    "HOCLIEU_OBJECTS_URL": "HOCLIEU_OBJECTS_SECRET_KEY",
    "HOCLIEU_INDEX_URL": "HOCLIEU_INDEX_PASSWORD",
}
"""Where the secret goes that people write into the URL of a part."""


def services(settings: Settings) -> Services:
    """Open the parts that the settings name. Nothing is created or migrated yet.

    Raises: SettingsError: a URL whose scheme has no adapter, without a path, or with a password in it.
    """
    databases: dict[str, Callable[[str], Catalogue]] = {
        "sqlite": _sqlite,
        "postgresql+psycopg": partial(_postgresql, settings),
    }
    opensearch = partial(_opensearch, settings)
    indices: dict[str, Callable[[str], SearchIndex]] = {
        "tantivy": _tantivy,
        "opensearch+https": opensearch,
        "opensearch+http": opensearch,
    }
    return Services(
        catalogue=_choose("HOCLIEU_DATABASE_URL", settings.database, databases),
        objects=_choose("HOCLIEU_OBJECTS_URL", settings.objects, _stores(settings)),
        index=_choose("HOCLIEU_INDEX_URL", settings.index, indices),
        living=Living(load()),
        settings=settings,
    )


def place(settings: Settings, name: str) -> ObjectStore:
    """Where exports and backups stand: a folder, or a URL as `HOCLIEU_OBJECTS_URL` takes it.

    Raises: SettingsError: a scheme that has no adapter, or one of the kinds that `ObjectStore.begin` raises;
    PlaceTaken: a library keeps its files there.
    """
    from service.adapters.objects.folder import FolderStore

    if "://" not in name:
        store: ObjectStore = FolderStore(Path(name))
    else:
        store = _choose("HOCLIEU_BACKUP_URL", name, _stores(settings, backups=True))
    own = _path(settings.objects) if settings.objects.startswith("file:") else None
    if isinstance(store, FolderStore) and own and store.root.resolve().is_relative_to(own.resolve()):
        raise PlaceTaken(place=name)
    try:
        store.begin(PLACES)
    except BucketForeign as error:
        raise PlaceTaken(place=name) from error
    return store


def fetcher(settings: Settings) -> Fetcher:
    """What other repositories are asked with."""
    from service.adapters.fetch import WebFetcher

    # Who asks, and whom to tell when it is too much.
    about = [one for one in (settings.public_url, *admin_emails(settings)) if one]
    agent = f"hoclieu ({'; '.join(about)})" if about else "hoclieu"
    return WebFetcher(private=settings.harvest_private, seconds=settings.harvest_seconds, agent=agent)


def _stores(settings: Settings, *, backups: bool = False) -> dict[str, Callable[[str], ObjectStore]]:
    s3 = partial(_s3, settings, backups)
    return {"file": partial(_folder, settings, backups), "s3+https": s3, "s3+http": s3}


def _choose(name: str, url: str, adapters: dict[str, Callable[[str], Part]]) -> Part:
    try:
        parts = urlsplit(url)
        secret = parts.password or "password" in parse_qs(parts.query, keep_blank_values=True)
    except ValueError as error:
        # A bracket that is not closed; what stands in it may be a secret.
        raise SettingsError(name=name, value="…", allowed="URL") from error
    if secret:
        raise SecretInUrl(name=name, secret=SECRETS.get(name, ""))
    adapter = adapters.get(parts.scheme)
    if adapter is None:
        raise SettingsError(name=name, value=url, allowed=", ".join(f"{scheme}://…" for scheme in adapters))
    return adapter(url)


def _path(url: str) -> Path:
    return Path(unquote(urlsplit(url).path))


def _sqlite(url: str) -> Catalogue:
    from service.adapters.database.sqlite import SqliteCatalogue

    _path(url).parent.mkdir(parents=True, exist_ok=True)
    return SqliteCatalogue(url)


def _postgresql(settings: Settings, url: str) -> Catalogue:
    # Imported here: an embedded library loads no driver that it does not use.
    from service.adapters.database.postgresql import PostgresCatalogue
    from service.adapters.database.postgresql_place import Limits

    limits = Limits(
        pool=settings.database_pool,
        connect_seconds=settings.database_connect_seconds,
        statement_seconds=settings.database_statement_seconds,
        lock_seconds=settings.database_lock_seconds,
    )
    return PostgresCatalogue(url, password=settings.database_password, limits=limits)


def _folder(settings: Settings, backups: bool, url: str) -> ObjectStore:
    from service.adapters.objects.folder import FolderStore
    from service.adapters.objects.guard import NOTHING_KEPT, Keep

    keep = Keep(settings.keep_free_percent, int(settings.keep_free_gigabytes * 1_000_000_000))
    return FolderStore(_path(url), NOTHING_KEPT if backups else keep)


def _s3(settings: Settings, backups: bool, url: str) -> ObjectStore:
    from service.adapters.objects.s3 import Named, S3Store, parse

    access_key, secret_key = settings.objects_access_key, settings.objects_secret_key
    named = Named()
    if backups:
        named = replace(named, url="HOCLIEU_BACKUP_URL")
        if settings.backup_access_key or settings.backup_secret_key or not access_key:
            access_key, secret_key = settings.backup_access_key, settings.backup_secret_key
            named = Named("HOCLIEU_BACKUP_URL", "HOCLIEU_BACKUP_ACCESS_KEY", "HOCLIEU_BACKUP_SECRET_KEY")
    return S3Store(
        parse(url, named),
        access_key=access_key.get_secret_value(),
        secret_key=secret_key.get_secret_value(),
        scratch=settings.home / "scratch",
        redirect=settings.objects_redirect and not backups,
        connect_seconds=settings.objects_connect_seconds,
        read_seconds=settings.objects_read_seconds,
    )


def _tantivy(url: str) -> SearchIndex:
    from service.adapters.index.tantivy import TantivyIndex

    return TantivyIndex(_path(url))


def _opensearch(settings: Settings, url: str) -> SearchIndex:
    from service.adapters.index.opensearch import Cluster, Login, OpenSearchIndex, parse

    login = Login(
        user=settings.index_user,
        password=settings.index_password.get_secret_value(),
        ca=settings.index_ca,
        certificate=settings.index_certificate,
        key=settings.index_key,
    )
    limits = {"seconds": settings.index_seconds, "connect_seconds": settings.index_connect_seconds}
    return OpenSearchIndex(Cluster(parse(url), login, **limits))
