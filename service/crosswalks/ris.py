"""RIS: what EndNote, Zotero and Mendeley read. A field a line, tags of two letters.

Source: https://en.wikipedia.org/wiki/RIS_(file_format), the tags of 2011
"""

from collections.abc import Iterator

from service.crosswalks import Format, Record, day, line, moment

FORMAT = Format(
    name="ris",
    label="RIS",
    accepts=("application/x-research-info-systems",),
    extension=".ris",
    source="https://en.wikipedia.org/wiki/RIS_(file_format)",
)
FIELDS = {
    "identifier": "ID",
    "url": "UR",
    "titles": "TI: the first",
    "descriptions": "AB",
    "languages": "LA",
    "keywords": "KW",
    "type": "TY",
    "subjects": "KW",
    "grades": "KW",
    "outcomes": "KW",
    "creators": "AU",
    "publishers": "PB",
    "organisation": "DP",
    "created": "PY and DA, where it was not published",
    "published": "PY and DA",
    "version": "ET",
    "licence": "C1",
    "isbns": "SN",
    "shelves": "CN",
    "files": "L1: their URLs",
    "pages": "SP",
}

_TYPES = {"Book": "EBOOK", "VideoObject": "VIDEO", "AudioObject": "SOUND", "Map": "MAP", "ImageObject": "FIGURE"}
_TYPES |= {"PresentationDigitalDocument": "SLIDE", "WebApplication": "COMP", "Report": "RPRT"}
_TYPES["Game"] = "COMP"


def write(record: Record) -> str:
    """One reference. Lines end with CR LF, as its makers ask for."""
    return "".join(f"{tag}  - {value}\r\n" for tag, text in _lines(record) if (value := line(text))) + "ER  - \r\n"


def _lines(record: Record) -> Iterator[tuple[str, str]]:
    at = moment(record.published)[:10] or day(record.created)
    yield "TY", _TYPES.get(record.type.same.get("schema", "") if record.type else "", "GEN")
    yield "ID", record.identifier
    yield "TI", record.title.value
    yield from (("AU", name) for name in record.creators)
    yield "PY", at[:4]
    # YYYY/MM/DD/other: the slashes stay where a part is missing.
    yield "DA", f"{'/'.join([*at.split('-'), '', ''][:3])}/" if at else ""
    yield from (("PB", name) for name in record.publishers)
    yield "DP", record.organisation
    yield "ET", record.version
    yield from (("SN", one) for one in record.isbns)
    yield from (("CN", one) for one in record.shelves)
    yield from (("LA", code) for code in record.languages)
    yield from (("KW", one.label.value) for one in (*record.subjects, *record.grades, *record.outcomes))
    yield from (("KW", word.value) for word in record.keywords)
    yield "AB", " ".join(text.value for text in record.descriptions)
    yield "SP", str(record.pages or "")
    yield "C1", (record.licence.same.get("uri") or record.licence.label.value) if record.licence else ""
    yield "UR", record.url
    yield from (("L1", file.url) for file in record.files)
