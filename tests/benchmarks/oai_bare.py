"""What a harvest is measured against: an endpoint of FastAPI that reads the same rows by keyset and joins their XML.

Nothing is signed, counted, limited, checked or told. Started by `oai.py` with the database in its environment:
the path of SQLite's file, or a URL of PostgreSQL.
"""

import os
import sqlite3
import threading
from typing import Any

import psycopg
from fastapi import FastAPI, Response

ROWS = """
SELECT r.datestamp, r.id, f.xml FROM oai_records r
JOIN oai_forms f ON f.resource = r.resource AND f.format = {0}
WHERE (r.datestamp, r.id) > ({0}, {0}) ORDER BY r.datestamp, r.id LIMIT {0}
"""
DATABASE = os.environ["BARE_DATABASE"]
SCALED = DATABASE.startswith("postgresql://")
STATEMENT: Any = ROWS.format("%s" if SCALED else "?")
app = FastAPI()
_local = threading.local()


def _connection() -> Any:
    if not hasattr(_local, "connection"):
        _local.connection = psycopg.connect(DATABASE, autocommit=True) if SCALED else sqlite3.connect(DATABASE)
    return _local.connection


@app.get("/page")
def page(format: str, datestamp: str = "", id: str = "", size: int = 500) -> Response:
    """A page; where the next one begins stands in a header."""
    rows = _connection().execute(STATEMENT, (format, datestamp, id, size)).fetchall()
    body = "".join([row[2] for row in rows]).encode()
    following = f"{rows[-1][0]} {rows[-1][1]}" if len(rows) == size else ""
    return Response(body, media_type="text/xml", headers={"X-Next": following, "X-Records": str(len(rows))})
