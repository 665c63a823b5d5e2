"""OAI-PMH, requirement 11: errors are answers, POST says what GET says, gzip is spoken."""

from collections.abc import Iterator

import pytest
from lxml import etree

from tests.functional.repository import OAI, Clock, Repository, library, spread
from tests.schemas import faults, needed

XSD = "oai/OAI-PMH.xsd"


LONG = "x" * 10_000
BAD = [
    ("", "badVerb"),
    ("verb=", "badVerb"),
    ("verb=identify", "badVerb"),
    ("verb=Identify&verb=Identify", "badVerb"),
    (f"verb={LONG}", "badVerb"),
    ("verb=%00", "badVerb"),
    ("verb=%FF%FE", "badVerb"),
    ("verb=%2549dentify", "badVerb"),
    ("x", "badVerb"),
    ("&&&", "badVerb"),
    ("verb=Identify&x=1", "badArgument"),
    ("verb=Identify&metadataPrefix=oai_dc", "badArgument"),
    ("verb=Identify&resumptionToken=x", "badArgument"),
    ("verb=Identify&%FF=%FF", "badArgument"),
    ("verb=Identify&Verb=Identify", "badArgument"),
    ("verb=ListRecords", "badArgument"),
    ("verb=ListRecords&metadataPrefix=", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument"),
    ("verb=ListRecords&metadataPrefix=nope", "cannotDisseminateFormat"),
    (f"verb=ListRecords&metadataPrefix={LONG}", "cannotDisseminateFormat"),
    ("verb=ListRecords&metadataPrefix=%C4%83%00", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai%255Fdc", "badArgument"),
    ("verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x", "badArgument"),
    ("verb=ListRecords&resumptionToken=", "badResumptionToken"),
    ("verb=ListRecords&resumptionToken=%FF%00", "badResumptionToken"),
    (f"verb=ListRecords&resumptionToken={LONG}", "badResumptionToken"),
    ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
    ("verb=ListSets&resumptionToken=", "badResumptionToken"),
    ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
    ("verb=GetRecord&identifier=oai:x:1", "badArgument"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=", "badArgument"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=x%22y", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=%22%3C%26", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=%00%FF%25", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=http://[", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=:a", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=1a:b", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=a%20b%20%25zz", "idDoesNotExist"),
    ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:thuvien.example.vn:0123456789ab", "idDoesNotExist"),
    (f"verb=GetRecord&metadataPrefix=oai_dc&identifier={LONG}", "idDoesNotExist"),
    ("verb=ListMetadataFormats&identifier=oai:none:0", "idDoesNotExist"),
    ("verb=ListMetadataFormats&metadataPrefix=oai_dc", "badArgument"),
]


@needed
@pytest.mark.parametrize("query", BAD, ids=[f"{query[:60]}" for query, _ in BAD])
def test_line_11_errors_are_answers_with_status_200_and_posting_says_the_same(
    running_dry: Repository, query: tuple[str, str]
) -> None:
    asked, code = query
    answers = [
        running_dry.client.get(f"/oai?{asked}"),
        running_dry.client.post("/oai", content=asked, headers={"Content-Type": "application/x-www-form-urlencoded"}),
    ]
    for response in answers:
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/xml; charset=utf-8"
        root = etree.fromstring(response.content)
        assert [one.get("code") for one in root.findall(f"{OAI}error")] == [code]
        assert faults(response.text, XSD) == []
        said = root.find(f"{OAI}request").attrib
        assert bool(said) == (code not in ("badVerb", "badArgument"))


@pytest.fixture(scope="module")
def running_dry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    """A library that nothing is stored in: what is wrong with a request is the same everywhere."""
    services = library(tmp_path_factory.mktemp("dry"), searches_per_minute=10_000)
    yield Repository(services)
    services.catalogue.close()


def test_line_11_post_equals_get(repository: Repository, clock: Clock) -> None:
    spread(repository, clock)
    token = repository.harvest().tokens[0].text
    for asked in (
        "verb=Identify",
        "verb=ListSets",
        "verb=ListMetadataFormats",
        "verb=ListRecords&metadataPrefix=lom&from=2035-01-01",
        f"verb=ListRecords&resumptionToken={token}",
    ):
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert (
            repository.client.post("/oai", content=asked, headers=form).content
            == repository.client.get(f"/oai?{asked}").content
        )


def test_line_11_gzip_is_announced_and_spoken(repository: Repository) -> None:
    packed = repository.client.get("/oai?verb=Identify", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert etree.fromstring(packed.content).findtext(f".//{OAI}compression") == "gzip"
    plain = repository.client.get("/oai?verb=Identify", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
