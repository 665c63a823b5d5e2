"""Provenance: where a record stood before it came here, as repositories tell each other.

Whoever hands a record on says from whom he has it, and what that one said.
So a record is known again on whatever way it comes, and none goes in a circle.
Source: https://www.openarchives.org/OAI/2.0/guidelines-provenance.htm
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from service.crosswalks import is_web, leaf, line
from service.ports import Origin

NAMESPACE = "http://www.openarchives.org/OAI/2.0/provenance"
_SCHEMA = f"{NAMESPACE} {NAMESPACE}.xsd"
_IN = f"{{{NAMESPACE}}}"
DEPTH = 10
"""Repositories that a record may have passed; what claims more is cut off there."""
_LONGEST = 2_000
# Both granularities of OAI-PMH; what somebody else made up cannot be said on.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?")


def read(about: Iterable[Any]) -> tuple[Origin, ...]:
    """Of the `about` containers of a record: where it was taken from, the nearest first."""
    found: list[Origin] = []
    at = next((one for each in about for one in each.iter(f"{_IN}originDescription")), None)
    while at is not None and len(found) < DEPTH:
        base, identifier, datestamp, namespace = (
            line(at.findtext(f"{_IN}{name}") or "")[:_LONGEST]
            for name in ("baseURL", "identifier", "datestamp", "metadataNamespace")
        )
        altered = at.get("altered", "true") in ("true", "1")
        found.append(Origin(base, identifier, datestamp, namespace, line(at.get("harvestDate", ""))[:40], altered))
        at = at.find(f"{_IN}originDescription")
    return tuple(found)


def write(origins: Sequence[Origin]) -> str:
    """The container `provenance` of a record that is handed on; nothing where nobody had it before."""
    inside = ""
    for origin in reversed([one for one in origins if _can_be_said(one)]):
        altered = "true" if origin.altered else "false"
        told = "".join(
            (
                leaf("baseURL", origin.base_url),
                leaf("identifier", origin.identifier),
                leaf("datestamp", origin.datestamp),
                leaf("metadataNamespace", origin.namespace),
                inside,
            )
        )
        inside = f'<originDescription harvestDate="{origin.harvested}" altered="{altered}">{told}</originDescription>'
    if not inside:
        return ""
    return (
        f'<provenance xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="{_SCHEMA}">{inside}</provenance>'
    )


def _can_be_said(one: Origin) -> bool:
    """Whether the schema takes it."""
    dates = _DATE.fullmatch(one.datestamp) and _DATE.fullmatch(one.harvested)
    return bool(dates) and is_web(one.base_url) and bool(one.identifier) and " " not in one.identifier


def original(identifier: str, origins: Sequence[Origin]) -> str:
    """The identifier that its first repository gave it, as far as it is told."""
    return next((one.identifier for one in reversed(origins) if one.identifier), identifier)
