"""What a query is as the body of one request: whatever people type stands only as a value."""

import dataclasses
from typing import Any

from service.adapters.index.opensearch.questions import body
from service.model import FACETS, Audience, ResourceKey
from service.search.understand import understand

ALL = Audience(everything=True)


def question(text: str, **changes: Any) -> Any:
    return dataclasses.replace(understand(text, audience=ALL, known=lambda tokens: tokens), **changes)


def test_what_people_type_stands_only_as_the_value_of_a_term() -> None:
    hostile = 'title:x" OR *:* {"script":1} ctx._source passages.text^9 ~2 /re/ \\u0000'
    asked = body(
        question(
            hostile, filters={"subject": (hostile,), "grade": ("a",)}, count_facets=FACETS, resource=ResourceKey(3)
        ),
        seconds=1.0,
    )
    names: set[str] = set()
    values: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            names.update(node)
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)
        elif isinstance(node, str):
            values.append(node)

    walk(asked)
    assert not names & {
        "script",
        "query_string",
        "simple_query_string",
        "match",
        "regexp",
        "wildcard",
        "prefix",
        "fuzzy",
    }
    assert not any("*" in name or "ctx" in name or "re/" in name for name in names)
    # As a code to filter by it stands whole: a term, which nothing parses.
    assert all(value == hostile or "OR" not in value for value in values)
