"""Small judgements about one node or address, for whoever sets a page in our own terms."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from ingest.illustrate.chapters import rules
from ingest.illustrate.chapters.tree import Child, Node

_FLOWING = frozenset(("span", "p", "a"))
# Emphasis that somebody has drawn and not named.
_STYLES = tuple(
    (re.compile(rf"(?:^|;)\s*{pattern}", re.IGNORECASE), tag)
    for pattern, tag in (
        (r"font-style\s*:\s*(?:italic|oblique)", "em"), (r"font-weight\s*:\s*(?:bold|[6-9]00)", "strong"),
        (r"text-decoration(?:-line)?\s*:[^;]*underline", "u"), (r"vertical-align\s*:\s*super", "sup"),
        (r"vertical-align\s*:\s*sub\b", "sub"),
    )
)  # fmt: skip
_OUTSIDE = re.compile(r"https?://[^/?#]|mailto:.", re.IGNORECASE)
_UNQUOTED = re.compile(r"[\s\"<>\\^`{|}\x7f]")
_PIXELS = re.compile(r"\s*(\d{1,5})(?:\.\d*)?\s*(?:px)?\s*")


def anchor_of(identifier: str) -> str:
    """An id as this library writes it: none of the page's own can be meant."""
    return "in-" + re.sub(r"[^\w.:-]", "_", identifier)[:100]


def outside_of(reference: str) -> str:
    """An address out of the library that may be a link; empty where it is none."""
    if reference.startswith("//"):
        reference = f"https:{reference}"
    if not _OUTSIDE.match(reference):
        return ""
    scheme, colon, rest = reference.partition(":")
    made = f"{scheme.lower()}{colon}{_UNQUOTED.sub(lambda sign: quote(sign[0]), rest)}"
    return made if rules.ELEMENTS["a"]["href"].fullmatch(made) else ""


def own_nodes(drawing: Node) -> Iterator[Node]:
    """What is below a drawing, without the pages that it holds."""
    for child in drawing.children:
        if isinstance(child, Node) and child.tag not in ("foreignobject", "desc", "title"):
            yield child
            yield from own_nodes(child)


def kinds(node: Node) -> set[str]:
    """What a book says that an element is."""
    return set(f"{node.attributes.get('epub:type', '')} {node.attributes.get('role', '')}".lower().split())


def allowed(tag: str, values: Mapping[str, str]) -> dict[str, str]:
    known = rules.ELEMENTS[tag]
    return {name: value for name, value in values.items() if name in known and value and known[name].fullmatch(value)}


def own(tag: str, node: Node) -> dict[str, str]:
    """Attributes that mean something on this element only."""
    given = {name: value.strip() for name, value in node.attributes.items()}
    for name in ("id", "lang", "dir", "class", "href", "data-to", "data-picture"):
        given.pop(name, None)
    if "reversed" in given and tag == "ol":
        return {**allowed(tag, given), "reversed": ""}
    return allowed(tag, given)


def emphasised(tag: str, node: Node, content: list[Child]) -> list[Child]:
    style = node.attributes.get("style", "")
    if style and tag in _FLOWING and shows(content):
        for pattern, emphasis in _STYLES:
            if pattern.search(style):
                content = [Node(emphasis, {}, content)]
    return content


def shows(content: list[Child]) -> bool:
    """Whether there is anything to see."""
    return any(
        bool(child.strip()) if isinstance(child, str) else child.tag in ("img", "math", "hr") or shows(child.children)
        for child in content
    )


def into(items: list[Child], made: list[Child], tag: str) -> None:
    """Put what may not stand in a list into an item, together with what stood before it alike."""
    if not shows(made):
        return
    if items and isinstance(items[-1], Node) and items[-1].tag == tag and items[-1].number < 0:
        items[-1].children += made
    else:
        items.append(Node(tag, {}, made, number=-1))


def scaled(node: Node, size: tuple[int, int]) -> tuple[int, int]:
    """As large as the book wants it where that is smaller than it is; its shape stays."""
    width, height = size
    share = 1.0
    for name, side in (("width", width), ("height", height)):
        if match := _PIXELS.fullmatch(node.attributes.get(name, "")):
            share = min(share, int(match[1]) / side) if int(match[1]) else share
    return max(1, round(width * share)), max(1, round(height * share))
