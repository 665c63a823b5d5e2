r"""Gaps inside a text of Moodle's: `{1:MULTICHOICE:=sông~suối}` of Cloze, `[[1]]` of words that are dragged or chosen.

Source: https://docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type
"""

import re
from html import escape, unescape
from itertools import islice

from ingest.formats.questions.marking import marked
from ingest.formats.questions.numerals import within
from ingest.formats.questions.shape import MOST_CHOICES, RIGHT, Asked, Choice

GAP = "_____"

_GAP = re.compile(r"\{\d{0,4}:([A-Z_]{2,20}):((?:[^{}\\]|\\.)*+)\}", re.DOTALL)
_NUMBERED = re.compile(r"\[\[(\d{1,4})\]\]")
_PART = re.compile(r"((?:[^~\\]|\\.)++)", re.DOTALL)
_SHARE = re.compile(r"%(-?\d{1,4}(?:\.\d{1,8})?)%|(=)")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_REMARK = re.compile(r"(?<!\\)#")
_NUMBERS = ("NUMERICAL", "NM")
_WRITTEN = ("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC", *_NUMBERS)


def of_answers(stem: str) -> tuple[str, tuple[Asked, ...]]:
    """A text with its gaps open, and what each gap asks."""
    found = list(islice(_GAP.finditer(stem), MOST_CHOICES))
    asked, pieces, place = [], [], 0
    for number, gap in enumerate(found, start=1):
        name = f"({number})" if len(found) > 1 else ""
        pieces += [stem[place : gap.start()], f"{GAP} {name}".rstrip()]
        place = gap.end()
        asked.append(_asked(gap[1], gap[2], name))
    return "".join((*pieces, stem[place:])), tuple(asked)


def _asked(kind: str, answers: str, name: str) -> Asked:
    parts = [part[1] for part in islice(_PART.finditer(answers), MOST_CHOICES)]
    made = tuple(_choice(part, numeric=kind in _NUMBERS) for part in parts)
    return Asked(name, written=made) if kind in _WRITTEN else Asked(name, choices=made)


def _choice(part: str, *, numeric: bool) -> Choice:
    # Inside of HTML the signs of an answer may be written as entities.
    part = part.strip()
    share = 0.0
    if said := _SHARE.match(part):
        share, part = float(said[1] or RIGHT), part[said.end() :]
    text, *remark = _REMARK.split(part, maxsplit=1)
    text = _ESCAPED.sub(r"\1", text)
    text = escape(within(unescape(text)), quote=False) if numeric else marked(text, "")
    return Choice(text, share, marked(_ESCAPED.sub(r"\1", remark[0]), "") if remark else "")


def of_numbers(stem: str, words: tuple[str, ...]) -> tuple[str, Asked]:
    """A text with its gaps open, and the words that go into them; words of no gap only mislead."""
    found = list(islice(_NUMBERED.finditer(stem), MOST_CHOICES))
    pairs, pieces, place = [], [], 0
    for number, gap in enumerate(found, start=1):
        pieces += [stem[place : gap.start()], f"{GAP} ({number})"]
        place = gap.end()
        if 1 <= int(gap[1]) <= len(words):
            pairs.append((f"({number})", words[int(gap[1]) - 1]))
    used = {right for _, right in pairs}
    pairs += [("", word) for word in dict.fromkeys(words) if word not in used]
    return "".join((*pieces, stem[place:])), Asked(pairs=tuple(pairs))
