"""What a child answered, made into values that the worker can trust, or an error of that one file.

The child may be in the hands of the file it read: its answer is bytes from
outside. Here, and nowhere else, control characters and lone surrogates go,
sizes and counts are capped, and every type, place and range is checked.
Called by `Sandbox` for whatever comes through the pipe.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ingest.document import Document, Locator
from ingest.errors import BY_CODE, IngestError, ReaderCrashed, TooExpensive
from ingest.illustrate.chapters import rules
from ingest.illustrate.chapters.shape import Chapter

MAX_PASSAGES = 200_000
"""A 3,000-page book has some 10,000."""

MAX_OTHERS = 100_000
"""Values, lines of the table of contents, pictures, warnings."""

MAX_CHARACTERS = 1_000_000
"""Of one value or passage; a passage of ours has 3,000."""

MAX_PICTURE_BYTES = 32 * 1024 * 1024
MAX_CAPTIONS_BYTES = 16 * 1024 * 1024

# Parsing `[[],[],…` or `{"a":{"a":…` of 128 MB would cost gigabytes: what makes a value of its own is counted before.
_MOST = {b"[": 1_000_000, b"{": 1_000_000, b'"': 8_000_000, b",": 8_000_000}

_LARGEST_NUMBER = 10_000_000
"""Pages, slides, seconds (115 days)."""

_LARGEST_SIDE = 2**32
"""Pixels: what a header can say; that nobody draws it is settled where it is drawn."""

_LONGEST_ITEM = 1_000
_LONGEST_PLACE = 4_000
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,80}/[\w.+-]{1,120}", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,6}", re.ASCII)
_NAME = re.compile(r"[a-z][a-z0-9-]{0,60}", re.ASCII)

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_SUSPECT = re.compile(r"\\[ubfr]")
# C1 controls, marks that turn the direction of text around, noncharacters; those below U+0020 come as escapes only.
_UNWANTED = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]")
# All of these and surrogates as they stand in UTF-8, by what they begin with: a text that has none is not decoded here,
# and the first bytes are rare in Vietnamese, so that most texts are only searched for those.
_UNCLEAN = {
    b"\\": re.compile(rb"\\[ubfr]"),
    b"\x7f": re.compile(rb"\x7f"),
    b"\xc2": re.compile(rb"\xc2[\x80-\x9f]"),
    b"\xe2": re.compile(rb"\xe2(?:\x80[\xaa-\xae]|\x81[\xa6-\xa9])"),
    b"\xed": re.compile(rb"\xed[\xa0-\xbf]"),
    b"\xef": re.compile(rb"\xef(?:\xb7[\x90-\xaf]|\xbf[\xbe\xbf])"),
}


@dataclass(frozen=True)
class _Failure:
    """An error as it crosses the pipe. place: where in our code, for the log."""

    code: str
    parameters: dict[str, str | int]
    place: str


@dataclass(frozen=True)
class _Layer:
    """Words of a page: see `ingest.illustrate.layer`."""

    aspect: float
    lines: list[list[tuple[str, float, float, float, float]]]


def document(answer: bytes) -> Document:
    """A document. Raises: ReaderCrashed: it is none; TooExpensive: too much of something."""
    read: Document = _parsed(Document, answer)
    _count(len(read.passages), MAX_PASSAGES)
    for several in (read.metadata, read.contents, read.pictures, read.warnings, read.findings):
        _count(len(several), MAX_OTHERS)
    _expect(_MEDIA_TYPE.fullmatch(read.media_type))
    _languages([read.language, *(value.language for value in read.metadata), *(p.language for p in read.passages)])
    for value in read.metadata:
        _expect(_NAME.fullmatch(value.field) and _NAME.fullmatch(value.where))
        _count(len(value.value), MAX_CHARACTERS)
    for passage in read.passages:
        _place(passage.locator)
        _count(len(passage.text) + len(passage.marginal), MAX_CHARACTERS)
    for entry in read.contents:
        _place(entry.locator)
        _expect(1 <= entry.level <= _LARGEST_NUMBER)
        _count(len(entry.title), MAX_CHARACTERS)
    for picture in read.pictures:
        _place(picture.locator)
        _expect(min(picture.width_pixels, picture.height_pixels) >= 0)
        _expect(max(picture.width_pixels, picture.height_pixels) <= _LARGEST_SIDE)
    for warning in read.warnings:
        _expect(_NAME.fullmatch(warning.code))
        _parameters(warning.parameters)
    for finding in read.findings:
        _expect(_NAME.fullmatch(finding.kind) and 0 <= finding.count <= _LARGEST_NUMBER)
        _expect(len(finding.column or "") <= _LONGEST_ITEM)
        if finding.locator is not None:
            _place(finding.locator)
    extent = read.extent
    for number, largest in (
        (extent.pages, _LARGEST_NUMBER), (extent.seconds, _LARGEST_NUMBER),
        (extent.width_pixels, _LARGEST_SIDE), (extent.height_pixels, _LARGEST_SIDE),
    ):  # fmt: skip
        # Also false for what is not a number (NaN).
        _expect(number is None or 0 <= number <= largest)
    return read


def layer(answer: bytes) -> dict[str, Any]:
    """Words of a page, in the shape of `ingest.illustrate.layer`. Raises: as `document`."""
    read = _parsed(_Layer, answer)
    _count(sum(map(len, read.lines)), MAX_OTHERS)
    _expect(0 < read.aspect < _LARGEST_NUMBER)
    _expect(all(0.0 <= part <= 1.0 for line in read.lines for _, *box in line for part in box))
    return {"aspect": read.aspect, "lines": [[list(word) for word in line] for line in read.lines]}


def picture(answer: bytes) -> bytes:
    """A picture as WebP; whoever shows it says that type. Raises: as `document`."""
    _count(len(answer), MAX_PICTURE_BYTES)
    _expect(answer[:4] == b"RIFF" and answer[8:12] == b"WEBP" and int.from_bytes(answer[4:8], "little") <= len(answer))
    return answer


def chapter(answer: bytes) -> Chapter:
    """A chapter whose HTML is nothing but what the rules allow, tag by tag. Raises: as `document`."""
    read: Chapter = _parsed(Chapter, answer)
    for several in (read.parts, read.pictures, read.anchors):
        _count(len(several), MAX_OTHERS)
    _languages([read.language])
    _expect(read.parts)
    for inside in read.pictures:
        _expect(min(inside.width_pixels, inside.height_pixels) > 0)
        _expect(max(inside.width_pixels, inside.height_pixels) <= _LARGEST_SIDE)
        _count(len(inside.source), _LONGEST_PLACE)
    for anchor, index in read.anchors.items():
        _expect(re.fullmatch(rules.ANCHOR, anchor) and 0 <= index < len(read.parts))
    for part in read.parts:
        _count(len(part), MAX_CHARACTERS)
        try:
            rules.check(part, pictures=len(read.pictures))
        except ValueError as error:
            raise ReaderCrashed(signal="answer") from error
    return read


def pdf(answer: bytes) -> bytes:
    """A PDF, or nothing that a page would be drawn from. It is opened in children only. Raises: as `document`."""
    _expect(not answer or answer.startswith(b"%PDF-"))
    return answer


def recording(answer: bytes, form: str) -> bytes:
    """A film as MP4, or sound as WebM; whoever serves it says that type. Raises: as `document`."""
    _expect(answer[4:8] == b"ftyp" if form == "film" else answer[:4] == b"\x1aE\xdf\xa3")
    return answer


def captions(answer: bytes) -> bytes:
    """Captions as WebVTT, served to browsers. Raises: as `document`."""
    _count(len(answer), MAX_CAPTIONS_BYTES)
    try:
        text = answer.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ReaderCrashed(signal="answer") from error
    _expect(text.startswith("WEBVTT\n") and not _UNWANTED.search(text))
    return answer


def failure(answer: bytes) -> tuple[IngestError, str]:
    """The error that a child told, and its place. An unknown one is a crash."""
    told = _parsed(_Failure, answer)
    _expect(told.code in BY_CODE)
    _parameters(told.parameters)
    return BY_CODE[told.code](**told.parameters), told.place[-_LONGEST_PLACE:]


def is_clean(answer: bytes) -> bool:
    """Whether `clean` would leave an answer in UTF-8 as it is. Never true of one that it would change."""
    return not any(lead in answer and sign.search(answer) for lead, sign in _UNCLEAN.items())


def clean(answer: bytes) -> str:
    """JSON as text without control characters (tab and line break stay), lone surrogates and marks that hide text."""
    text = answer.decode("utf-8", "replace")
    # Line breaks are escapes too, and a long text has 100,000s of them: look for the others first.
    if _SUSPECT.search(text):
        text = _ESCAPE.sub(_kept, text)
    return _UNWANTED.sub("", text)


def _kept(escape: re.Match[str]) -> str:
    """`\\n`, `\\"` and the like as they are; of numbers, what stands for a character of text."""
    number = escape[1]
    if number is None:
        return "" if escape[0] in ("\\b", "\\f", "\\r") else escape[0]
    character = chr(int(number, 16))
    if character < " " or "\ud800" <= character <= "\udfff" or _UNWANTED.match(character):
        return ""
    return escape[0]


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _parsed(kind: Any, answer: bytes) -> Any:
    for sign, most in _MOST.items():
        # Counting is a tenth of the cost of an answer, and in a short one there are not so many.
        if len(answer) > most:
            _count(answer.count(sign), most)
    try:
        # Bytes that are not UTF-8 are no answer.
        return _adapter(kind).validate_json(answer if is_clean(answer) else clean(answer), strict=True)
    except (ValidationError, RecursionError, ValueError) as error:
        raise ReaderCrashed(signal="answer") from error


def _place(locator: Locator) -> None:
    value = locator.value
    if locator.kind == "item":
        _expect(isinstance(value, str) and 0 < len(value) <= _LONGEST_ITEM)
    else:
        _expect(isinstance(value, int) and (0 if locator.kind == "second" else 1) <= value <= _LARGEST_NUMBER)


def _languages(tags: Sequence[str | None]) -> None:
    _expect(all(tag is None or _LANGUAGE.fullmatch(tag) for tag in set(tags)))


def _parameters(parameters: Mapping[str, str | int]) -> None:
    _expect(len(parameters) <= 20)
    for name, value in parameters.items():
        _expect(re.fullmatch(r"[a-z_]{1,40}", name))
        _expect(len(value) <= _LONGEST_ITEM if isinstance(value, str) else abs(value) < 2**53)


def _count(number: int, most: int) -> None:
    if number > most:
        raise TooExpensive(limit="output")


def _expect(holds: object) -> None:
    if not holds:
        raise ReaderCrashed(signal="answer")
