"""An answer of another repository: what is careless is mended, what is hostile is refused."""

import codecs
from collections.abc import Mapping
from encodings.aliases import aliases

import pytest

from service.library.harvesting.answers import RECORD_BYTES, Broken, Clean, Told, elements, record_of
from service.library.harvesting.origins import original, read, write
from service.ports import Origin

HEAD = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-01-01T00:00:00Z</responseDate>'


class Answer:
    """Bytes that come a few at a time. The port `service.ports.Fetched`."""

    status = 200

    def __init__(self, data: bytes, size: int = 7, content_type: str = "") -> None:
        self.headers: Mapping[str, str] = {"content-type": content_type}
        self._data = data
        self._size = size

    def read(self, size: int) -> bytes:
        taken, self._data = self._data[: min(size, self._size)], self._data[min(size, self._size) :]
        return taken


def cleaned(data: bytes, content_type: str = "", size: int = 7) -> str:
    source, pieces = Clean(Answer(data, size, content_type)), []
    while piece := source.read():
        pieces.append(piece)
    return b"".join(pieces).decode()


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize(
    ("data", "content_type", "text"),
    [
        ("<a>đồ thị</a>".encode(), "", "<a>đồ thị</a>"),
        ('\ufeff<?xml version="1.0"?>\n<a>ệ</a>'.encode(), "", "<a>ệ</a>"),
        (b'\n\n <?xml version="1.0" encoding="utf-8"?><a/>', "", "<a/>"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1"), "", "<a>é</a>"),
        ("<a>é</a>".encode("latin-1"), "text/xml; charset=iso-8859-1", "<a>é</a>"),
        ('<?xml version="1.0" encoding="utf-16"?><a>ệ</a>'.encode("utf-16"), "", "<a>ệ</a>"),
        ('<?xml version="1.0" encoding="UTF-8"?><a>caf\xe9 ệ</a>'.encode("latin-1", "ignore"), "", "<a>café </a>"),
        (b"<a>\x03x\x00</a>", "text/xml; charset=martian", "<a> x </a>"),
        (b"<a>&#3;&#x1F;&#65;&#x110000;&amp;</a>", "", "<a>\ufffd\ufffd&#65;\ufffd&amp;</a>"),
        ("<a>한국어 \ufffe\uffff</a>".encode(), "", "<a>한국어   </a>"),
        (b"", "", ""),
        ('<?xml version="1.0" encoding="utf-16"?><a>ệ</a>'.encode(), "", "<a>ệ</a>"),
        ('<?xml version="1.0" encoding="utf-16"?><a>é</a>'.encode("latin-1"), "text/xml; charset=latin-1", "<a>é</a>"),
        ('<?xml version="1.0" encoding="zlib"?><a>ệ</a>'.encode(), "", "<a>ệ</a>"),
        ('<?xml version="1.0" encoding="idna"?><a>ệ</a>'.encode(), "text/xml; charset=hex", "<a>ệ</a>"),
        ('<?xml version="1.0" encoding="cp037"?><a>ệ</a>'.encode(), "text/xml; charset=utf-16", "<a>ệ</a>"),
        ('<?xml version="1.0" encoding="undefined"?><a>ệ</a>'.encode(), "", "<a>ệ</a>"),
    ],
)
def test_what_is_careless_is_mended(data: bytes, content_type: str, text: str, size: int) -> None:
    assert cleaned(data, content_type, size) == text


def test_records_come_as_they_end_with_what_is_said_beside_them() -> None:
    record = "<record><header{}><identifier>oai:a:{}</identifier><datestamp>2026-01-02</datestamp></header>{}</record>"
    body = f"{HEAD}<ListRecords>{record.format('', 1, '<metadata><x/></metadata>')}"
    body += record.format(' status="deleted"', 2, "") + "<resumptionToken> t </resumptionToken></ListRecords></OAI-PMH>"
    told = Told()
    found = [record_of(element).header for element in elements(Answer(body.encode(), 50), told, "record")]
    assert [(one.identifier, one.datestamp, one.deleted) for one in found] == [
        ("oai:a:1", "2026-01-02", False),
        ("oai:a:2", "2026-01-02", True),
    ]
    assert (told.at, told.token, told.errors) == ("2026-01-01T00:00:00Z", "t", [])


def test_an_error_of_the_protocol_is_told() -> None:
    told = Told()
    body = f'{HEAD}<error code="noRecordsMatch">nothing</error></OAI-PMH>'
    assert list(elements(Answer(body.encode()), told, "record")) == []
    assert told.errors == [("noRecordsMatch", "nothing")]


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FILE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (HEAD + "<ListRecords><record>", "broken-xml"),
        ("<!doctype html><html><body><p>Lỗi<br></body></html>", "not-oai"),
        ('<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "not-oai"),
        ("", "not-oai"),
        ("not XML", "not-oai"),
        (BOMB + HEAD.replace("2026", "&b;") + "</OAI-PMH>", "not-oai"),
        (FILE + HEAD.replace("2026", "&a;") + "</OAI-PMH>", "not-oai"),
        (HEAD + "<a>" * 5_000, "broken-xml"),
    ],
    ids=["cut-off", "html", "xhtml", "empty", "text", "entity-bomb", "entity-file", "depth"],
)
def test_what_is_none_is_refused(body: str, reason: str) -> None:
    with pytest.raises(Broken) as raised:
        list(elements(Answer(body.encode(), 4096), Told(), "record"))
    assert raised.value.reason == reason


