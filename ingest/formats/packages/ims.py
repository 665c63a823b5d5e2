"""Read an IMS manifest: the tree of items, the resources they open, what the package says of itself.

SCORM 1.2 and 2004, IMS content packages and Common Cartridge are all laid out
by one `imsmanifest.xml`; they differ in namespaces, which are not looked at.

Source: IMS Content Packaging 1.1.4, https://www.imsglobal.org/content/packaging/
"""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from ingest.document import Value
from ingest.errors import BrokenFile
from ingest.formats import xml
from ingest.formats.packages import lom
from ingest.formats.packages.lom import local
from ingest.formats.words import tidy
from ingest.formats.zip import Members

MANIFEST = "imsmanifest.xml"
_MANIFEST_BYTES = 32 * 1024**2
# Courses have hundreds of items; what is deeper or more than this nobody reads.
_MOST_ITEMS = 10_000
_DEEPEST = 50
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the tree. resource: the identifier of what it opens, "" for a heading; level counts from 1."""

    identifier: str
    title: str
    level: int
    resource: str


@dataclass(frozen=True, slots=True)
class Resource:
    """What an item opens. main: the member it starts with, "" for none here (a link, a bare question bank).

    files: its members, `main` first, those of the resources it depends on left out.
    is_missing: what it opens with is named and not there; an address elsewhere is not missed.
    """

    identifier: str
    type: str
    main: str
    files: tuple[str, ...]
    needs: tuple[str, ...]
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """metadata: the package's own, not that of its parts."""

    items: tuple[Item, ...]
    resources: Mapping[str, Resource]
    metadata: tuple[Value, ...]


def read(members: Members) -> Manifest:
    """The manifest at the root, or in the one folder that everything was zipped in.

    Raises: BrokenFile(part="manifest"): there is none. BrokenFile(part="xml"): it is not well-formed.
    """
    name = min(
        (name for name in members.names if posixpath.basename(name).lower() == MANIFEST and name.count("/") <= 1),
        key=lambda name: name.count("/"),
        default=None,
    )
    if name is None:
        raise BrokenFile(part="manifest")
    root = xml.parse(members.read(name, most=_MANIFEST_BYTES))
    inside = _Folder(posixpath.dirname(name), members)
    resources: dict[str, Resource] = {}
    items: list[Item] = []
    metadata: list[Value] = []
    for element in root:
        part = local(element)
        if part == "resources":
            resources = {one.identifier: one for one in _resources(element, inside, root.get(_BASE) or "")}
        elif part == "metadata":
            metadata += _metadata(element, inside)
        elif part == "organizations":
            for organization in _default_first(element):
                title = _title(organization)
                if title:
                    metadata.append(Value("title", title, "manifest"))
                items += _items(organization, 1)
    return Manifest(tuple(items[:_MOST_ITEMS]), resources, tuple(metadata))


@dataclass(frozen=True, slots=True)
class _Folder:
    """Where the manifest lies in the zip: what it names is relative to that."""

    path: str
    members: Members

    def member(self, *parts: str) -> str:
        """The member that a reference means, "" where there is none or it leads elsewhere."""
        reference = posixpath.join(*parts) if parts else ""
        for spelled in (reference, unquote(reference)):
            path = posixpath.normpath(posixpath.join(self.path, spelled.split("?")[0].split("#")[0].replace("\\", "/")))
            if path in self.members:
                return path
        return ""


def _resources(element: Any, inside: _Folder, base: str) -> Iterator[Resource]:
    base = posixpath.join(base, element.get(_BASE) or "")
    for resource in element:
        identifier = resource.get("identifier", "") if local(resource) == "resource" else ""
        if not identifier:
            continue
        here = posixpath.join(base, resource.get(_BASE) or "")
        href = resource.get("href", "")
        main = inside.member(here, href) if href else ""
        named = [inside.member(here, child.get("href", "")) for child in resource if local(child) == "file"]
        needs = [child.get("identifierref", "") for child in resource if local(child) == "dependency"]
        files = tuple(dict.fromkeys(filter(None, (main, *named))))
        missing = bool(href) and not main and "//" not in href
        yield Resource(identifier, resource.get("type", ""), main, files, tuple(needs), missing)


def _metadata(element: Any, inside: _Folder) -> Iterator[Value]:
    for child in element:
        name = local(child)
        if name in ("lom", "record"):
            yield from lom.values(child)
        elif name == "location" and child.text and (member := inside.member(child.text.strip())):
            # SCORM lets the metadata stand in a file of its own.
            try:
                yield from lom.values(xml.parse(inside.members.read(member, most=_MANIFEST_BYTES)))
            except BrokenFile:
                continue


def _default_first(organizations: Any) -> list[Any]:
    found = [child for child in organizations if local(child) == "organization"]
    return sorted(found, key=lambda child: child.get("identifier") != organizations.get("default"))


def _items(parent: Any, level: int) -> Iterator[Item]:
    for child in parent:
        if local(child) != "item" or child.get("isvisible", "").lower() in ("false", "0"):
            continue
        identifier, title = child.get("identifier", ""), _title(child)
        # Common Cartridge wraps everything in one item without a title.
        named = bool(identifier and title)
        if named:
            yield Item(identifier, title, level, child.get("identifierref", ""))
        if level < _DEEPEST:
            yield from _items(child, level + 1 if named else level)


def _title(element: Any) -> str:
    return next((tidy(child.text or "") for child in element if local(child) == "title"), "")
