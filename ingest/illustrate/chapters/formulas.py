"""Formulas: MathML of the kinds that draw something, and beside it the formula in plain words.

Browsers draw MathML since Chrome 109; for older ones and for whoever copies
text, `alttext` holds what search found. Source: MathML Core.
"""

import re
from collections.abc import Mapping

from ingest.formats.mathml import Formula
from ingest.illustrate.chapters import rules
from ingest.illustrate.chapters.tree import Child, Node

_SILENT = frozenset(("annotation", "annotation-xml", "maligngroup", "malignmark", "mglyph"))
# How many children an element has by its meaning: with others a browser draws an error.
_TAKES = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
_SEPARATORS = re.compile(r"\s")


def formula(node: Node) -> list[Child]:
    """A <math> in our terms; its words where nothing of it is drawn."""
    spelt = Formula(node.attributes.get("alttext", ""))
    for child in node.children:
        _spell(spelt, child)
    words = " ".join(spelt.text().split())
    content = _content(node)
    if not any(isinstance(child, Node) for child in content):
        return [f" {words} "] if words else []
    attributes = _kept("math", {**node.attributes, "alttext": words[:1000]})
    if node.attributes.get("mode") == "display":
        attributes["display"] = "block"
    return [Node("math", attributes, content)]


def _spell(spelt: Formula, child: Child) -> None:
    if isinstance(child, str):
        spelt.data(child)
        return
    spelt.start(child.tag)
    for below in child.children:
        _spell(spelt, below)
    spelt.end()


def _content(node: Node) -> list[Child]:
    # Words between elements are not drawn; where they are the whole formula, its words are shown.
    return [made for child in node.children if isinstance(child, Node) for made in _set(child)]


def _set(node: Node) -> list[Child]:
    tag = node.tag
    if tag in _SILENT or tag == "math":
        return _content(node) if tag == "math" else []
    if tag in rules.MATH_LEAVES:
        return [Node(tag, _kept(tag, node.attributes), [" ".join(node.text().split())])]
    if tag == "semantics":
        return _content(node)[:1]
    if tag == "mfenced":
        return [_fenced(node)]
    if tag not in rules.MATH:
        return [Node("mrow", {}, _content(node))]
    content = _content(node)
    if tag in _TAKES and len(content) != _TAKES[tag]:
        return [Node("mrow", {}, content)]
    return [Node(tag, _kept(tag, node.attributes), content)]


def _fenced(node: Node) -> Node:
    """Browsers do not know it any more: the same with signs."""
    signs = list(_SEPARATORS.sub("", node.attributes.get("separators", ",")))
    made: list[Child] = [Node("mo", {"fence": "true", "form": "prefix"}, [node.attributes.get("open", "(")])]
    for number, child in enumerate(_content(node)):
        if number and signs:
            made.append(Node("mo", {"separator": "true"}, [signs[min(number, len(signs)) - 1]]))
        made.append(child)
    made.append(Node("mo", {"fence": "true", "form": "postfix"}, [node.attributes.get("close", ")")]))
    return Node("mrow", {}, made)


def _kept(tag: str, attributes: Mapping[str, str]) -> dict[str, str]:
    known = rules.ELEMENTS[tag]
    return {name: value for name, value in attributes.items() if name in known and known[name].fullmatch(value)}
