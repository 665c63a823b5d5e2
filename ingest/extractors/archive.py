"""Archives that are kept whole: the names of what is in them, so that they can be found.

A batch opens an archive and takes its members one by one; what comes by
another door, lies inside another archive, or is a course packed by the wrong
program, stays one file.
"""

import posixpath
from itertools import groupby

from ingest.document import Bundle, ContentsEntry, Document, Locator, Warning
from ingest.formats import archive
from ingest.formats.packages.parts import passage
from ingest.formats.words import tidy
from ingest.vietnamese.language import main_language

VERSION = "1"
MEDIA_TYPES = dict.fromkeys(archive.MEDIA_TYPES, 50)

_MOST_CONTENTS = 1000


def extract(bundle: Bundle) -> Document:
    """List one archive: a passage a folder, its path being the item ("." for what lies in none).

    Raises: BrokenFile, EncryptedFile, HostileArchive, SplitArchive; ToolMissing: RAR or 7z without libarchive.
    """
    members = sorted(archive.names(bundle.main, bundle.name))
    passages = []
    for folder, inside in groupby(sorted(members, key=posixpath.dirname), posixpath.dirname):
        titles = "\n".join(_title(name) for name in inside)
        if (found := passage(folder or ".", _title(folder), titles)) is not None:
            passages.append(found)
    return Document(
        media_type=archive.media_type(bundle.main),
        language=main_language((one.language, len(one.text)) for one in passages),
        passages=tuple(passages),
        contents=tuple(
            ContentsEntry(_title(name), name.count("/") + 1, Locator("item", name)) for name in members[:_MOST_CONTENTS]
        ),
        warnings=(Warning("archive-kept", {"files": len(members)}),),
    )


def _title(name: str) -> str:
    """A member's name as words: no folder, no extension."""
    base = posixpath.basename(name)
    return tidy(posixpath.splitext(base)[0].replace("_", " ")) or tidy(base)
