"""MODS as a record: what library systems say of a thing.

Source: https://www.loc.gov/standards/mods/userguide/
"""

from collections.abc import Iterator
from typing import Any

from service.crosswalks import Concept, Record, Text, day, is_web, line, may_be_web

NAMESPACE = "http://www.loc.gov/mods/v3"
_IN = {"": NAMESPACE}
_HREF = "{http://www.w3.org/1999/xlink}href"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read_element(root: Any) -> Record:
    """The record that a `mods` element tells of."""
    genres = tuple(_said(root, "genre"))
    return Record(
        identifier=next((one.value for one in _said(root, "identifier")), ""),
        url=_url(root),
        titles=tuple(_titles(root)),
        descriptions=tuple(_said(root, "abstract")),
        languages=_values(root, "language/languageTerm"),
        keywords=(*_said(root, "subject/topic"), *_said(root, "targetAudience")),
        type=Concept("", genres) if genres else None,
        creators=tuple(_people(root, reviewers=False)),
        publishers=_values(root, "originInfo/publisher"),
        reviewers=tuple(_people(root, reviewers=True)),
        created=next((found for one in _dates(root) if (found := day(one))), ""),
        licence=_licence(root),
        part_of=tuple(_related(root, "host")),
        based_on=tuple(_related(root, "original")),
    )


def _said(root: Any, path: str) -> Iterator[Text]:
    for element in root.findall(path, _IN):
        if value := (element.text or "").strip():
            yield Text(value, element.get("lang") or element.get(_LANGUAGE, ""))


def _values(root: Any, path: str) -> tuple[str, ...]:
    return tuple(line(one.value) for one in _said(root, path))


def _titles(root: Any) -> Iterator[Text]:
    """A title with what stands before and after it in parts."""
    for info in root.findall("titleInfo", _IN):
        parts = [next(iter(_values(info, name)), "") for name in ("nonSort", "title", "subTitle", "partNumber")]
        text = " ".join(part for part in parts[:2] if part)
        text += "".join(f": {part}" for part in parts[2:3] if part) + "".join(f". {part}" for part in parts[3:] if part)
        if text:
            yield Text(text, info.get("lang") or info.get(_LANGUAGE, ""))


def _people(root: Any, *, reviewers: bool) -> Iterator[str]:
    for name in root.findall("name", _IN):
        roles = {role.casefold() for role in _values(name, "role/roleTerm")}
        if bool(roles & {"reviewer", "rev"}) == reviewers and (parts := _values(name, "namePart")):
            yield " ".join(parts)


def _dates(root: Any) -> tuple[str, ...]:
    return tuple(date for name in ("dateCreated", "dateIssued") for date in _values(root, f"originInfo/{name}"))


def _url(root: Any) -> str:
    """What is meant for people, else any address; first of all one that every program takes."""
    found = [(element.get("usage") == "primary display", line(element.text or "")) for element in _urls(root)]
    addresses = [(is_web(url), first, url) for first, url in found if may_be_web(url)]
    # Of equal ones the first.
    return max(addresses, key=lambda one: one[:2], default=(False, False, ""))[2]


def _urls(root: Any) -> list[Any]:
    return [*root.findall("location/url", _IN), *root.findall("identifier[@type='uri']", _IN)]


def _licence(root: Any) -> Concept | None:
    for element in root.findall("accessCondition", _IN):
        uri, text = element.get(_HREF, ""), line(element.text or "")
        if uri or text:
            uri = uri or (text if is_web(text) else "")
            return Concept("", (Text(text),) if text else (), same={"uri": uri} if uri else {})
    return None


def _related(root: Any, kind: str) -> Iterator[str]:
    for item in root.findall(f"relatedItem[@type='{kind}']", _IN):
        found = (*_values(item, "location/url"), *_values(item, "titleInfo/title"))
        yield from found[:1]
