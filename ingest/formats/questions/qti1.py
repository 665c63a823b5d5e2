"""QTI 1.2: items of a `questestinterop`, as Canvas, Blackboard and older programs write them.

Source: IMS Question & Test Interoperability 1.2, https://www.imsglobal.org/question/qtiv1p2/imsqti_asi_infov1p2.html
"""

from collections.abc import Iterator
from html import escape
from itertools import islice
from typing import Any

from ingest.formats.questions.marking import marked
from ingest.formats.questions.markup import inner, name, outermost
from ingest.formats.questions.shape import MOST_CHOICES, RIGHT, About, Asked, Choice, Question
from ingest.formats.words import tidy

GAP = "_____"

_RESPONSES = ("response_lid", "response_str", "response_num", "response_xy", "response_grp")
_WRITTEN = ("response_str", "response_num")
_FLOWS = ("flow", "flow_mat", "flow_label", "render_fib", "render_choice", "render_extension")
_BOUNDS = ("vargte", "vargt", "varlte", "varlt")


def questions(root: Any, about: About, base: str) -> Iterator[Question]:
    """The items in their order."""
    for part in root:
        if name(part) in ("assessment", "objectbank") and not about.title:
            about.title = tidy(part.get("title", ""))
    for item in outermost(root, "item"):
        sections = [tidy(one.get("title", "")) for one in item.iterancestors() if name(one) == "section"]
        yield _question(item, tuple(filter(None, reversed(sections))), base)


def _question(item: Any, category: tuple[str, ...], base: str) -> Question:
    right = _right(item)
    remarks = {one.get("ident", ""): _materials(one) for one in outermost(item, "itemfeedback")}
    stem, asked, used = [], [], set()
    for element in _presented(next((one for one in item if name(one) == "presentation"), item)):
        if name(element) == "material":
            stem.append(_material(element))
            continue
        made, said = _asked(element, right, remarks)
        asked.append(made)
        used |= said
        if name(element) in _WRITTEN:
            stem.append(GAP)
    while stem and stem[-1] == GAP:
        stem.pop()
    remark = "".join(f"<div>{text}</div>" for ident, text in remarks.items() if text and ident not in used)
    return Question(
        " ".join(filter(None, stem)), tidy(item.get("title", "")), tuple(asked), remark, category, base=base
    )


def _presented(element: Any) -> Iterator[Any]:
    """Materials and responses in their order, whatever they flow in."""
    for child in element:
        kind = name(child)
        if kind == "material" or kind in _RESPONSES:
            yield child
        elif kind in _FLOWS:
            yield from _presented(child)


def _asked(response: Any, right: dict[str, list[str]], remarks: dict[str, str]) -> tuple[Asked, set[str]]:
    """What a response asks, and the remarks that belong to its choices."""
    answers = right.get(response.get("ident", ""), [])
    prompt = " ".join(_material(one) for one in response if name(one) == "material")
    if name(response) in _WRITTEN:
        inside = " ".join(_material(one) for one in _presented(response) if name(one) == "material")
        written = tuple(Choice(escape(one, quote=False), RIGHT) for one in dict.fromkeys(answers))
        return Asked(inside, written=written[:MOST_CHOICES]), set()
    labels = [*islice(outermost(response, "response_label"), MOST_CHOICES)]
    share = RIGHT / max(1, len(set(answers)))
    choices, used = [], set()
    for label in labels:
        ident = label.get("ident", "")
        # Canvas names the remark of a choice after it.
        remark = remarks.get(f"{ident}_fb", "")
        used |= {f"{ident}_fb"} if remark else set()
        choices.append(Choice(_materials(label), share * (ident in answers), remark))
    return Asked(prompt, tuple(choices)), used


def _right(item: Any) -> dict[str, list[str]]:
    """Response -> what earns points in it."""
    found: dict[str, list[str]] = {}
    for condition in outermost(item, "respcondition"):
        if not any(_earns(one) for one in condition.iter() if name(one) == "setvar"):
            continue
        bounds: dict[str, list[str]] = {}
        for one in condition.iter():
            value = tidy(one.text or "") if isinstance(one.tag, str) else ""
            if name(one) == "varequal" and value and not any(name(above) == "not" for above in one.iterancestors()):
                found.setdefault(one.get("respident", ""), []).append(value)
            elif name(one) in _BOUNDS and value:
                bounds.setdefault(one.get("respident", ""), []).append(value)
        for response, values in bounds.items():
            if response not in found:
                found[response] = [" – ".join(values[:2])]
    return found


def _earns(setvar: Any) -> bool:
    try:
        return float(setvar.text or "0") > 0
    except ValueError:
        return False


def _materials(element: Any) -> str:
    return " ".join(map(_material, outermost(element, "material")))


def _material(material: Any) -> str:
    """Texts and pictures; a text may be HTML by its word, or in elements of its own."""
    parts = []
    for one in material.iter():
        kind = name(one)
        if kind in ("mattext", "matemtext"):
            way = "html" if one.get("texttype") == "text/html" else ""
            parts.append(inner(one) if len(one) else marked(one.text or "", way))
        elif kind == "matbreak":
            parts.append("<br>")
        elif kind == "matimage" and one.get("uri"):
            parts.append(f'<img src="{escape(one.get("uri"))}" alt="{escape(one.get("label", ""))}">')
    return " ".join(filter(None, parts))
