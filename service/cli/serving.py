"""`serve`: one listening socket, one web process or several behind it, and a worker.

With one, this process answers itself. With several, it only supervises: all
of them accept from the same socket, so when one is killed whoever connects
next is answered by another, and the queue of the socket outlives each.
"""

import logging
import signal
import socket
import sys
import threading
from functools import partial
from types import FrameType

import click

from service.cli.session import WRONG_USE, complain, heed, opened, say, text
from service.cli.supervise import Supervisor, Task, die_with_parent
from service.library.services import Services
from service.settings import load
from service.telemetry import logs, metrics

log = logging.getLogger(__name__)

# How long readers who are being answered may take when the library is stopped.
DRAIN_SECONDS = 5


@click.command(help=text("cli-serve"))
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help=text("cli-port"))
@click.option("--host", default="127.0.0.1", show_default=True, help=text("cli-host"))
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help=text("cli-workers"))
@click.option("--no-worker", is_flag=True, help=text("cli-no-worker"))
@click.pass_context
def serve(context: click.Context, port: int, host: str, workers: int, no_worker: bool) -> None:
    listener = _listen(host, port)
    settings = load()
    logs.start(settings.log_format, debug=context.find_root().params["debug"], serving=True)
    public_url = settings.public_url or f"http://{host}:{listener.getsockname()[1]}"
    settings = settings.model_copy(update={"public_url": public_url})
    folder = metrics.share()
    tasks = [] if no_worker else [Task(("work",))]
    if workers > 1:
        web = ("web", "--listener", str(listener.fileno()), "--public-url", public_url)
        tasks += [Task(web, (listener.fileno(),))] * workers
    # Without our copy the socket closes with the last web process: nobody waits for an answer that does not come.
    ending = listener.close if workers > 1 else lambda: None
    supervisor = Supervisor(tasks, died=partial(metrics.forget, folder=folder), ending=ending)
    try:
        if workers > 1:
            with opened(settings):
                # Made or migrated once, before the others look at it.
                pass
            _supervise(supervisor, public_url)
        else:
            with opened(settings) as parts:
                supervisor.start()
                try:
                    say("cli-serving", url=public_url)
                    answer(parts, listener)
                finally:
                    supervisor.stop()
    finally:
        metrics.unshare(folder)


@click.command(hidden=True, help="One web process of `serve`.")
@click.option("--listener", type=int, required=True, help="The listening socket that it was given.")
@click.option("--public-url", required=True, help="Where readers reach the library.")
@click.option("--parent", type=int, required=True, help="Process that supervises this one; it ends with it.")
def web(listener: int, public_url: str, parent: int) -> None:
    die_with_parent(parent)
    settings = load()
    logs.start(settings.log_format, serving=True)
    with opened(settings.model_copy(update={"public_url": public_url}), prepare=False) as parts:
        answer(parts, socket.socket(fileno=listener))


def answer(parts: Services, listener: socket.socket) -> None:
    """Answer requests until told to stop; then whoever is being answered may finish."""
    try:
        import uvicorn

        from service.app import create

        config = uvicorn.Config(
            create(parts),
            log_level="warning",
            # Lines of the log are ours, and so is whom to believe about forwarded addresses (http/observing.py).
            log_config=None,
            access_log=False,
            proxy_headers=False,
            timeout_graceful_shutdown=DRAIN_SECONDS,
        )
        server = uvicorn.Server(config)
        heed()
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        # uvicorn has shut down in order and raises the signal again; Ctrl+C is how people stop it.
        log.info("stopped")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Connections inherit it. asyncio sets it only on those whose listener it made itself, and without it the second
    # packet of an answer waits 40 ms for a reader's acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((host, port))
        # From here on callers wait instead of being refused, so that the address may be said.
        listener.listen()
    except OSError as error:
        complain("cli-port-taken", {"host": host, "port": port, "reason": error.strerror})
        sys.exit(WRONG_USE)
    return listener


def _supervise(supervisor: Supervisor, public_url: str) -> None:
    told = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        told.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    supervisor.start()
    try:
        say("cli-serving", url=public_url)
        told.wait()
    finally:
        supervisor.stop()
