"""`/metrics`: what the processes counted and what the database knows, in the text format of Prometheus.

Who may read it is decided here. With HOCLIEU_METRICS_TOKEN whoever shows it;
without, only this very machine, and not even that when a proxy stands before
the library, since every reader then comes from where the proxy runs.
"""

import hmac
import logging
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from service.errors import LibraryError
from service.http.observing import peer_of
from service.library.bounded import Bounded, NoAnswerInTime
from service.library.measure import Measures
from service.library.readiness import OK, Readiness
from service.library.services import Services
from service.settings import Settings
from service.telemetry import metrics
from service.telemetry.spell import Spell

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")
WITHIN_SECONDS = 1.0
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def allowed(request: Request, settings: Settings) -> bool:
    """Whether this request may see the measures."""
    if token := settings.metrics_token.get_secret_value():
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    behind = bool(settings.trusted_proxies) or any(name in request.headers for name in _FORWARDED)
    public = urlsplit(settings.public_url).hostname or "127.0.0.1"
    return not behind and _loopback(peer_of(request)) and _loopback(public)


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Library:
    """A collector of the Prometheus client: asked at each scrape. A part that is away leaves its measures out."""

    def __init__(self, measures: Measures, readiness: Readiness) -> None:
        self.measures = measures
        self.readiness = readiness
        self._blind = Spell(log, "not-measured")

    def collect(self) -> "Iterator[GaugeMetricFamily]":
        from prometheus_client.core import GaugeMetricFamily as Gauge

        up = Gauge("hoclieu_part_up", "Whether a part answers: 1 or 0.", labels=["part"])
        for name, word in self.readiness.state().parts.items():
            up.add_metric([name], float(word == OK))
        yield up
        if queue := self._asked(self.measures.queue):
            jobs = Gauge("hoclieu_jobs", "Jobs by kind and state.", labels=["kind", "state"])
            for (kind, state), number in queue.numbers.items():
                jobs.add_metric([kind, state], number)
            yield jobs
            waiting = Gauge(
                "hoclieu_jobs_oldest_age_seconds", "Age of the oldest job that is not done.", labels=["kind"]
            )
            for kind, seconds in queue.waiting_seconds.items():
                waiting.add_metric([kind], seconds)
            yield waiting
            lag = "How long the oldest change waits that searches do not find yet; 0: none waits."
            yield Gauge("hoclieu_index_lag_seconds", lag, value=queue.waiting_seconds.get("index", 0.0))
        if stored := self._asked(self.measures.stored):
            yield Gauge("hoclieu_objects", "Stored files, each once.", value=stored.objects)
            yield Gauge("hoclieu_objects_bytes", "Bytes of the stored files.", value=stored.size_bytes)
        if condition := self._asked(self.measures.condition):
            faults = Gauge("hoclieu_files_lost", "Stored files that are not what was stored.", labels=["fault"])
            for fault, number in condition.faults.items():
                faults.add_metric([fault], number)
            yield faults
            if condition.read_seconds is not None:
                age = "Since all stored files were last read and compared."
                yield Gauge("hoclieu_fixity_age_seconds", age, value=condition.read_seconds)
            if condition.free_bytes is not None and condition.kept_bytes is not None:
                free = "Free on the disk of stored files."
                yield Gauge("hoclieu_objects_free_bytes", free, value=condition.free_bytes)
                kept = "What new files leave free there; with less, deposits are refused."
                yield Gauge("hoclieu_objects_kept_free_bytes", kept, value=condition.kept_bytes)

    def _asked(self, question: Bounded[Answer]) -> Answer | None:
        try:
            return question.answer(WITHIN_SECONDS)
        except NoAnswerInTime:
            return None
        except LibraryError as error:
            self._blind.tell(code=error.code)
            return None


def endpoint(services: Services, readiness: Readiness) -> Callable[[Request], Any]:
    """The route's function over one library."""
    library = Library(Measures(services), readiness)
    # Its own threads: it answers while all others wait for a part that hangs.
    limiter = anyio.CapacityLimiter(2)

    def exposed(accept: str) -> tuple[bytes, str]:
        from prometheus_client.exposition import choose_encoder
        from prometheus_client.registry import CollectorRegistry

        encode, media_type = choose_encoder(accept)
        asked = CollectorRegistry(auto_describe=False)
        asked.register(library)
        body = metrics.gathered()
        return encode(_Both(body, asked)), media_type

    async def measures(request: Request) -> Response:
        """What the library counts of itself, for Prometheus; on this machine, or with HOCLIEU_METRICS_TOKEN."""
        if not allowed(request, services.settings):
            # Not "forbidden": nothing here is for whoever may not read it.
            raise HTTPException(404)
        accept = request.headers.get("accept", "")
        body, media_type = await anyio.to_thread.run_sync(exposed, accept, limiter=limiter)
        return Response(body, headers={"Content-Type": media_type, "Cache-Control": "no-store"})

    return measures


class _Both:
    """Two registries as one to the encoder, which only collects."""

    def __init__(self, *registries: Any) -> None:
        self.registries = registries

    def collect(self) -> Iterator[Any]:
        for registry in self.registries:
            yield from registry.collect()
