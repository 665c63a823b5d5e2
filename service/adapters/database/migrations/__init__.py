"""The history of the schema, one revision a file under `versions/`, run from inside the program.

A revision never changes once it was released and imports nothing of the
tables, which go on changing. A new one: copy the newest file, name both
revisions, write `upgrade`, set `tables.HEAD`; `tests/contract/test_schema.py`
says what still differs from the tables. There is no downgrade: the copy that
was taken before is the way back.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def revisions() -> list[str]:
    """All that this version knows, oldest first."""
    walk = ScriptDirectory.from_config(_config()).walk_revisions()
    return [script.revision for script in walk][::-1]


def current(connection: Connection) -> str | None:
    """The database's revision; None where it has no schema yet."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection, target: str = "head") -> None:
    """Run what is missing in the caller's transaction, which commits all of it or nothing."""
    command.upgrade(_config(connection), target)
