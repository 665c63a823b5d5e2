"""Whether something on this machine answers: `answers.py URL`, exit code 0 for a 200 within 4 seconds.

The health check of the images, which hold no curl; standard library alone, so
that it costs 60 ms and not the start of the library.
"""

import http.client
import sys
from urllib.parse import urlsplit

SECONDS = 4.0


def answers(url: str) -> bool:
    """A GET, over HTTP, without following anything."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=SECONDS)
    try:
        connection.request("GET", place.path or "/")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if answers(sys.argv[1]) else 1)
