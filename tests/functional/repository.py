"""A library that is harvested: filled through its use cases, its records rendered as a worker does, asked over HTTP.

Without files and readers, so that a history of a hundred steps takes a moment.
"""

import datetime
import gzip
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from lxml import etree
from starlette.testclient import TestClient

from service import compose
from service.adapters.database import oai as stamping
from service.app import create
from service.library import curate, federate, merging, publishing, rendering
from service.library.services import Services
from service.model import OPERATOR, Access, FileEntry, ResourceId, Value, Window
from service.ports import Catalogue
from service.settings import Settings

OAI = "{http://www.openarchives.org/OAI/2.0/}"
BASE_URL = "https://thuvien.example.vn"
BEGUN = datetime.datetime(2035, 1, 1, tzinfo=datetime.UTC)
"""Where a clock in a test's hands starts: after anything that the machine's own has dated."""


class Clock:
    """The clock that gives datestamps and dates answers. It stands still unless it is moved."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.at = BEGUN
        patch.setattr(stamping, "now", lambda: self.at)
        patch.setattr(federate, "now", self.said)

    def move(self, seconds: float) -> None:
        self.at += datetime.timedelta(seconds=seconds)

    def said(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True)
class Got:
    """A record or a header as a harvester reads it. metadata: canonical XML, empty where there is none."""

    identifier: str
    datestamp: str
    deleted: bool
    sets: tuple[str, ...]
    metadata: str = ""


@dataclass(frozen=True)
class List:
    """A list as a harvester reads it: all its pages, and the date of the first."""

    records: tuple[Got, ...]
    pages: tuple[tuple[Got, ...], ...]
    tokens: tuple[Any, ...]
    at: str


class Repository:
    """services: of a migrated library."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.client = TestClient(create(services), base_url="http://elsewhere.test", raise_server_exceptions=True)

    # --- what librarians do ---------------------------------------------------------------------

    def publish(self, title: str, *, access: Access = "public", owner: str = "default", **values: str) -> str:
        """Returns: its public id."""
        return self.publish_many(1, title, access=access, owner=owner, **values)[0]

    def publish_many(
        self, count: int, title: str, *, access: Access = "public", owner: str = "default", **values: str
    ) -> list[str]:
        ids = []
        with self.services.catalogue.writing() as work:
            for number in range(count):
                resource = work.resources.add(owner=owner, access=access)
                sha256 = f"{resource.key:064x}"
                work.blobs.add(sha256, 1000)
                draft = work.resources.add_revision(
                    resource.key,
                    values=_values(f"{title} {number}" if number else title, values),
                    files=[FileEntry(1, sha256, 1000, "application/pdf", "bài.pdf")],
                )
                publishing.publish(self.services, work, resource, draft, actor="operator")
                ids.append(resource.id)
        return ids

    def edit(self, id: str, title: str, **values: str) -> None:
        """Publish another revision."""
        with self.services.catalogue.writing() as work:
            resource = work.resources.get(id)
            assert resource is not None
            assert resource.published is not None
            former = work.resources.revision(resource.key, resource.published)
            assert former is not None
            kept = {one.field: one.value for one in former.values if one.field not in ("title", "licence")}
            draft = work.resources.add_revision(
                resource.key, values=_values(title, {**kept, **values}), files=former.files
            )
            publishing.publish(self.services, work, resource, draft, actor="operator")

    def set_access(self, id: str, access: Access) -> None:
        with self.services.catalogue.writing() as work:
            resource = work.resources.get(id)
            assert resource is not None
            publishing.touch(work, replace(resource, access=access))

    def withdraw(self, id: str) -> None:
        curate.withdraw(self.services, OPERATOR, id, reason="Tác giả yêu cầu.")

    def reinstate(self, id: str) -> None:
        curate.reinstate(self.services, OPERATOR, id)

    def merge(self, code: str, into: str) -> None:
        merging.merge(self.services, OPERATOR, code, into)

    def settle(self) -> dict[str, Exception]:
        """Do what is queued for harvesters, as a worker does. Returns: what could not be rendered."""
        failed: dict[str, Exception] = {}
        with self.services.catalogue.writing() as work:
            merges = work.jobs.lease(("merge",), worker="test", limit=100, seconds=60)
        for job in merges:
            merging.carry_out(self.services, job, threading.Event())
        with self.services.catalogue.writing() as work:
            work.jobs.done([job.id for job in merges], worker="test")
        while True:
            with self.services.catalogue.writing() as work:
                jobs = work.jobs.lease(("render",), worker="test", limit=100, seconds=60)
            if not jobs:
                return failed
            failed |= rendering.write(self.services, [job.subject for job in jobs])
            with self.services.catalogue.writing() as work:
                work.jobs.done([job.id for job in jobs], worker="test")

    # --- what harvesters do ---------------------------------------------------------------------

    def answer(self, query: str | Mapping[str, str] | Sequence[tuple[str, str]]) -> Any:
        """The root element of an answer, which came with status 200."""
        asked = query if isinstance(query, str) else urlencode(query)
        response = self.client.get(f"/oai?{asked}")
        assert response.status_code == 200, response.text
        assert response.headers["content-type"] == "text/xml; charset=utf-8"
        return etree.fromstring(response.content)

    def errors(self, query: str | Mapping[str, str] | Sequence[tuple[str, str]]) -> list[str]:
        return [one.get("code") for one in self.answer(query).findall(f"{OAI}error")]

    def walk(self, verb: str = "ListRecords", prefix: str = "oai_dc", **bounds: str) -> Iterator[Any]:
        """Answers of a list, page by page. from is written `since`."""
        names = {"since": "from"}
        query = {
            "verb": verb,
            "metadataPrefix": prefix,
            **{names.get(name, name): text for name, text in bounds.items()},
        }
        while True:
            root = self.answer(query)
            yield root
            token = root.find(f".//{OAI}resumptionToken")
            if token is None or not token.text:
                return
            query = {"verb": verb, "resumptionToken": token.text}

    def harvest(self, verb: str = "ListRecords", prefix: str = "oai_dc", **bounds: str) -> List:
        roots = list(self.walk(verb, prefix, **bounds))
        pages = tuple(read(root) for root in roots)
        return List(
            tuple(one for page in pages for one in page),
            pages,
            tuple(root.find(f".//{OAI}resumptionToken") for root in roots),
            roots[0].findtext(f"{OAI}responseDate"),
        )

    def held(self, prefix: str = "oai_dc") -> dict[str, Got]:
        """Everything that there is to harvest, by identifier, straight from the database."""
        with self.services.catalogue.reading() as work:
            rows = work.oai.page(Window(), federate.PREFIXES[prefix].FORMAT.name, after=None, limit=10**6)
        return {
            f"oai:{self.services.settings.repository_id}:{row.id}": Got(
                f"oai:{self.services.settings.repository_id}:{row.id}",
                row.datestamp,
                row.deleted,
                tuple(row.sets.split()),
                canonical(row.xml.decode().replace(rendering.PUBLIC, BASE_URL)) if row.xml else "",
            )
            for row in rows
        }

    def oai_id(self, id: str) -> str:
        return f"oai:{self.services.settings.repository_id}:{id}"


