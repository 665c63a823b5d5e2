"""JSON-LD after the AMB profile of the German-speaking countries' OER networks, as far as its vocabularies allow.

AMB takes subjects only from two German lists, so ours stand among the
keywords; languages only of two letters; licences only that it knows.
Source: https://w3id.org/kim/amb/20231019/
"""

import re
from typing import Any

from service.crosswalks import Concept, Format, Record, as_json, day, duration, is_web, language_tag, line, moment

FORMAT = Format(
    name="amb",
    label="JSON-LD (AMB)",
    accepts=('application/ld+json; profile="https://w3id.org/kim/amb/context.jsonld"',),
    extension=".amb.json",
    source="https://w3id.org/kim/amb/20231019/",
)
FIELDS = {
    "identifier": "mainEntityOfPage/id",
    "url": "id",
    "titles": "name: the first",
    "descriptions": "description",
    "languages": "inLanguage: those of two letters",
    "keywords": "keywords",
    "type": "learningResourceType: the word of HCRT; type",
    "subjects": "keywords",
    "grades": "educationalLevel: the level of ISCED; keywords",
    "outcomes": "keywords",
    "creators": "creator",
    "publishers": "publisher",
    "reviewers": "contributor",
    "created": "dateCreated: a whole date",
    "published": "datePublished",
    "modified": "dateModified",
    "licence": "license: those of Creative Commons",
    "free_of_charge": "isAccessibleForFree",
    "part_of": "isPartOf: addresses",
    "based_on": "isBasedOn",
    "files": "encoding",
    "thumbnail": "image",
    "duration_seconds": "duration",
}

# What the profile takes for a media type.
_MEDIA_TYPE = re.compile(r"(application|audio|example|font|image|message|model|multipart|text|video)/[a-zA-Z0-9\-+_.]+")
_LICENCES = "https://creativecommons.org/"
# https://www.loc.gov/standards/iso639-2/php/English_list.php, the codes that the profile takes.
_TWO_LETTERS = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el
en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it
iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt
my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl
sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo
za zh zu
"""


def write(record: Record) -> str:
    """The JSON-LD document."""
    concepts = (*record.subjects, *record.grades, *record.outcomes)
    created = day(record.created)
    uri = record.licence.same.get("uri", "") if record.licence else ""
    return as_json(
        {
            "@context": ["https://w3id.org/kim/amb/context.jsonld", "https://schema.org", {"@language": _main(record)}],
            "id": record.url,
            "type": ["LearningResource", record.type.same.get("schema", "") if record.type else ""],
            "name": record.title.value,
            "description": "\n\n".join(text.value for text in record.descriptions),
            "inLanguage": _two_letters(record.languages),
            "keywords": [*(one.label.value for one in concepts), *(word.value for word in record.keywords)],
            "learningResourceType": _type(record.type),
            "educationalLevel": _levels(record.grades),
            "creator": [{"type": "Person", "name": name} for name in _names(record.creators)],
            "publisher": [{"type": "Organization", "name": name} for name in _names(record.publishers)],
            "contributor": [{"type": "Person", "name": name} for name in _names(record.reviewers)],
            "dateCreated": created if len(created) == 10 else "",
            "datePublished": moment(record.published),
            "dateModified": moment(record.modified),
            "license": {"id": uri} if uri.startswith(_LICENCES) else {},
            "isAccessibleForFree": record.free_of_charge,
            "conditionsOfAccess": {"id": "http://w3id.org/kim/conditionsOfAccess/no_login"} if record.files else {},
            "isPartOf": [{"id": value} for value in record.part_of if is_web(value)],
            "isBasedOn": [{"name": value, "id": value if is_web(value) else ""} for value in _names(record.based_on)],
            "encoding": [
                {
                    "type": "MediaObject",
                    "contentUrl": file.url,
                    "encodingFormat": file.media_type if _MEDIA_TYPE.fullmatch(file.media_type) else "",
                    "contentSize": str(file.size_bytes),
                    "sha256": file.sha256,
                }
                for file in record.files
            ],
            "image": record.thumbnail,
            "duration": duration(record.duration_seconds),
            "mainEntityOfPage": [{"id": record.identifier, "type": "WebContent"}],
        }
    )


def _names(values: tuple[str, ...]) -> list[str]:
    """Those that something is left of: the profile asks each for a name."""
    return [value for value in values if line(value)]


def _main(record: Record) -> str:
    return next(iter(_two_letters(record.languages)), "vi")


def _two_letters(languages: tuple[str, ...]) -> list[str]:
    return [tag for code in languages if len(tag := language_tag(code)) == 2 and tag in _TWO_LETTERS.split()]


def _type(type: Concept | None) -> list[dict[str, Any]]:
    if type is None or not type.same.get("hcrt"):
        return []
    labels = {text.language: text.value for text in type.labels if text.language in ("vi", "en")}
    return [{"type": "Concept", "id": f"https://w3id.org/kim/hcrt/{type.same['hcrt']}", "prefLabel": labels}]


def _levels(grades: tuple[Concept, ...]) -> list[dict[str, str]]:
    levels = dict.fromkeys(filter(None, (grade.same.get("isced") for grade in grades)))
    return [{"type": "Concept", "id": f"https://w3id.org/kim/educationalLevel/level_{level}"} for level in levels]
