"""What every operation may answer beside what it is for: one table of failures, each with its body as it is sent.

The bodies are made by the table that answers them (`service/http/problems.py`), so they cannot differ from it.
"""

from typing import Any

from service import errors
from service.api import models
from service.http.problems import JSON, problem_of

Answers = dict[int | str, dict[str, Any]]

_RETRY = {
    "Retry-After": {
        "description": "After how many seconds to ask again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    }
}
_FAILURES: dict[int, tuple[str, errors.LibraryError]] = {
    400: ("A parameter cannot be used; `detail` names it.", errors.Invalid(field="size", value="0")),
    404: ("Nobody has this id, or not everybody may see what has it.", errors.NotFound()),
    410: (
        "It was public and has been withdrawn; `detail` says why.",
        errors.Withdrawn(reason="The author asked for it."),
    ),
    416: ("`Range` names no byte of the file; `Content-Range` says how many it has.", errors.Invalid(field="Range")),
    429: ("This address has asked for too much in a minute.", errors.TooManyRequests(seconds=6)),
    500: ("A fault in the software; the library's log knows it by `request`.", errors.LibraryError()),
    503: ("A part that this needs does not answer; `code` says which.", errors.Unavailable(part="database")),
}


def answered(model: str, example: Any, *, description: str, media_type: str = "application/json") -> Answers:
    """What it is for. model: name of the schema; example: the body of an answer."""
    schema = {"$ref": f"#/components/schemas/{model}"}
    return {200: {"description": description, "content": {media_type: {"schema": schema, "example": example}}}}


def failing(*statuses: int) -> Answers:
    """Failures that an operation documents, in the order of their statuses. 500 is among them everywhere."""
    return {status: _failure(status) for status in sorted({*statuses, 500})}


def _failure(status: int) -> dict[str, Any]:
    description, error = _FAILURES[status]
    example = {**problem_of(error, "en").body(), "request": "5f0c1d7be2a94c66"}
    return {
        "description": description,
        "headers": _headers(status),
        "content": {JSON: {"schema": {"$ref": f"#/components/schemas/{models.Problem.__name__}"}, "example": example}},
    }


def failing_in_words(*statuses: int) -> dict[str, Any]:
    """The same of a door whose failures are pages for people."""
    return {str(status): _worded(status) for status in sorted({*statuses, 500})}


def _worded(status: int) -> dict[str, Any]:
    description, _ = _FAILURES[status]
    page = {"schema": {"type": "string"}, "example": "<!doctype html> …"}
    return {"description": description, "headers": _headers(status), "content": {"text/html": page}}


def _headers(status: int) -> dict[str, Any]:
    return dict(_RETRY) if status in (429, 503) else {}


def not_ready(example: dict[str, Any]) -> Answers:
    """503 of `/readyz`, which tells of each part."""
    failure = _failure(503)
    schema = {"$ref": f"#/components/schemas/{models.NotReady.__name__}"}
    body = failure["content"][JSON]["example"]
    return {503: {**failure, "content": {JSON: {"schema": schema, "example": {**body, **example}}}}}
