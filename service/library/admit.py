"""Whether a file of a batch may go in at all, before anybody hashes it: what is refused or left out ends its line."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path

from ingest.sniff import is_litter
from service.library.archives import Found
from service.library.outcomes import Line
from service.library.walking import is_regular
from service.messages import catalogue


def is_openable(path: Path, line: Line, language: str) -> bool:
    """Whether it is a file: opening a link, a device or a pipe leads elsewhere or never ends. Where it is none, its
    line has been ended."""
    try:
        if is_regular(path):
            return True
        if path.is_dir() and not path.is_symlink():
            # It came because nobody could look into it; now it says why.
            with os.scandir(path):
                pass
    except OSError as error:
        unreadable(line, error, language)
    else:
        line.end("refused", "no-regular-file", {"name": line.path}, language)
    return False


def admitted(found: Found, line: Line, sheets: Sequence[Path], language: str) -> int:
    """Bytes of a file that may go in; where it may not, its line has been ended.

    sheets: the sheet of the batch and what belongs to it, which may lie among its files.
    """
    path = found.path
    if found.refusal is not None:
        line.end("refused", found.refusal.code, {"name": line.path, **found.refusal.parameters}, language)
        return 0
    if is_litter(found.name):
        line.end("skipped", "litter", {"name": line.path}, language)
        return 0
    try:
        if any(path.samefile(sheet) for sheet in sheets):
            line.end("skipped", "the-sheet", {"name": line.path}, language)
            return 0
        size_bytes = path.stat().st_size
    except OSError as error:
        unreadable(line, error, language)
        return 0
    if size_bytes == 0:
        line.end("refused", "empty-file", {"name": line.path}, language)
    return size_bytes


def unreadable(line: Line, error: OSError, language: str) -> None:
    """The file cannot be read: its line says why."""
    line.end("refused", "unreadable-path", {"name": line.path, "reason": reason_of(error, language)}, language)


def reason_of(error: OSError, language: str) -> str:
    """Why the system did not do it, in words of ours where there are some."""
    code = errno.errorcode.get(error.errno or 0, "").lower()
    return str(catalogue(language).get(f"errno-{code}", error.strerror or ""))
