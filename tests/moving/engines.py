"""Empty places for a library, an engine pair each: what every test of moving runs on."""

import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from minio.commonconfig import CopySource

from service import compose
from service.library import project
from service.library.services import Services
from service.settings import Settings
from tests.servers.postgresql import PostgresServer
from tests.servers.s3 import S3Server

SAME = {"HOCLIEU_LANGUAGE": "en"}
"""What harvesters get is written in it, so that rooms and the commands of these tests write the same."""


@dataclass(frozen=True)
class Room:
    """Where a library stands or is to stand. environment: what makes a command use it."""

    home: Path
    environment: Mapping[str, str]

    def open(self) -> Services:
        """The library there, made if need be."""
        values = {name.removeprefix("HOCLIEU_").lower(): value for name, value in self.environment.items()}
        services = compose.services(Settings(**values))  # type: ignore[arg-type]
        services.catalogue.migrate()
        project.ensure(services)
        return services


class Make(Protocol):
    """A fresh room on some engine, or a copy of one of the same engine that nobody has open."""

    def __call__(self, pattern: Room | None = None) -> Room: ...


def embedded(root: Path) -> Make:
    numbers = iter(range(1, 1_000))

    def make(pattern: Room | None = None) -> Room:
        home = root / f"home-{next(numbers)}"
        if pattern:
            shutil.copytree(pattern.home, home)
        return Room(home, {**SAME, "HOCLIEU_HOME": str(home)})

    return make


def scaled(
    root: Path,
    database: PostgresServer,
    template: str,
    store: S3Server,
    at_the_end: Callable[[Callable[[], object]], None],
) -> Make:
    """PostgreSQL and S3, real ones; the index stays in the home folder."""
    numbers = iter(range(1, 1_000))

    def make(pattern: Room | None = None) -> Room:
        home = root / f"scaled-{next(numbers)}"
        name = f"room_{secrets.token_hex(6)}"
        bucket = name.replace("_", "-")
        store.client().make_bucket(bucket)
        at_the_end(lambda: store.clear(bucket))
        if pattern:
            shutil.copytree(pattern.home, home)
            copy_bucket(store, last(pattern.environment["HOCLIEU_OBJECTS_URL"]), bucket)
        url = database.create(name, last(pattern.environment["HOCLIEU_DATABASE_URL"]) if pattern else template)
        at_the_end(lambda: database.drop(name))
        return Room(home, {**SAME, "HOCLIEU_HOME": str(home), "HOCLIEU_DATABASE_URL": url, **store.environment(bucket)})

    return make


def last(url: str) -> str:
    """Name of a database or a bucket."""
    return urlsplit(url).path.strip("/")


def copy_bucket(store: S3Server, source: str, target: str) -> None:
    client = store.client()
    for entry in client.list_objects(source, recursive=True):
        name = entry.object_name or ""
        client.copy_object(target, name, CopySource(source, name))
