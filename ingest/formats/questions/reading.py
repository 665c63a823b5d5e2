"""What the readers of questions share: a text of any encoding, categories, true and false as things to choose."""

import re
from pathlib import Path

from ingest.errors import TooExpensive
from ingest.formats import charset
from ingest.formats.questions.shape import RIGHT, Asked, Choice
from ingest.formats.words import tidy
from ingest.vietnamese.language import detect

# A hundred long novels, as of any text.
_MOST_BYTES = 64 * 1024**2
# A slash in a name is doubled.
_SLASH = re.compile(r"(?<!/)/(?!/)")
# Where Moodle keeps its banks, and the name it gives to the first one of a course, in both languages.
_PLACES = re.compile(r"\$\w+\$|top|\$", re.IGNORECASE)
_DEFAULT = re.compile(r"(?:Default for|Mặc định cho)\s+", re.IGNORECASE)
_MOST_LEVELS = 12
_MARKS = re.compile(r"<[^<>]*+>|&\w{1,31};")
_TRUTH = {"vi": ("Đúng", "Sai"), "en": ("True", "False"), "fr": ("Vrai", "Faux")}


def text_of(path: Path) -> str:
    """A text with line feeds, whatever it was saved in. Raises: TooExpensive(limit="size")."""
    if path.stat().st_size > _MOST_BYTES:
        raise TooExpensive(limit="size")
    return charset.decode(path.read_bytes()).replace("\r\n", "\n").replace("\r", "\n")


def category_of(path: str) -> tuple[str, ...]:
    """The names of a category from the outermost inwards, without Moodle's own places: `$course$/top/Chương 1`."""
    names = (tidy(name.replace("//", "/")) for name in _SLASH.split(path, _MOST_LEVELS))
    named = (_DEFAULT.sub("", name) for name in names if not _PLACES.fullmatch(name))
    return tuple(filter(None, named))


def true_or_false(*, is_true: bool, stem: str, if_true: str = "", if_false: str = "") -> Asked:
    """A statement that is true or false as a choice between the two, in the language of its words.

    if_true, if_false: what is said to whoever chose the one or the other.
    """
    words = _MARKS.sub(" ", stem)
    language = detect(words) or ("en" if words.isascii() else "vi")
    true, false = _TRUTH[language]
    chosen = (Choice(true, RIGHT * is_true, if_true), Choice(false, RIGHT * (not is_true), if_false))
    return Asked(choices=chosen)
