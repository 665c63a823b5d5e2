"""What a reader is measured against: the bare library over the same bytes, with nothing kept, checked or told apart.

One function a family of formats; each does the least that still sees all of the text, or all of the metadata.
"""

import re
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from ingest.tools import ffmpeg

_OFFICE_TEXTS = re.compile(r"(?:ppt/(?:slides|notesSlides)/[^/]+|word/document)\.xml")
_CHAPTERS = re.compile(r".+\.x?html")
_QUESTIONS = ("-show_format", "-show_streams", "-show_chapters", "-of", "json")


def xml(path: Path, wanted: re.Pattern[str]) -> int:
    """All characters of the members whose name fits: zipfile, lxml, itertext."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    with zipfile.ZipFile(path) as package:
        parts = [package.read(name) for name in package.namelist() if wanted.fullmatch(name)]
    return sum(len("".join(etree.fromstring(part, parser).itertext())) for part in parts)


def office(path: Path) -> None:
    xml(path, _OFFICE_TEXTS)


def book(path: Path) -> None:
    xml(path, _CHAPTERS)


def recording(path: Path) -> None:
    """ffprobe with the questions that the house's reader asks."""
    command = [ffmpeg.program("ffprobe"), "-v", "error", *_QUESTIONS, str(path)]
    subprocess.run(command, check=True, capture_output=True)


_FAMILIES = {
    office: "pptx docx", book: "epub",
    recording: "mp4 mkv webm avi mov wmv flv mpg mp3 m4a ogg oga wav flac aac",
}  # fmt: skip
BY_ENDING: Mapping[str, Callable[[Path], None]] = {
    f".{ending}": walk for walk, endings in _FAMILIES.items() for ending in endings.split()
}
"""Ending of a file's name -> what it is measured against."""
