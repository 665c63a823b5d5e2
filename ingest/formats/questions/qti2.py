"""QTI 2.0 to 3.0: one item, its interactions taken out of the words that they stand in.

Where it asks several things, each leaves its number in the words. Names of all
versions are met in one spelling (`markup.name`).
Source: https://www.imsglobal.org/question/qtiv2p2/imsqti_v2p2p2_impl.html,
https://www.imsglobal.org/spec/qti/v3p0/impl
"""

from collections.abc import Callable, Mapping
from html import escape
from itertools import islice
from typing import Any

from ingest.formats.questions.declared import Declared, attribute, declared
from ingest.formats.questions.markup import inner, name, outermost
from ingest.formats.questions.shape import MOST_CHOICES, Asked, Choice, Question
from ingest.formats.words import tidy

GAP = "_____"

_FEEDBACK = ("feedbackinline", "feedbackblock", "modalfeedback")
_NOTHING = ("stylesheet", "prompt", "endattemptinteraction", "templatedeclaration", "catalog")


def question(root: Any, base: str, category: tuple[str, ...] = ()) -> Question:
    """The question of an `assessmentItem`."""
    return _Item(root).question(base, category)


class _Item:
    def __init__(self, root: Any) -> None:
        self._root = root
        self._declared = declared(root)
        self._asked: list[Asked] = []
        self._remarks: list[str] = []
        self._choices: list[Any] = []
        self._gaps: list[str] = []
        # Inside of an interaction, of what is said afterwards, of words that may be chosen: none holds its like.
        self._within: set[str] = set()
        self._several = sum(name(one) in _INTERACTIONS for one in root.iter()) > 1

    def question(self, base: str, category: tuple[str, ...]) -> Question:
        bodies = [one for one in self._root if name(one) == "itembody"]
        stem = "".join(inner(body, self._instead) for body in bodies[:1])
        for one in self._root:
            if name(one) == "modalfeedback":
                self._instead(one)
        remark = "".join(f"<div>{text}</div>" for text in dict.fromkeys(self._remarks) if text)
        title = tidy(self._root.get("title", ""))
        return Question(stem, title, tuple(self._asked), remark, category, base=base)

    def _instead(self, element: Any) -> str | None:
        kind = name(element)
        if kind in _INTERACTIONS:
            return self._once("interaction", lambda: self._interaction(element, _INTERACTIONS[kind]))
        # A rubric that is not for candidates is for whoever marks it.
        if kind in _FEEDBACK or (kind == "rubricblock" and "candidate" not in element.get("view", "candidate")):
            return self._once("remark", lambda: self._remark(element))
        if kind == "hottext" and "marking" in self._within:
            self._choices.append(element)
            return self._once("hottext", lambda: f"<u>{inner(element, self._instead)}</u>")
        if kind == "gap":
            self._gaps.append(element.get("identifier", ""))
            return f"{GAP} [{len(self._gaps)}]"
        if kind == "object" and element.get("type", "").startswith("image/"):
            said = " ".join("".join(element.itertext()).split())
            return f'<img src="{escape(element.get("data", ""))}" alt="{escape(said)}">'
        return "" if kind in _NOTHING else None

    def _once(self, what: str, make: Callable[[], str]) -> str | None:
        """None where it stands inside of its like, which no program writes: nesting must not multiply."""
        if what in self._within:
            return None
        self._within.add(what)
        made = make()
        self._within.remove(what)
        return made

    def _remark(self, element: Any) -> str:
        self._remarks.append(inner(element, self._instead))
        return ""

    def _interaction(self, element: Any, make: "Interaction") -> str:
        """What stands in its place; what it asks is kept."""
        prompt = next((inner(one, self._instead) for one in element if name(one) == "prompt"), "")
        around = f"<div>{prompt}</div>" if prompt else ""
        number = len(self._asked)
        self._asked.append(Asked())
        answer = self._declared.get(attribute(element, "responseidentifier"), Declared())
        made, words = make(self, element, answer)
        inline = name(element) in _INLINE
        if not self._several:
            self._asked[number] = made
            return f"{around}{words}{GAP if inline else ''}"
        label = f"({number + 1})"
        self._asked[number] = Asked(f"{label} {prompt}".strip(), made.choices, made.written, made.pairs, made.order)
        return f"{words}{GAP} {label}" if inline else f"{words}<p>{label}</p>"

    def _of(self, element: Any, *kinds: str) -> list[Any]:
        return [*islice(outermost(element, *kinds), MOST_CHOICES)]

    def _choice(self, element: Any, answer: Declared) -> Choice:
        """Its own remark stands inside of it."""
        before, self._remarks = self._remarks, []
        text = inner(element, self._instead)
        remark, self._remarks = " ".join(self._remarks), before
        return Choice(text, answer.share(element.get("identifier", "")), remark)

    def choose(self, element: Any, answer: Declared) -> tuple[Asked, str]:
        found = self._of(element, "simplechoice", "inlinechoice")
        return Asked(choices=tuple(self._choice(one, answer) for one in found)), ""

    def write(self, element: Any, answer: Declared) -> tuple[Asked, str]:  # noqa: ARG002 - it holds nothing
        written = (Choice(escape(value, quote=False), share) for value, share in answer.earning())
        return Asked(written=tuple(written)), ""

    def order(self, element: Any, answer: Declared) -> tuple[Asked, str]:
        texts = {one.get("identifier", ""): inner(one, self._instead) for one in self._of(element, "simplechoice")}
        if not set(texts) & set(answer.right):
            return Asked(pairs=tuple(("", text) for text in texts.values())), ""
        return Asked(order=tuple(texts[one] for one in dict.fromkeys((*answer.right, *texts)) if one in texts)), ""

    def match(self, element: Any, answer: Declared) -> tuple[Asked, str]:
        sets = [self._of(one, "simpleassociablechoice") for one in element if name(one) == "simplematchset"]
        lefts, rights = (*sets, [], [])[:2] if sets else ([], self._of(element, "simpleassociablechoice"))
        left, right = self._texts(lefts), self._texts(rights)
        return Asked(pairs=_pairs(left, right, answer) if sets else _pairs(right, right, answer)), ""

    def fill(self, element: Any, answer: Declared) -> tuple[Asked, str]:
        """Words go into gaps; the pairs name a word before its gap."""
        self._gaps = []
        words = self._texts(self._of(element, "gaptext", "gapimg"))
        text = inner(element, lambda one: "" if name(one) in ("gaptext", "gapimg") else self._instead(one))
        gaps = {gap: f"[{number}]" for number, gap in enumerate(self._gaps, start=1)}
        turned = Declared(tuple(" ".join(reversed(one.split())) for one in answer.right))
        return Asked(pairs=_pairs(gaps, words, turned)), text

    def mark(self, element: Any, answer: Declared) -> tuple[Asked, str]:
        """Words in a text that may be chosen."""
        self._choices = []
        self._within.add("marking")
        text = inner(element, self._instead)
        self._within.remove("marking")
        return Asked(choices=tuple(self._choice(one, answer) for one in self._choices[:MOST_CHOICES])), text

    def see(self, element: Any, answer: Declared) -> tuple[Asked, str]:  # noqa: ARG002 - places are numbers of pixels
        """What is done on a picture, or handed in."""
        return Asked(), inner(element, self._instead)

    def _texts(self, elements: list[Any]) -> dict[str, str]:
        return {one.get("identifier", ""): inner(one, self._instead) for one in elements}


