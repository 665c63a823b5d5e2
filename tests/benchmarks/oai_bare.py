"""What a harvest is measured against: an endpoint of FastAPI that reads the same rows by keyset and joins their XML.

Nothing is signed, counted, limited, checked or told. Started by `oai.py` with the database's path in its environment.
"""

import os
import sqlite3
import threading

from fastapi import FastAPI, Response

ROWS = """
SELECT r.datestamp, r.id, f.xml FROM oai_records r
JOIN oai_forms f ON f.resource = r.resource AND f.format = ?
WHERE (r.datestamp, r.id) > (?, ?) ORDER BY r.datestamp, r.id LIMIT ?
"""
app = FastAPI()
_local = threading.local()


def _connection() -> sqlite3.Connection:
    if not hasattr(_local, "connection"):
        _local.connection = sqlite3.connect(os.environ["BARE_DATABASE"])
    connection: sqlite3.Connection = _local.connection
    return connection


@app.get("/page")
def page(format: str, datestamp: str = "", id: str = "", size: int = 500) -> Response:
    """A page; where the next one begins stands in a header."""
    rows = _connection().execute(ROWS, (format, datestamp, id, size)).fetchall()
    body = "".join([row[2] for row in rows]).encode()
    following = f"{rows[-1][0]} {rows[-1][1]}" if len(rows) == size else ""
    return Response(body, media_type="text/xml", headers={"X-Next": following, "X-Records": str(len(rows))})
