"""What happens inside one extraction child: limits, one request, one answer, the end.

Forked by the warm parent (`warm.py`), which has called `prepare` before. A
child tries itself out on a page of our own while it waits in reserve.
"""

import contextlib
import functools
import gc
import json
import logging
import os
import signal
import socket
import tempfile
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydantic_core

from ingest import registry
from ingest.document import Bundle, Document, to_json
from ingest.errors import IngestError, NoReader, ReaderCrashed, TooExpensive, ToolMissing
from ingest.registry import Registry
from ingest.sandbox import confine, guards, unpacking
from ingest.sandbox.confine import Confinement, Waiting
from ingest.sandbox.guards import Limits
from ingest.sandbox.wire import DATA, FAILED, MAX_REQUEST_BYTES, READ, framed, packed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What children inherit: the extractors, the path of a page of our own, their bound on processes, and what the
    machine lets them give up.
    """

    readers: Registry
    sample: str
    processes: int
    confinement: Confinement


def prepare(folder: str, extra_extractors: tuple[str, ...], *, own_temporary: bool | str) -> Prepared:
    """Import what children use, once and before any of them is forked; write the sample into `folder`."""
    readers = _import_everything(extra_extractors)
    sample = str(Path(folder) / "sample.pdf")
    _write_sample(sample)
    guards.keep_freed_memory()
    confinement = confine.available(readers.extractors, own_temporary)
    return Prepared(readers, sample, guards.process_allowance(), confinement)


def run(descriptor: int, folder: Path, *, parent: int, limits: Limits, prepared: Prepared) -> None:
    """Be a child: wait for a request on the channel `descriptor`, give up all else, answer it, end. Does not return.

    parent: the warm parent's number as the child sees it.
    """
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)
    guards.die_with_parent(parent)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    gc.disable()
    # Only the channel and the three standard ones stay open.
    os.dup2(descriptor, 3)
    os.closerange(4, 1024)
    # What a file makes a library say is nothing for the operator's terminal.
    os.dup2(1, 2)
    os.chdir(folder)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    guards.limit(limits, processes=prepared.processes)
    waiting = Waiting(prepared.confinement, folder)
    # What a reading touches is then this child's own, before anybody waits.
    _answer({"do": "read", "name": "sample.pdf", "given": [prepared.sample]}, prepared.readers)
    with socket.socket(fileno=3) as channel:
        message, descriptors, _, _ = socket.recv_fds(channel, MAX_REQUEST_BYTES, 1)
    if message:
        request = json.loads(message)
        request["given"] = waiting.enforce(request["given"])
        write = functools.partial(_write, descriptors[0])
        write(_answer(request, prepared.readers, write))
    os._exit(0)


def _answer(request: Mapping[str, Any], readers: Registry, write: Callable[[bytes], None] | None = None) -> bytes:
    """write: sends what comes before the answer, where a request has such."""
    try:
        return READ + _perform(request, readers, write)
    except IngestError as error:
        return _failed(error)
    except MemoryError:
        return _failed(TooExpensive(limit="memory"))
    except Exception as error:  # noqa: BLE001 - the border: a reader's mistake is one file's outcome
        if "malloc" in str(error) or "out of memory" in str(error).lower():
            return _failed(TooExpensive(limit="memory"))
        place = "".join(traceback.format_tb(error.__traceback__)[-3:])
        return _failed(ReaderCrashed(signal=type(error).__name__), place)


def _perform(request: Mapping[str, Any], readers: Registry, write: Callable[[bytes], None] | None) -> bytes:
    from ingest import illustrate
    from ingest.formats.media import captions, inside, webvtt
    from ingest.formats.ooxml import table
    from ingest.illustrate import lighter

    given = [Path(path) for path in request["given"]]
    match request["do"]:
        case "read":
            return document(Bundle(given[0], request["name"], tuple(given[1:])), readers)
        case "picture":
            return illustrate.picture(
                given[0], media_type=request["media_type"], page=request["page"], width=request["width"]
            )
        case "layer":
            return encoded(illustrate.layer(given[0], media_type=request["media_type"], page=request["page"]))
        case "convert":
            return packed(illustrate.converted(list(zip(given, request["kinds"], strict=True))))
        case "lighter":
            return lighter.lighter(given[0], form=request["form"], timeout_seconds=request["seconds"])
        case "printed":
            return illustrate.printed(given[0], media_type=request["media_type"], sheet=request["sheet"])
        case "captions" if request["language"]:
            return webvtt.written(inside.of_language(given[0], request["language"])).encode()
        case "captions":
            with given[0].open("rb") as source:
                return webvtt.written(captions.read(source.read(captions.MAX_BYTES + 1)).cues).encode()
        case "chapter":
            return encoded(
                illustrate.chapters.chapter(given[0], media_type=request["media_type"], section=request["section"])
            )
        case "inside":
            return illustrate.chapters.inside(
                given[0], media_type=request["media_type"], source=request["source"], width=request["width"]
            )
        case "card":
            return illustrate.card(request["letters"], icon=request["icon"], width=request["width"])
        case "unpack" if write is not None:
            unpacking.send(given[0], request["name"], write)
            return b""
        case "table" if write is not None:
            for block in table.blocks(given[0]):
                write(DATA + block)
            return b""
    raise NoReader(media_type=request["do"])


def document(bundle: Bundle, readers: Registry) -> bytes:
    """Read a bundle; the document in the shape of `ingest.document.to_json`, whose keys are its fields."""
    from ingest import pipeline

    return encoded(pipeline.read(bundle, readers))


def encoded(value: Any) -> bytes:
    """A value as JSON bytes; lone surrogates (broken UTF-16 in metadata) are for `border.clean` to deal with.

    The standard library took five times as long: a fifteenth of what a book takes to be read.
    """
    try:
        return pydantic_core.to_json(value)
    except pydantic_core.PydanticSerializationError:
        # A lone surrogate, or something that is no JSON, and then this raises too.
        plain = to_json(value) if isinstance(value, Document) else value
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _failed(error: IngestError, place: str = "") -> bytes:
    return FAILED + encoded({"code": error.code, "parameters": dict(error.parameters), "place": place})


def _write(descriptor: int, message: bytes) -> None:
    view = memoryview(framed(message))
    while view:
        view = view[os.write(descriptor, view) :]


def _import_everything(extra: tuple[str, ...]) -> Registry:
    """Import and try what children use, so that each of them starts with it."""
    import lxml.etree  # type: ignore[import-untyped]
    import markdown_it
    import nh3
    import PIL.Image
    import PIL.ImageFilter
    import PIL.ImageStat
    import PIL.WebPImagePlugin
    import pymupdf

    from ingest import illustrate, pipeline, privacy
    from ingest.formats.archive import libarchive
    from ingest.formats.images import raster
    from ingest.formats.pdf import file as pdf_file
    from ingest.formats.pdf import pages as pdf_pages

    # MuPDF says on stderr what it repairs; what matters of it is in the warnings.
    tools: Any = pymupdf.TOOLS
    tools.mupdf_display_errors(False)
    tools.mupdf_display_warnings(False)
    with contextlib.suppress(ToolMissing):
        libarchive.load()
    raster.prepare()
    modules = (
        lxml.etree,
        markdown_it,
        nh3,
        PIL.Image,
        PIL.ImageFilter,
        PIL.ImageStat,
        PIL.WebPImagePlugin,
        illustrate,
        pipeline,
        privacy,
    )
    used = (*modules, pdf_file, pdf_pages)
    log.debug("warm", extra={"modules": len(used)})
    return registry.load(extra)


def _write_sample(path: str) -> None:
    """One page without a font of its own. Reading it costs a child 5 ms and saves the file it then reads as much;
    a sample with more in it was tried: 10 ms, and hardly more saved.
    """
    import pymupdf

    document: Any = pymupdf.open()  # type: ignore[no-untyped-call]
    document.new_page().insert_text((72, 100), ["A few lines", "of plain text"])
    document.save(path)
    document.close()
