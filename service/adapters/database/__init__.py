"""The catalogue: one database, one unit of work, one module a part.

`sqlite.py` is the engine; the other modules speak portable SQL, so that a
second engine is one more file. Tables stand in `tables.py`, their history in
`migrations/`, the reasons in `docs/decisions/0002-schema.md`.
"""
