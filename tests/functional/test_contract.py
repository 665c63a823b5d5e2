"""The published contract tells everything: what an operation is for, its parameters, all its answers, with examples."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel
from starlette.testclient import TestClient

from service.api import examples, models

PROBLEM = "application/problem+json"
OPERATION = ("/healthz", "/readyz", "/metrics")


@pytest.fixture(scope="module")
def contract(client: TestClient) -> dict[str, Any]:
    described: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return described


def operations(contract: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in contract["paths"].items():
        for operation in methods.values():
            yield path, operation


def holds(contract: dict[str, Any], schema: dict[str, Any], value: object) -> None:
    """The value has the shape. References lead into the same document."""
    Draft202012Validator({**schema, "components": contract["components"]}).validate(value)


def test_every_operation_says_what_it_is_for(contract: dict[str, Any]) -> None:
    found = dict(operations(contract))
    assert {"/api/v1/search", "/api/v1/export.jsonl", "/suggest", "/resources/{id}/files/{number}", *OPERATION} <= set(
        found
    )
    for path, operation in found.items():
        assert operation["summary"], path
        assert operation["description"], path
        assert operation["tags"], path
    names = [operation["operationId"] for operation in found.values()]
    assert len(set(names)) == len(names)
    assert contract["info"]["description"]


def test_every_parameter_is_described_with_an_example_that_it_takes(
    contract: dict[str, Any], client: TestClient
) -> None:
    for path, operation in operations(contract):
        for parameter in operation.get("parameters", []):
            at = f"{path} {parameter['name']}"
            assert parameter["description"], at
            for example in parameter["examples"].values():
                assert example["summary"], at
                holds(contract, parameter["schema"], example["value"])
                if parameter["in"] == "query" and "{" not in path:
                    answer = client.get(path, params={parameter["name"]: example["value"]})
                    assert answer.status_code == 200, at


def test_an_address_cannot_say_null(contract: dict[str, Any]) -> None:
    for path, operation in operations(contract):
        for parameter in operation.get("parameters", []):
            assert "null" not in json.dumps(parameter["schema"]), path


def test_every_number_has_its_bounds(contract: dict[str, Any]) -> None:
    bounds = {
        f"{path} {parameter['name']}": (parameter["schema"]["minimum"], parameter["schema"]["maximum"])
        for path, operation in operations(contract)
        for parameter in operation.get("parameters", [])
        if parameter["schema"].get("type") == "integer"
    }
    assert bounds["/api/v1/search page"] == (1, 10_000)
    assert bounds["/api/v1/search size"] == (1, 100)
    assert len(bounds) > 5


def test_every_answer_has_a_shape_and_an_example_that_has_it(contract: dict[str, Any]) -> None:
    for path, operation in operations(contract):
        for status, answer in operation["responses"].items():
            at = f"{path} {status}"
            assert answer["description"], at
            assert "X-Request-Id" in answer["headers"], at
            assert ("content" in answer) == (status not in ("302", "304")), at
            for kind, content in answer.get("content", {}).items():
                assert content["schema"], at
                holds(contract, content["schema"], content["example"])
                failure = "text/html" if "doors" in operation["tags"] else PROBLEM
                assert (kind == failure) == (int(status) >= 400), at


def test_the_failures_of_every_operation_are_told(contract: dict[str, Any]) -> None:
    for path, operation in operations(contract):
        told = set(operation["responses"])
        assert "422" not in told, path
        assert {"200", "500"} <= told, path
        if path not in OPERATION:
            assert {"429", "503"} <= told, path
        if "/resources/{" in path:
            assert {"404", "410"} <= told, path
        for status in told & {"429", "503"}:
            assert operation["responses"][status]["headers"]["Retry-After"]["schema"]["type"] == "integer", path
    assert not {"HTTPValidationError", "ValidationError"} & set(contract["components"]["schemas"])


@pytest.mark.parametrize(
    ("shape", "example"),
    [
        (models.SearchAnswer, examples.SEARCH),
        (models.Record, examples.RECORD),
        (models.ExportedRecord, examples.EXPORTED),
        (models.Passages, examples.PASSAGES),
        (models.Similar, examples.SIMILAR),
        (models.Alive, examples.ALIVE),
        (models.Ready, examples.READY),
    ],
)
def test_an_example_is_all_that_an_answer_of_its_shape_holds(shape: type[BaseModel], example: dict[str, Any]) -> None:
    made = shape.model_validate(example).model_dump(mode="json")
    assert made == example


def test_too_long_a_question_is_counted_as_it_was_sent(client: TestClient) -> None:
    answer = client.get("/api/v1/search", params={"q": " " * 1001})
    assert answer.status_code == 400
    assert answer.json()["code"] == "query-too-long"


@pytest.mark.parametrize("value", ["+1", " 1", "1.0", "1_0", "१", "0x1", ""])
@pytest.mark.parametrize("parameter", ["page", "size"])
def test_a_number_is_digits_and_nothing_else(client: TestClient, parameter: str, value: str) -> None:
    answer = client.get("/api/v1/search", params={parameter: value})
    assert answer.status_code == 400
    assert parameter in answer.json()["detail"]
