"""SVG: a drawing as XML that may carry scripts and point anywhere. Its texts are read, and a tame copy is drawn.

Nobody is shown the file itself inside a page; what is shown is pixels made
from the copy, in the sandbox's children, which have no network either.
"""

import re
from collections.abc import Iterator
from typing import Any

from ingest.errors import BrokenFile
from ingest.formats import xml

MAX_BYTES = 32 * 1024**2

# A document type without declarations of its own, as Inkscape and Illustrator write it, says nothing and harms nothing.
_PLAIN_DOCTYPE = re.compile(rb"<!DOCTYPE\s+svg[^\[<>]*>", re.IGNORECASE)
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_EMBEDDED = re.compile(r"\s*data:image/(?:png|jpe?g|gif|webp);base64,", re.IGNORECASE)
_LENGTH = re.compile(r"\s*(\d{1,7}(?:\.\d*)?)\s*(px|pt|pc|mm|cm|in)?\s*")
_PIXELS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
# Elements that run, load, or hold other documents.
_WILD = frozenset(("script", "foreignobject", "iframe", "audio", "video", "handler", "set", "animate", "style"))
# How many copies <use> may make in all: twenty levels that double make a million.
_MOST_COPIES = 10_000
_DEEPEST_COPIES = 32
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_MOST_RULES = 2_000


def parse(data: bytes) -> Any:
    """The root element. Raises: BrokenFile: no sound SVG, or one that declares entities."""
    root = xml.parse(_PLAIN_DOCTYPE.sub(b"", data, count=1))
    if _name(root) != "svg":
        raise BrokenFile(part="svg")
    return root


def size(root: Any) -> tuple[int, int] | None:
    """Width and height in CSS pixels, from the attributes, else from the view box; None where neither tells."""
    lengths = [_length(root.get(name, "")) for name in ("width", "height")]
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    sides = [_length(side) for side in box[2:4]] if len(box) == 4 else [None, None]
    width, height = (length or side for length, side in zip(lengths, sides, strict=True))
    return (max(1, round(width)), max(1, round(height))) if width and height else None


def texts(root: Any) -> Iterator[str]:
    """Each text of the drawing, in document order."""
    for element in root.iter("{*}text"):
        if text := " ".join("".join(element.itertext()).split()):
            yield text


def own(root: Any, name: str) -> str:
    """The drawing's own <title> or <desc>: a child of the root, not of one of its parts."""
    found = root.find(f"{{*}}{name}")
    return "" if found is None else " ".join("".join(found.itertext()).split())


def packet(root: Any) -> bytes:
    """The RDF inside, which is XMP or Dublin Core; empty where there is none."""
    from lxml import etree  # type: ignore[import-untyped]

    found = next(root.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"), None)
    return b"" if found is None else bytes(etree.tostring(found))


def tame(root: Any) -> bytes:
    """The drawing without anything that runs, loads or multiplies; `root` is changed.

    Raises: BrokenFile: copies of copies without end.
    """
    from lxml import etree

    _inline_styles(root)
    for element in list(root.iter()):
        name = _name(element).lower()
        wild = not name or name in _WILD or (name in ("image", "feimage") and not _is_embedded(element))
        if wild and element.getparent() is not None:
            element.getparent().remove(element)
            continue
        for key, value in element.attrib.items():
            outside = key in _HREFS and not value.startswith("#") and not _EMBEDDED.match(value)
            if outside or key.lower().startswith("on") or "url(" in value.replace("url(#", ""):
                del element.attrib[key]
    if _multiplies(root):
        raise BrokenFile(part="svg")
    return bytes(etree.tostring(root))


def _inline_styles(root: Any) -> None:
    """Rules for a class, an id or a kind of element, written into each: MuPDF draws no style sheets."""
    rules: dict[str, str] = {}
    for sheet in root.iter("{*}style"):
        for selectors, declarations in _RULE.findall("".join(sheet.itertext()))[:_MOST_RULES]:
            for selector in selectors.split(","):
                rules[selector.strip()] = rules.get(selector.strip(), "") + declarations.strip().rstrip(";") + ";"
    for element in root.iter() if rules else ():
        classes = [f".{name}" for name in element.get("class", "").split()]
        found = [rules.get(key, "") for key in (_name(element), *classes, f"#{element.get('id', '')}")]
        if any(found):
            element.set("style", "".join(found) + element.get("style", ""))


def _multiplies(root: Any) -> bool:
    """Whether <use>, whose copies may hold <use> again, makes too many copies, or goes in a circle."""
    inside: dict[str, list[str]] = {"": []}
    for number, use in enumerate(root.iter("{*}use")):
        if number >= _MOST_COPIES:
            return True
        target = next((use.get(key)[1:] for key in _HREFS if use.get(key)), "")
        for holder in {"", use.get("id", ""), *(above.get("id", "") for above in use.iterancestors())}:
            inside.setdefault(holder, []).append(target)
    copies = dict.fromkeys(inside, 0)
    for _ in range(_DEEPEST_COPIES):
        counted = {
            holder: sum(1 + copies.get(target, 0) for target in targets if target) for holder, targets in inside.items()
        }
        if max(counted.values()) > _MOST_COPIES:
            return True
        if counted == copies:
            return False
        copies = counted
    return True


def _is_embedded(element: Any) -> bool:
    return any(_EMBEDDED.match(element.get(key, "")) for key in _HREFS)


def _length(text: str) -> float | None:
    match = _LENGTH.fullmatch(text)
    return float(match[1]) * _PIXELS[match[2] or "px"] if match else None


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""
