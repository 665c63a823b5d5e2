"""What an extractor is: a module of one file that reads some media types into a `Document`.

The registry finds them, the pipeline calls the best one. Heavy libraries are
imported inside `extract`, because every process that wants the pipeline's
fingerprint imports the module.
"""

from collections.abc import Mapping
from typing import Protocol

from ingest.document import Bundle, Document


class Extractor(Protocol):
    """A module of `ingest.extractors`.

    VERSION: changes whenever the same file would come out differently; part of the pipeline's fingerprint.
    MEDIA_TYPES: media type -> score; the highest score of all extractors reads the file.
    """

    @property
    def __name__(self) -> str: ...

    @property
    def VERSION(self) -> str: ...  # noqa: N802 - a module's constant

    @property
    def MEDIA_TYPES(self) -> Mapping[str, int]: ...  # noqa: N802 - a module's constant

    def extract(self, bundle: Bundle) -> Document:
        """Read one bundle. `media_type` is the extractor's word, or "" where it has no better one than the sniffer's;
        titles and cutting are left to later steps.

        Raises: BrokenFile, EncryptedFile, ToolMissing.
        """
        ...
