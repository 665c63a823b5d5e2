"""MODS 3.8: what library systems read.

Source: https://www.loc.gov/standards/mods/userguide/
"""

from service.crosswalks import Concept, Format, Record, day, duration, is_web, language_tag, leaf, moment, tree

FORMAT = Format(
    name="mods",
    label="MODS",
    accepts=("application/mods+xml",),
    extension=".mods.xml",
    source="https://www.loc.gov/standards/mods/",
    namespace="http://www.loc.gov/mods/v3",
    schema="http://www.loc.gov/standards/mods/v3/mods-3-8.xsd",
)
FIELDS = {
    "identifier": "identifier[type=oai], recordInfo/recordIdentifier",
    "url": "location/url[primary display]",
    "titles": "titleInfo/title",
    "descriptions": "abstract",
    "languages": "language/languageTerm",
    "keywords": "subject/topic",
    "type": "genre; typeOfResource: from DCMIType",
    "subjects": "subject/topic",
    "grades": "targetAudience",
    "outcomes": "note[type=educational objective]",
    "audience": "targetAudience",
    "creators": "name/namePart, role creator",
    "publishers": "originInfo/publisher",
    "reviewers": "name/namePart, role reviewer",
    "organisation": "recordInfo/recordContentSource",
    "created": "originInfo/dateCreated",
    "published": "originInfo/dateIssued",
    "modified": "recordInfo/recordChangeDate",
    "version": "originInfo/edition",
    "licence": "accessCondition, its URI in xlink:href",
    "part_of": "relatedItem[host]",
    "based_on": "relatedItem[original]",
    "isbns": "identifier[type=isbn]",
    "shelves": "location/shelfLocator",
    "files": "location/url[raw object], physicalDescription/internetMediaType",
    "thumbnail": "location/url[preview]",
    "duration_seconds": "physicalDescription/extent[unit=duration]",
    "pages": "physicalDescription/extent[unit=pages]",
}

# MODS's own words, https://www.loc.gov/standards/mods/userguide/typeofresource.html
_TYPES = {
    "Text": "text",
    "MovingImage": "moving image",
    "StillImage": "still image",
    "Sound": "sound recording-nonmusical",
    "InteractiveResource": "software, multimedia",
}


def write(record: Record) -> str:
    """The element `mods`."""
    return tree(
        "mods",
        [tree("titleInfo", leaf("title", text.value), lang=language_tag(text.language)) for text in record.titles],
        [_name(name, "creator") for name in record.creators],
        [_name(name, "reviewer") for name in record.reviewers],
        leaf("typeOfResource", _TYPES.get(record.type.same.get("dcmi", "")) if record.type else ""),
        _labelled("genre", (record.type,) if record.type else ()),
        tree(
            "originInfo",
            [leaf("publisher", name) for name in record.publishers],
            leaf("dateIssued", moment(record.published), encoding="w3cdtf", keyDate="yes"),
            leaf("dateCreated", day(record.created), encoding="w3cdtf"),
            leaf("edition", record.version),
        ),
        [
            tree("language", leaf("languageTerm", language_tag(code), type="code", authority="rfc5646"))
            for code in record.languages
        ],
        tree(
            "physicalDescription",
            [leaf("internetMediaType", one) for one in dict.fromkeys(file.media_type for file in record.files)],
            leaf("extent", str(record.pages) if record.pages else "", unit="pages"),
            leaf("extent", duration(record.duration_seconds), unit="duration"),
        ),
        [leaf("abstract", text.value, lang=language_tag(text.language)) for text in record.descriptions],
        _labelled("targetAudience", record.grades),
        [leaf("targetAudience", word) for word in record.audience],
        [leaf("note", concept.label.value, type="educational objective") for concept in record.outcomes],
        [tree("subject", topic) for topic in _labelled("topic", record.subjects)],
        [tree("subject", leaf("topic", word.value, lang=language_tag(word.language))) for word in record.keywords],
        [_related(value, "host") for value in record.part_of],
        [_related(value, "original") for value in record.based_on],
        leaf("identifier", record.identifier, type="oai"),
        [leaf("identifier", one, type="isbn") for one in record.isbns],
        _location(record),
        [tree("location", leaf("shelfLocator", one)) for one in record.shelves],
        _access(record.licence),
        tree(
            "recordInfo",
            leaf("recordContentSource", record.organisation),
            leaf("recordChangeDate", moment(record.modified), encoding="w3cdtf"),
            leaf("recordIdentifier", record.identifier, source="oai"),
        ),
        xmlns=FORMAT.namespace,
        xmlns_xlink="http://www.w3.org/1999/xlink",
        xmlns_xsi="http://www.w3.org/2001/XMLSchema-instance",
        version="3.8",
        xsi_schemaLocation=f"{FORMAT.namespace} {FORMAT.schema}",
    )


def _name(name: str, role: str) -> str:
    part = leaf("namePart", name)
    return part and tree("name", part, tree("role", leaf("roleTerm", role, type="text", authority="marcrelator")))


def _labelled(name: str, concepts: tuple[Concept, ...]) -> list[str]:
    return [leaf(name, one.label.value, lang=language_tag(one.label.language)) for one in concepts]


def _related(value: str, kind: str) -> str:
    if is_web(value):
        return tree("relatedItem", tree("location", leaf("url", value)), type=kind)
    return tree("relatedItem", tree("titleInfo", leaf("title", value)), type=kind)


def _location(record: Record) -> str:
    return tree(
        "location",
        leaf("url", record.url, usage="primary display", access="object in context"),
        [
            leaf(
                "url",
                file.url,
                access="raw object",
                note=f"{file.media_type}, {file.size_bytes} bytes, sha-256 {file.sha256}",
            )
            for file in record.files
        ],
        leaf("url", record.thumbnail, access="preview"),
    )


def _access(licence: Concept | None) -> str:
    if licence is None:
        return ""
    uri = licence.same.get("uri", "")
    return leaf("accessCondition", licence.label.value, type="use and reproduction", xlink_href=uri)
