"""A source of the other kinds: its head, its sections, the questions in them; and the zip that most kinds are.

`kinds/NAME.KIND.txt` has a head like the other sources and a body of sections:
`## title`, lines, rows `| a | b |`. A section is a question where it has
choices: `= ` begins a right one, `~ ` a wrong one, `# ` what is said after answering.
"""

import io
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

KEYS = ("title", "description", "type", "language", "subject", "grade", "keywords")
AUTHOR = "Nhóm biên soạn Học liệu mở"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'

_DATE = (2026, 1, 5, 8, 0, 0)


@dataclass(frozen=True, slots=True)
class Question:
    """stem: what is asked. choices: text, and whether it is right. remark: said after answering, "" for nothing."""

    title: str
    stem: str
    choices: tuple[tuple[str, bool], ...]
    remark: str


@dataclass(frozen=True, slots=True)
class Section:
    """A title with its lines; a row of a table is a list of cells."""

    title: str
    lines: list[str | list[str]]

    @property
    def question(self) -> Question | None:
        """None: a section to read, without choices."""
        lines = [line for line in self.lines if isinstance(line, str)]
        choices = tuple((line[2:], line.startswith("= ")) for line in lines if line[:2] in ("= ", "~ "))
        if not choices:
            return None
        stem = " ".join(line for line in lines if line[:2] not in ("= ", "~ ", "# "))
        return Question(self.title, stem, choices, " ".join(line[2:] for line in lines if line.startswith("# ")))


@dataclass(frozen=True, slots=True)
class Source:
    """name: of the file to be, with its ending. body: below the head, as it stands."""

    name: str
    head: dict[str, str]
    body: str

    @property
    def sections(self) -> list[Section]:
        made: list[Section] = []
        # The spaces before a line stand: a program's lines mean something by them.
        for line in filter(None, map(str.rstrip, self.body.splitlines())):
            if line.startswith("## "):
                made.append(Section(line[3:], []))
            elif made:
                is_row = line.startswith("|")
                made[-1].lines.append([cell.strip() for cell in line.strip("|").split("|")] if is_row else line)
        return made


def read(path: Path) -> Source:
    """Raises: ValueError: a head without one of KEYS."""
    top, _, body = unicodedata.normalize("NFC", path.read_text(encoding="utf-8")).partition("\n\n")
    head = {key: value.strip() for key, _, value in (line.partition(": ") for line in top.splitlines())}
    if missing := [key for key in KEYS if not head.get(key)]:
        raise ValueError(f"{path.name}: the head says nothing of {', '.join(missing)}")
    return Source(path.name.removesuffix(".txt"), head, body)


def packed(members: Iterable[tuple[str, str]]) -> bytes:
    """A zip whose first member is stored, as EPUB and OpenDocument want their mimetype."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for number, (name, text) in enumerate(members):
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED
            package.writestr(info, text.encode())
    return made.getvalue()
