"""`/about/harvest`: all that somebody needs who is going to harvest the library, so that nobody has to telephone."""

import datetime
from dataclasses import dataclass

from starlette.responses import Response

from service.http.limits import SHARES
from service.library import federate, profile, sets
from service.settings import DEFAULT_PUBLIC_URL, admin_emails
from service.web.rendering import Page
from service.web.speech import HERE


@dataclass(frozen=True, slots=True)
class Way:
    """A metadata format, or a set, or a root of sets with how many stand under it. url: where it is asked for."""

    name: str
    label: str
    url: str = ""
    number: int = 0


def harvesting(page: Page) -> Response:
    """What harvesters need: base URL, formats, sets, what becomes of deletions, contact, planned downtime, a trial."""
    page.door.limits.spend(page.request, "page")
    services = page.door.services
    settings = services.settings
    # As it is set, never as a request was addressed, like the base URL that Identify says.
    address = settings.public_url or DEFAULT_PUBLIC_URL
    base = f"{address}/oai"
    ready = profile.of_library(settings)
    return page.render(
        "harvest.html",
        base=base,
        repository=settings.repository_id,
        emails=admin_emails(settings),
        formats=[
            Way(prefix, one.FORMAT.label, f"{base}?verb=ListRecords&metadataPrefix={prefix}")
            for prefix, one in federate.PREFIXES.items()
        ],
        roots=_roots(page),
        ready=Way(f"{sets.READY}:{ready.name}", ready.label(page.language)),
        trial=f"{base}?verb=ListRecords&metadataPrefix=oai_dc&set={sets.TRIAL}",
        begun=federate.begun(services),
        records_a_page=settings.oai_page,
        requests_a_minute=max(1, int(SHARES["harvest"] * settings.searches_per_minute)),
        downtimes=_downtimes(settings.downtimes),
        inventory=f"{address}/about/harvest/inventory.tsv.gz",
    )


def _roots(page: Page) -> list[Way]:
    """Each kind of sets with how many there are."""
    declared = federate.all_sets(page.door.services)
    return [
        Way(root, page.speech(f"oai-set-{root}"), number=sum(one.spec.startswith(f"{root}:") for one in declared))
        for root in sets.ROOTS
    ]


def _downtimes(spans: tuple[tuple[datetime.datetime, datetime.datetime], ...]) -> list[tuple[str, str]]:
    """Those that are not over, by the clock of Viet Nam."""
    now = datetime.datetime.now(datetime.UTC)
    return [
        (f"{since.astimezone(HERE):%Y-%m-%d %H:%M}", f"{until.astimezone(HERE):%Y-%m-%d %H:%M}")
        for since, until in spans
        if until > now
    ]
