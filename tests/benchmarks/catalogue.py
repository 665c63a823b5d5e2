"""Rows of a batch into PostgreSQL beside SQLAlchemy alone: `python -m tests.benchmarks.catalogue`.

The library's side is what a batch commits for files that are in the store
already (`library/deposit.py`, `add_new`): resource, draft, values, blob, file,
event and job of each, as many a commit as a batch takes together. The bare
side inserts rows of the same content into the same tables with `executemany`,
table by table, as many a commit; it draws no ids and looks for nothing: not
for bytes that are here already or may not come back, nor for ids taken. By
turns within one run, against a server that syncs its commits to the disk.
"""

import datetime
import hashlib
import os
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, create_engine, insert

from service import compose
from service.adapters.database.identifiers import new_identifier
from service.adapters.database.tables import (
    BlobRow,
    EventRow,
    FileRow,
    JobRow,
    ResourceRow,
    RevisionRow,
    ValueRow,
    table,
)
from service.library.batch import TOGETHER
from service.library.deposit import add_new
from service.model import OPERATOR, PRIORITY_BATCH, FileEntry, Value
from service.settings import Settings
from tests.benchmarks.figures import figure, report
from tests.servers.postgresql import PostgresServer

NEEDS_SERVER = True
RESOURCES = 2_048
TURNS = 5
AT_LEAST = 0.5
WHEN = datetime.datetime(2026, 11, 28, tzinfo=datetime.UTC)
VALUES = (
    Value("title", "Bài 7. Hàm số bậc hai và đồ thị của hàm số bậc hai", "sheet", language="vi"),
    Value("description", "Kế hoạch bài dạy hai tiết, có phiếu học tập và đáp án cho từng phần luyện tập.", "sheet"),
    Value("type", "presentation", "machine"),
    Value("language", "vi", "machine"),
    Value("licence", "https://creativecommons.org/licenses/by/4.0/", "person", where="option"),
    Value("subject", "toan", "sheet"),
    Value("grade", "lop-10", "sheet"),
    Value("creator", "Tổ Toán, Trường THPT số 1", "sheet"),
)
Bundle = tuple[Sequence[Value], Sequence[FileEntry]]


def bundles(turn: str) -> list[Bundle]:
    """Files of other bytes for every turn."""
    hashes = [hashlib.sha256(f"{turn} {number}".encode()).hexdigest() for number in range(RESOURCES)]
    return [
        (VALUES, [FileEntry(1, sha256, 1_234_567, "application/pdf", f"bài {place}.pdf", "main")])
        for place, sha256 in enumerate(hashes)
    ]


def groups(given: list[Any]) -> list[list[Any]]:
    return [given[start : start + TOGETHER] for start in range(0, len(given), TOGETHER)]


def bare(engine: Engine, given: list[Bundle]) -> None:
    resources, revisions, values, blobs, files, events, jobs = (
        table(row) for row in (ResourceRow, RevisionRow, ValueRow, BlobRow, FileRow, EventRow, JobRow)
    )
    identity = {
        "owner": "default", "origin": "local", "visibility": "live", "access": "public", "created_at": WHEN,
        "modified_at": WHEN, "withdrawn_reason": "", "row_version": 1,
    }  # fmt: skip
    job = {
        "kind": "publish", "priority": PRIORITY_BATCH, "state": "queued", "failures": 0, "losses": 0, "reason": "",
        "reason_parameters": {}, "created_at": WHEN, "cause": None,
    }  # fmt: skip
    for group in groups([(new_identifier(), *one) for one in given]):
        with engine.begin() as connection:
            ids = [one[0] for one in group]
            keys = connection.scalars(
                insert(resources).returning(resources.c.key, sort_by_parameter_order=True),
                [{**identity, "id": one} for one in ids],
            ).all()
            draft = {"number": 1, "state": "draft", "created_at": WHEN, "row_version": 1}
            numbers = connection.scalars(
                insert(revisions).returning(revisions.c.key, sort_by_parameter_order=True),
                [{**draft, "resource": key} for key in keys],
            ).all()
            drafts = list(zip(numbers, group, strict=True))
            connection.execute(
                insert(values),
                [
                    {
                        "revision": number, "position": position, "field": value.field, "value": value.value,
                        "language": value.language, "origin": value.origin, "place": value.where,
                    }
                    for number, (_, said, _) in drafts
                    for position, value in enumerate(said)
                ],
            )  # fmt: skip
            entries = [(number, entry) for number, (_, _, held) in drafts for entry in held]
            connection.execute(
                insert(blobs),
                [{"sha256": one.sha256, "size_bytes": one.size_bytes, "offered_at": WHEN} for _, one in entries],
            )
            connection.execute(
                insert(files),
                [
                    {
                        "revision": number, "number": one.number, "position": 0, "sha256": one.sha256,
                        "size_bytes": one.size_bytes, "media_type": one.media_type, "name": one.name, "role": one.role,
                    }
                    for number, one in entries
                ],
            )  # fmt: skip
            told = {"kind": "deposited", "actor": "operator", "details": {"files": 1}, "at": WHEN}
            connection.execute(insert(events), [{**told, "resource": key} for key in keys])
            connection.execute(insert(jobs), [{**job, "subject": one} for one in ids])


def main() -> int:
    server = PostgresServer(fsync="on", autovacuum="on").start()
    try:
        url = server.create("catalogue")
        catalogue = compose.services(Settings(database_url=url)).catalogue
        catalogue.migrate()
        engine = create_engine(url)
        # One commit each, as a person's deposit is.
        lone = bundles("lone")[:200]

        def ours(given: list[Bundle], together: int = TOGETHER) -> None:
            for start in range(0, len(given), together):
                group = given[start : start + together]
                made = catalogue.write(
                    lambda work, group=group: add_new(
                        work, group, OPERATOR, owner="default", publish=True, priority=PRIORITY_BATCH
                    )
                )
                assert all(made)

        pairs: list[tuple[float, float]] = []
        # The first turn pays for imports, connections and prepared statements.
        for turn in range(TURNS + 1):
            sides = [(ours, bundles(f"ours {turn}")), (lambda given: bare(engine, given), bundles(f"bare {turn}"))]
            took = [0.0, 0.0]
            for side in (0, 1) if turn % 2 else (1, 0):
                act, given = sides[side]
                began = time.perf_counter()
                act(given)
                took[side] = time.perf_counter() - began
            pairs.append((took[0], took[1]))
        pairs = sorted(pairs[1:], key=lambda pair: pair[1] / pair[0])
        print("catalogue: " + ", ".join(f"{bare / ours:.2f}" for ours, bare in pairs), file=sys.stderr)
        mine, theirs = pairs[len(pairs) // 2]
        assert statistics.median(b / o for o, b in pairs) == theirs / mine
        began = time.perf_counter()
        ours(lone, 1)
        seconds = time.perf_counter() - began
        with catalogue.reading() as work:
            # Every row is there, and none of them twice.
            assert work.jobs.numbers()[("publish", "queued")] == 2 * (TURNS + 1) * RESOURCES + len(lone)
        catalogue.close()
        engine.dispose()
    finally:
        server.close()
    print(f"load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return report(
        [
            figure(
                f"catalogue-inserts-postgresql, {TOGETHER} resources a commit",
                RESOURCES / mine,
                "resources/s",
                baseline=RESOURCES / theirs,
                at_least=AT_LEAST,
            ),
            figure("catalogue-inserts-postgresql, 1 resource a commit", len(lone) / seconds, "resources/s"),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
