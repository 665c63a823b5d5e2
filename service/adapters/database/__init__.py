"""The catalogue: one database, one unit of work, one module a part.

`sqlite.py` and `postgresql.py` are the engines, with what only they need in
`sqlite_….py` and `postgresql_….py`; the other modules speak portable SQL. Tables stand in `tables.py`, their history in
`migrations/`, the reasons in `docs/decisions/0002-schema.md`.
"""
