"""The verbs of OAI-PMH as a harvester asks them: waiting, asking again, following tokens, noticing circles.

A list is a sequence of pages; a page that breaks is asked for again, with
longer and longer pauses, and what it had said already is said once more: who
takes records does not mind. `503` with `Retry-After` is waited for, in seconds
or as a date. A page that came before ends the list, whatever its token.
"""

import datetime
import email.utils
import hashlib
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from service.crosswalks import line
from service.errors import NotARepository, SourceAway
from service.library.harvesting.answers import OAI, Broken, Got, Told, elements, record_of
from service.model import Window
from service.ports import Fetched, Fetcher

log = logging.getLogger(__name__)

TRIES = 4
FIRST_PAUSE_SECONDS = 2.0
PATIENT_TRIES = 20
"""Of a source that says when to come back."""
LONGEST_PAUSE_SECONDS = 3600.0
RESTARTS = 2
"""Of a list whose token is not known any more: some forget them once."""
EMPTY_PAGES = 100
"""In a row: one may be empty, a hundred lead nowhere."""
_SECONDS = re.compile(r"[0-9]{1,9}")
_BUSY = (429, 503)

# The protocol's own words for "there is nothing".
NOTHING = "noRecordsMatch"
FORGOTTEN = "badResumptionToken"
GONE = "idDoesNotExist"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a repository says of itself. deletes: it tells of deletions for ever; at: the date of its answer."""

    name: str
    base_url: str
    identifier: str
    earliest: str
    deletes: bool
    by_day: bool
    at: str


@dataclass
class Asking:
    """Of one repository. pause: waits so many seconds, and may raise what ends the harvest."""

    fetcher: Fetcher
    base_url: str
    prefix: str
    pause: Callable[[float], None]
    unnamed: Callable[[Broken], None]
    """Told of a record without a name of its own: it cannot be asked for again."""
    tries: int = TRIES
    at: str = ""
    """The date of the first answer of the list that was asked for first."""
    requests: int = field(default=0)

    def identify(self) -> Identity:
        """Raises: NotARepository; SourceAway."""
        found: list[Identity] = []
        told = Told()
        try:
            for element in self._answered({"verb": "Identify"}, told, "Identify"):
                text = {child.tag: line(child.text or "") for child in element if isinstance(child.tag, str)}
                scheme = "{http://www.openarchives.org/OAI/2.0/oai-identifier}repositoryIdentifier"
                found.append(
                    Identity(
                        name=text.get(f"{OAI}repositoryName", "")[:300],
                        base_url=text.get(f"{OAI}baseURL", ""),
                        identifier=line(next((one.text or "" for one in element.iter(scheme)), "")),
                        earliest=text.get(f"{OAI}earliestDatestamp", ""),
                        # Others forget them some day, and nobody knows when.
                        deletes=text.get(f"{OAI}deletedRecord", "") == "persistent",
                        by_day=text.get(f"{OAI}granularity", "") == "YYYY-MM-DD",
                        at=told.at,
                    )
                )
        except Broken as error:
            if error.reason.startswith("source-"):
                raise SourceAway(url=self.base_url, reason=error.reason.removeprefix("source-")) from error
            raise NotARepository(url=self.base_url) from error
        if not found:
            raise NotARepository(url=self.base_url)
        return found[0]

    def formats(self) -> Mapping[str, str]:
        """metadataPrefix -> namespace. Raises: Broken."""
        found = {}
        for element in self._answered({"verb": "ListMetadataFormats"}, Told(), "metadataFormat"):
            prefix = line(element.findtext(f"{OAI}metadataPrefix") or "")
            found[prefix] = line(element.findtext(f"{OAI}metadataNamespace") or "")
        return found

    def records(self, window: Window) -> Iterator[Got]:
        """All records of a window; some may come more than once. Raises: Broken; PrivateAddress."""
        return self._walk("ListRecords", "record", window)

    def headers(self, window: Window) -> Iterator[Got]:
        """The same, their headers alone."""
        return self._walk("ListIdentifiers", "header", window)

    def record(self, identifier: str) -> Got | None:
        """One by name; None: there is none of that name. Raises: Broken."""
        told = Told()
        asked = {"verb": "GetRecord", "metadataPrefix": self.prefix, "identifier": identifier}
        for element in self._answered(asked, told, "record"):
            # Its tree is cleared when the next one is asked for, and none is.
            return record_of(element)
        if any(code in (GONE, "cannotDisseminateFormat") for code, _ in told.errors):
            return None
        raise Broken("oai-error", _said(told), passing=False)

    def _walk(self, verb: str, tag: str, window: Window) -> Iterator[Got]:
        names = {"metadataPrefix": self.prefix, "set": window.set, "from": window.since, "until": window.until}
        first = {"verb": verb, **{name: value for name, value in names.items() if value}}
        asked, pages, empty, restarts = first, set[bytes](), 0, 0
        while True:
            told, summed, records = Told(), hashlib.blake2b(digest_size=8), 0
            for element in self._answered(asked, told, tag):
                try:
                    got = record_of(element)
                except Broken as error:
                    self.unnamed(error)
                    continue
                summed.update(f"{got.header.identifier}\n{got.header.datestamp}\n".encode())
                records += 1
                yield got
            self.at = self.at or told.at
            codes = {code for code, _ in told.errors}
            if FORGOTTEN in codes and asked is not first:
                restarts += 1
                if restarts > RESTARTS:
                    raise Broken("bad-token", _said(told))
                log.info("harvest-token-forgotten", extra={"restarts": restarts})
                asked, pages = first, set()
                continue
            if codes - {NOTHING}:
                raise Broken("oai-error", _said(told), passing=False)
            if not told.token:
                return
            empty = 0 if records else empty + 1
            if records and summed.digest() in pages:
                raise Broken("token-loop")
            if empty > EMPTY_PAGES:
                raise Broken("token-loop")
            pages.add(summed.digest())
            asked = {"verb": verb, "resumptionToken": told.token}

    def _answered(self, asked: Mapping[str, str], told: Told, *tags: str) -> Iterator[Any]:
        """Elements of an answer, asked for again as long as that may help. Raises: Broken."""
        failures = waits = 0
        while True:
            told.at, told.token, told.errors, told.is_oai = told.at, "", [], False
            wait: float | None = None
            try:
                self.requests += 1
                with self.fetcher.get(f"{self.base_url}?{urlencode(asked)}") as answer:
                    wait = _busy(answer)
                    if wait is None:
                        _check(answer)
                        yield from elements(answer, told, *tags)
                        return
            except SourceAway as error:
                broken = Broken(f"source-{error.parameters['reason']}")
            except Broken as error:
                if not error.passing:
                    raise
                broken = error
            if wait is not None:
                waits += 1
                if waits > PATIENT_TRIES:
                    raise Broken("source-busy")
                log.info("harvest-waits", extra={"seconds": wait})
                self.pause(wait)
                continue
            failures += 1
            if failures >= self.tries:
                raise broken
            log.info("harvest-asks-again", extra={"reason": broken.reason, "failures": failures})
            self.pause(FIRST_PAUSE_SECONDS * 2 ** (failures - 1))


def _busy(answer: Fetched) -> float | None:
    """Seconds to wait where a source says that it is busy."""
    if answer.status not in _BUSY or "retry-after" not in answer.headers:
        return None
    said = answer.headers["retry-after"].strip()
    if _SECONDS.fullmatch(said):
        seconds = float(said)
    else:
        try:
            at = email.utils.parsedate_to_datetime(said)
        except ValueError:
            return FIRST_PAUSE_SECONDS
        at = at if at.tzinfo else at.replace(tzinfo=datetime.UTC)
        seconds = (at - datetime.datetime.now(datetime.UTC)).total_seconds()
    return min(max(1.0, seconds), LONGEST_PAUSE_SECONDS)


def _check(answer: Fetched) -> None:
    """Raises: Broken: a status that is no answer."""
    if answer.status != 200:
        raise Broken("http-status", str(answer.status), passing=answer.status >= 500 or answer.status in (408, 429))


def _said(told: Told) -> str:
    return "; ".join(f"{code}: {text}" if text else code for code, text in told.errors)[:500]
