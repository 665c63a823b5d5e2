"""`suggesting` on PostgreSQL: `python -m tests.benchmarks.suggesting_scaled`, with the same options."""

import sys

from tests.benchmarks import suggesting

NEEDS_SERVER = True

if __name__ == "__main__":
    sys.exit(suggesting.main(["--postgresql", *sys.argv[1:]]))
