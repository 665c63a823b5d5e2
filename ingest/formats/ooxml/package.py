"""A package: parts by name and the relations between them (ECMA-376-2, Open Packaging Conventions).

Nothing outside the package is ever followed: a relation to a remote template
or a linked picture has no part.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ingest.errors import BrokenFile
from ingest.formats import packages, xml
from ingest.formats.ooxml import symbols
from ingest.formats.ooxml.names import choose, transitional
from ingest.formats.zip import Members, Stream

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# A slide of 5 MB is a rarity; a document of 100 MB of XML has 2,000 pages.
_MOST_PART_BYTES = 128 * 1024**2
# Where relations are lost, the usual names still lead to the text.
_USUAL = re.compile(r"ppt/presentation\.xml|word/document\d*\.xml|xl/workbook\.xml", re.IGNORECASE)
_MACROS = re.compile(r"vbaproject\.bin$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Relation:
    """kind: the last word of its type (slide, chart, image …), the same in strict files. part: "" if outside."""

    kind: str
    part: str


class Package:
    """An opened package. broken: names of parts that could not be read, for the owner's warning."""

    def __init__(self, members: Members) -> None:
        self._members = members
        # Part names are equal whatever their case (ECMA-376-2, 6.2.2.3).
        self._names = {name.casefold(): name for name in members.names}
        self._relations: dict[str, Mapping[str, Relation]] = {}
        self.broken: set[str] = set()

    @property
    def media_type(self) -> str:
        return packages.kind(self._members)

    @property
    def has_macros(self) -> bool:
        return any(_MACROS.search(name) for name in self._names)

    def main(self) -> str:
        """The part that the package is about. Raises: BrokenFile: there is none."""
        for relation in self.relations("").values():
            if relation.kind == "officeDocument" and relation.part:
                return relation.part
        for name in self._names.values():
            if _USUAL.fullmatch(name):
                return name
        raise BrokenFile(part="package")

    def relations(self, part: str) -> Mapping[str, Relation]:
        """Relations of a part (of the package itself: "") by id; empty where they are missing or broken."""
        if part not in self._relations:
            folder, name = posixpath.split(part)
            table = self._find(posixpath.join(folder, "_rels", f"{name}.rels"))
            root = self.tree(table) if table else None
            rows = () if root is None else root.iter(_RELATIONSHIP)
            self._relations[part] = {row.get("Id", ""): self._relation(folder, row) for row in rows}
        return self._relations[part]

    def related(self, part: str, *kinds: str) -> list[str]:
        """Parts that a part points at by relations of these kinds, each once, in the file's order."""
        found = (relation.part for relation in self.relations(part).values() if relation.kind in kinds)
        return list(dict.fromkeys(name for name in found if name))

    def target(self, part: str, identifier: str | None) -> str:
        """The part that an id in a part's XML stands for; empty where it is missing or outside."""
        relation = self.relations(part).get(identifier or "")
        return relation.part if relation else ""

    def parse(self, part: str) -> Any:
        """The root of a part, alternatives chosen and letters of Symbol readable. Raises: BrokenFile; TooExpensive."""
        data = transitional(self._members.read(part, most=_MOST_PART_BYTES))
        root = xml.parse(data)
        choose(root)
        if symbols.may_have_letters(data):
            symbols.settle(root)
        return root

    def tree(self, part: str) -> Any | None:
        """`parse`, or None for a part that is missing or broken: the others are worth having."""
        if not part:
            return None
        try:
            return self.parse(part)
        except BrokenFile:
            self.broken.add(part)
            return None

    def data(self, part: str, *, most: int) -> bytes:
        """The bytes of a part. Raises: BrokenFile; TooExpensive: more than `most`."""
        return self._members.read(part, most=most)

    def head(self, part: str, size_bytes: int) -> bytes:
        """The first bytes of a part; empty where it is missing or broken."""
        return self._members.beginning(part, size_bytes)

    def stream(self, part: str) -> Stream:
        """A part to be read piece by piece. Raises: BrokenFile."""
        return self._members.open(part)

    def _find(self, name: str) -> str:
        return self._names.get(name.casefold(), "")

    def _relation(self, folder: str, row: Any) -> Relation:
        kind = row.get("Type", "").rpartition("/")[2]
        target = row.get("Target", "")
        if row.get("TargetMode") == "External":
            return Relation(kind, "")
        path = posixpath.normpath(posixpath.join("/", folder, unquote(target.partition("#")[0])))
        # A part that is missing keeps its name: whoever asks for it is told that it is broken.
        return Relation(kind, self._find(path.lstrip("/")) or path.lstrip("/"))


@contextmanager
def opened(path: Path) -> Iterator[Package]:
    """A package in a file. Raises: BrokenFile: no readable zip."""
    with Members(path) as members:
        yield Package(members)
