"""A process that receives an upload: `python -m tests.faults.appending URL SOURCE`. It says each offset it was given.

Goes on where the staging stands, in pieces that fit no part, until the source is whole.
"""

import sys
from pathlib import Path

from service import compose
from service.errors import NotFound
from service.settings import load

PIECE = 3_333_333
NAME = "upload"


def main(source: str) -> None:
    data = Path(source).read_bytes()
    staging = compose.services(load()).objects.staging
    try:
        offset = staging.offset(NAME)
    except NotFound:
        staging.begin(NAME)
        offset = 0
    print(offset, flush=True)
    while offset < len(data):
        offset = staging.append(NAME, offset, data[offset : offset + PIECE])
        print(offset, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
