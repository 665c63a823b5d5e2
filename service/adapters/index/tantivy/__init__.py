"""The embedded search index: a folder a generation, tantivy inside, many reading processes and one writing.

`schema` lays documents out, `writing` commits them, `reading` follows commits,
`questions` turns a query into tantivy's, `answering` makes the page of it.
"""

import functools
import hashlib
import os
import shutil
import threading
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path

import tantivy

import search_mappings
from service.adapters.index.tantivy import schema, writing
from service.adapters.index.tantivy.answering import answer
from service.adapters.index.tantivy.guard import guarded
from service.adapters.index.tantivy.reading import Reader, Snapshot
from service.errors import IndexUnavailable
from service.model import IndexDocument, ResourceKey, SearchPage, SearchQuery

META = "meta.json"


class TantivyIndex:
    """Implements `service.ports.SearchIndex` in folders under `root`."""

    engine = "tantivy"

    def __init__(self, root: Path) -> None:
        self._root = root
        self._readers: dict[str, Reader] = {}
        self._lock = threading.Lock()

    @functools.cached_property
    def _fingerprint(self) -> str:
        # Another Unicode table may cut or fold other letters.
        parts = (search_mappings.fingerprint(), schema.LAYOUT, metadata.version("tantivy"), unicodedata.unidata_version)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def fingerprint(self) -> str:
        return self._fingerprint

    def begin(self) -> None:
        """Folders are made when they are needed."""

    def create(self, generation: str) -> None:
        """Made beside its place and renamed into it: other processes see it whole or not at all. Idempotent."""
        folder = self._folder(generation)
        with guarded(generation):
            if self.exists(generation):
                return
            making = self._root / f".{generation}.{os.getpid()}.{threading.get_ident()}"
            making.mkdir(parents=True)
            tantivy.Index(schema.schema(), str(making))
            try:
                making.rename(folder)
            except OSError:
                # Somebody else made it meanwhile.
                shutil.rmtree(making)
                if not self.exists(generation):
                    raise

    def exists(self, generation: str) -> bool:
        return (self._folder(generation) / META).is_file()

    def write(
        self, generation: str, documents: Sequence[IndexDocument], removed: Collection[ResourceKey]
    ) -> Mapping[ResourceKey, str]:
        """Whatever analysis made of a text is taken, so nothing is ever refused."""
        self._must_exist(generation)
        with guarded(generation):
            writing.write(self._folder(generation), documents, removed)
        self._reader(generation).expire()
        return {}

    def search(self, generation: str, query: SearchQuery) -> SearchPage:
        snapshot = self._snapshot(generation)
        with guarded(generation):
            return answer(snapshot, query)

    def versions(self, generation: str) -> Iterator[tuple[ResourceKey, int]]:
        columns = self._snapshot(generation).columns
        for key, version in zip(columns.keys.tolist(), columns.versions.tolist(), strict=True):
            yield ResourceKey(key), version

    def promote(self, generation: str) -> None:
        """Nobody looks from outside: the catalogue says which one is live."""

    def drop(self, generation: str) -> None:
        """Idempotent. Waits for a writer to finish."""
        folder = self._folder(generation)
        with guarded(generation):
            if folder.is_dir():
                with writing.exclusive(folder):
                    shutil.rmtree(folder)
            for unfinished in self._root.glob(f".{generation}.*"):
                # Whoever was making it has been killed, or learns now that it is not wanted.
                shutil.rmtree(unfinished, ignore_errors=True)
        with self._lock:
            self._readers.pop(generation, None)

    def check(self, generation: str) -> None:
        self._snapshot(generation)

    def close(self) -> None:
        """Nothing is held open."""

    def _snapshot(self, generation: str) -> Snapshot:
        self._must_exist(generation)
        return self._reader(generation).snapshot()

    def _must_exist(self, generation: str) -> None:
        if not self.exists(generation):
            raise IndexUnavailable(part="index", generation=generation, cause="missing")

    def _reader(self, generation: str) -> Reader:
        with self._lock:
            if generation not in self._readers:
                self._readers[generation] = Reader(self._folder(generation))
            return self._readers[generation]

    def _folder(self, generation: str) -> Path:
        if not generation or Path(generation).name != generation or generation.startswith("."):
            raise IndexUnavailable(part="index", generation=generation, cause="name")
        return self._root / generation
