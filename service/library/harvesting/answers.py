"""An answer of another repository as it arrives: bytes made clean, elements as they end.

Others' XML is hostile until proven otherwise, and often only careless: a
character that XML does not know, bytes of another encoding than was said, a
line before the declaration. What is careless is mended here; entities,
documents of their own type, elements as large as a page and answers without
an end are refused (`ingest/formats/xml.py` and the bounds below). Nothing is
held but the record that is being read.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.errors import IngestError
from ingest.formats import xml
from service.errors import SourceAway
from service.ports import Fetched

OAI = "{http://www.openarchives.org/OAI/2.0/}"
ANSWER_BYTES = 256 * 1024 * 1024
"""A page of 1,000 records with abstracts has some megabytes; what is larger is no page."""
RECORD_BYTES = 16 * 1024 * 1024
"""Between the ends of two records: a tree of it takes ten times as much."""

# https://www.w3.org/TR/xml/#charsets
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What of the same stands in a text of UTF-8 as one or three bytes; looked for so, it takes a tenth of the time.
_CONTROL_BYTES = bytes(code for code in range(0x20) if code not in (9, 10, 13))
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,500}\?>")
_DECLARED = re.compile(rb"<\?xml\b[^>]*?encoding\s*=\s*[\"']([A-Za-z][\w.-]*)[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z][\w.-]*)", re.IGNORECASE)
_SPACE = "\ufeff \t\r\n"
_BEGINNING = 1024
_LONGEST_REFERENCE = 14
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Broken(Exception):
    """An answer that is not what was asked for. reason: a code of `harvest-…`; passing: asking again may help."""

    def __init__(self, reason: str, detail: str = "", *, passing: bool = True) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
        self.passing = passing


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8 although it was said: almost always those of Windows, here of its Vietnamese page."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1258", "replace"), error.end


_WINDOWS = "hoclieu-windows"
codecs.register_error(_WINDOWS, _as_windows)
_UTF_8 = codecs.getincrementaldecoder("utf-8")


class Clean:
    """The bytes of an answer as UTF-8 that every parser takes. mended: how often something had to be replaced.

    Raises on reading: SourceAway; Broken: too-large, broken-xml.
    """

    def __init__(self, answer: Fetched) -> None:
        self._answer = answer
        self._decoder: codecs.IncrementalDecoder | None = None
        self._rest = ""
        self._taken = self._since = 0
        self._ended = False
        self.mended = 0

    def record_ended(self) -> None:
        self._since = 0

    def read(self, size: int = 65536) -> bytes:
        while not self._ended:
            data = self._answer.read(size)
            self._taken += len(data)
            self._since += len(data)
            if self._taken > ANSWER_BYTES or self._since > RECORD_BYTES:
                raise Broken("too-large", passing=False)
            self._ended = not data
            try:
                text = self._rest + self._decoder.decode(data, self._ended) if self._decoder else self._begin(data)
            except UnicodeError as error:
                raise Broken("broken-xml", str(error)[:200]) from error
            text, self._rest = (text, "") if self._ended else _whole(text)
            if cleaned := self._cleaned(text):
                return cleaned
        return b""

    def _begin(self, data: bytes) -> str:
        while data and len(data) < _BEGINNING and (more := self._answer.read(_BEGINNING)):
            data += more
        marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
        said = (marked, _declared(data), _named(self._answer.headers))
        self._decoder = next(filter(None, (_decoder(name, data) for name in said if name)), None) or _UTF_8(_WINDOWS)
        text = self._decoder.decode(data, self._ended).lstrip(_SPACE)
        # Looked for at the beginning alone: a megabyte of spaces would be searched from each of them.
        declared = _DECLARATION.match(text)
        return text[declared.end() :].lstrip(_SPACE) if declared else text

    def _cleaned(self, text: str) -> bytes:
        # No surrogate stands in what was bytes, but in the odd encoding that somebody declares.
        data = text.encode("utf-8", "surrogatepass")
        if "&#" not in text and _is_clean(data):
            return data
        text, controls = _CONTROL.subn(" ", text)
        self.mended += controls
        return _REFERENCE.sub(self._referred, text).encode()

    def _referred(self, found: re.Match[str]) -> str:
        number = int(found[1], 16) if found[1] else int(found[2])
        if number in (9, 10, 13) or 32 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000:
            return found[0]
        self.mended += 1
        return "\ufffd"


def _is_clean(data: bytes) -> bool:
    """Whether XML holds all of its characters. Surrogates begin with the byte ED, and few others do."""
    if len(data.translate(None, _CONTROL_BYTES)) != len(data) or any(one in data for one in _NO_CHARACTERS):
        return False
    return b"\xed" not in data


def _whole(text: str) -> tuple[str, str]:
    """A text without a reference that is cut off at its end, and that."""
    begins = text.rfind("&", max(0, len(text) - _LONGEST_REFERENCE))
    return (text, "") if begins < 0 or ";" in text[begins:] else (text[:begins], text[begins:])


def _decoder(name: str, data: bytes) -> codecs.IncrementalDecoder | None:
    """Of an encoding, where it is one of text and the answer begins in it as XML does: some declare what they like."""
    try:
        # Finds out what packs or counts bytes instead; the decoders themselves do not tell.
        data[:2].decode(name, "ignore")
        made = codecs.getincrementaldecoder(name)
        begins = made(_WINDOWS).decode(data[:_BEGINNING])
    except (LookupError, UnicodeError):
        return None
    return made(_WINDOWS) if begins.lstrip(_SPACE).startswith("<") else None


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data[:_BEGINNING])
    return found[1].decode() if found else ""


def _named(headers: Mapping[str, str]) -> str:
    found = _CHARSET.search(headers.get("content-type", ""))
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Header:
    """What stands over each record."""

    identifier: str
    datestamp: str
    deleted: bool


@dataclass(frozen=True, slots=True)
class Got:
    """A record. metadata: its element, whose tree is gone when the next record is asked for; about: the containers."""

    header: Header
    metadata: Any = None
    about: tuple[Any, ...] = ()


@dataclass(slots=True)
class Told:
    """What an answer says besides its records. at: its date; token: empty where no more follows."""

    at: str = ""
    token: str = ""
    errors: list[tuple[str, str]] = field(default_factory=list)
    is_oai: bool = False


def elements(answer: Fetched, told: Told, *tags: str) -> Iterator[Any]:
    """Elements of these names (of OAI-PMH) as they end; what else is said goes into `told`.

    Raises: SourceAway; Broken.
    """
    source = Clean(answer)
    wanted = {f"{OAI}{tag}" for tag in tags}
    also = (f"{OAI}responseDate", f"{OAI}error", f"{OAI}resumptionToken")
    try:
        # lxml asks for nothing but `read`.
        for element in xml.stream(source, *wanted, *also):  # type: ignore[arg-type]
            told.is_oai = True
            if element.tag in wanted:
                yield element
            elif element.tag == also[0]:
                told.at = (element.text or "").strip()
            elif element.tag == also[1]:
                told.errors.append((element.get("code", ""), (element.text or "").strip()[:500]))
            else:
                told.token = (element.text or "").strip()
            source.record_ended()
    except IngestError as error:
        raise Broken("broken-xml" if told.is_oai else "not-oai") from error
    except SourceAway as error:
        raise Broken(f"source-{error.parameters['reason']}") from error
    if not told.is_oai:
        raise Broken("not-oai")


def record_of(element: Any) -> Got:
    """The record that an element `record` or `header` is. Raises: Broken: it has no header with an identifier."""
    parts = {_HEADER: element} if element.tag == _HEADER else {}
    about = []
    for child in element:
        if child.tag == _ABOUT:
            about.append(child)
        else:
            parts.setdefault(child.tag, child)
    header = parts.get(_HEADER)
    told = {} if header is None else {child.tag: child.text or "" for child in reversed(header)}
    identifier = told.get(f"{OAI}identifier", "").strip()
    if header is None or not identifier or len(identifier) > _LONGEST_IDENTIFIER:
        raise Broken("no-identifier", identifier[:100], passing=False)
    said = Header(identifier, told.get(f"{OAI}datestamp", "").strip()[:40], header.get("status") == "deleted")
    metadata = parts.get(f"{OAI}metadata")
    inside = next(iter(metadata), None) if metadata is not None else None
    return Got(said, inside, tuple(about))


_LONGEST_IDENTIFIER = 2_000
_HEADER, _ABOUT = f"{OAI}header", f"{OAI}about"
