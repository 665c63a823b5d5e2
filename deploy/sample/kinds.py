"""The other kinds of the sample library: which builder makes which file.

`kinds/NAME.KIND.txt` becomes a real file NAME.KIND, the same bytes every time
(what a program outside Python makes, with one version of that program).
"""

import subprocess
from collections.abc import Callable, Mapping
from html import escape

from deploy.sample import book, film, office, opendocument, packages, slides, sound
from deploy.sample.section import AUTHOR, KEYS, XML, Section, Source, packed, read

__all__ = ["AUTHOR", "KEYS", "Section", "Source", "build", "kind", "read"]


def kind(name: str) -> str:
    """The longest ending that has a builder: `x.scorm.zip` is a `scorm.zip`. Raises: ValueError: none has."""
    endings = [name.split(".", at)[at] for at in range(1, name.count(".") + 1)]
    for ending in endings:
        if ending in _BUILDERS:
            return ending
    raise ValueError(f"{name}: nothing builds such a file")


def build(source: Source) -> Mapping[str, bytes]:
    """Bytes by name: the file and what lies beside it. Empty: a program that it takes is not here."""
    try:
        return _BUILDERS[kind(source.name)](source)
    except (FileNotFoundError, subprocess.CalledProcessError):
        return {}


def _deck(source: Source) -> bytes:
    shown = [(one.title, [" – ".join(line) if isinstance(line, list) else line for line in one.lines])
             for one in source.sections]  # fmt: skip
    return packed(opendocument.presentation(source.head["title"], AUTHOR, shown))


def _drawing(source: Source) -> bytes:
    about = f"<title>{escape(source.head['title'])}</title><desc>{escape(source.head['description'])}</desc>"
    return (
        f'{XML}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 400" width="720" height="400">{about}\n'
        f'<rect width="720" height="400" fill="#fff"/>\n{source.body}</svg>\n'
    ).encode()


def _alone(builder: Callable[[Source], bytes]) -> Callable[[Source], dict[str, bytes]]:
    return lambda source: {source.name: builder(source)}


_BUILDERS: dict[str, Callable[[Source], dict[str, bytes]]] = {
    "odp": _alone(_deck), "pptx": _alone(slides.build), "docx": _alone(office.text), "xlsx": _alone(office.workbook),
    "epub": _alone(book.build), "zip": _alone(packages.simulation), "scorm.zip": _alone(packages.scorm),
    "qti.zip": _alone(packages.qti), "h5p": _alone(packages.h5p), "gift": _alone(packages.gift),
    "moodle.xml": _alone(packages.moodle),
    "svg": _alone(_drawing), "mp4": _alone(film.build), "mp3": sound.build,
}  # fmt: skip
