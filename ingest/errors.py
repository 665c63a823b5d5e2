"""What can go wrong while a file is read: codes with parameters, no sentences.

    IngestError
    ├── BrokenFile          broken-file          the bytes are not what the format asks for
    ├── EncryptedFile       encrypted-file       a password is needed
    ├── EmptyFile           empty-file           no bytes
    ├── NoReader            no-reader            kept and downloadable, not read (yet)
    ├── TooExpensive        too-expensive        a limit was reached {limit: time|memory|output|size}
    ├── ReaderCrashed       reader-crashed       the child died {signal}
    ├── HostileArchive      hostile-archive      a zip made to harm {sign: entries|overlap|name|link|twins}
    ├── SplitArchive        split-archive        one volume of several
    └── ToolMissing         tool-missing         an optional program is not on PATH {tool}

The sentences people read are made from these codes in `service/messages`,
because this package knows no language and no user.
"""

from collections.abc import Mapping
from typing import ClassVar


class IngestError(Exception):
    """Root of all errors of `ingest`; `code` is stable, `parameters` fill its sentence."""

    code: ClassVar[str]

    def __init__(self, **parameters: str | int) -> None:
        super().__init__(self.code, parameters)
        self.parameters: Mapping[str, str | int] = parameters


class BrokenFile(IngestError):
    code = "broken-file"


class EncryptedFile(IngestError):
    code = "encrypted-file"


class EmptyFile(IngestError):
    code = "empty-file"


class NoReader(IngestError):
    code = "no-reader"


class TooExpensive(IngestError):
    code = "too-expensive"


class ReaderCrashed(IngestError):
    code = "reader-crashed"


class HostileArchive(IngestError):
    code = "hostile-archive"


class SplitArchive(IngestError):
    code = "split-archive"


class ToolMissing(IngestError):
    code = "tool-missing"


BY_CODE: Mapping[str, type[IngestError]] = {
    error.code: error
    for error in (
        BrokenFile,
        EncryptedFile,
        EmptyFile,
        NoReader,
        TooExpensive,
        ReaderCrashed,
        HostileArchive,
        SplitArchive,
        ToolMissing,
    )
}
