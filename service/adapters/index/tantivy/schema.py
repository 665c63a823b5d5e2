"""What stands in a generation: a document for each passage and one for their resource, joined by `rid`.

Both stand in one index, so that a resource and its passages become visible in
one commit. Tokens are made by `service/search/analysis` and joined by spaces;
tantivy only splits them again, so its analysis cannot differ from ours.

    rid       resource key, on both          labels    facet=code and audience, on both, to filter by
    kind      RESOURCE or PASSAGE            body_*    tokens of a passage (dia, fold, bi)
    version   row_version, on resources      title_*, keywords_*, description_* (fold, bi) on resources
    day, used on resources, to sort by       meta      all folded metadata tokens, for the matching rule
    place     number of (file, locator) in its resource, on passages
    stamp     changes with `stored`, so that readers fetch again only what changed
    stored    compact JSON of what has to be given back
"""

import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import tantivy

from service.model import IndexDocument, IndexPassage
from service.search.analysis import analyse
from service.search.weights import METADATA

Fields = dict[str, int | str | bytes]

RESOURCE, PASSAGE = 0, 1
TOKENIZER = "spaces"
BODY_FIELDS = ("body_dia", "body_fold", "body_bi")
FILLER = "-"
"""No token: analysis makes none of punctuation."""
LONGEST = 100
"""Characters of a keyword whose tokens are remembered."""
LAYOUT = "3"
"""Part of the index fingerprint; count up when documents are laid out anew."""
_FAST = ("rid", "kind", "version", "day", "used", "place", "stamp")
_INDEXED = ("rid", "kind")


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in _FAST:
        builder.add_unsigned_field(name, stored=False, indexed=name in _INDEXED, fast=True)
    builder.add_text_field("labels", tokenizer_name=TOKENIZER, index_option="basic")
    builder.add_text_field("meta", tokenizer_name=TOKENIZER, index_option="basic")
    for name in BODY_FIELDS:
        builder.add_text_field(name, tokenizer_name=TOKENIZER, index_option="freq")
    for name in METADATA:
        for analysis in ("fold", "bi"):
            builder.add_text_field(f"{name}_{analysis}", tokenizer_name=TOKENIZER, index_option="freq")
    builder.add_bytes_field("stored", stored=True)
    return builder.build()


def open_index(path: str) -> tantivy.Index:
    """Open with our tokenizer: it is not stored, and without it a writer dies without a reason."""
    index = tantivy.Index.open(path)
    register(index)
    index.config_reader("manual")
    return index


def register(index: tantivy.Index) -> None:
    index.register_tokenizer(TOKENIZER, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())


@lru_cache(maxsize=10_000)
def label(facet: str, code: str) -> str:
    """A facet's code as one token."""
    return f"{facet}={quote(code, safe='')}"


def _audience(document: IndexDocument) -> str:
    """Who may see it: public, signed-in or organisation:code."""
    return f"organisation:{document.organisation}" if document.audience == "organisation" else document.audience


def read_stored(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> Any:
    """What `documents` put into the field `stored` of one document."""
    return json.loads(searcher.doc(address).get_first("stored") or b"null")


def numbers(searcher: tantivy.Searcher, name: str, addresses: list[tantivy.DocAddress]) -> list[int]:
    """A numeric field of many documents, in their order."""
    return [int(value or 0) for value in searcher.fast_field_values(name, addresses)] if addresses else []


def documents(document: IndexDocument) -> Iterator[Fields]:
    """The passages' documents, then the resource's."""
    labels = " ".join(
        (
            label("audience", _audience(document)),
            *(label(facet, code) for facet, codes in document.facets.items() for code in dict.fromkeys(codes)),
        )
    )
    places: dict[tuple[int, str, int | str], int] = {}
    tokens = 0
    for passage in document.passages:
        place = places.setdefault((passage.file, passage.locator.kind, passage.locator.value), len(places))
        fields = _passage(document, passage, place, labels)
        tokens += str(fields["body_fold"]).count(" ") + 1
        yield fields
    yield _resource(document, labels) | _filler(tokens // max(len(document.passages), 1))


def _resource(document: IndexDocument, labels: str) -> Fields:
    stored = _bytes(
        {
            "id": document.id,
            "facets": {name: list(dict.fromkeys(codes)) for name, codes in document.facets.items() if codes},
            "audience": _audience(document),
        }
    )
    # Keywords are phrases of their own: no bigram joins the end of one to the beginning of the next.
    texts = {
        "title": [_analysed(document.title)],
        "keywords": [(_remembered if len(one) <= LONGEST else _analysed)(one) for one in document.keywords],
        "description": [_analysed(document.description)],
    }
    fields = {
        f"{name}_{analysis}": " ".join(filter(None, (part[place] for part in parts)))
        for name, parts in texts.items()
        for place, analysis in enumerate(("fold", "bi"))
    }
    return {
        "rid": document.key,
        "kind": RESOURCE,
        "version": document.version,
        "day": max(document.published_day, 0),
        "used": document.used,
        "stamp": int.from_bytes(hashlib.sha256(stored).digest()[:8]),
        "labels": labels,
        "meta": " ".join(dict.fromkeys(" ".join(fields[f"{name}_fold"] for name in texts).split())),
        "stored": stored,
        **fields,
    }


def _filler(length: int) -> dict[str, str]:
    """A body for the resource's document, as long as its passages are on average, that no query asks for.

    tantivy takes the mean length of a field over all documents, those without it too, and so would take
    every passage for a long one; and a resource without passages would make others' longer still.
    """
    return {name: " ".join([FILLER] * length) for name in BODY_FIELDS}


def _passage(document: IndexDocument, passage: IndexPassage, place: int, labels: str) -> Fields:
    body = analyse(passage.text)
    return {
        "rid": document.key,
        "kind": PASSAGE,
        "place": place,
        "labels": labels,
        "body_dia": " ".join(body.dia),
        "body_fold": " ".join(body.fold),
        "body_bi": " ".join(body.bigrams),
        "stored": _bytes([passage.file, passage.locator.kind, passage.locator.value, passage.text]),
    }


def _analysed(text: str) -> tuple[str, str]:
    """Folded tokens and their bigrams, apart by spaces."""
    made = analyse(text)
    return " ".join(made.fold), " ".join(made.bigrams)


# Most keywords are names of terms, the same for thousands of resources.
_remembered = lru_cache(maxsize=10_000)(_analysed)


def _bytes(value: object) -> bytes:
    # A lone surrogate in a file's text is no reason to lose the passage.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
