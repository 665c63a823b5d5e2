"""A check for near copies in a library of 100,000, on PostgreSQL: `tests/benchmarks/copies.py` says how."""

import sys
import time

from sqlalchemy import text

from service.adapters.database.postgresql import PostgresCatalogue
from service.adapters.database.tables import SKETCH_BANDS, SKETCHES
from tests.benchmarks.copies import drawn, measure, sketches, under_bands
from tests.benchmarks.figures import report
from tests.servers.postgresql import PostgresServer

NEEDS_SERVER = True


def main() -> int:
    library = drawn()
    server = PostgresServer(fsync="on", autovacuum="on").start()
    try:
        catalogue = PostgresCatalogue(server.create("copies"))
        catalogue.migrate()
        began = time.monotonic()
        for table, given in ((SKETCHES, sketches(library)), (SKETCH_BANDS, under_bands(library))):
            for rows in given:
                with catalogue.writing() as work:
                    work.sketches.transaction.insert_all(table.insert(), rows)
        with catalogue.writing() as work:
            # What autovacuum does within minutes.
            work.sketches.transaction.connection.execute(text("ANALYZE sketches, sketch_bands"))
        print(f"loaded in {time.monotonic() - began:.0f} s", file=sys.stderr)
        figures = measure(catalogue, library, "PostgreSQL")
        catalogue.close()
    finally:
        server.close()
    return report(figures)


if __name__ == "__main__":
    sys.exit(main())
