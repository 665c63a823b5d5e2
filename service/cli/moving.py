"""Commands that move, keep and bring back a whole library: export, import, backup, restore; and purge."""

import sys
from pathlib import Path

import click

from service import compose
from service.cli.following import settle
from service.cli.session import STOPPED, about, complain, heed, opened, progress, say, text
from service.errors import BackupIdentity, Invalid, LibraryError
from service.library import purge as removal
from service.library.moving import keep as keeping
from service.library.moving import ledger, load, secrets
from service.library.moving.dump import dump
from service.library.moving.format import Manifest, make_place, secrets_key
from service.library.services import Services
from service.model import OPERATOR
from service.ports import ObjectStore
from service.settings import Settings


class Moved:
    """On a terminal one moving line; elsewhere a line a table when it is done."""

    def __init__(self) -> None:
        self.table, self.rows = "", 0
        self.terminal = False

    def step(self, table: str, rows: int) -> None:
        heed()
        if table != self.table:
            self.close()
        self.table, self.rows = table, rows
        self.terminal = progress(self._said())

    def close(self) -> None:
        if self.terminal and self.table:
            progress("")
        elif self.table:
            click.echo(self._said())
        self.table = ""

    def _said(self) -> str:
        code = {"objects": "cli-moved-objects", "index": "cli-moved-index"}.get(self.table, "cli-moved")
        return text(code, table=self.table, count=self.rows)


@click.command("export", help=text("cli-export"))
@click.argument("place")
def export(place: str) -> None:
    with opened() as parts:
        target = compose.place(parts.settings, place)
        moved = Moved()
        manifest = dump(parts, OPERATOR, target, place, progress=moved.step)
        moved.close()
    _tell("cli-exported", manifest, place)


@click.command("import", help=text("cli-import"))
@click.argument("place")
def import_(place: str) -> None:
    with opened() as parts:
        source = compose.place(parts.settings, place)
        manifest = load.choose(source, place)
        moved = Moved()
        load.load(parts, OPERATOR, source, manifest, progress=moved.step)
        moved.close()
        _tell_another(parts, manifest)
    say("cli-imported", rows=_rows(manifest), objects=manifest.objects.rows, content=manifest.content)


@click.command("backup", help=text("cli-backup"))
@click.argument("place", default="")
@click.option("--keep", type=click.IntRange(1), default=7, show_default=True, help=text("cli-keep"))
@click.option("--verify", is_flag=True, help=text("cli-verify"))
def backup(place: str, keep: int, verify: bool) -> None:
    with opened() as parts:
        name = _named(parts.settings, place)
        target = compose.place(parts.settings, name)
        if verify:
            _verify(target, name)
            return
        # Before the long part: without a key for them a backup would be no backup.
        sealed = secrets.seal(parts.settings.home, parts.settings.backup_key)
        moved = Moved()
        manifest = dump(parts, OPERATOR, target, name, sealed=sealed, progress=moved.step)
        moved.close()
        dropped = keeping.prune(target, keep)
    if dropped:
        say("cli-backups-dropped", count=len(dropped))
    _tell("cli-backed-up", manifest, name)


