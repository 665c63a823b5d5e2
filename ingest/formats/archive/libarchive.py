"""Read RAR, 7z and rare ZIPs through libarchive, which Debian keeps safe and current.

Its errors become ours here. Names come as Unicode where the format stores
that; otherwise their bytes are read as in `zip_names`.
"""

import contextlib
import locale
import logging
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.errors import BrokenFile, EncryptedFile, HostileArchive, IngestError, SplitArchive, ToolMissing
from ingest.formats.zip.names import meant

# Only these: it knows thirty more, and each is code that hostile bytes reach.
_FIRST, _OTHERS = "7zip", ("rar", "rar5", "zip")
_BLOCK_BYTES = 256 * 1024


def read(path: Path, *, data: bool) -> Iterator[tuple[str, bytes]]:
    """(name, b"") where a member begins, then ("", bytes) of it; without `data` only the names.

    Raises: BrokenFile(part="archive"), EncryptedFile, HostileArchive(sign="link"), SplitArchive,
    ToolMissing(tool="libarchive").
    """
    library, reading = load()
    try:
        with path.open("rb") as source, reading.new_archive_read(_FIRST, "none") as pointer:
            for name in _OTHERS:
                library.get_read_format_function(name)(pointer)
            library.read_open_fd(pointer, source.fileno(), _BLOCK_BYTES)
            for entry in reading.ArchiveRead(pointer):
                if entry.isdir:
                    continue
                # What has no type is a file to the formats that know none.
                if entry.linkpath or entry.filetype not in (0, stat.S_IFREG):
                    raise HostileArchive(sign="link")
                if library.entry_is_encrypted(entry._entry_p):
                    raise EncryptedFile
                yield _name(library, entry), b""
                if data:
                    yield from (("", block) for block in entry.get_blocks(_BLOCK_BYTES))
    except library.ArchiveError as error:
        raise _ours(str(error)) from error


def load() -> tuple[Any, Any]:
    """The library's functions and its readers; found by asking ldconfig, so called before a child may start nothing.

    Raises: ToolMissing(tool="libarchive").
    """
    from ctypes import c_char_p, c_int, c_void_p

    # It converts names through the locale; a child starts without one.
    with contextlib.suppress(locale.Error):
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    try:
        from libarchive import ffi
        from libarchive import read as reading
    except (ImportError, OSError, TypeError, AttributeError) as error:
        # Without the shared library the module fails with whatever ctypes makes of that.
        raise ToolMissing(tool="libarchive") from error
    logging.getLogger("libarchive").setLevel(logging.ERROR)
    # Functions of the shared library that the module has no words for.
    ffi.ffi("entry_is_encrypted", [c_void_p], c_int)
    ffi.ffi("entry_pathname_utf8", [c_void_p], c_char_p)
    return ffi, reading


def _name(library: Any, entry: Any) -> str:
    unicode = library.entry_pathname_utf8(entry._entry_p)
    if unicode is not None:
        return str(unicode.decode("utf-8", "replace"))
    return meant(library.entry_pathname(entry._entry_p) or b"")


def _ours(message: str) -> IngestError:
    said = message.lower()
    if any(word in said for word in ("encrypt", "crypto", "passphrase", "password")):
        return EncryptedFile()
    if "volume" in said:
        return SplitArchive()
    return BrokenFile(part="archive")
