"""Builds of the search index: the catalogue's rows are the alias that says which one answers."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, func, insert, select, update

from service.adapters.database.columns import now
from service.adapters.database.tables import GENERATIONS
from service.adapters.database.transaction import Transaction
from service.errors import NotFound
from service.model import Generation


class Generations:
    """The port `service.ports.Generations`."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    def add(self, generation: Generation) -> None:
        """Raises: Conflict: the name is taken, or it says live beside a live one."""
        self.transaction.alone("generations")
        self.transaction.run(
            insert(GENERATIONS).values(
                name=generation.name,
                engine=generation.engine,
                fingerprint=generation.fingerprint,
                state=generation.state,
                created_at=generation.created_at,
                row_version=1,
                built_at=generation.built,
                lexicon=None if generation.lexicon is None else " ".join(generation.lexicon),
                syllables=generation.syllables,
            )
        )

    def all(self, engine: str) -> Sequence[Generation]:
        """Oldest first."""
        rows = self.transaction.all(
            select(GENERATIONS)
            .where(GENERATIONS.c.engine == engine)
            .order_by(GENERATIONS.c.created_at, GENERATIONS.c.name)
        )
        return [
            Generation(
                row.name,
                row.engine,
                row.fingerprint,
                row.state,
                row.created_at,
                None if row.lexicon is None else tuple(row.lexicon.split()),
                row.built_at,
                row.syllables,
            )
            for row in rows
        ]

    def add_words(self, name: str, file: str, *, instead_of: Collection[str] = ()) -> bool:
        """One more file of its lexicon, in the place of others. Nothing happens where one of those is not there."""
        self.transaction.alone("generations")
        row = self.transaction.one(select(GENERATIONS.c.lexicon).where(GENERATIONS.c.name == name))
        if row is None:
            raise NotFound(generation=name)
        files = (row.lexicon or "").split()
        if not set(instead_of) <= set(files):
            return False
        self.transaction.run(
            update(GENERATIONS)
            .where(GENERATIONS.c.name == name)
            .values(lexicon=" ".join([*(one for one in files if one not in instead_of), file]))
        )
        return True

    def set_syllables(self, name: str, file: str, *, instead_of: str) -> bool:
        """The file that says which word follows which. Nothing happens where another one is there by now."""
        self.transaction.alone("generations")
        row = self.transaction.one(select(GENERATIONS.c.syllables).where(GENERATIONS.c.name == name))
        if row is None:
            raise NotFound(generation=name)
        if row.syllables != instead_of:
            return False
        self.transaction.run(update(GENERATIONS).where(GENERATIONS.c.name == name).values(syllables=file))
        return True

    def set_state(self, name: str, state: str) -> None:
        """Making one live makes the former live one old. Raises: NotFound: no such generation."""
        self.transaction.alone("generations")
        engine = self.transaction.scalar(select(GENERATIONS.c.engine).where(GENERATIONS.c.name == name))
        if engine is None:
            raise NotFound(generation=name)
        following = GENERATIONS.c.row_version + 1
        if state == "live":
            self.transaction.run(
                update(GENERATIONS)
                .where(GENERATIONS.c.engine == engine, GENERATIONS.c.state == "live", GENERATIONS.c.name != name)
                .values(state="old", row_version=following)
            )
        built = {"built_at": func.coalesce(GENERATIONS.c.built_at, now())} if state == "live" else {}
        self.transaction.run(
            update(GENERATIONS).where(GENERATIONS.c.name == name).values(state=state, row_version=following, **built)
        )

    def remove(self, name: str) -> None:
        """Idempotent."""
        self.transaction.run(delete(GENERATIONS).where(GENERATIONS.c.name == name))
