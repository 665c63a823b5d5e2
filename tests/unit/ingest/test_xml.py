"""XML is read without entities, types and network."""

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