Interaction = Callable[[_Item, Any, Declared], tuple[Asked, str]]

_INLINE = ("inlinechoiceinteraction", "textentryinteraction")
_INTERACTIONS: Mapping[str, Interaction] = {
    "choiceinteraction": _Item.choose, "inlinechoiceinteraction": _Item.choose,
    "textentryinteraction": _Item.write, "extendedtextinteraction": _Item.write, "sliderinteraction": _Item.write,
    "orderinteraction": _Item.order, "matchinteraction": _Item.match, "associateinteraction": _Item.match,
    "gapmatchinteraction": _Item.fill, "hottextinteraction": _Item.mark,
    **dict.fromkeys(
        ("hotspotinteraction", "graphicorderinteraction", "graphicassociateinteraction", "graphicgapmatchinteraction",
         "selectpointinteraction", "positionobjectinteraction", "drawinginteraction", "uploadinteraction",
         "mediainteraction", "custominteraction", "portablecustominteraction"),
        _Item.see,
    ),
}  # fmt: skip


def _pairs(left: dict[str, str], right: dict[str, str], answer: Declared) -> tuple[tuple[str, str], ...]:
    """What belongs together, then what has no partner."""
    made, used = [], set()
    for value in answer.right[:MOST_CHOICES]:
        first, _, second = value.partition(" ")
        if first in left and second in right:
            made.append((left[first], right[second]))
            used |= {first, second}
    if left is not right:
        made += [(text, "") for identifier, text in left.items() if identifier not in used]
    return (*made, *(("", text) for identifier, text in right.items() if identifier not in used))
