"""One writer at a time across all processes of a library, held for a second or two at most.

Documents are analysed before the lock is taken; under it they are only added
and committed, a resource with its passages in one commit. Killed processes
leave nothing behind that stops the next one: both locks are the kernel's.
"""

import fcntl
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import tantivy

from service.adapters.index.tantivy.schema import RESOURCE, documents, numbers, open_index
from service.model import IndexDocument, ResourceKey

# 20,000 passages are added and committed in a third of a second; a batch's end is always a resource's end.
BATCH_DOCUMENTS = 20_000
HEAP_BYTES = 64_000_000
# tantivy's own lock is free as soon as ours is, but for a merge that is just ending.
OWN_LOCK_SECONDS = 10.0
LOCK_NAME = "writer.lock"


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Wait for the generation's lock; the kernel lets go of it when its holder dies."""
    with (folder / LOCK_NAME).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write(folder: Path, resources: Sequence[IndexDocument], removed: Collection[ResourceKey]) -> None:
    """Replace and remove, committed when it returns."""
    newest: dict[ResourceKey, IndexDocument] = {}
    for resource in resources:
        if resource.key not in newest or newest[resource.key].version <= resource.version:
            newest[resource.key] = resource
    index = open_index(str(folder))
    going = [key for key in removed if key not in newest]
    for batch in _batches(index.schema, newest.values()):
        _commit(folder, index, batch, going)
        going = []
    if going:
        _commit(folder, index, [], going)


Prepared = tuple[IndexDocument, list[tantivy.Document]]


def _batches(schema: tantivy.Schema, resources: Collection[IndexDocument]) -> Iterator[list[Prepared]]:
    batch: list[Prepared] = []
    size = 0
    for resource in resources:
        # Document(rid=3) would be signed; from_dict asks the schema.
        made = [tantivy.Document.from_dict(fields, schema) for fields in documents(resource)]
        batch.append((resource, made))
        size += len(made)
        if size >= BATCH_DOCUMENTS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _commit(folder: Path, index: tantivy.Index, batch: Sequence[Prepared], removed: Sequence[ResourceKey]) -> None:
    with exclusive(folder):
        index.reload()
        held = versions(index, [resource.key for resource, _ in batch])
        writer = _writer(index)
        try:
            for key in removed:
                writer.delete_documents_by_query(tantivy.Query.term_query(index.schema, "rid", key))
            for resource, made in batch:
                if held.get(resource.key, -1) > resource.version:
                    continue
                if resource.key in held:
                    # By query: a term would be taken for a signed number and delete nothing, without a word. What is
                    # new has nothing there: a resource and its passages come and go in one commit.
                    writer.delete_documents_by_query(tantivy.Query.term_query(index.schema, "rid", resource.key))
                for document in made:
                    writer.add_document(document)
            writer.commit()
        finally:
            # Consumes the writer: its lock is free, and segments do not pile up unmerged.
            writer.wait_merging_threads()


def versions(index: tantivy.Index, keys: Sequence[ResourceKey]) -> dict[int, int]:
    """The versions that the index holds of these resources."""
    searcher, schema = index.searcher(), index.schema
    if not keys or not searcher.num_docs:
        return {}
    query = tantivy.Query.boolean_query(
        [
            (tantivy.Occur.Must, tantivy.Query.term_query(schema, "kind", RESOURCE)),
            (tantivy.Occur.Must, tantivy.Query.term_set_query(schema, "rid", list(keys))),
        ]
    )
    found = [address for _, address in searcher.search(query, len(keys) + 1, count=False).hits]
    return dict(zip(numbers(searcher, "rid", found), numbers(searcher, "version", found), strict=True))


def _writer(index: tantivy.Index) -> tantivy.IndexWriter:
    deadline = time.monotonic() + OWN_LOCK_SECONDS
    while True:
        try:
            return index.writer(HEAP_BYTES, 1)
        except ValueError as error:
            if "lock" not in str(error).lower() or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