def _values(title: str, given: Mapping[str, str]) -> list[Value]:
    told = {"title": title, "licence": "CC-BY-4.0", "type": "video", "language": "vi", **given}
    return [Value(field, value, "person", language="vi" if field == "title" else None) for field, value in told.items()]


def canonical(xml: str | Any) -> str:
    root = etree.fromstring(xml) if isinstance(xml, str) else xml
    # Inside an answer an element sees the answer's namespaces too; exclusive form leaves out what it does not use.
    text: bytes = etree.tostring(root, method="c14n", exclusive=True)
    return text.decode().strip()


def read(root: Any) -> tuple[Got, ...]:
    """Records or headers of an answer."""
    found = []
    for header in root.iter(f"{OAI}header"):
        metadata = header.getparent().find(f"{OAI}metadata") if header.getparent().tag == f"{OAI}record" else None
        found.append(
            Got(
                header.findtext(f"{OAI}identifier"),
                header.findtext(f"{OAI}datestamp"),
                header.get("status") == "deleted",
                tuple(one.text for one in header.findall(f"{OAI}setSpec")),
                "" if metadata is None else canonical(metadata[0]),
            )
        )
    return tuple(found)


def library(home: Path, url: str = "", **settings: Any) -> Services:
    """A migrated library without an index. url: of its database; empty: SQLite under its home."""
    given = {"public_url": BASE_URL, "repository_id": "thuvien.example.vn", "oai_page": 5, **settings}
    services = compose.services(Settings(home=home, database_url=url, **given))
    services.catalogue.migrate()
    return services


def another(services: Services) -> Catalogue:
    """A second connection to the same database, as another process has it."""
    return compose.services(services.settings).catalogue


def unpacked(content: bytes) -> bytes:
    return gzip.decompress(content)


def resource_id(identifier: str) -> ResourceId:
    return ResourceId(identifier.rsplit(":", 1)[-1])


def spread(repository: Repository, clock: Clock, seconds: int = 3, each: int = 4) -> list[str]:
    """Records with datestamps a second apart, `each` of every one."""
    ids = []
    for number in range(seconds):
        ids += repository.publish_many(each, f"Lượt {number}", subject="toan-dai-so", grade=f"lop-{10 + number % 3}")
        repository.settle()
        clock.move(1)
    return ids
