"""Commands of whoever runs the library: serve, work, doctor, migrate."""

import logging
import signal
import socket
import sys
import threading
from types import FrameType

import click

from ingest.sandbox import Sandbox
from service.cli import packages
from service.cli.session import STOPPED, WRONG_USE, complain, opened, say, text
from service.cli.supervise import Supervisor, die_with_parent
from service.library import doctor as examination
from service.settings import load

log = logging.getLogger(__name__)

MARKS = {"well": "✓", "warning": "!", "fault": "✗"}


@click.command(help=text("cli-serve"))
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help=text("cli-port"))
@click.option("--host", default="127.0.0.1", show_default=True, help=text("cli-host"))
def serve(port: int, host: str) -> None:
    import uvicorn

    from service.app import create

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # From here on callers wait instead of being refused, so that the address may be said.
        listener.listen()
    except OSError as error:
        complain("cli-port-taken", {"host": host, "port": port, "reason": error.strerror})
        sys.exit(WRONG_USE)
    port = listener.getsockname()[1]
    settings = load()
    public_url = settings.public_url or f"http://{host}:{port}"
    settings = settings.model_copy(update={"public_url": public_url})
    with opened(settings) as parts:
        supervisor = Supervisor()
        supervisor.start()
        try:
            say("cli-serving", url=public_url)
            config = uvicorn.Config(
                create(parts),
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=5,
                # uvicorn believes nobody when it is given an empty list.
                forwarded_allow_ips=settings.trusted_proxies,
            )
            uvicorn.Server(config).run(sockets=[listener])
        except KeyboardInterrupt:
            # uvicorn has shut down in order and raises the signal again; Ctrl+C is how people stop it.
            log.info("stopped")
        finally:
            supervisor.stop()


@click.command(help=text("cli-work"))
@click.option("--parent", type=int, hidden=True, help="Process that supervises this one; it ends with it.")
def work(parent: int | None) -> None:
    from service.library.work import Worker

    if parent is not None:
        die_with_parent(parent)
    told = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        told.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with opened() as parts, Sandbox() as sandbox:
        worker = Worker(parts, sandbox)
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
            if "guard" in said:
                said["guard"] = text(f"guard-{said['guard']}")
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
