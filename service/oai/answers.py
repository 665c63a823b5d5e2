"""Verb -> what stands inside the envelope."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from service.crosswalks import leaf, tree
from service.library import federate
from service.library.doctor import REPOSITORY
from service.library.federate import Page, Place
from service.library.services import Services
from service.model import Harvested, Window
from service.oai import envelope, tokens
from service.oai.arguments import Asked, window
from service.oai.errors import Refused
from service.settings import admin_emails

GRANULARITY = "YYYY-MM-DDThh:mm:ssZ"
SETS_A_PAGE = 500
_IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"


@dataclass(frozen=True)
class Provider:
    """Who answers, one a process. public_url: without a slash at its end."""

    services: Services
    public_url: str

    @cached_property
    def secret(self) -> bytes:
        """Made once a library, read once a process."""
        return federate.secret(self.services)

    @property
    def base_url(self) -> str:
        return f"{self.public_url}/oai"

    @property
    def repository(self) -> str:
        return self.services.settings.repository_id


@dataclass(frozen=True, slots=True)
class Answer:
    """inside: elements of the envelope, in UTF-8 and in pieces. at: its date. records: how many it holds."""

    inside: Sequence[bytes]
    at: str
    records: int = 0


def answer(provider: Provider, asked: Asked) -> Answer:
    """Raises: Refused."""
    return _VERBS[asked.verb](provider, asked)


def _identify(provider: Provider, _asked: Asked) -> Answer:
    settings = provider.services.settings
    described = ""
    if REPOSITORY.fullmatch(provider.repository):
        described = tree(
            "description",
            tree(
                "oai-identifier",
                leaf("scheme", "oai"),
                leaf("repositoryIdentifier", provider.repository),
                leaf("delimiter", ":"),
                leaf("sampleIdentifier", f"oai:{provider.repository}:0123456789ab"),
                xmlns=_IDENTIFIER,
                xmlns_xsi="http://www.w3.org/2001/XMLSchema-instance",
                xsi_schemaLocation=f"{_IDENTIFIER} {_IDENTIFIER}.xsd",
            ),
        )
    inside = tree(
        "Identify",
        leaf("repositoryName", settings.library_name) or leaf("repositoryName", provider.repository),
        leaf("baseURL", provider.base_url),
        leaf("protocolVersion", "2.0"),
        # The protocol asks for one; `doctor` asks for the operator's.
        [leaf("adminEmail", one) for one in admin_emails(settings) or (f"admin@{provider.repository}",)],
        leaf("earliestDatestamp", federate.begun(provider.services)),
        leaf("deletedRecord", "persistent"),
        leaf("granularity", GRANULARITY),
        leaf("compression", "gzip"),
        described,
    )
    return Answer((inside.encode(),), federate.now())


def _formats(provider: Provider, asked: Asked) -> Answer:
    if "identifier" in asked.arguments:
        _found(provider, asked.arguments["identifier"], "")
    told = [
        tree(
            "metadataFormat",
            leaf("metadataPrefix", prefix),
            leaf("schema", one.FORMAT.schema),
            leaf("metadataNamespace", one.FORMAT.namespace),
        )
        for prefix, one in federate.PREFIXES.items()
    ]
    return Answer((tree("ListMetadataFormats", told).encode(),), federate.now())


def _record(provider: Provider, asked: Asked) -> Answer:
    prefix = _prefix(asked.arguments["metadataPrefix"])
    found = _found(provider, asked.arguments["identifier"], prefix)
    if found.xml is None and not found.deleted:
        raise Refused("cannotDisseminateFormat", "oai-no-such-format")
    told = envelope.records(provider.repository, [found], provider.public_url)
    return Answer(_around("GetRecord", told), federate.now(), 1)


def _found(provider: Provider, identifier: str, prefix: str) -> Harvested:
    """Raises: Refused: idDoesNotExist."""
    scheme = f"oai:{provider.repository}:"
    id = identifier.removeprefix(scheme)
    # What cannot be an id is looked up nowhere.
    if identifier.startswith(scheme) and re.fullmatch(r"[0-9a-z]{12}", id):
        services = provider.services
        found = federate.record(services, id, prefix) if prefix else federate.known(services, id)
        if found is not None:
            return found
    raise Refused("idDoesNotExist", "oai-no-such-record")


def _prefix(prefix: str) -> str:
    if prefix not in federate.PREFIXES:
        raise Refused("cannotDisseminateFormat", "oai-no-such-format")
    return prefix


def _headers(provider: Provider, asked: Asked) -> Answer:
    page, said = _walked(provider, asked, headers=True)
    told = "".join(envelope.header(provider.repository, one) for one in page.records)
    return Answer(_around("ListIdentifiers", [told.encode()], said), page.at, len(page.records))


def _records(provider: Provider, asked: Asked) -> Answer:
    page, said = _walked(provider, asked, headers=False)
    told = envelope.records(provider.repository, page.records, provider.public_url)
    return Answer(_around("ListRecords", told, said), page.at, len(page.records))


def _around(verb: str, told: Sequence[bytes], said: str = "") -> list[bytes]:
    """The element of a verb: what it found, and the token behind it."""
    return [f"<{verb}>".encode(), *told, f"{said}</{verb}>".encode()]


def _walked(provider: Provider, asked: Asked, *, headers: bool) -> tuple[Page, str]:
    """A page of a list, and the token behind it. Raises: Refused."""
    services, size = provider.services, provider.services.settings.oai_page
    if asked.token:
        resumed = tokens.read(provider.secret, asked.token, asked.verb)
        prefix, bounds = resumed.prefix, resumed.window
        if prefix not in federate.PREFIXES:
            raise Refused("badResumptionToken", "oai-bad-token")
        page = federate.following(services, bounds, prefix, size, resumed.place, headers=headers)
    elif "resumptionToken" in asked.arguments:
        raise Refused("badResumptionToken", "oai-bad-token")
    else:
        # The arguments first: what is wrong in them is said before what is not there.
        bounds = window(asked.arguments)
        prefix = _prefix(asked.arguments["metadataPrefix"])
        page = federate.first(services, bounds, prefix, size, headers=headers)
    if not page.records:
        raise Refused("noRecordsMatch", "oai-no-records")
    return page, _token(provider, asked.verb, prefix, bounds, page)


def _token(provider: Provider, verb: str, prefix: str, bounds: Window, page: Page) -> str:
    """Nothing where the first page is the last one too (section 3.5 of the protocol)."""
    if page.next is None and not page.cursor:
        return ""
    token = tokens.issue(provider.secret, tokens.Resumed(verb, prefix, bounds, page.next)) if page.next else ""
    return envelope.resumption(token, cursor=page.cursor, total=page.total)


def _sets(provider: Provider, asked: Asked) -> Answer:
    services = provider.services
    place = Place("", "", 0, 0)
    if asked.token:
        place = tokens.read(provider.secret, asked.token, asked.verb).place
    elif "resumptionToken" in asked.arguments:
        raise Refused("badResumptionToken", "oai-bad-token")
    declared = federate.all_sets(services)
    rest = [one for one in declared if one.spec > place.id]
    # The sets behind it are no more: the last one is said once more, since a list is never empty.
    rest = rest or declared[-1:]
    shown, more = rest[:SETS_A_PAGE], len(rest) > SETS_A_PAGE
    end = place.cursor + len(shown)
    following = Place("", shown[-1].spec, end, len(declared)) if more else None
    page = Page((), federate.now(), place.cursor, len(declared) if more else end, following)
    told = "".join(tree("set", leaf("setSpec", one.spec), leaf("setName", one.name or one.spec)) for one in shown)
    return Answer(_around("ListSets", [told.encode()], _token(provider, asked.verb, "", Window(), page)), page.at)


_VERBS: Mapping[str, Callable[[Provider, Asked], Answer]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "ListIdentifiers": _headers,
    "ListRecords": _records,
    "GetRecord": _record,
}
