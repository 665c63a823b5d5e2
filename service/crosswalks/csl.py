"""CSL-JSON: what citation processors format, and what Zotero and pandoc read. An array of one item.

Source: https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html, CSL 1.0.2
"""

from service.crosswalks import Format, Record, as_json, day, language_tag, line, moment

FORMAT = Format(
    name="csl",
    label="CSL-JSON",
    accepts=("application/vnd.citationstyles.csl+json",),
    extension=".csl.json",
    source="https://docs.citationstyles.org/en/stable/specification.html",
)
FIELDS = {
    "identifier": "id",
    "url": "URL",
    "titles": "title: the first",
    "descriptions": "abstract",
    "languages": "language: the first",
    "keywords": "keyword",
    "type": "type; genre: its label",
    "subjects": "keyword",
    "grades": "keyword",
    "outcomes": "keyword",
    "creators": "author: literal names",
    "publishers": "publisher",
    "organisation": "source",
    "created": "issued, where it was not published",
    "published": "issued",
    "version": "version",
    "isbns": "ISBN",
    "shelves": "call-number",
    "pages": "number-of-pages",
}

_TYPES = {
    "Book": "book",
    "VideoObject": "motion_picture",
    "AudioObject": "song",
    "Map": "map",
    "ImageObject": "graphic",
}
_TYPES |= {"Report": "report", "WebApplication": "software", "Game": "software"}


def write(record: Record) -> str:
    """The JSON document."""
    at = moment(record.published)[:10] or day(record.created)
    concepts = (*record.subjects, *record.grades, *record.outcomes)
    return as_json(
        [
            {
                "id": record.identifier,
                "type": _TYPES.get(record.type.same.get("schema", "") if record.type else "", "document"),
                "title": line(record.title.value),
                # Not split into given and family: their order differs between the peoples of the country.
                "author": [{"literal": line(name)} for name in record.creators],
                "issued": {"date-parts": [[int(part) for part in at.split("-")]]} if at else {},
                "publisher": "; ".join(filter(None, map(line, record.publishers))),
                "source": record.organisation,
                "genre": record.type.label.value if record.type else "",
                "version": record.version,
                "ISBN": " ".join(filter(None, map(line, record.isbns))),
                "call-number": "; ".join(filter(None, map(line, record.shelves))),
                "language": next((tag for code in record.languages if (tag := language_tag(code))), ""),
                "keyword": ", ".join(
                    filter(
                        None,
                        (*(line(one.label.value) for one in concepts), *(line(one.value) for one in record.keywords)),
                    )
                ),
                "abstract": "\n\n".join(text.value for text in record.descriptions),
                "number-of-pages": str(record.pages or ""),
                "URL": record.url,
            }
        ]
    )
