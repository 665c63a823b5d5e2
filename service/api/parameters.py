"""Parameters of the JSON door as the contract names them: what is written here is what is accepted, and no more.

Examples hold in any library; codes of facets are data, so their examples come from the vocabularies.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import BeforeValidator

from service.library.discover import MAX_PAGE_SIZE, MAX_QUERY_CHARACTERS, MAX_RESULTS_BY_PAGE
from service.vocabularies import Vocabularies
from service.vocabularies.shapes import shape_of

LARGEST = 10**9
ID_PATTERN = r"^[0-9A-Za-z][0-9A-Za-z._:-]{0,63}$"
CURSOR_PATTERN = r"^[0-9A-Za-z_-]*={0,2}$"


def shown(summary: str, value: Any) -> Any:
    """The one example of a parameter."""
    return {"example": {"summary": summary, "value": value}}


def _digits(value: object) -> object:
    """Only what JSON calls a whole number: no sign, space, fraction or digit of another script."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError("digits")
    return value


Digits = BeforeValidator(_digits)

Text = Annotated[
    str,
    Query(
        description=f"What to look for, at most {MAX_QUERY_CHARACTERS} characters; empty browses all, newest first.",
        # The door itself says how many are too many, in words that a bare limit would not find.
        json_schema_extra={"maxLength": MAX_QUERY_CHARACTERS},
        openapi_examples=shown("without tones, as people type", "ham so bac hai"),
    ),
]
Page = Annotated[
    int,
    Digits,
    Query(
        ge=1,
        le=MAX_RESULTS_BY_PAGE,
        description=f"From 1. `page` × `size` reaches {MAX_RESULTS_BY_PAGE} results; beyond them use `cursor`.",
        openapi_examples=shown("the second page", 2),
    ),
]
Size = Annotated[
    int,
    Digits,
    Query(ge=1, le=MAX_PAGE_SIZE, description="Resources a page.", openapi_examples=shown("ten a page", 10)),
]
Cursor = Annotated[
    str,
    Query(
        json_schema_extra={"pattern": CURSOR_PATTERN},
        description="From the answer before, unchanged, with the same question; wins over `page`.",
        openapi_examples=shown("the beginning", ""),
    ),
]
Sort = Annotated[
    Literal["fit", "newest", "used"],
    Query(
        description="By how well it fits, by when it was published, by how often it is opened.",
        openapi_examples=shown("the newest first", "newest"),
    ),
]
Exact = Annotated[
    Literal["0", "1", "false", "true"],
    Query(
        description="1: search exactly what is written, without giving it accents or mending letters.",
        openapi_examples=shown("nothing is rewritten", "1"),
    ),
]
Within = Annotated[
    str,
    Query(
        description="Look inside the resource with this id only: its places that match, at most 50; empty: everywhere.",
        json_schema_extra={"pattern": f"^$|{ID_PATTERN}"},
        openapi_examples=shown("everywhere", ""),
    ),
]
Language = Annotated[
    str,
    Query(
        description="Language of labels, addresses and errors: `vi` or `en`; another one is that of the library.",
        openapi_examples=shown("labels in English", "en"),
    ),
]
ResourceId = Annotated[
    str,
    Path(
        description="An id, in capitals or not; a retired one leads to the resource that took its place.",
        json_schema_extra={"pattern": ID_PATTERN},
        openapi_examples=shown("an id", "7g2k9m4x1q8t"),
    ),
]
FileNumber = Annotated[
    int | None,
    Digits,
    Query(ge=1, le=LARGEST, description="Only this file.", openapi_examples=shown("the first file", 1)),
]
Start = Annotated[
    int,
    Digits,
    Query(
        ge=0, le=LARGEST, description="How many passages to leave out.", openapi_examples=shown("from the 501st", 500)
    ),
]
After = Annotated[
    str,
    Query(
        description="Go on behind the record with this id, the last that arrived; empty: from the beginning.",
        openapi_examples=shown("from the beginning", ""),
    ),
]
IN_EVERY_LIBRARY = {"organisation": ["default"]}


def _above(name: str) -> str:
    shape = shape_of(name)
    return shape.refers[shape.below] if shape.below else ""


def _codes(vocabularies: Vocabularies, name: str) -> list[str]:
    """A code that every library takes; none of a facet whose values are each library's own."""
    return [*vocabularies.terms.get(name, ())][:1] or IN_EVERY_LIBRARY.get(name, [])


def facets(vocabularies: Vocabularies, names: Iterable[str]) -> dict[str, Any]:
    """The repeatable parameters that filters are, for `openapi_extra`."""
    return {
        "parameters": [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": f"Codes of the facet {name}, as `facets` of an answer has them; "
                "repeat it for any of several. A code that nothing has is refused."
                + (f" Above its own stand codes of {above}." if (above := _above(name)) else ""),
                "schema": {"type": "array", "items": {"type": "string"}},
                "examples": shown("one code, where one is in every library", _codes(vocabularies, name)),
            }
            for name in names
        ]
    }
