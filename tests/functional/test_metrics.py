"""`/metrics` as Prometheus reads it, and who may."""

from dataclasses import replace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from starlette.testclient import TestClient

from service.app import create
from tests.conftest import Shelf

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]
HERE = ("127.0.0.1", 50000)


def answering(library: Shelf, client: tuple[str, int] = HERE, **settings: Any) -> TestClient:
    changed = library.services.settings.model_copy(update=settings)
    services = replace(library.services, settings=changed)
    return TestClient(create(services), base_url="http://library.test", client=client)


def samples(text: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(found: Samples, name: str, **labels: str) -> float:
    return found.get((name, frozenset(labels.items())), 0.0)


def test_requests_are_counted_by_template_and_nothing_that_was_asked_is_told(library: Shelf) -> None:
    client = answering(library)
    resource = library.ids["parabola.pdf"]
    before = samples(client.get("/metrics").text)
    for path in ("/search?q=bimat", f"/resources/{resource}", f"/en/resources/{resource}", "/nguyen-van-an"):
        client.get(path)
    client.get(f"/resources/{resource}/files/1")
    client.get("/api/v1/search?q=bimat")
    client.get("/api/v1/search?size=0")
    text = client.get("/metrics").text
    after = samples(text)

    def grown(door: str, route: str, status: str) -> float:
        labels = {"door": door, "route": route, "status": status, "method": "GET"}
        name = "hoclieu_http_requests_total"
        return of(after, name, **labels) - of(before, name, **labels)

    assert grown("web", "/search", "200") == 1
    assert grown("web", "/resources/{id}", "200") == 1
    assert grown("web", "/en/resources/{id}", "200") == 1
    assert grown("none", "none", "404") == 1
    assert grown("files", "/resources/{id}/files/{number}", "200") == 1
    assert grown("api", "/api/v1/search", "200") == 1
    assert grown("api", "/api/v1/search", "400") == 1
    assert of(after, "hoclieu_http_request_duration_seconds_count", door="web", route="/search") >= 1
    for private in ("bimat", "nguyen", resource):
        assert private not in text


def test_the_state_of_the_library_is_told(library: Shelf) -> None:
    client = answering(library)
    client.get("/search?q=parabol")
    found = samples(client.get("/metrics").text)
    assert {part: of(found, "hoclieu_part_up", part=part) for part in ("database", "objects", "index")} == {
        "database": 1,
        "objects": 1,
        "index": 1,
    }
    with library.services.catalogue.reading() as work:
        objects, size = work.blobs.total()
    assert objects
    assert (of(found, "hoclieu_objects"), of(found, "hoclieu_objects_bytes")) == (objects, size)
    assert {fault: of(found, "hoclieu_files_lost", fault=fault) for fault in ("damaged", "missing")} == {
        "damaged": 0,
        "missing": 0,
    }
    assert of(found, "hoclieu_objects_free_bytes") > of(found, "hoclieu_objects_kept_free_bytes") > 0
    assert ("hoclieu_index_lag_seconds", frozenset()) in found
    assert of(found, "hoclieu_database_connections", state="idle") >= 1
    # The one that asks.
    assert of(found, "hoclieu_http_requests_in_progress") == 1


def test_a_job_that_waits_is_counted_with_its_age_and_as_lag(library: Shelf) -> None:
    with library.services.catalogue.writing() as work:
        work.jobs.add("index", library.ids["parabola.pdf"], priority=50)
        # Held: a worker of another test may be at work on this library.
        leased = work.jobs.lease(["index"], worker="w", limit=10, seconds=60)
    try:
        found = samples(answering(library).get("/metrics").text)
        assert of(found, "hoclieu_jobs", kind="index", state="leased") == len(leased) >= 1
        age = of(found, "hoclieu_jobs_oldest_age_seconds", kind="index")
        assert 0 < age < 600
        assert of(found, "hoclieu_index_lag_seconds") == age
    finally:
        with library.services.catalogue.writing() as work:
            work.jobs.done([job.id for job in leased], worker="w")


def test_names_and_units_follow_the_conventions(library: Shelf) -> None:
    client = answering(library)
    client.get("/")
    families = list(text_string_to_metric_families(client.get("/metrics").text))
    assert len(families) >= 8
    for family in families:
        assert family.name.startswith("hoclieu_")
        assert family.documentation.endswith(".")
        assert not family.name.endswith(("_count", "_sum", "_bucket"))
        if family.type == "counter":
            assert {sample.name for sample in family.samples} <= {f"{family.name}_total"}
        if family.type == "histogram":
            assert family.name.endswith("_seconds")


@pytest.mark.parametrize(
    ("client", "headers", "settings", "status"),
    [
        (HERE, {}, {}, 200),
        (("::1", 50000), {}, {}, 200),
        (HERE, {}, {"public_url": "http://127.0.0.1:8000"}, 200),
        (("203.0.113.4", 50000), {}, {}, 404),
        (HERE, {"X-Forwarded-For": "127.0.0.1"}, {}, 404),
        (HERE, {"Via": "1.1 proxy"}, {}, 404),
        (HERE, {}, {"trusted_proxies": "127.0.0.1"}, 404),
        (HERE, {"X-Forwarded-For": "127.0.0.1"}, {"trusted_proxies": "127.0.0.1"}, 404),
        (HERE, {}, {"public_url": "https://hoclieu.example"}, 404),
        (HERE, {}, {"metrics_token": SecretStr("right")}, 404),
        (HERE, {"Authorization": "Bearer wrong"}, {"metrics_token": SecretStr("right")}, 404),
        (
            ("203.0.113.4", 50000),
            {"Authorization": "Bearer right"},
            {"metrics_token": SecretStr("right"), "public_url": "https://hoclieu.example"},
            200,
        ),
    ],
)
def test_measures_are_for_this_machine_or_whoever_shows_the_token(
    library: Shelf, client: tuple[str, int], headers: dict[str, str], settings: dict[str, Any], status: int
) -> None:
    answer = answering(library, client, **settings).get("/metrics", headers=headers)
    assert answer.status_code == status
    assert ("hoclieu_" in answer.text) == (status == 200)
