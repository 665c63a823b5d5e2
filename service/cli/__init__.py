"""`hoclieu`: what the operator and a librarian at a terminal can do, grouped by who does it.

Each command translates its words into one use case and prints what came back.
Exit codes: 0 done (refused items are listed), 1 stopped before the end, 2 wrong use or settings.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import click

from service.cli import (
    allocator,
    beside,
    care,
    collection,
    copies,
    handover,
    harvesting,
    library,
    moving,
    proposals,
    running,
    serving,
    sheets,
    vocabulary,
    watching,
)
from service.cli.session import run, text
from service.telemetry import logs

GROUPS = (
    (
        "cli-group-collect",
        (
            *("ingest", "watch", "disk-report"),
            *("withdraw", "reinstate", "purge", "organisations", "harvest", "vocabulary", "proposals"),
            *("search", "stats", "reports", "readiness", "handover"),
        ),
    ),
    (
        "cli-group-run",
        ("serve", "work", "doctor", "migrate", "reindex", "backup", "restore", "export", "import"),
    ),
)
"""What `--help` lists; commands that others name (`sheet-template` by `ingest`, `backup-key` by `backup`, `clear` by
what was held, `copies` by `ingest`, `reprocess`, `fixity` and `trash-sweep` by `doctor`) and `rerender`, which workers
do by themselves, are left out, so that it fits a screen."""


PAIRS = {
    "ingest": "watch",
    "withdraw": "reinstate",
    "stats": "reports",
    "readiness": "handover",
    "serve": "work",
    "backup": "restore",
    "export": "import",
}
"""Commands of one group that share a line there, with a sentence of their own."""


class Grouped(click.Group):
    """Help that lists commands by who uses them, and errors as sentences."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        for title, names in GROUPS:
            with formatter.section(text(title)):
                formatter.write_dl(list(self._lines(names)))

    def _lines(self, names: Sequence[str]) -> Iterator[tuple[str, str]]:
        """A line a command, or two that belong together."""
        seconds = {second for first, second in PAIRS.items() if first in names}
        for name in names:
            if name in PAIRS:
                yield f"{name}, {PAIRS[name]}", text(f"cli-both-{name}")
            elif name not in seconds:
                yield name, self.commands[name].get_short_help_str(60)

    def invoke(self, ctx: click.Context) -> Any:
        run(lambda: super(Grouped, self).invoke(ctx), debug=bool(ctx.params.get("debug")))


@click.group(cls=Grouped, help=text("cli-help"))
@click.option("--debug", is_flag=True, help=text("cli-debug"))
@click.version_option(package_name="hoclieu", prog_name="hoclieu")
def main(debug: bool) -> None:
    """Read the settings once, so that a wrong one is said before anything happens."""
    from service.settings import load

    allocator.give_back_freed_memory()
    logs.start(load().log_format, debug=debug)


for command in (
    serving.serve,
    serving.web,
    running.work,
    running.doctor,
    running.migrate,
    collection.ingest,
    sheets.sheet_template,
    collection.withdraw,
    collection.reinstate,
    collection.clear,
    collection.organisations,
    copies.copies,
    harvesting.harvest,
    beside.write_harvest,
    vocabulary.vocabulary,
    proposals.proposals,
    library.search,
    library.stats,
    library.reports,
    library.reindex,
    library.rerender,
    library.reprocess,
    watching.watch,
    watching.disk_report,
    care.fixity,
    care.trash_sweep,
    moving.purge,
    moving.backup,
    moving.restore,
    moving.export,
    moving.import_,
    moving.backup_key,
    handover.handover,
    handover.readiness,
):
    main.add_command(command)
collection.organisations.add_command(handover.merge)
