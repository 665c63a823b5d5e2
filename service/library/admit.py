"""Whether a file of a batch may go in at all, before anybody hashes it: what is refused or left out ends its line."""

from collections.abc import Sequence
from pathlib import Path

from ingest.sniff import is_litter
from service.library.archives import Found
from service.library.outcomes import Line


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
    line.end("refused", "unreadable-path", {"name": line.path, "reason": error.strerror or ""}, language)
