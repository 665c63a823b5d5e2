"""Simple Dublin Core in the envelope of OAI-PMH: what every harvester reads.

Source: https://www.openarchives.org/OAI/openarchivesprotocol.html#dublincore
"""

from service.crosswalks import Concept, Format, Record, Text, language_tag, leaf, moment, tree

FORMAT = Format(
    name="oai_dc",
    label="Dublin Core",
    accepts=("application/xml", "text/xml"),
    extension=".dc.xml",
    source="https://www.dublincore.org/specifications/dublin-core/dces/",
    namespace="http://www.openarchives.org/OAI/2.0/oai_dc/",
    schema="http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
)
FIELDS = {
    "url": "identifier, the first",
    "titles": "title",
    "descriptions": "description",
    "languages": "language",
    "keywords": "subject",
    "type": "type: its label, and the word of DCMIType",
    "subjects": "subject",
    "grades": "subject",
    "outcomes": "subject",
    "creators": "creator",
    "publishers": "publisher",
    "reviewers": "contributor",
    "published": "date",
    "licence": "rights: its URI",
    "part_of": "relation",
    "based_on": "source",
    "isbns": "identifier: urn:isbn",
    "files": "identifier: their URLs; format: media types, and sizes in bytes",
}


def write(record: Record) -> str:
    """The element `oai_dc:dc`."""
    types = [record.type.label, Text(record.type.same.get("dcmi", ""))] if record.type else []
    formats = [file.media_type for file in record.files] + [f"{file.size_bytes} bytes" for file in record.files]
    return tree(
        "oai_dc:dc",
        _said("title", record.titles),
        _listed("creator", record.creators),
        _said("subject", [concept.label for concept in _about(record)]),
        _said("subject", record.keywords),
        _said("description", record.descriptions),
        _listed("publisher", record.publishers),
        _listed("contributor", record.reviewers),
        leaf("dc:date", moment(record.published)[:10]),
        _said("type", types),
        _listed("format", dict.fromkeys(formats)),
        _listed("identifier", [record.url, *_urns(record), *(file.url for file in record.files)]),
        _listed("source", record.based_on),
        _listed("language", record.languages),
        _listed("relation", record.part_of),
        _rights(record.licence),
        xmlns_oai_dc=FORMAT.namespace,
        xmlns_dc="http://purl.org/dc/elements/1.1/",
        xmlns_xsi="http://www.w3.org/2001/XMLSchema-instance",
        xsi_schemaLocation=f"{FORMAT.namespace} {FORMAT.schema}",
    )


def _about(record: Record) -> list[Concept]:
    return [*record.subjects, *record.grades, *record.outcomes]


def _urns(record: Record) -> list[str]:
    return [f"urn:isbn:{one}" for one in record.isbns if one]


def _rights(licence: Concept | None) -> str:
    return leaf("dc:rights", licence.same.get("uri") or licence.label.value) if licence else ""


def _said(name: str, texts: list[Text] | tuple[Text, ...]) -> list[str]:
    return [leaf(f"dc:{name}", text.value, xml_lang=language_tag(text.language)) for text in texts]


def _listed(name: str, values: list[str] | tuple[str, ...] | dict[str, None]) -> list[str]:
    return [leaf(f"dc:{name}", value) for value in values]
