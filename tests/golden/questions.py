"""Sample question sets, as the tests of their readers have them."""

from collections.abc import Callable
from pathlib import Path

from tests import questions


def _text(data: bytes | str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        questions.written(path, data)

    return make


def _package(path: Path) -> None:
    questions.zipped(path, questions.package())


SAMPLES: dict[str, Callable[[Path], None]] = {
    "questions.gift": _text(questions.GIFT),
    "questions.aiken.txt": _text(questions.AIKEN),
    "questions.moodle.xml": _text(questions.BANK),
    "questions.qti1.xml": _text(questions.ONE),
    "questions.qti3.xml": _text(questions.THREE),
    "questions.qti.zip": _package,
}
