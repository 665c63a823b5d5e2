"""JSON-LD in the words of schema.org and LRMI: what search engines read in a landing page.

Source: https://schema.org/LearningResource, https://www.dublincore.org/specifications/lrmi/
"""

from typing import Any

from service.crosswalks import (
    Alignment,
    Concept,
    Format,
    Record,
    as_json,
    day,
    duration,
    is_web,
    language_tag,
    moment,
)

FORMAT = Format(
    name="jsonld",
    label="JSON-LD (schema.org)",
    accepts=("application/ld+json",),
    extension=".jsonld",
    source="https://schema.org/LearningResource",
)
FIELDS = {
    "identifier": "identifier",
    "url": "@id, url",
    "titles": "name, alternateName",
    "descriptions": "description",
    "languages": "inLanguage",
    "keywords": "keywords",
    "type": "learningResourceType, @type",
    "subjects": "about",
    "grades": "educationalLevel",
    "outcomes": "teaches, educationalAlignment",
    "placements": "educationalAlignment",
    "audience": "audience",
    "creators": "creator",
    "publishers": "publisher",
    "reviewers": "contributor",
    "organisation": "provider",
    "created": "dateCreated",
    "published": "datePublished",
    "modified": "dateModified",
    "version": "version",
    "licence": "license",
    "free_of_charge": "isAccessibleForFree",
    "part_of": "isPartOf",
    "based_on": "isBasedOn",
    "isbns": "isbn",
    "files": "encoding",
    "thumbnail": "thumbnailUrl",
    "duration_seconds": "timeRequired; duration of a recording",
    "pages": "numberOfPages of a book",
}

_RECORDINGS = ("VideoObject", "AudioObject")


def write(record: Record) -> str:
    """The JSON-LD document."""
    kind = record.type.same.get("schema", "") if record.type else ""
    lasts = duration(record.duration_seconds)
    return as_json(
        {
            "@context": "https://schema.org",
            "@type": ["LearningResource", kind],
            "@id": record.url,
            "url": record.url,
            "identifier": record.identifier,
            "name": record.title.value,
            "alternateName": [text.value for text in record.titles if text != record.title],
            "description": "\n\n".join(text.value for text in record.descriptions),
            "inLanguage": [tag for code in record.languages if (tag := language_tag(code))],
            "keywords": [word.value for word in record.keywords],
            "learningResourceType": [_defined(record.type)] if record.type else [],
            "about": [_defined(concept) for concept in record.subjects],
            "educationalLevel": [_defined(concept) for concept in record.grades],
            "teaches": [_defined(concept) for concept in record.outcomes],
            "educationalAlignment": [
                *(_aligned(concept) for concept in record.outcomes),
                *(_placed(one) for one in record.placements),
            ],
            "audience": [{"@type": "EducationalAudience", "educationalRole": word} for word in record.audience],
            "creator": [{"@type": "Person", "name": name} for name in record.creators],
            "publisher": [{"@type": "Organization", "name": name} for name in record.publishers],
            "contributor": [{"@type": "Person", "name": name} for name in record.reviewers],
            "provider": {"@type": "Organization", "name": record.organisation} if record.organisation else {},
            "dateCreated": day(record.created),
            "datePublished": moment(record.published),
            "dateModified": moment(record.modified),
            "version": record.version,
            "license": (record.licence.same.get("uri") or record.licence.label.value) if record.licence else "",
            "isAccessibleForFree": record.free_of_charge,
            "isPartOf": [_work(value) for value in record.part_of],
            "isbn": list(record.isbns),
            "isBasedOn": [_work(value) for value in record.based_on],
            "encoding": [
                {
                    "@type": "MediaObject",
                    "contentUrl": file.url,
                    "encodingFormat": file.media_type,
                    "contentSize": str(file.size_bytes),
                    "sha256": file.sha256,
                    "name": file.name,
                }
                for file in record.files
            ],
            "thumbnailUrl": record.thumbnail,
            "timeRequired": lasts,
            "duration": lasts if kind in _RECORDINGS else "",
            "numberOfPages": record.pages if kind == "Book" else None,
        }
    )


def _defined(concept: Concept) -> dict[str, Any]:
    return {"@type": "DefinedTerm", "termCode": concept.code, "name": concept.label.value}


def _aligned(concept: Concept) -> dict[str, str]:
    return {"@type": "AlignmentObject", "alignmentType": "teaches", "targetName": concept.label.value}


def _placed(one: Alignment) -> dict[str, str]:
    return {
        "@type": "AlignmentObject",
        "alignmentType": "educationalSubject",
        "educationalFramework": one.framework,
        "targetName": one.target,
    }


def _work(value: str) -> dict[str, str]:
    return {"@type": "CreativeWork", "@id" if is_web(value) else "name": value}
