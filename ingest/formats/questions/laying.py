"""What stands under what in a question: the order that its page and its passage share.

First what a pupil sees: the words, what there is to choose, both sides of what
belongs together, things to be put in order; each list in an order that gives
nothing away. Then the answer, which is folded on a page: what is right, why,
and what is said to whoever chose something else.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.formats.questions.shape import RIGHT, Asked, Choice, Question

Way = Literal["words", "A", "a", "1", "-"]
"""A piece by itself, or a list that counts so, or has dashes."""


_NUMBER = re.compile(r"\(\d+\)")


@dataclass(frozen=True, slots=True)
class Item:
    """html: what stands there, at this place of its list (from 1). after: plain words behind it, then more HTML."""

    html: str
    number: int = 1
    after: str = ""
    then: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Items that stand under one another in the same way. aside: said of what is wrong, not to be taken for right."""

    way: Way
    items: tuple[Item, ...]
    aside: bool = False


def question(one: Question) -> Iterator[Block]:
    """What is seen before answering."""
    if one.stem:
        yield _words(one.stem)
    for asked in one.asked:
        # A gap's number stands in the words already; it is said again over what can be chosen for it.
        if asked.prompt and (asked.choices or asked.pairs or asked.order or not _NUMBER.fullmatch(asked.prompt)):
            yield _words(asked.prompt)
        if asked.choices:
            yield _list("A", [choice.text for choice in asked.choices])
        lefts = [*dict.fromkeys(left for left, _ in asked.pairs if left)]
        rights = {right for _, right in asked.pairs if right}
        if lefts:
            yield _list("-", lefts)
        if rights:
            yield _list("a", sorted(rights, key=str.casefold))
        if asked.order:
            yield _list("-", sorted(asked.order, key=str.casefold))


def answer(one: Question) -> Iterator[Block]:
    """What is right and why; nothing where a question says neither."""
    for asked in one.asked:
        key = [*_key(asked)]
        if key and asked.prompt:
            yield _words(asked.prompt)
        yield from key
    if one.remark:
        yield _words(one.remark)
    for asked in one.asked:
        if said := tuple(
            Item(choice.remark, at)
            for at, choice in enumerate(asked.choices, start=1)
            if choice.remark and choice.share <= 0
        ):
            yield Block("A", said, aside=True)


def _key(asked: Asked) -> Iterator[Block]:
    yield from _right("A", asked.choices)
    yield from _right("-", asked.written)
    if whole := tuple(Item(left, after=" → ", then=right) for left, right in asked.pairs if left and right):
        yield Block("-", whole)
    if asked.order:
        yield _list("1", asked.order)


def _right(way: Way, choices: tuple[Choice, ...]) -> Iterator[Block]:
    right = [(at, one) for at, one in enumerate(choices, start=1) if one.share > 0 and one.text]
    equal = len({one.share for _, one in right}) == 1
    items = []
    for at, one in right:
        share = "" if equal or one.share == RIGHT else f" ({one.share:.4g}%)"
        items.append(Item(one.text, at, f"{share} – " if one.remark else share, one.remark))
    if items:
        yield Block(way, tuple(items))


def _list(way: Way, pieces: Sequence[str]) -> Block:
    return Block(way, tuple(Item(html, at) for at, html in enumerate(pieces, start=1)))


def _words(html: str) -> Block:
    return Block("words", (Item(html),))
