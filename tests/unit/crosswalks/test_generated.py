"""Whatever a record holds, each format is well-formed and valid by its published schema."""

import json
import re

from hypothesis import given, settings

from service.crosswalks import Record, amb, bibtex, csl, lom, mods, oai_dc, ris, schema_org
from tests import schemas
from tests.unit.crosswalks.made import records

EXAMPLES = 50
CSL_NAMES = set("id type title author issued publisher source genre version language keyword abstract URL".split())  # noqa: SIM905


@schemas.needed
@settings(max_examples=EXAMPLES)
@given(records)
def test_dublin_core_is_valid(record: Record) -> None:
    assert schemas.faults(oai_dc.write(record), "oai/oai_dc.xsd") == []


@schemas.needed
@settings(max_examples=EXAMPLES)
@given(records)
def test_lom_is_valid(record: Record) -> None:
    assert schemas.faults(lom.write(record), "lom/lomLoose.xsd") == []


@schemas.needed
@settings(max_examples=EXAMPLES)
@given(records)
def test_mods_is_valid(record: Record) -> None:
    assert schemas.faults(mods.write(record), "mods/mods-3-8.xsd") == []


@schemas.needed
@settings(max_examples=EXAMPLES)
@given(records)
def test_amb_is_valid(record: Record) -> None:
    assert [one.message for one in schemas.amb().iter_errors(json.loads(amb.write(record)))] == []


@settings(max_examples=EXAMPLES)
@given(records)
def test_schema_org_names_what_it_is(record: Record) -> None:
    told = json.loads(schema_org.write(record))
    assert told["@context"] == "https://schema.org"
    assert told["@type"][0] == "LearningResource"
    assert told["name"]
    assert None not in told.values()


@settings(max_examples=EXAMPLES)
@given(records)
def test_lom_that_was_read_writes_the_same_bytes(record: Record) -> None:
    written = lom.write(record)
    assert lom.write(lom.read(written.encode())) == written


@settings(max_examples=EXAMPLES)
@given(records)
def test_bibtex_is_one_entry_whose_braces_match(record: Record) -> None:
    text = bibtex.write(record)
    text.encode()
    head, *rows, end, last = text.split("\n")
    assert re.fullmatch(r"@(book|misc)\{0123456789ab,", head)
    assert (end, last) == ("}", "")
    for row in rows:
        found = re.fullmatch(r"  [a-z]+ = \{(.*)\},", row)
        assert found, row
        depth = 0
        for char in found[1]:
            depth += {"{": 1, "}": -1}.get(char, 0)
            assert depth >= 0, row
        assert depth == 0, row


@settings(max_examples=EXAMPLES)
@given(records)
def test_ris_is_one_reference_a_line_a_field(record: Record) -> None:
    text = ris.write(record)
    text.encode()
    lines = text.split("\r\n")
    assert lines.pop() == ""
    assert lines[0].startswith("TY  - ")
    assert lines[-1] == "ER  - "
    assert [line for line in lines if not re.fullmatch(r"[A-Z][A-Z0-9]  - [^\r\n]*", line)] == []
    assert len([line for line in lines if line.startswith(("TY", "ER"))]) == 2


@settings(max_examples=EXAMPLES)
@given(records)
def test_csl_is_one_item(record: Record) -> None:
    (item,) = json.loads(csl.write(record))
    assert {"id", "type", "title", "URL"} <= set(item) <= CSL_NAMES | {"number-of-pages"}
    assert all(set(one) == {"literal"} for one in item.get("author", ()))
