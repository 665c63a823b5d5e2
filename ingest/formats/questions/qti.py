"""QTI: an item, a bank of version 1.2, or a content package of either, in the order of its test.

In a package a test names its items; those that none names follow in the order
of the manifest. What is missing or broken costs a warning, never the rest.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ingest.errors import BrokenFile, TooExpensive
from ingest.formats import xml
from ingest.formats.packages import ims
from ingest.formats.questions import qti1, qti2
from ingest.formats.questions.markup import name
from ingest.formats.questions.shape import About, Question
from ingest.formats.words import tidy
from ingest.formats.zip import Members

_ZIP = b"PK"
# An item is some kilobytes, a bank of two thousand some megabytes; a tree is ten times as large as its text.
_MOST_BYTES = 32 * 1024**2
_TEST, _ITEM, _BANK = "assessmenttest", "assessmentitem", "questestinterop"


def questions(path: Path, about: About) -> Iterator[Question]:
    """The questions in their order.

    Raises: BrokenFile: no XML, or no manifest; EncryptedFile; HostileArchive; TooExpensive.
    """
    with path.open("rb") as source:
        is_package = source.read(2) == _ZIP
    if is_package:
        with Members(path) as members:
            yield from _Package(members, about).questions()
        return
    if path.stat().st_size > _MOST_BYTES:
        raise TooExpensive(limit="size")
    root = xml.parse(path.read_bytes())
    about.title = tidy(root.get("title", ""))
    yield from _of(root, about, "")


def _of(root: Any, about: About, member: str) -> Iterator[Question]:
    if name(root) == _ITEM:
        yield qti2.question(root, member)
    elif name(root) == _BANK:
        yield from qti1.questions(root, about, member)


class _Package:
    def __init__(self, members: Members, about: About) -> None:
        self._members, self._about = members, about
        manifest = ims.read(members)
        about.values += manifest.metadata
        about.broken += sum(one.is_missing for one in manifest.resources.values() if "qti" in one.type.lower())
        named = [one for one in manifest.resources.values() if one.files and "qti" in one.type.lower()]
        # Tests come first, because they say in which order the others come.
        named.sort(key=lambda one: "test" not in one.type.lower())
        self._names = [one.main or one.files[0] for one in named]

    def questions(self) -> Iterator[Question]:
        done: set[str] = set()
        waiting: list[tuple[str, tuple[str, ...]]] = [(one, ()) for one in reversed(self._names)]
        while waiting:
            member, category = waiting.pop()
            if member in done:
                continue
            done.add(member)
            root = self._parsed(member)
            if root is None:
                self._about.broken += 1
            elif name(root) == _TEST:
                self._about.title = self._about.title or tidy(root.get("title", ""))
                waiting += reversed([*self._listed(root, member)])
            else:
                for one in _of(root, self._about, member):
                    yield replace(one, category=category or one.category)

    def _parsed(self, member: str) -> Any:
        try:
            return xml.parse(self._members.read(member, most=_MOST_BYTES))
        except BrokenFile:
            return None

    def _listed(self, test: Any, member: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The items of a test with the titles of the sections that they stand in."""
        own = tidy(test.get("title", ""))
        for one in test.iter():
            if name(one) not in ("assessmentitemref", "assessmentsectionref"):
                continue
            titles = [
                tidy(above.get("title", "")) for above in one.iterancestors() if name(above) == "assessmentsection"
            ]
            category = tuple(title for title in reversed(titles) if title and title != own)
            path = posixpath.normpath(posixpath.join(posixpath.dirname(member), unquote(one.get("href", ""))))
            if path in self._members:
                yield path, category
            else:
                self._about.broken += 1
