"""What others say in Dublin Core and MODS is read as they meant it."""

import pytest
from hypothesis import given
from lxml import etree

from service.crosswalks import Record, Text, dc_reading, line, mods, mods_reading, oai_dc
from tests.unit.crosswalks.made import records

DC = """<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title xml:lang="vi"> Hàm số bậc hai </dc:title><dc:title/>
<dc:identifier>QD-17</dc:identifier><dc:identifier>http://kho.example.vn/handle/1/17</dc:identifier>
<dc:type>Bài giảng</dc:type><dc:type>Text</dc:type><dc:language>vie</dc:language>
<dc:date>tháng 5</dc:date><dc:date>2024-05-06T00:00:00Z</dc:date>
<dc:rights>Ghi công</dc:rights><dc:rights>https://creativecommons.org/licenses/by/4.0/</dc:rights>
<dc:subject>Toán</dc:subject><dc:creator>Nguyễn\n Hoa</dc:creator></oai_dc:dc>"""
MODS = """<mods xmlns="http://www.loc.gov/mods/v3" xmlns:xlink="http://www.w3.org/1999/xlink">
<titleInfo><nonSort>The</nonSort><title>Cells</title><subTitle>of plants</subTitle></titleInfo>
<name><namePart>Hoa</namePart><role><roleTerm>creator</roleTerm></role></name>
<name><namePart>Minh</namePart><role><roleTerm>reviewer</roleTerm></role></name>
<location><url>https://kho.example.vn/tep.pdf</url><url usage="primary display">https://kho.example.vn/17</url></location>
<accessCondition xlink:href="https://creativecommons.org/licenses/by-sa/4.0/">CC BY-SA</accessCondition>
<relatedItem type="host"><titleInfo><title>Tuyển tập</title></titleInfo></relatedItem></mods>"""


def test_dublin_core() -> None:
    found = dc_reading.read_element(etree.fromstring(DC))
    assert found.titles == (Text("Hàm số bậc hai", "vi"),)
    assert (found.identifier, found.url) == ("QD-17", "http://kho.example.vn/handle/1/17")
    assert found.type is not None
    assert found.type.same == {"dcmi": "Text"}
    assert found.licence is not None
    assert found.licence.same == {"uri": "https://creativecommons.org/licenses/by/4.0/"}
    assert (found.created, found.languages, found.creators) == ("2024-05-06", ("vie",), ("Nguyễn Hoa",))


def test_mods() -> None:
    found = mods_reading.read_element(etree.fromstring(MODS))
    assert found.titles == (Text("The Cells: of plants", ""),)
    assert (found.url, found.creators, found.reviewers) == ("https://kho.example.vn/17", ("Hoa",), ("Minh",))
    assert found.licence is not None
    assert found.licence.same == {"uri": "https://creativecommons.org/licenses/by-sa/4.0/"}
    assert found.part_of == ("Tuyển tập",)


@pytest.mark.parametrize(("writing", "reading"), [(oai_dc, dc_reading), (mods, mods_reading)], ids=["oai_dc", "mods"])
@given(record=records)
def test_what_we_write_is_read(writing: object, reading: object, record: Record) -> None:
    found = reading.read_element(etree.fromstring(writing.write(record)))  # type: ignore[attr-defined]
    assert found.url == record.url
    assert [line(text.value) for text in found.titles] == [
        line(text.value) for text in record.titles if line(text.value)
    ]
    assert found.creators == tuple(line(name) for name in record.creators if line(name))
