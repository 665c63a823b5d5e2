"""XML is read without entities, types and network."""

from io import BytesIO
from pathlib import Path

import pytest

from ingest.errors import BrokenFile
from ingest.formats import xml


def test_plain_xml_is_read() -> None:
    assert xml.parse("<a><b>chữ</b></a>".encode()).findtext("b") == "chữ"


def test_a_file_named_by_an_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret words")
    with pytest.raises(BrokenFile):
        xml.parse(f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]><a>&x;</a>'.encode())


def test_an_entity_bomb_is_refused() -> None:
    with pytest.raises(BrokenFile):
        xml.parse(b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;">]><a>&y;</a>')


def test_rubbish_is_broken() -> None:
    with pytest.raises(BrokenFile):
        xml.parse(b"<a><b></a>")


def test_a_document_type_that_is_only_named_is_passed_over() -> None:
    data = (
        b'<?xml version="1.0"?><!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://x.test/ncx.dtd"><ncx>a</ncx>'
    )
    assert xml.parse(data).text == "a"


def test_a_stream_gives_the_named_elements_and_forgets_them() -> None:
    rows = "".join(f"<r><c>{number}</c></r>" for number in range(100_000))
    source = BytesIO(f"<s><d>{rows}</d><f>end</f></s>".encode())
    seen = 0
    for seen, element in enumerate(xml.stream(source, "r", "f"), start=1):
        if seen % 5_000 == 0:
            # What was read at once, and no more.
            assert len(element.getparent()) < 20_000
    assert seen == 100_001


def test_a_stream_that_breaks_off_gives_what_came_before() -> None:
    elements = xml.stream(BytesIO(b"<s><r>1</r><r>2</r><r></s>"), "r")
    assert [next(elements).text, next(elements).text] == ["1", "2"]
    with pytest.raises(BrokenFile):
        next(elements)


def test_a_stream_with_a_document_type_is_refused() -> None:
    with pytest.raises(BrokenFile):
        list(xml.stream(BytesIO(b'<!DOCTYPE s [<!ENTITY x "y">]><s><r>&x;</r></s>'), "r"))
