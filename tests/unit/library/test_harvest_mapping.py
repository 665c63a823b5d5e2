"""What another repository's record says becomes values of ours, or the reason why it cannot."""

import pytest
from lxml import etree

from service.library.harvesting.answers import Broken, Got, Header
from service.library.harvesting.mapping import LINK, Mapper
from service.ports import Source
from service.vocabularies.seeds import load

DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Bài một</dc:title>{}</oai_dc:dc>'
)
MODS = (
    '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>Bài một</title></titleInfo>'
    "<location>{}</location></mods>"
)
LOM = (
    '<lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general><title><string>Bài một</string></title></general>'
    "<technical>{}</technical></lom>"
)


@pytest.fixture(scope="module")
def mapper() -> Mapper:
    source = Source(1, "https://kho.example.vn/oai", "", "oai_dc", "default", "CC-BY-4.0", "Kho")
    return Mapper(load(), source, "2026-01-01T00:00:00Z")


def link(mapper: Mapper, body: str) -> str:
    got = Got(Header("oai:kho:1", "2026-01-01", deleted=False), etree.fromstring(body))
    return next(value.value for value in mapper.read(got, ()).values if value.field == LINK)


@pytest.mark.parametrize(
    ("shape", "inside"),
    [
        (DC, "<dc:identifier>{}</dc:identifier>"),
        (MODS, "<url>{}</url>"),
        (LOM, "<location>{}</location>"),
    ],
    ids=["oai_dc", "mods", "lom"],
)
@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("https://kho.example.vn/1", "https://kho.example.vn/1"),
        ("https://kho.example.vn/tài-liệu", "https://kho.example.vn/t%C3%A0i-li%E1%BB%87u"),
        ("https://kho.example.vn/bai 1.pdf", "https://kho.example.vn/bai%201.pdf"),
        ("https://kho.example.vn/?a[]=1|2", "https://kho.example.vn/?a%5B%5D=1%7C2"),
        ("HTTP://Kho.Example.VN/1", "http://kho.example.vn/1"),
        ("https://kho.example.vn/1; https://kho.example.vn/2", "https://kho.example.vn/1"),
    ],
)
def test_an_address_is_kept_as_every_program_takes_it(
    mapper: Mapper, shape: str, inside: str, said: str, kept: str
) -> None:
    assert link(mapper, shape.format(inside.format(said))) == kept


def test_of_several_the_one_that_needs_no_mending_is_taken(mapper: Mapper) -> None:
    said = ("QĐ-17", "http://kho.example.vn/cũ", "https://kho.example.vn/1", "https://kho.example.vn/2")
    assert link(mapper, DC.format("".join(f"<dc:identifier>{one}</dc:identifier>" for one in said))) == said[2]
    urls = '<url>https://kho.example.vn/1</url><url usage="primary display">https://kho.example.vn/2</url>'
    assert link(mapper, MODS.format(f"<url>https://kho.example.vn/cũ</url>{urls}")) == said[3]


@pytest.mark.parametrize(
    "said", ["", "QĐ-17", "https://", "https://u:p@kho.example.vn/", "javascript:alert(1)", "https://a.vn/\\b"]
)
def test_what_leads_nowhere_is_told(mapper: Mapper, said: str) -> None:
    with pytest.raises(Broken) as raised:
        link(mapper, DC.format(f"<dc:identifier>{said}</dc:identifier>"))
    assert raised.value.reason == "no-link"
