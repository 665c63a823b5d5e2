"""LOM read back: every field that was written, and what other repositories write."""

from dataclasses import replace

import pytest

from ingest.errors import BrokenFile
from service.crosswalks import Concept, Text, lom
from tests import schemas
from tests.golden.records import FULL

# Said by nobody in LOM: places in a programme, shelf marks, others' words, the number of pages, parts of a second.
_UNSAID = replace(
    FULL,
    type=Concept("presentation", same={"lom": "slide"}),
    placements=(),
    shelves=(),
    grades=(replace(FULL.grades[0], same={}),),
    duration_seconds=754.0,
    pages=None,
)


def test_every_mapped_field_comes_back() -> None:
    assert lom.read(lom.write(FULL).encode()) == _UNSAID


def test_the_table_names_every_field_that_comes_back() -> None:
    told = lom.read(lom.write(FULL).encode())
    empty = lom.read(b"<lom xmlns='http://ltsc.ieee.org/xsd/LOM'/>")
    # What is free of charge is so until somebody says otherwise.
    back = {name for name in FULL.__slots__ if getattr(told, name) != getattr(empty, name)} | {"free_of_charge"}
    assert back == set(lom.FIELDS)


def test_what_costs_money_comes_back() -> None:
    assert not lom.read(lom.write(replace(FULL, free_of_charge=False)).encode()).free_of_charge


@schemas.needed
def test_another_repository_is_understood_as_far_as_we_have_fields() -> None:
    told = lom.read((schemas.FOLDER / "lom/examples/lom.xml").read_bytes())
    assert told.titles == (Text("Een titel"),)
    assert told.languages == ("nl",)
    assert told.identifier == "Identificatiecode/identifier/etc, uniek binnen catalog"
    assert told.creators == ("vcard",)


@pytest.mark.parametrize(
    ("card", "name"),
    [
        ("BEGIN:VCARD\r\nVERSION:3.0\r\nFN;CHARSET=UTF-8:Nguyễn\\, Minh\r\nEND:VCARD", "Nguyễn, Minh"),
        ("BEGIN:VCARD\nfn:Trường THPT\n  Bản Giốc\nEND:VCARD", "Trường THPT Bản Giốc"),
        ("begin:vcard\nitem1.FN:Lò\\nPánh\nend:vcard", "Lò Pánh"),
        ("BEGIN:VCARD\nEMAIL:a@b.vn\nEND:VCARD", ""),
        ("Chỉ là một cái tên", "Chỉ là một cái tên"),
    ],
)
def test_names_are_read_from_cards_as_they_are_written(card: str, name: str) -> None:
    role = "<role><source>LOMv1.0</source><value>author</value></role>"
    text = f"<lom xmlns='http://ltsc.ieee.org/xsd/LOM'><lifeCycle><contribute>{role}<entity>{card}</entity></contribute></lifeCycle></lom>"
    assert lom.read(text.encode()).creators == ((name,) if name else ())


@pytest.mark.parametrize("text", ["", "<lom>", "<!DOCTYPE x [<!ENTITY a 'b'>]><lom>&a;</lom>"])
def test_what_is_no_xml_is_broken(text: str) -> None:
    with pytest.raises(BrokenFile):
        lom.read(text.encode())
