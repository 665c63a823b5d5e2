"""The contract as it is published, `/api/v1/openapi.json`.

What FastAPI finds out by itself is put right where this library answers
otherwise: a value of the wrong form is 400 with a code and not 422, an address
cannot say null, failures are problems (RFC 9457) and nothing else, and every
answer carries the id that the log knows it by.
"""

import threading
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from service.api import doors, examples, models

ABOUT = """Find learning resources and the places in them, read their records, take all metadata.

Nobody signs in and nothing is changed here. A parameter that is not named is ignored.
Under `/api` failures are `application/problem+json` (RFC 9457) with a `code` that never changes its meaning and a
`remedy`, in Vietnamese or, with `lang=en`, in English. `HEAD` answers wherever `GET` does.

One address may ask for so much in a minute: a search costs one of the library's searches a minute (600 where the
operator has not said otherwise), a record or a page of passages a quarter of one, an export and a search behind more
than two filters four. Beyond it the answer is 429, and `Retry-After` says after how many seconds to ask again.
"""
TAGS = [
    {"name": "v1", "description": "What programs may rely on: a field is added, never renamed."},
    {"name": "doors", "description": "What records and results lead to. Failures are pages for people."},
    {"name": "operation", "description": "For whoever runs the library."},
]
# Shapes that are named by hand in `service/api/answers.py`, so that FastAPI does not know of them.
_NAMED: tuple[type[BaseModel], ...] = (
    models.SearchAnswer,
    models.Record,
    models.ExportedRecord,
    models.Passages,
    models.Suggested,
    models.Alive,
    models.Ready,
    models.Problem,
    models.NotReady,
)
# FastAPI leaves out of its document whatever is null, also where an example says so.
_EXAMPLES: dict[str, Any] = {
    "SearchAnswer": examples.SEARCH,
    "Record": examples.RECORD,
    "ExportedRecord": examples.EXPORTED,
    "Passages": examples.PASSAGES,
}
_REFERENCE = "#/components/schemas/{model}"
_REQUEST_ID = "X-Request-Id"
_OF_FASTAPI = ("HTTPValidationError", "ValidationError")
_MAKING = threading.Lock()


class Described(FastAPI):
    """FastAPI that publishes what this library answers."""

    def openapi(self) -> dict[str, Any]:
        with _MAKING:
            fresh = self.openapi_schema is None
            described = super().openapi()
            if fresh:
                complete(described)
            return described


def complete(described: dict[str, Any]) -> None:
    """Put the document of FastAPI right, in place."""
    components = described.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in _OF_FASTAPI:
        schemas.pop(name, None)
    _, named = models_json_schema([(one, "serialization") for one in _NAMED], ref_template=_REFERENCE)
    schemas.update(named["$defs"])
    components.setdefault("headers", {})[_REQUEST_ID] = {
        "description": "What the library's log calls this request.",
        "required": True,
        "schema": {"type": "string"},
    }
    described["paths"].update(doors.paths())
    for operations in described["paths"].values():
        for operation in operations.values():
            _complete(operation)


def _restore(content: dict[str, Any]) -> None:
    schema = content["schema"]
    listed = "items" in schema
    name = (schema["items"] if listed else schema).get("$ref", "").rpartition("/")[2]
    if name in _EXAMPLES:
        content["example"] = [_EXAMPLES[name]] if listed else _EXAMPLES[name]


def _complete(operation: dict[str, Any]) -> None:
    operation["responses"].pop("422", None)
    for answer in operation["responses"].values():
        carried = {_REQUEST_ID: {"$ref": f"#/components/headers/{_REQUEST_ID}"}}
        for content in answer.get("content", {}).values():
            _restore(content)
        answer["headers"] = {**answer.get("headers", {}), **carried}
    for parameter in operation.get("parameters", ()):
        schema = parameter["schema"]
        kinds = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
        if len(kinds) == 1:
            del schema["anyOf"]
            schema.update(kinds[0])
        # Bounds behind a validator of ours keep pydantic's names, which JSON Schema does not know.
        for ours, known in (("ge", "minimum"), ("le", "maximum")):
            if ours in schema:
                schema[known] = schema.pop(ours)
