"""SCORM 1.2 and 2004, IMS content packages, Common Cartridge: a passage an item, the tree as table of contents.

What an item opens is read: its pages, topics and questions, and the data from
which a player draws. What its scripts make up as they run cannot be read.
"""

import posixpath
from collections.abc import Iterator

from ingest.document import Bundle, ContentsEntry, Document, Locator, Passage, Warning
from ingest.formats import packages
from ingest.formats.packages import ims, member_text
from ingest.formats.packages.ims import Manifest, Resource
from ingest.formats.packages.member_text import Text
from ingest.formats.packages.parts import passage
from ingest.formats.zip import Members
from ingest.vietnamese.language import main_language

VERSION = "2"
MEDIA_TYPES = {"application/x-scorm": 100, "application/x-imscp": 100, "application/x-imscc": 100}

_MOST_NAMES = 5
# Settings of the course that a platform wrote for itself.
_PLATFORM = ("course_settings/", "non_cc_assessments/")


def extract(bundle: Bundle) -> Document:
    """Read one package. Raises: BrokenFile: no manifest that can be read; EncryptedFile; HostileArchive."""
    with Members(bundle.main) as members:
        manifest = ims.read(members)
        reading = _Reading(members, manifest)
        passages = list(reading.passages())
        return Document(
            media_type=packages.kind(members),
            metadata=manifest.metadata,
            language=main_language((one.language, len(one.text)) for one in passages),
            passages=tuple(passages),
            contents=tuple(reading.contents()),
            warnings=tuple(reading.warnings()),
        )


class _Reading:
    """One walk over the tree; a member is read once, for the first item that leads to it."""

    def __init__(self, members: Members, manifest: Manifest) -> None:
        self.members = members
        self.manifest = manifest
        self.read: set[str] = set()
        self.unread: list[str] = []
        self.missing = sum(one.is_missing for one in manifest.resources.values())
        placed = {item.resource for item in manifest.items}
        self.unplaced = [
            one for one in manifest.resources.values() if one.identifier not in self._needed(placed) | placed
        ]

    def passages(self) -> Iterator[Passage]:
        for item in self.manifest.items:
            resource = self.manifest.resources.get(item.resource)
            if resource is not None:
                found = passage(item.identifier, item.title, self._text(resource).text)
                if found is not None:
                    yield found
        for resource in self.unplaced:
            read = self._text(resource)
            found = passage(resource.identifier, read.title, read.text) if read.text else None
            if found is not None:
                yield found
        # Some programs name only the page a course starts with; the others belong to whatever lies nearest.
        orphans = [name for name in self.members.names if member_text.is_page(name) and name not in self.read]
        for name in orphans:
            owner = self._owner(name)
            if owner and (found := passage(owner, "", self._member(name).text)) is not None:
                yield found

    def contents(self) -> Iterator[ContentsEntry]:
        for item in self.manifest.items:
            yield ContentsEntry(item.title, item.level, Locator("item", item.identifier))
        for resource in self.unplaced:
            if member_text.extension(resource.main) in member_text.DOCUMENTS | member_text.MEDIA:
                title = posixpath.splitext(posixpath.basename(resource.main))[0]
                yield ContentsEntry(title, 1, Locator("item", resource.identifier))

    def warnings(self) -> Iterator[Warning]:
        if self.missing:
            yield Warning("broken-parts", {"parts": self.missing})
        if self.unread:
            names = ", ".join(posixpath.basename(name) for name in self.unread[:_MOST_NAMES])
            yield Warning("documents-inside", {"number": len(self.unread), "names": names})

    def _text(self, resource: Resource) -> Text:
        """Everything that a resource shows, with the title of its first page."""
        files = list(resource.files)
        for needed in resource.needs:
            if other := self.manifest.resources.get(needed):
                files += other.files
        read = [self._member(name) for name in files if not name.startswith(_PLATFORM)]
        title = next((one.title for one in read if one.title), "")
        return Text(title, "\n".join(one.text for one in read if one.text))

    def _member(self, name: str) -> Text:
        if name in self.read:
            return Text()
        self.read.add(name)
        if member_text.extension(name) in member_text.DOCUMENTS:
            self.unread.append(name)
            return Text()
        return member_text.read(self.members, name)

    def _needed(self, placed: set[str]) -> set[str]:
        return {
            needed
            for identifier in placed
            if identifier in self.manifest.resources
            for needed in self.manifest.resources[identifier].needs
        }

    def _owner(self, name: str) -> str:
        """The item, or else the resource, whose first page lies in the nearest folder above a member."""
        opened = {item.resource: item.identifier for item in reversed(self.manifest.items) if item.resource}
        owners = {
            posixpath.dirname(one.main): opened.get(one.identifier, one.identifier)
            for one in reversed([*self.manifest.resources.values()])
            if one.main
        }
        folder = posixpath.dirname(name)
        while folder not in owners and folder:
            folder = posixpath.dirname(folder)
        return owners.get(folder) or next(iter(opened.values()), "")
