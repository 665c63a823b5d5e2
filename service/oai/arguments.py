"""Read a request: which arguments there are, whether the verb takes them, and what they say.

Whatever somebody sends becomes text first: percent signs that begin nothing,
bytes that are not UTF-8, NUL and lone surrogates never reach the verbs.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from service.library.sets import SPEC
from service.model import Window
from service.oai.errors import Refused

TOKEN = "resumptionToken"  # noqa: S105 - the name of an argument


@dataclass(frozen=True, slots=True)
class Verb:
    """What a verb takes; `resumes`: a token instead of all of it."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    resumes: bool = False


_LISTS = Verb(frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"}), resumes=True)
VERBS: Mapping[str, Verb] = {
    "Identify": Verb(),
    "ListMetadataFormats": Verb(optional=frozenset({"identifier"})),
    "ListSets": Verb(resumes=True),
    "ListIdentifiers": _LISTS,
    "ListRecords": _LISTS,
    "GetRecord": Verb(frozenset({"identifier", "metadataPrefix"})),
}

# https://www.openarchives.org/OAI/2.0/OAI-PMH.xsd, metadataPrefixType.
_PREFIX = re.compile(r"[A-Za-z0-9\-_.!~*'()]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SECOND = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that has the right shape. arguments: without the verb, each said once."""

    verb: str
    arguments: Mapping[str, str]

    @property
    def token(self) -> str:
        return self.arguments.get(TOKEN, "")


def pairs(query: bytes) -> list[tuple[str, str]]:
    """Names and values of a query or a form, in order, repeated ones too."""
    found = []
    for part in query.split(b"&"):
        if part:
            name, _, value = part.partition(b"=")
            found.append((_text(name), _text(value)))
    return found


def _text(part: bytes) -> str:
    return unquote_to_bytes(part.replace(b"+", b" ")).decode("utf-8", "replace")


def understand(given: list[tuple[str, str]]) -> Asked:
    """Raises: Refused: badVerb, badArgument, badResumptionToken."""
    verbs = [value for name, value in given if name == "verb"]
    if not verbs:
        raise Refused("badVerb", "oai-no-verb")
    if len(verbs) > 1:
        raise Refused("badVerb", "oai-repeated", name="verb")
    verb = VERBS.get(verbs[0])
    if verb is None:
        raise Refused("badVerb", "oai-no-such-verb")
    arguments: dict[str, str] = {}
    for name, value in given:
        if name == "verb":
            continue
        if name not in verb.required | verb.optional | ({TOKEN} if verb.resumes else set()):
            raise Refused("badArgument", "oai-unknown-argument", verb=verbs[0])
        if name in arguments:
            raise Refused("badArgument", "oai-repeated", name=name)
        arguments[name] = value
    if TOKEN in arguments:
        if len(arguments) > 1:
            raise Refused("badArgument", "oai-token-alone")
    else:
        for name in sorted(verb.required - set(arguments)):
            raise Refused("badArgument", "oai-missing", name=name)
    for name, value in arguments.items():
        _check(name, value)
    return Asked(verbs[0], arguments)


def _check(name: str, value: str) -> None:
    if name == TOKEN:
        return
    shapes = {"metadataPrefix": _PREFIX, "set": SPEC}
    if not value or (name in shapes and not shapes[name].fullmatch(value)):
        raise Refused("badArgument", "oai-not-so", name=name)


def window(arguments: Mapping[str, str]) -> Window:
    """from, until and set; days are whole days of UTC.

    Raises: Refused: badArgument: no date of either granularity, one of each, or the later one first.
    """
    said = {name: arguments[name] for name in ("from", "until") if name in arguments}
    for name, value in said.items():
        if not _is_date(value):
            raise Refused("badArgument", "oai-not-so", name=name)
    if len({len(value) for value in said.values()}) > 1:
        raise Refused("badArgument", "oai-granularities")
    since, until = said.get("from", ""), said.get("until", "")
    if since and until and since > until:
        raise Refused("badArgument", "oai-from-after-until")
    if _DAY.fullmatch(since):
        since += "T00:00:00Z"
    if _DAY.fullmatch(until):
        until += "T23:59:59Z"
    return Window(since, until, arguments.get("set", ""))


def _is_date(value: str) -> bool:
    shape = "%Y-%m-%d" if _DAY.fullmatch(value) else "%Y-%m-%dT%H:%M:%SZ" if _SECOND.fullmatch(value) else ""
    try:
        return bool(shape) and bool(datetime.datetime.strptime(value, shape))  # noqa: DTZ007 - only whether it is one
    except ValueError:
        return False
