"""Question sets: GIFT, Aiken, Moodle XML, QTI 1.2 to 3, read into one shape.

    shape      a question as every format says it       words in HTML of whoever wrote them, which nobody trusts
    marking    plain, Markdown and Moodle's own text    as that HTML
    reading, numerals                                   what several formats share
    gift, aiken, moodle, cloze                          the formats of Moodle
    qti, qti1, qti2, declared, markup                   a package, a bank or an item of IMS QTI
    laying     what stands under what                   the order of a page and of a passage alike
    lines      a question as lines of a passage
    document   a set as a `Document`

What a pupil sees before answering is the passage; which choice is right, why,
and what the teacher calls the question is its margin, kept for people and not
searched, so that no list of hits gives it away (docs/decisions/0019).
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from ingest.errors import BrokenFile
from ingest.formats.questions import aiken, gift, moodle, qti
from ingest.formats.questions.shape import MOST_QUESTIONS, About, Question

__all__ = ["KINDS", "About", "Question", "one", "questions"]

Reader = Callable[[Path, About], Iterator[Question]]

KINDS: Mapping[str, Reader] = {
    "text/x-gift": gift.questions,
    "text/x-aiken": aiken.questions,
    "application/x-moodle-xml": moodle.questions,
    "application/x-qti": qti.questions,
}
"""Media type -> what reads its questions in their order."""


def questions(path: Path, media_type: str, about: About) -> Iterator[Question]:
    """The questions of a file in their order, at most MOST_QUESTIONS; what the file says beside them goes to `about`.

    Raises: as the format's reader.
    """
    found = KINDS[media_type](path, about)
    yield from islice(found, MOST_QUESTIONS)
    about.left_out = sum(1 for _ in found)


def one(path: Path, media_type: str, number: int) -> Question:
    """Question `number` (from 1). Raises: BrokenFile: there is none; as the format's reader."""
    if not 1 <= number <= MOST_QUESTIONS:
        raise BrokenFile(part="question")
    found = next(islice(KINDS[media_type](path, About()), number - 1, None), None)
    if found is None:
        raise BrokenFile(part="question")
    return found
