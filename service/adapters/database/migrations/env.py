"""What alembic runs for a migration: on the connection that the program hands in, never on one of its own."""

from alembic import context

from service.adapters.database.tables import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,
    # The caller's transaction holds the whole upgrade; SQLite's DDL is transactional.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
