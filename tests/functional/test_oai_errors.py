"""OAI-PMH, requirement 11: errors are answers, POST says what GET says, gzip is spoken."""

from collections.abc import Callable, Iterator, Mapping

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
    # Letters that a pattern with two ways to read each of them would try in all ways: no answer would ever come.
    (f"verb=GetRecord&metadataPrefix=oai_dc&identifier={'ê' * 2_000}%20", "idDoesNotExist"),
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


TAKES: Mapping[str, tuple[str, ...]] = {
    "Identify": (),
    "ListMetadataFormats": ("identifier",),
    "ListSets": ("resumptionToken",),
    "ListIdentifiers": ("metadataPrefix", "from", "until", "set", "resumptionToken"),
    "ListRecords": ("metadataPrefix", "from", "until", "set", "resumptionToken"),
    "GetRecord": ("identifier", "metadataPrefix"),
}
NEEDED: Mapping[str, tuple[str, ...]] = {
    "ListIdentifiers": ("metadataPrefix",),
    "ListRecords": ("metadataPrefix",),
    "GetRecord": ("identifier", "metadataPrefix"),
}
GOOD = {
    "verb": "Identify",
    "identifier": "oai:thuvien.example.vn:0123456789ab",
    "metadataPrefix": "oai_dc",
    "from": "2024-01-01",
    "until": "2024-12-31",
    "set": "type:video",
    "resumptionToken": "x",
}
# What breaks a value -> what it becomes, and what is said then where that is not badArgument.
BROKEN: Mapping[str, Callable[[str], str]] = {
    "empty": lambda good: "",
    "unknown": lambda good: "nope",
    "long": lambda good: LONG,
    "encoded twice": lambda good: "".join(f"%25{ord(one):02X}" for one in good),
    "NUL": lambda good: f"{good}%00",
    "no UTF-8": lambda good: f"{good}%FF%FE%C3%28",
    "half a surrogate": lambda good: f"{good}%ED%A0%80",
    "no percent": lambda good: f"{good}%zz%",
}
SAID = {
    **{("verb", how): "badVerb" for how in BROKEN},
    **{("resumptionToken", how): "badResumptionToken" for how in BROKEN},
    # Whatever is no identifier of this library: only an empty one is no identifier at all.
    **{("identifier", how): "idDoesNotExist" for how in BROKEN if how != "empty"},
    # These could be a format, or a set.
    **{("metadataPrefix", how): "cannotDisseminateFormat" for how in ("unknown", "long")},
    **{("set", how): "noRecordsMatch" for how in ("unknown", "long")},
}


def _asked(verb: str, name: str, value: str | None, *more: str) -> str:
    """A request that is right but for one argument; None: it is left out."""
    alone = name == "resumptionToken"
    given = {one: GOOD[one] for one in NEEDED.get(verb, ()) if not alone}
    given = {"verb": verb, **given, **({name: value} if value is not None else {})}
    if value is None:
        given.pop(name, None)
    return "&".join((*(f"{one}={said}" for one, said in given.items()), *more))


def _requests(how: str) -> Iterator[tuple[str, str]]:
    """Every argument of every verb, broken in one way: (request, the error's code)."""
    if how in BROKEN:
        yield f"verb={BROKEN[how](GOOD['verb'])}", "badVerb"
        for verb, names in TAKES.items():
            for name in names:
                yield _asked(verb, name, BROKEN[how](GOOD[name])), SAID.get((name, how), "badArgument")
            # And its name.
            strange = BROKEN[how]("from") if how != "empty" else "From"
            yield _asked(verb, "", None, f"{strange}=2024-01-01"), "badArgument"
    elif how == "missing":
        yield "metadataPrefix=oai_dc", "badVerb"
        for verb, names in NEEDED.items():
            for name in names:
                yield _asked(verb, name, None), "badArgument"
    else:
        yield "verb=Identify&verb=Identify", "badVerb"
        for verb, names in TAKES.items():
            for name in names:
                for again in (GOOD[name], "", LONG):
                    yield _asked(verb, name, GOOD[name], f"{name}={again}"), "badArgument"


@needed
@pytest.mark.parametrize("how", ["missing", "repeated", *BROKEN])
def test_line_11_every_argument_of_every_verb_may_be_wrong(running_dry: Repository, how: str) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    asked = list(_requests(how))
    assert len(asked) >= 4
    for query, code in asked:
        got = running_dry.client.get(f"/oai?{query}")
        # A form may hold the bytes themselves.
        raw = query.encode().replace(b"%FF%FE%C3%28", b"\xff\xfe\xc3(").replace(b"%00", b"\0")
        posted = running_dry.client.post("/oai", content=raw.replace(b"%ED%A0%80", b"\xed\xa0\x80"), headers=form)
        for response in (got, posted):
            assert response.status_code == 200
            assert response.headers["content-type"] == "text/xml; charset=utf-8"
            root = etree.fromstring(response.content)
            assert [one.get("code") for one in root.findall(f"{OAI}error")] == [code], query[:200]
            assert faults(response.text, XSD) == [], query[:200]


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
    for said in ("identity", "gzip;q=0", "gzip; q=0.0, identity", "deflate, br", ""):
        plain = repository.client.get("/oai?verb=Identify", headers={"Accept-Encoding": said})
        assert "content-encoding" not in plain.headers, said
        assert plain.headers["vary"] == "Accept-Encoding"
    for said in ("deflate, gzip;q=0.5", "gzip;q=1.0, *;q=0"):
        answer = repository.client.get("/oai?verb=Identify", headers={"Accept-Encoding": said})
        assert answer.headers["content-encoding"] == "gzip", said
