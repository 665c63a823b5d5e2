"""Simple Dublin Core as a record: what another repository says of a thing, as far as that can be told apart.

Its elements are words without a vocabulary: whoever takes them finds out which
of the subjects are terms that he knows.
Source: https://www.openarchives.org/OAI/openarchivesprotocol.html#dublincore
"""

from collections.abc import Iterator
from typing import Any

from service.crosswalks import Concept, Record, Text, day, is_web, line, may_be_web

NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
ELEMENTS = "{http://purl.org/dc/elements/1.1/}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read_element(root: Any) -> Record:
    """The record that an `oai_dc:dc` element tells of. Its identifier is the first that is no address.

    url: the first that every program takes, else one that is meant so.
    """
    said = {name: tuple(_texts(root, name)) for name in _NAMES}
    identifiers = [text.value for text in said["identifier"]]
    addresses = sorted(filter(may_be_web, identifiers), key=is_web, reverse=True)
    rights = said["rights"]
    uri = next((text.value for text in rights if is_web(text.value)), "")
    return Record(
        identifier=next((one for one in identifiers if not may_be_web(one)), ""),
        url=next(iter(addresses), ""),
        titles=said["title"],
        descriptions=said["description"],
        languages=_values(said["language"]),
        keywords=said["subject"],
        type=_type(said["type"]),
        creators=_values(said["creator"]),
        publishers=_values(said["publisher"]),
        reviewers=_values(said["contributor"]),
        created=next((found for text in said["date"] if (found := day(text.value))), ""),
        licence=Concept("", rights, same={"uri": uri} if uri else {}) if rights else None,
        part_of=_values(said["relation"]),
        based_on=_values(said["source"]),
    )


_NAMES = (
    "title", "creator", "subject", "description", "publisher", "contributor", "date", "type", "identifier", "source",
    "language", "relation", "rights",
)  # fmt: skip


def _texts(root: Any, name: str) -> Iterator[Text]:
    for element in root.findall(f"{ELEMENTS}{name}"):
        if value := (element.text or "").strip():
            yield Text(value, element.get(_LANGUAGE, ""))


def _values(texts: tuple[Text, ...]) -> tuple[str, ...]:
    return tuple(line(text.value) for text in texts)


def _type(texts: tuple[Text, ...]) -> Concept | None:
    """The last one is the broadest where several are said: ours says its own word first, then DCMIType's."""
    return Concept("", texts, same={"dcmi": texts[-1].value}) if texts else None
