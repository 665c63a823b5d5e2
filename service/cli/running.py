"""Commands of whoever runs the library beside `serve`: work, doctor, migrate."""

import signal
import sys
import threading
from types import FrameType

import click

from ingest.sandbox import Sandbox
from service.cli import packages
from service.cli.session import STOPPED, opened, say, text
from service.cli.supervise import die_with_parent
from service.library import doctor as examination
from service.settings import load
from service.telemetry import logs, metrics

MARKS = {"well": "✓", "warning": "!", "fault": "✗"}
NAMED = {"guard": "guard-", "part": "part-"}
"""Parameters that are codes -> the beginning of the codes of their words."""


@click.command(help=text("cli-work"))
@click.option("--metrics-port", type=click.IntRange(1, 65535), help=text("cli-metrics-port"))
@click.option("--parent", type=int, hidden=True, help="Process that supervises this one; it ends with it.")
@click.option("--for-command", is_flag=True, hidden=True, help="For a command that takes much in: indexes and renders.")
@click.pass_context
def work(context: click.Context, metrics_port: int | None, parent: int | None, for_command: bool) -> None:
    told = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        told.set()

    # Before anything that takes time: who has started this one may be done soon.
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    from service.library.lanes import CARING, DRAWING, INDEXING, LIGHTENING, reading
    from service.library.work import Worker

    if parent is not None:
        die_with_parent(parent)
    settings = load()
    logs.start(settings.log_format, debug=context.find_root().params["debug"], serving=not for_command)
    if metrics_port is not None:
        metrics.answer(metrics_port)
    lanes = INDEXING
    if not for_command:
        lanes = reading(settings.reading_lanes) + INDEXING + DRAWING + LIGHTENING + CARING
    with opened(settings, prepare=parent is None) as parts, Sandbox() as sandbox:
        worker = Worker(parts, sandbox, lanes=lanes)
        worker.start()
        while worker.healthy() and not told.wait(1.0):
            pass
        worker.stop()
        if not told.is_set():
            sys.exit(STOPPED)


@click.command(help=text("cli-doctor"))
def doctor() -> None:
    worst = 0
    with opened() as parts, Sandbox() as sandbox:
        for check in examination.examine(parts, sandbox.guards()):
            said = dict(check.parameters)
            for name in NAMED.keys() & said.keys():
                said[name] = text(f"{NAMED[name]}{said[name]}")
            click.echo(f"{MARKS[check.verdict]} {text(check.code, **said)}")
            worst = max(worst, check.verdict == "fault")
    for package in packages.missing():
        click.echo(f"! {text('doctor-package-missing', package=package.name, reason=package.reason)}")
    if worst:
        sys.exit(STOPPED)


@click.command(help=text("cli-migrate"))
def migrate() -> None:
    with opened(prepare=False) as parts:
        parts.catalogue.migrate()
    say("cli-migrated")
