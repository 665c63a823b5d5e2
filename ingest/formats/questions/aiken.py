"""Aiken: a question of one or more lines, choices that begin with a letter, a line `ANSWER: B`.

Source: https://docs.moodle.org/en/Aiken_format
"""

import re
from collections.abc import Iterator
from pathlib import Path

from ingest.formats.questions.marking import plain
from ingest.formats.questions.reading import text_of
from ingest.formats.questions.shape import RIGHT, About, Asked, Choice, Question

_CHOICE = re.compile(r"\s*+([A-Za-z])[.)]\s++(\S.*+)")
_ANSWER = re.compile(r"\s*+ANSWER:\s*+([A-Z](?:\s*+,\s*+[A-Z])*+)\s*+", re.IGNORECASE)


def questions(path: Path, about: About) -> Iterator[Question]:  # noqa: ARG001 - it says nothing of itself
    """The questions of a text; what stands behind the last answer is one without an answer.

    Raises: TooExpensive(limit="size").
    """
    stem: list[str] = []
    choices: list[list[str]] = []
    for line in text_of(path).split("\n"):
        if said := _ANSWER.fullmatch(line):
            if stem:
                yield _question(
                    stem, choices, {ord(letter) - ord("A") for letter in re.findall("[A-Z]", said[1].upper())}
                )
            stem, choices = [], []
        elif stem and (choice := _CHOICE.fullmatch(line)) and _follows(choice[1], choices):
            choices.append([choice[2].strip()])
        elif said_here := line.strip():
            # A choice may go on in the next line, as the question may.
            (choices[-1] if choices else stem).append(said_here)
    if stem:
        yield _question(stem, choices, set())


def _question(stem: list[str], choices: list[list[str]], right: set[int]) -> Question:
    share = RIGHT / max(1, len(right))
    made = tuple(Choice(plain("\n".join(lines)), share * (at in right)) for at, lines in enumerate(choices))
    return Question(plain("\n".join(stem)), asked=(Asked(choices=made),) if made else ())


def _follows(letter: str, choices: list[list[str]]) -> bool:
    """Letters come in their order: "A. Yersin đã …" in the lines of a choice is none."""
    return letter.upper() == chr(ord("A") + len(choices))
