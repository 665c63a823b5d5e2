"""What a package says of itself in IEEE Learning Object Metadata (LOM), whatever version and namespace.

IMS content packages, SCORM and Common Cartridge carry it in their manifest;
the elements keep their names from IMS 1.1 (2000) to IEEE 1484.12.3 (2005).
"""

import re
from collections.abc import Iterator
from typing import Any

from ingest.document import Value
from ingest.formats.dates import date_of
from ingest.formats.words import tidy

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_FULL_NAME = re.compile(r"^\s*FN(?:;[^:\r\n]*)?:(.*)$", re.IGNORECASE | re.MULTILINE)
_CREATORS = frozenset({"author", "content provider", "creator", "instructional designer", "educational validator"})
_EDUCATIONAL = ("context", "typicalagerange")
# Contributors of one package; more are somebody's mistake, or an attack.
_MOST = 200


def local(element: Any) -> str:
    """An element's name without its namespace, in lower case: versions differ in both."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def values(lom: Any) -> Iterator[Value]:
    """The values of one `lom` element, each with where="lom"."""
    for group in lom:
        name = local(group)
        if name == "general":
            yield from _general(group)
        elif name == "lifecycle":
            for contribution in [child for child in group if local(child) == "contribute"][:_MOST]:
                yield from _contribution(contribution)
        elif name == "rights":
            for child in group:
                if local(child) == "description":
                    yield from _strings("rights", child)
        elif name == "educational":
            for child in group:
                if local(child) in _EDUCATIONAL:
                    yield from _strings("educational-level", child)


def _general(group: Any) -> Iterator[Value]:
    for child in group:
        name = local(child)
        if name in ("title", "description", "keyword"):
            yield from _strings(name, child)
        elif name == "language" and (text := tidy(child.text or "")):
            yield Value("language", text, "lom")


def _strings(field: str, element: Any) -> Iterator[Value]:
    """The langstrings (IMS) or strings (IEEE) of an element, or its own text."""
    found = [
        (part, tidy(part.text or "")) for part in element.iter() if local(part) in ("langstring", "string", "value")
    ]
    for part, text in found or [(element, tidy(element.text or ""))]:
        # IMS 1.x writes <value><langstring>…, IEEE <value>… alone.
        if text and text.lower() not in ("lomv1.0", "lomv1.3"):
            language = part.get(_LANG) or part.get("language")
            yield Value(field, text, "lom", None if language in (None, "", "x-none", "none") else language)


def _contribution(contribution: Any) -> Iterator[Value]:
    role, people, dates = "", [], []
    for child in contribution.iter():
        name = local(child)
        text = (child.text or "").strip()
        if name == "role":
            words = [tidy(part.text or "").lower() for part in child.iter()]
            role = next((word for word in reversed(words) if word), "")
        elif name in ("entity", "vcard") and text:
            people.append(_person(text))
        elif name == "datetime":
            dates.append(date_of(text))
    field = "publisher" if role == "publisher" else "creator" if role in _CREATORS else ""
    for person in people[:_MOST]:
        if field and person:
            yield Value(field, person, "lom")
    if role in ("", *_CREATORS):
        for date in filter(None, dates[:1]):
            yield Value("created", date, "lom")


def _person(vcard: str) -> str:
    """The full name out of a vCard, or the text itself where it is none."""
    if "begin:vcard" not in vcard.lower():
        return tidy(vcard)
    match = _FULL_NAME.search(vcard.replace("\\,", ","))
    return tidy(match[1]) if match else ""