def came_of(answer: Answer) -> str:
    try:
        return str(len(list(elements(answer, Told(), "record"))))
    except Broken as error:
        return error.reason


@pytest.mark.parametrize("name", sorted({*aliases.values(), "idna", "punycode", "undefined", "unicode_escape", "zlib"}))
def test_no_encoding_that_is_declared_brings_a_harvest_down(name: str) -> None:
    declared = f'<?xml version="1.0" encoding="{name}"?>'
    record = "<record><header><identifier>oai:a:1</identifier></header>\\xyz +-ệ ~{~ é</record>"
    body = f"{declared}{HEAD}<ListRecords>{record}</ListRecords></OAI-PMH>".encode()
    for content_type in ("", f"text/xml; charset={name}"):
        assert came_of(Answer(body, 61, content_type)) in ("1", "broken-xml", "not-oai")


def test_what_cannot_be_decoded_in_the_middle_is_broken() -> None:
    class Tiring(codecs.BufferedIncrementalDecoder):
        def _buffer_decode(self, input: bytes, errors: str, final: bool) -> tuple[str, int]:
            if b"tired" in input:
                raise UnicodeError("no more")
            return codecs.utf_8_decode(input, errors, final)

    def found(name: str) -> codecs.CodecInfo | None:
        made = codecs.CodecInfo(codecs.utf_8_encode, codecs.utf_8_decode, incrementaldecoder=Tiring, name="tiring")
        return made if name == "tiring" else None

    codecs.register(found)
    try:
        body = f'<?xml version="1.0" encoding="tiring"?>{HEAD}{" " * 2_000}<ListRecords>tired</ListRecords></OAI-PMH>'
        assert came_of(Answer(body.encode(), 61)) == "broken-xml"
    finally:
        codecs.unregister(found)


def test_a_record_without_an_end_is_refused() -> None:
    class Endless(Answer):
        def read(self, size: int) -> bytes:
            self.given = getattr(self, "given", 0) + size
            assert self.given < RECORD_BYTES * 2
            return HEAD.encode() if self.given == size else b"<a>" + b" " * (size - 7) + b"</a>"

    with pytest.raises(Broken) as raised:
        list(elements(Endless(b""), Told(), "record"))
    assert (raised.value.reason, raised.value.passing) == ("too-large", False)


# --- provenance ---------------------------------------------------------------------------------


def origin(name: str, **changes: str) -> Origin:
    told = {"datestamp": "2026-01-02", "namespace": "urn:lom", "harvested": "2026-03-01T00:00:00Z", **changes}
    return Origin(f"https://{name}.example.vn/oai", f"oai:{name}:1", **told)


def test_provenance_goes_and_comes_back() -> None:
    from lxml import etree

    stood = (origin("b"), origin("a", datestamp="2026-01-02T03:04:05Z"))
    about = etree.fromstring(f"<about>{write(stood)}</about>")
    assert read([about]) == stood
    assert original("oai:c:9", stood) == "oai:a:1"
    assert original("oai:c:9", ()) == "oai:c:9"
    assert write(()) == ""


def test_what_no_schema_takes_is_not_said_on() -> None:
    wrong = (origin("b", harvested='x" y="'), origin("a", datestamp="hôm qua"), Origin("javascript:1", "x", "", "", ""))
    assert write(wrong) == ""


def test_a_history_without_an_end_is_cut() -> None:
    from lxml import etree

    assert len(read([etree.fromstring(f"<about>{write((origin('a'),) * 50)}</about>")])) == 10
