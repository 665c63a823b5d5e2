r"""GIFT, Moodle's text of questions: a block a question, its answers in braces.

What Moodle refuses is read as far as it goes: braces without an end, braces of
formulas before the answers. `\~ \= \# \{ \} \: \n` stand for the signs.
Source: https://docs.moodle.org/en/GIFT_format, question/format/gift/format.php
"""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ingest.formats.questions.marking import marked
from ingest.formats.questions.numerals import within
from ingest.formats.questions.reading import category_of, text_of, true_or_false
from ingest.formats.questions.shape import MOST_CHOICES, RIGHT, About, Asked, Choice, Question
from ingest.formats.words import tidy

GAP = "_____"

_CATEGORY = "$CATEGORY:"
_TAG = re.compile(r"\[tag:([^\]\n]++)\]")
_TITLE = re.compile(r"\s*+::(.*?)::", re.DOTALL)
_WAY = re.compile(r"\s*+\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
# `\n` is a line break, \neq and its kin are not.
_ESCAPED = re.compile(r"\\([\\~=#{}:]|n(?!(?:eq|e|u|ot|i|mid|leq|geq|less|abla|subseteq|exists|parallel)\b))")
_HIDDEN = {sign: chr(0xE000 + at) for at, sign in enumerate("\\~=#{}:")} | {"n": "\n"}
_SHOWN = str.maketrans({hidden: sign for sign, hidden in _HIDDEN.items() if sign != "n"})
_OPENS = re.compile(r"\{(?=\s*+(?:[=~#}]|(?:TRUE|FALSE|T|F)\s*+[#}]))", re.IGNORECASE)
_CLOSING = tuple(".,;:?!)")
_BRACE = re.compile(r"[{}]")
_PART = re.compile(r"([=~])([^=~]*+)")
_SHARE = re.compile(r"\s*+%(-?\d{1,4}(?:\.\d{1,8})?)%")
_TRUTH = re.compile(r"\s*+(T|TRUE|F|FALSE)\s*+(#.*+)?", re.IGNORECASE | re.DOTALL)


def questions(path: Path, about: About) -> Iterator[Question]:  # noqa: ARG001 - it says nothing of itself
    """The questions of a text; none where nothing in it has answers. Raises: TooExpensive(limit="size")."""
    text = text_of(path)
    if not _OPENS.search(_ESCAPED.sub(_hide, text)):
        return
    category: tuple[str, ...] = ()
    for block in re.split(r"\n[^\S\n]*+\n", text):
        lines, tags = [], []
        for line in block.split("\n"):
            start = line.lstrip("\ufeff \t")
            if start.startswith("//"):
                tags += _TAG.findall(start)
            elif start.startswith(_CATEGORY):
                category = category_of(start.removeprefix(_CATEGORY))
            elif start:
                lines.append(line)
        if lines:
            yield _question("\n".join(lines), category, tuple(filter(None, map(tidy, tags))))


def _question(block: str, category: tuple[str, ...], tags: tuple[str, ...]) -> Question:
    block = _ESCAPED.sub(_hide, block)
    title = ""
    if named := _TITLE.match(block):
        title, block = tidy(_shown(named[1])), block[named.end() :]
    stem, answers = _parted(block)
    way = ""
    if said := _WAY.match(stem):
        way, stem = said[1].lower(), stem[said.end() :]
    stem = marked(_shown(stem), way)
    if answers is None:
        return Question(stem, title, category=category, tags=tags)
    answers, _, remark = answers.partition("####")
    return Question(stem, title, (_asked(answers, stem, way),), _marked(remark, way), category, tags)


def _parted(block: str) -> tuple[str, str | None]:
    """The words and the answers, None without braces that hold some; words behind them leave a gap."""
    opened = _OPENS.search(block)
    if opened is None:
        return block, None
    depth, end = 0, len(block)
    for brace in _BRACE.finditer(block, opened.start()):
        depth += 1 if brace[0] == "{" else -1
        if not depth:
            end = brace.start()
            break
    before, answers, after = block[: opened.start()].rstrip(), block[opened.end() : end], block[end + 1 :].strip()
    space = "" if after.startswith(_CLOSING) else " "
    return (f"{before} {GAP}{space}{after}" if after else before), answers


def _asked(answers: str, stem: str, way: str) -> Asked:
    if not answers.strip():
        return Asked()
    if truth := _TRUTH.fullmatch(answers):
        is_true = truth[1].upper().startswith("T")
        # First what is said to whoever is wrong, then to whoever is right.
        _, wrong, right = (*(truth[2] or "").split("#"), "", "")[:3]
        if_true, if_false = (right, wrong) if is_true else (wrong, right)
        return true_or_false(is_true=is_true, stem=stem, if_true=_marked(if_true, way), if_false=_marked(if_false, way))
    start = answers.lstrip()
    if start.startswith("#"):
        # One number may stand without its sign.
        numbers = start[1:] if start[1:].lstrip().startswith(("=", "~")) else f"={start[1:]}"
        return Asked(written=tuple(_choice(sign, part, way, numeric=True) for sign, part in _parts(numbers)))
    parts = list(_parts(answers))
    if all("->" in part for _, part in parts):
        return Asked(pairs=tuple(_pair(part, way) for _, part in parts))
    made = tuple(_choice(sign, part, way) for sign, part in parts)
    return Asked(choices=made) if any(sign == "~" for sign, _ in parts) else Asked(written=made)


def _parts(answers: str) -> Iterator[tuple[str, str]]:
    for part in islice(_PART.finditer(answers), MOST_CHOICES):
        yield part[1], part[2]


def _choice(sign: str, part: str, way: str, *, numeric: bool = False) -> Choice:
    share = RIGHT if sign == "=" else 0.0
    if said := _SHARE.match(part):
        share, part = float(said[1]), part[said.end() :]
    text, _, remark = part.partition("#")
    text = within(_shown(text)) if numeric else text
    return Choice(_marked(text, way), share, _marked(remark, way))


def _pair(part: str, way: str) -> tuple[str, str]:
    left, _, right = part.partition("->")
    return _marked(left, way), _marked(right.partition("#")[0], way)


def _marked(text: str, way: str) -> str:
    """An answer may be marked in another way than its question."""
    if said := _WAY.match(text):
        way, text = said[1].lower(), text[said.end() :]
    return marked(_shown(text), way)


def _hide(match: re.Match[str]) -> str:
    return _HIDDEN[match[1]]


def _shown(text: str) -> str:
    return text.translate(_SHOWN)
