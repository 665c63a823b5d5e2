"""Log lines on standard error: JSON for machines, plain words on a terminal, and nothing private in either.

A formatter of our own, because what matters is what is left out, and no
library does that: messages of exceptions may quote what somebody typed or a
file says, so an error is told by its types and the lines it went through.
"""

import datetime
import json
import logging
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, Literal

from service.telemetry.cause import cause

Format = Literal["auto", "json", "text"]

ROOT = Path(__file__).resolve().parents[2]
_OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "color_message"}
# Loggers that say nothing but events of their own; of all others only the words are kept, not what fills them.
_KNOWN = ("service", "ingest", "uvicorn")
LONGEST = 300


class Line(logging.Formatter):
    """One line a record. messages: of exceptions too (`--debug`, where the operator looks on)."""

    def __init__(self, *, as_json: bool, messages: bool) -> None:
        super().__init__()
        self.as_json = as_json
        self.messages = messages

    def format(self, record: logging.LogRecord) -> str:
        fields = self.fields(record)
        if self.as_json:
            return json.dumps(fields, ensure_ascii=False, default=str)
        time, level, _logger, event, *rest = fields.items()
        said = " ".join(f"{name}={_plain(value)}" for name, value in rest)
        return f"{time[1][11:19]} {level[1]} {event[1]} {said}".rstrip()

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        known = record.name.split(".")[0] in _KNOWN
        fields: dict[str, Any] = {
            "time": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": (record.getMessage() if known else str(record.msg)).strip()[:LONGEST],
        }
        if identifier := cause():
            fields["request"] = identifier
        for name, value in record.__dict__.items():
            if name not in _OWN:
                fields[name] = value[:LONGEST] if isinstance(value, str) else value
        if record.exc_info and record.exc_info[1] is not None:
            fields["error"], fields["stack"] = _told(record.exc_info[1], messages=self.messages)
        return fields


def _told(error: BaseException, *, messages: bool) -> tuple[str, list[str]]:
    """Types, outermost first, and the places in calling order, of the innermost error."""
    types = []
    innermost = error
    following: BaseException | None = error
    while following is not None:
        types.append(type(following).__name__ + (f": {following}"[:LONGEST] if messages else ""))
        innermost = following
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)
    places = traceback.extract_tb(innermost.__traceback__)
    return " < ".join(types), [f"{_short(place.filename)}:{place.lineno} {place.name}" for place in places]


def _short(name: str) -> str:
    """From the project's or the package's folder on; where it is installed is nobody's business."""
    path = Path(name)
    if path.is_relative_to(ROOT) and "site-packages" not in path.parts:
        return path.relative_to(ROOT).as_posix()
    return "/".join(path.parts[-2:])


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str) if not isinstance(value, str) or " " in value else value


def start(form: Format, *, debug: bool = False, serving: bool = False) -> None:
    """Send the log of this process to standard error. Called again, it takes the place of what was set up before.

    serving: a process that goes on by itself; its log tells of each request and job, unless people look on.
    """
    as_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line(as_json=as_json, messages=debug))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    told = logging.INFO if debug or (serving and as_json) else logging.WARNING if serving else logging.ERROR
    root.setLevel(max(told, logging.WARNING))
    for name in ("service", "ingest"):
        logging.getLogger(name).setLevel(told)
    for name in ("uvicorn", "uvicorn.error"):
        # Of a server that was there before us: its lines go through ours, and errors without what they quote.
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # A store that does not answer is told once, by whoever asked it, not at each try.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    # It would write addresses and query strings; ours is in service/http/observing.py.
    logging.getLogger("uvicorn.access").disabled = True
    threading.excepthook = _thread_died


def _thread_died(what: threading.ExceptHookArgs) -> None:
    error = what.exc_value
    if error is not None:
        logging.getLogger(__name__).critical(
            "thread-died", extra={"thread_name": what.thread.name if what.thread else ""}, exc_info=error
        )
