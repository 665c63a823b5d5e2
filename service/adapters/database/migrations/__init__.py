"""The history of the schema, one revision a file under `versions/`, run from inside the program.

A revision never changes once it was released and imports nothing of the
tables, which go on changing. A new one: copy the newest file, name both
revisions, write `upgrade`, set `tables.HEAD`; `tests/contract/test_schema.py`
says what still differs from the tables. A batch that rebuilds a table with
AUTOINCREMENT says so itself (`table_kwargs={"sqlite_autoincrement": True}`),
because reflection does not see it, and rebuilds on SQLite only: PostgreSQL alters
in place, and takes no table away that others refer to. There is no downgrade: the copy that
was taken before is the way back.
"""

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class History:
    """The revisions in a folder."""

    versions: Path

    def revisions(self) -> list[str]:
        """All that this version knows, oldest first."""
        walk = ScriptDirectory.from_config(self._config()).walk_revisions()
        return [script.revision for script in walk][::-1]

    def upgrade(self, connection: Connection, target: str) -> None:
        """Run what is missing in the caller's transaction, which commits all of it or nothing."""
        config = self._config()
        config.attributes["connection"] = connection
        command.upgrade(config, target)

    def _config(self) -> Config:
        config = Config()
        # Config takes % for its own.
        config.set_main_option("script_location", str(HERE).replace("%", "%%"))
        config.set_main_option("version_locations", str(self.versions).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        return config


HISTORY = History(HERE / "versions")


def current(connection: Connection) -> str | None:
    """The database's revision; None where it has no schema yet."""
    return MigrationContext.configure(connection).get_current_revision()
