"""A record as LOM."""

from service.crosswalks import Concept, File, Record, Text, day, duration, language_tag, leaf, line, moment, tree
from service.crosswalks.lom import names


def write(record: Record) -> str:
    """The element `lom`."""
    return tree(
        "lom",
        _general(record),
        _life_cycle(record),
        _meta_metadata(record),
        _technical(record),
        _educational(record),
        _rights(record),
        [_relation("ispartof", _identifier("", value)) for value in record.part_of],
        [_relation("isbasedon", _identifier("", value)) for value in record.based_on],
        [_relation("hasformat", _file(file)) for file in record.files],
        _relation("hasthumbnail", _identifier(names.URI, record.thumbnail), source=names.RELATIONS),
        _classification("subjects", record.subjects),
        _classification("grades", record.grades),
        _classification("outcomes", record.outcomes),
        xmlns=names.NAMESPACE,
        xmlns_xsi="http://www.w3.org/2001/XMLSchema-instance",
        xsi_schemaLocation=f"{names.NAMESPACE} {names.SCHEMA}",
    )


def _general(record: Record) -> str:
    return tree(
        "general",
        _identifier("oai", record.identifier),
        [_identifier(names.ISBN, one) for one in record.isbns],
        tree("title", _strings(record.titles)),
        [leaf("language", language_tag(code)) for code in record.languages],
        [tree("description", _strings((text,))) for text in record.descriptions],
        [tree("keyword", _strings((word,))) for word in record.keywords],
    )


def _life_cycle(record: Record) -> str:
    return tree(
        "lifeCycle",
        tree("version", leaf("string", record.version)),
        _word("status", names.BASE, "final"),
        _contribution("author", record.creators, day(record.created)),
        _contribution("publisher", record.publishers, moment(record.published), organisation=True),
        _contribution("content provider", (record.organisation,), "", organisation=True),
    )


def _meta_metadata(record: Record) -> str:
    return tree(
        "metaMetadata",
        _identifier("oai", record.identifier),
        _contribution("creator", (), moment(record.modified)),
        _contribution("validator", record.reviewers, ""),
        leaf("metadataSchema", names.BASE),
    )


def _technical(record: Record) -> str:
    # One size for all that stands here: the files together. Each one's own stands at its relation.
    size = sum(file.size_bytes for file in record.files)
    return tree(
        "technical",
        [leaf("format", one) for one in dict.fromkeys(("text/html", *(file.media_type for file in record.files)))],
        leaf("size", str(size) if size else ""),
        leaf("location", record.url),
        [leaf("location", file.url) for file in record.files],
        tree("duration", leaf("duration", duration(record.duration_seconds))),
    )


def _educational(record: Record) -> str:
    kind = record.type
    return tree(
        "educational",
        _word("learningResourceType", names.BASE, kind.same.get("lom", "")) if kind else "",
        _word("learningResourceType", names.TYPES, kind.code) if kind else "",
        [
            _word("intendedEndUserRole", names.BASE if word in names.ROLES else names.AUDIENCE, word)
            for word in record.audience
        ],
        _word("context", names.BASE, "school" if any(line(grade.code) for grade in record.grades) else ""),
    )


def _rights(record: Record) -> str:
    licence = record.licence
    told: list[str] = []
    if licence is not None:
        uri = licence.same.get("uri", "")
        told = [leaf("string", uri, language="x-uri"), leaf("string", licence.code, language="x-code")]
        told += _strings(licence.labels)
    return tree(
        "rights",
        _word("cost", names.BASE, "no" if record.free_of_charge else "yes"),
        _word("copyrightAndOtherRestrictions", names.BASE, "yes" if any(told) else ""),
        tree("description", told),
    )


def _classification(field: str, concepts: tuple[Concept, ...]) -> str:
    paths = [
        tree(
            "taxonPath",
            tree("source", leaf("string", names.TAXA[field], language="x-none")),
            [_taxon(one) for one in (*concept.above, concept)],
        )
        for concept in concepts
        if line(concept.code)
    ]
    return tree("classification", _word("purpose", names.BASE, names.PURPOSES[field]), paths) if paths else ""


def _taxon(concept: Concept) -> str:
    return tree("taxon", leaf("id", concept.code), tree("entry", _strings(concept.labels)))


def _file(file: File) -> list[str]:
    told = {
        names.URI: file.url,
        names.MEDIA_TYPE: file.media_type,
        names.BYTES: str(file.size_bytes),
        names.SHA256: file.sha256,
        names.NAME: file.name,
    }
    return [_identifier(catalog, entry) for catalog, entry in told.items()]


def _relation(kind: str, identifiers: str | list[str], *, source: str = names.BASE) -> str:
    resource = tree("resource", identifiers)
    return resource and tree("relation", _word("kind", source, kind), resource)


def _identifier(catalog: str, entry: str) -> str:
    told = leaf("entry", entry)
    return told and tree("identifier", leaf("catalog", catalog or names.URI), told)


def _word(name: str, source: str, value: str) -> str:
    told = leaf("value", value)
    return told and tree(name, leaf("source", source), told)


def _strings(texts: tuple[Text, ...]) -> list[str]:
    return [leaf("string", text.value, language=language_tag(text.language)) for text in texts]


def _contribution(role: str, who: tuple[str, ...], at: str, *, organisation: bool = False) -> str:
    cards = [card for name in who if (card := _card(name, organisation=organisation))]
    told = [*(leaf("entity", card) for card in cards), tree("date", leaf("dateTime", at))]
    # Without anybody and any date there is nothing to say of a role.
    return tree("contribute", _word("role", names.BASE, role), told) if any(told) else ""


def _card(name: str, *, organisation: bool) -> str:
    """A vCard 3.0 (RFC 2426), a property a line."""
    text = line(name)
    if not text:
        return ""
    for char in "\\,;":
        text = text.replace(char, f"\\{char}")
    rows = ["BEGIN:VCARD", "VERSION:3.0", f"N:{text};;;;", f"FN:{text}"]
    return "\n".join([*rows, *([f"ORG:{text}"] if organisation else []), "END:VCARD"])
