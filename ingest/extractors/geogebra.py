"""GeoGebra: the construction's title and author, the texts on its board and around it.

A worksheet is one item named after the member that holds it; the slides of a
GeoGebra Notes file are several.
"""

import re
from collections.abc import Iterator
from typing import Any

from ingest.document import Bundle, ContentsEntry, Document, Locator, Passage, Value
from ingest.errors import BrokenFile
from ingest.formats import html, xml
from ingest.formats.packages.lom import local
from ingest.formats.packages.parts import passage
from ingest.formats.words import tidy
from ingest.formats.zip import Members
from ingest.vietnamese.language import main_language

VERSION = "1"
MEDIA_TYPES = {"application/vnd.geogebra.file": 100, "application/vnd.geogebra.tool": 100}

_BOARDS = re.compile(r"(?:_slide\d+/)?geogebra\.xml|geogebra_macro\.xml")
_MOST_BYTES = 64 * 1024**2
_QUOTED = re.compile(r'"([^"]*)"')
# \text{diện tích} = \frac{1}{2}: the words and numbers of a formula, without its commands.
_COMMAND = re.compile(r"\\[a-zA-Z]+|[{}$\\]")


def extract(bundle: Bundle) -> Document:
    """Read one construction. Raises: BrokenFile: no board that can be read."""
    metadata: list[Value] = []
    contents: list[ContentsEntry] = []
    passages: list[Passage] = []
    with Members(bundle.main) as members:
        boards = sorted((name for name in members.names if _BOARDS.fullmatch(name)), key=_number)
        if not boards:
            raise BrokenFile(part="manifest")
        for name in boards:
            root = xml.parse(members.read(name, most=_MOST_BYTES))
            for construction in (one for one in root.iter() if local(one) in ("construction", "macro")):
                title = tidy(construction.get("title") or construction.get("toolName") or "")
                metadata += _values(construction, title)
                found = passage(name, title, "\n".join(dict.fromkeys(filter(None, _texts(construction)))))
                if found is not None:
                    passages.append(found)
                    contents.append(ContentsEntry(title or name, 1, Locator("item", name)))
    return Document(
        media_type="application/vnd.geogebra.file",
        metadata=tuple(metadata),
        language=main_language((one.language, len(one.text)) for one in passages),
        passages=tuple(passages),
        contents=tuple(contents) if len(contents) > 1 else (),
    )


def _number(name: str) -> tuple[int, str]:
    digits = re.search(r"\d+", name)
    return int(digits.group()) if digits else -1, name


def _values(construction: Any, title: str) -> Iterator[Value]:
    for field, text in (("title", title), ("creator", tidy(construction.get("author", "")))):
        if text:
            yield Value(field, text, "construction")


def _texts(construction: Any) -> Iterator[str]:
    boards = {one.get("label") for one in construction.iter() if local(one) == "element" and one.get("type") == "text"}
    formulas = {
        one.get("label")
        for one in construction.iter()
        if local(one) == "element" and any(local(child) == "islatex" for child in one)
    }
    for one in construction.iter():
        name = local(one)
        if name == "worksheettext":
            yield from (_plain(one.get(place, "")) for place in ("above", "below"))
        elif name == "expression" and one.get("label") in boards:
            # "S = " + S + " cm²": what stands between quotation marks is shown as it is.
            shown = " ".join(_QUOTED.findall(one.get("exp", "")))
            yield tidy(_COMMAND.sub(" ", shown) if one.get("label") in formulas else shown)
        elif name == "caption":
            yield _plain(one.get("val", ""))
        elif name == "content":
            # Rich text of GeoGebra Notes: a list of runs as JSON.
            yield " ".join(re.findall(r'"text":"((?:[^"\\]|\\.)*)"', one.get("val", ""))).replace("\\n", " ")


def _plain(text: str) -> str:
    return " ".join(block.text for block in html.read(text).blocks) if "<" in text else tidy(text)
