"""The doors for programs beside `/api`, as the contract tells them: files, pictures, metadata formats, suggestions.

Their addresses stand in records and results. They are addresses of the web
room, which answers them and words their failures as pages; here is only told
what they take and answer.
"""

from typing import Any

from service.api import answers, examples, parameters
from service.library import records

HTML = "text/html"
_NUMBER = {"type": "integer", "minimum": 1, "maximum": parameters.LARGEST}
_TEXT = {"type": "string"}
_TAG = {"ETag": {"description": "Of these bytes, for `If-None-Match`.", "required": True, "schema": _TEXT}}
_HELD = {"description": "What is held (`If-None-Match`) is still the same.", "headers": _TAG}


def _parameter(name: str, place: str, description: str, schema: dict[str, Any], example: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": description,
        "schema": schema,
        "examples": parameters.shown(f"{name} {example}".strip(), example),
    }


_ID = _parameter(
    "id",
    "path",
    "An id, in capitals or not.",
    {**_TEXT, "pattern": parameters.ID_PATTERN},
    examples.SEARCH["items"][0]["id"],
)
_FILE = _parameter("number", "path", "Of the file, as its record says.", _NUMBER, 1)
_REVISION = _parameter("revision", "path", "Of the resource, as `revisions` of its record says.", _NUMBER, 1)
_FORMAT = _parameter(
    "format",
    "path",
    "Name of a metadata format (docs/crosswalks.md).",
    {**_TEXT, "enum": [*(one.FORMAT.name for one in records.CROSSWALKS), *records.ALIASES]},
    "bibtex",
)
_RANGE = _parameter("Range", "header", "One part of the bytes; several are answered with all.", _TEXT, "bytes=0-99")
_IF_NONE_MATCH = _parameter("If-None-Match", "header", "What is held already.", _TEXT, '"9f86d081"')
_TYPED = _parameter("q", "query", "What has been typed so far; fewer than two letters find nothing.", _TEXT, "ham s")


def _bytes(description: str, media_type: str, example: str) -> dict[str, Any]:
    # Of any type there may be JSON too, which is no text to whoever reads the contract by program.
    schema = {"description": "The bytes as they are."} if media_type == "*/*" else _TEXT
    content = {media_type: {"schema": schema, "example": example}}
    return {"description": description, "headers": _TAG, "content": content}


def _operation(
    name: str, summary: str, description: str, taken: list[dict[str, Any]], told: dict[str, Any], *failures: int
) -> dict[str, Any]:
    return {
        "get": {
            "tags": ["doors"],
            "operationId": name,
            "summary": summary,
            "description": description,
            "parameters": taken,
            "responses": {**told, **answers.failing_in_words(*failures)},
        }
    }


def _file(name: str, description: str, where: list[dict[str, Any]]) -> dict[str, Any]:
    told = {
        "200": _bytes("The bytes.", "*/*", "%PDF-1.7 …"),
        "206": _bytes("The part that `Range` names.", "*/*", "%PDF-1.7 …"),
        "302": {"description": "The store itself hands them out, at an address that holds for minutes."},
        "304": _HELD,
    }
    taken = [*where, _RANGE, _IF_NONE_MATCH]
    return _operation(name, "Take a file", description, taken, told, 404, 410, 416, 429, 503)


def paths() -> dict[str, Any]:
    """Path -> its operations."""
    resource = "/resources/{id}"
    metadata = {"200": _bytes("The record.", "*/*", "@misc{…}"), "304": _HELD}
    text = {"200": _bytes("Place by place.", "text/plain", "— Trang 1 —\n\nBài toán mở đầu …"), "304": _HELD}
    picture = {"200": _bytes("320 pixels wide.", "image/webp", "RIFF…WEBP"), "304": _HELD}
    suggested = {
        "200": {
            "description": "At most eight, the likeliest first.",
            "content": {
                "application/json": {
                    "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Suggested"}},
                    "example": examples.SUGGESTED,
                }
            },
        }
    }
    return {
        f"{resource}/files/{{number}}": _file(
            "file", "The file of this number in the published revision, with ranges and a validator.", [_ID, _FILE]
        ),
        f"{resource}/v/{{revision}}/files/{{number}}": _file(
            "fileOfRevision", "The bytes of that revision, for ever.", [_ID, _REVISION, _FILE]
        ),
        f"{resource}/files/{{number}}/text.txt": _operation(
            "text",
            "Take the words of a file",
            "All that was read of a file as plain text, with its places. 404 where nothing was.",
            [_ID, _FILE, _IF_NONE_MATCH],
            text,
            *(404, 410, 429, 503),
        ),
        f"{resource}/metadata/{{format}}": _operation(
            "metadata",
            "Take a record in another format",
            "Dublin Core, LOM, MODS, JSON-LD and citations; the resource's own address answers the same to `Accept`.",
            [_ID, _FORMAT, _IF_NONE_MATCH],
            metadata,
            *(404, 410, 429, 503),
        ),
        f"{resource}/thumbnail": _operation(
            "thumbnail",
            "Take the picture beside a result",
            "The first page, slide or frame as WebP, else a drawn card. 404 until it is made.",
            [_ID, _IF_NONE_MATCH],
            picture,
            *(404, 410, 429, 503),
        ),
        "/suggest": _operation(
            "suggest",
            "Guess what is being typed",
            "Names of subjects, grades and types, topics and titles that begin so, without tones too.",
            [_TYPED],
            suggested,
            *(429, 503),
        ),
    }
