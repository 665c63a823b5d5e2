"""A process that says when it begins and reindexes, or goes back, until it is done or killed.

python -m tests.faults.reindexing reindex|back
"""

import sys

from service import compose
from service.library import reindexing
from service.settings import load


def main() -> int:
    services = compose.services(load())
    print("begun", flush=True)
    switched = reindexing.back(services) if sys.argv[1] == "back" else reindexing.reindex(services)
    print(switched.generation, flush=True)
    services.index.close()
    services.catalogue.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
