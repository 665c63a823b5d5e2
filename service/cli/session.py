"""What every command shares: sentences in the operator's language, opened parts, errors as sentences."""

import gc
import signal
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from ingest.errors import IngestError
from service import compose
from service.errors import IndexOutdated, Invalid, LibraryError, LibraryFromTheFuture, NotFound, SettingsError
from service.library.services import Services
from service.messages import remedy, sentence
from service.settings import Settings, load, operator_language
from service.telemetry import cause, logs

STOPPED, WRONG_USE = 1, 2
WRONG = (SettingsError, LibraryFromTheFuture, Invalid, NotFound)


LANGUAGE = operator_language()


def text(code: str, /, **parameters: Any) -> str:
    return sentence(code, LANGUAGE, parameters)


def say(code: str, /, **parameters: Any) -> None:
    click.echo(text(code, **parameters))


def progress(said: str) -> bool:
    """On a terminal, write over the line that stands there; nothing takes it away. Returns: whether there is one."""
    if not sys.stderr.isatty():
        return False
    click.echo("\r\x1b[K" + said, nl=False, err=True)
    return True


@contextmanager
def opened(settings: Settings | None = None, *, prepare: bool = True) -> Iterator[Services]:
    """The library of the settings; its parts are looked at first, an embedded one is made or migrated, and its index.

    prepare: not in a process whose parent has done so, which then starts while a part is away.
    """
    from service.library import project
    from service.library.beginning import begin

    parts = compose.services(settings or load())
    try:
        if prepare:
            begin(parts)
            parts.catalogue.migrate()
            parts.living.look(parts.catalogue)
            generation = project.ensure(parts)
            if generation.fingerprint != parts.index.fingerprint():
                complain(IndexOutdated.code, {"generation": generation.name})
        # What is loaded by now stays, and the collector need not walk over it again and again while much comes in.
        gc.freeze()
        yield parts
    finally:
        parts.index.close()
        parts.catalogue.close()


@contextmanager
def about(resource: str) -> Iterator[None]:
    """What concerns one resource: where there is none of this id, that is said of the id, and the command ends."""
    try:
        yield
    except NotFound:
        complain("cli-no-such-resource", {"resource": resource})
        sys.exit(WRONG_USE)


_told = threading.Event()


def heed() -> None:
    """Raise KeyboardInterrupt where this process has been told to stop: what takes long calls it at each step.

    Once is not enough: compiled code that looks for an attribute takes whatever exception comes for "there is none",
    and starting the library, or reading an answer of the index, passes through a lot of it.
    """
    if _told.is_set():
        raise KeyboardInterrupt


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    _told.set()
    raise KeyboardInterrupt


def run(command: Callable[[], Any], *, debug: bool) -> None:
    """Run a command; an error, or being told to stop, becomes two sentences on standard error and an exit code."""
    # Both in order: children end, temporary folders go, what is done is reported.
    _told.clear()
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    logs.start("auto", debug=debug)
    cause.begin(cause.fresh())
    try:
        command()
    except (LibraryError, IngestError) as error:
        if debug:
            raise
        complain(error.code, error.parameters)
        sys.exit(WRONG_USE if isinstance(error, WRONG) else STOPPED)
    except KeyboardInterrupt:
        complain("cli-stopped", {})
        sys.exit(STOPPED)


def look_at_path(path: Path, *, folder: bool = False) -> None:
    """The command ends here where there is no such path, or folder, or nobody can tell: its name is too long, or one
    above it may not be looked into."""
    from service.library.admit import reason_of

    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        complain("cli-no-such-path", {"path": path})
    except OSError as error:
        said = sentence("unreadable-path", LANGUAGE, {"reason": reason_of(error, LANGUAGE)})
        click.echo(f"{path}: {said} {remedy('unreadable-path', LANGUAGE)}", err=True)
    else:
        if stat.S_ISDIR(mode) or not folder:
            return
        complain("cli-no-such-path", {"path": path})
    sys.exit(WRONG_USE)


def complain(code: str, parameters: Any) -> None:
    """The sentence of an error and its remedy, on standard error."""
    click.echo(sentence(code, LANGUAGE, parameters), err=True)
    if advice := remedy(code, LANGUAGE, parameters):
        click.echo(advice, err=True)
