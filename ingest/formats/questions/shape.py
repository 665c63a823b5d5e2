"""A question as every format says it, and what a file says beside its questions.

All words are HTML as somebody wrote it: the passage is read out of it by the
reader of pages, and what is shown goes the way of chapters, sanitiser and
border included.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.document import Value

MOST_QUESTIONS = 20_000
"""Of one file; the banks of a province's department hold some thousand. What comes after them is counted."""
MOST_CHOICES = 200
"""Of one question, and pairs, and gaps: nobody is asked to choose among more."""
RIGHT = 100.0
"""Share of the points, in percent, of a choice that is wholly right."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose, or an answer that may be written. share: percent of the points, 0 or less where wrong.

    remark: what is said to whoever chose it.
    """

    text: str
    share: float = 0.0
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that is to be done. prompt: what is said before it, where a question asks several.

    choices: to choose from. written: what may be typed, never shown with the question. pairs: what belongs together;
    one without its left side only misleads. order: things in their right order.
    """

    prompt: str = ""
    choices: tuple[Choice, ...] = ()
    written: tuple[Choice, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """title: plain words for teachers, all others HTML. category: names from the outermost inwards. remark: why.

    files: pictures by the name that the words call them by, in base64. base: the member of a package that it is.
    """

    stem: str
    title: str = ""
    asked: tuple[Asked, ...] = ()
    remark: str = ""
    category: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    base: str = ""


@dataclass(slots=True)
class About:
    """What a file says of itself, known when its last question was read.

    broken: parts that are missing or cannot be read. left_out: questions beyond MOST_QUESTIONS.
    """

    title: str = ""
    values: list[Value] = field(default_factory=list)
    broken: int = 0
    left_out: int = 0