@click.command("backup-key", help=text("cli-backup-key"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup_key(file: Path) -> None:
    secret, public = secrets.new_key()
    try:
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(f"# public key: {public}\n{secret}\n", encoding="ascii")
    except OSError as error:
        raise Invalid(field="FILE", value=f"{file}: {error.strerror}") from error
    say("cli-backup-key-made", file=file, key=public)


@click.command("restore", help=text("cli-restore"))
@click.argument("place", default="")
@click.option("--generation", default="", help=text("cli-generation"))
@click.option("--identity", type=click.Path(path_type=Path, dir_okay=False, exists=True), help=text("cli-identity"))
@click.option("--without-secrets", is_flag=True, help=text("cli-without-secrets"))
@click.option("--purges", default="", help=text("cli-purges"))
def restore(place: str, generation: str, identity: Path | None, without_secrets: bool, purges: str) -> None:
    with opened() as parts:
        name = _named(parts.settings, place)
        source = compose.place(parts.settings, name)
        manifest = load.choose(source, name, generation)
        packed = b""
        if manifest.secrets and not without_secrets:
            if identity is None:
                raise BackupIdentity
            packed = secrets.unseal(source.get(secrets_key(manifest.name)), identity.read_text(encoding="utf-8"))
        more = ledger.of_place(compose.place(parts.settings, purges)) if purges else []
        moved = Moved()
        load.load(parts, OPERATOR, source, manifest, purges=more, progress=moved.step)
        moved.close()
        restored = secrets.unpack(packed, parts.settings.home) if packed else 0
        _tell_another(parts, manifest)
    say("cli-restored", made_at=manifest.made_at, rows=_rows(manifest), objects=manifest.objects.rows, secrets=restored)


@click.command("purge", help=text("cli-purge"))
@click.argument("resource")
@click.option("--reason", required=True, help=text("cli-reason"))
@click.option("--everywhere", is_flag=True, help=text("cli-everywhere"))
def purge(resource: str, reason: str, everywhere: bool) -> None:
    with opened() as parts, about(resource):
        removed = removal.purge(parts, OPERATOR, resource, reason=reason, everywhere=everywhere)
        settle(parts, removed.resources)
        told = _tell_backups(parts, removed)
    say("cli-purged", resources=", ".join(removed.resources), count=removed.files)
    if not told:
        sys.exit(STOPPED)


def _tell_backups(parts: Services, removed: removal.Removed) -> bool:
    """Write it into the ledger of the backups. What is away does not hold up the purge, but is said."""
    if not parts.settings.backup_url:
        say("cli-purge-no-backup")
        return True
    try:
        name = parts.settings.backup_url
        place = compose.place(parts.settings, name)
        # Where no backup was made yet, the first one finds a place with a ledger in it.
        make_place(place, name, parts.settings.repository_id)
        for record in removal.records(parts):
            if record.resource in removed.resources:
                ledger.apply_to_place(place, record)
    except LibraryError as error:
        complain(error.code, error.parameters)
        complain("cli-purge-backup-away", {"place": parts.settings.backup_url})
        return False
    return True


def _named(settings: Settings, place: str) -> str:
    name = place or settings.backup_url
    if not name:
        raise Invalid(field="HOCLIEU_BACKUP_URL", value="")
    return name


def _verify(place: ObjectStore, name: str) -> None:
    moved = Moved()
    wrong = 0
    for key, _ in keeping.verify(place, name, progress=lambda done: moved.step("objects", done)):
        complain("damaged", {"name": key})
        wrong += 1
    moved.close()
    if wrong:
        complain("cli-verified-damaged", {"count": wrong, "place": name})
        sys.exit(STOPPED)
    say("cli-verified", place=name)


def _tell_another(parts: Services, manifest: Manifest) -> None:
    """A setting that was forgotten at the move changes what everybody else calls this library's resources."""
    owner, library = manifest.repository_id, parts.settings.repository_id
    if owner != library:
        complain("cli-other-library", {"owner": owner, "library": library})


def _rows(manifest: Manifest) -> int:
    return sum(one.rows for one in manifest.tables.values())


def _tell(code: str, manifest: Manifest, place: str) -> None:
    megabytes = manifest.objects_bytes // 1_000_000
    for key in manifest.missing:
        complain("object-missing", {"key": key})
    say(
        code,
        place=place,
        name=manifest.name,
        rows=_rows(manifest),
        objects=manifest.objects.rows,
        megabytes=megabytes,
        content=manifest.content,
    )
    if manifest.missing:
        complain("cli-moved-with-gaps", {"count": len(manifest.missing)})
        sys.exit(STOPPED)
