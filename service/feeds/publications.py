"""A resource as a publication of OPDS 2.0.

Source: https://specs.opds.io/opds-2.0#4-publications
"""

from typing import Any

from service.crosswalks import Concept, File, is_web, language_tag, line, moment, plain
from service.feeds.told import Told
from service.library.pictures import THUMBNAIL_WIDTH


def publication(told: Told, vocabulary: str, *, itself: str, kind: str) -> dict[str, Any]:
    """vocabulary: the beginning of the schemes' names. itself: the address of its own document, of type `kind`."""
    record = told.record
    made: dict[str, Any] = {"metadata": _metadata(told, vocabulary)}
    made["links"] = [
        {"rel": "self", "href": itself, "type": kind},
        *(_acquired(told, file) for file in told.acquired),
        {"rel": "alternate", "href": told.page, "type": "text/html"},
        *([{"rel": "via", "href": told.elsewhere, "type": "text/html"}] if told.elsewhere else []),
        *([{"rel": "license", "href": told.licence_url}] if told.licence_url else []),
    ]
    if told.cover:
        made["images"] = [
            {"href": told.cover, "type": "image/jpeg", "width": THUMBNAIL_WIDTH},
            {"href": record.thumbnail, "type": "image/webp", "width": THUMBNAIL_WIDTH},
        ]
    return made


def _acquired(told: Told, file: File) -> dict[str, Any]:
    link: dict[str, Any] = {"rel": told.acquisition, "href": file.url, "type": file.media_type}
    if file.name:
        link["title"] = line(file.name)
    if file.size_bytes > 0:
        link["size"] = file.size_bytes
    return link


def _metadata(told: Told, vocabulary: str) -> dict[str, Any]:
    record = told.record
    kind = (record.type.same.get("schema") if record.type else "") or "CreativeWork"
    language = language_tag(record.title.language)
    title = line(record.title.value)
    found: dict[str, Any] = {
        "@type": f"http://schema.org/{kind}",
        "identifier": record.identifier,
        "title": {language: title} if language else title,
        "modified": moment(record.modified),
        "published": moment(record.published),
        "language": [tag for code in record.languages if (tag := language_tag(code))],
        "author": [_contributor(name) for name in record.creators if line(name)],
        "publisher": [line(name) for name in record.publishers if line(name)],
        "subject": [
            *(_subject("subject", one, vocabulary) for one in record.subjects),
            *(_subject("grade", one, vocabulary) for one in record.grades),
            *([_subject("type", record.type, vocabulary)] if record.type else []),
            *({"name": line(word.value)} for word in record.keywords if line(word.value)),
        ],
        "description": plain("\n\n".join(text.value for text in record.descriptions)),
        "numberOfPages": record.pages or None,
        "duration": record.duration_seconds or None,
        # No word of the manifest's own; unknown ones are allowed, and this is schema.org's.
        "license": told.licence_url,
        "rights": line(record.licence.label.value) if record.licence else "",
    }
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _contributor(name: str) -> dict[str, Any]:
    return {"name": line(name), **({"identifier": name} if is_web(name) else {})}


def _subject(name: str, concept: Concept, vocabulary: str) -> dict[str, Any]:
    return {"name": line(concept.label.value) or concept.code, "code": concept.code, "scheme": f"{vocabulary}/{name}"}
