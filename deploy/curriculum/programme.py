"""What is to be known of one programme to read it: where its tables are, what its parts are called, and by hand what
the reading gets wrong. Data beside this file, one `*.toml` a programme; nothing here knows a subject.
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Part:
    """A part that a line between tables begins. label: its topic, "" for the trunk of the programme.

    begins: a pattern. over_grades: grades follow inside of it, and what comes before the first is not read.
    """

    begins: str
    label: str = ""
    over_grades: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """In what begins on this page, `old` is to read `new`; with `whole`, all of what begins with `old`: then "" is
    nothing at all. Everything here was seen on the page.
    """

    page: int
    old: str
    new: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Programme:
    """first_page, last_page: counted from 1. left, width: of the tables, in points. heads: cells that head a table.

    prefix: how codes begin. subjects: grade -> code of the subject. programme: code of the one its topics belong to.
    heading: pattern of headings that are not set in bold. names: heading in capitals -> as it is written.
    remarks: what stands over a label without being part of it. left_out: beginnings of what is no requirement.
    joined, new: (page, column) of labels that go on from the page before although they begin with a capital, or begin
    anew although they do not. glued: words that the text runs together -> the same, apart. english: label -> label.
    """

    name: str
    prefix: str
    source: str
    sha256: str
    first_page: int
    last_page: int
    subjects: dict[int, str]
    heads: frozenset[str]
    parts: tuple[Part, ...]
    left: float = 79.0
    width: float = 711.0
    remarks: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    joined: frozenset[tuple[int, int]] = frozenset()
    new: frozenset[tuple[int, int]] = frozenset()
    corrections: tuple[Correction, ...] = ()
    glued: dict[str, str] = field(default_factory=dict)
    english: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    programme: str = "ct2018"
    heading: str = "$."


def load(name: str) -> Programme:
    """Raises: FileNotFoundError: no such programme."""
    data = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    subjects = {
        grade: subject for subject, (first, last) in data["subjects"].items() for grade in range(first, last + 1)
    }
    return Programme(
        name=name,
        prefix=data["prefix"],
        source=data["source"],
        sha256=data["sha256"],
        first_page=data["pages"][0],
        last_page=data["pages"][1],
        subjects=subjects,
        heads=frozenset(data["heads"]),
        parts=tuple(Part(**part) for part in data.get("parts", ())),
        remarks=tuple(data.get("remarks", ())),
        left_out=tuple(data.get("left_out", ())),
        joined=frozenset((page, column) for page, column in data.get("joined", ())),
        new=frozenset((page, column) for page, column in data.get("new", ())),
        corrections=tuple(Correction(**one) for one in data.get("corrections", ())),
        glued=data.get("glued", {}),
        english=data.get("english", {}),
        names=data.get("names", {}),
        programme=data["programme"],
        heading=data.get("heading", "$."),
    )
