"""The index of a cluster: one document a resource, its passages nested in it, made for this product and nothing else.

`index.json` says how documents are laid out; the analysis in it is made from
`analysis.toml`, the same definition that `service/search/analysis.py` applies
to queries, so that both agree on every token.

    key, id, version      the resource
    title, keywords,      searched with .fold and .bi; copied into `meta`, which only the matching rule asks
    description
    facets                codes with all their ancestors, topics with their subjects too
    audience              who may see it: public, signed-in, organisation:CODE
    published_day, used   to sort by
    sharing               passages that stand on a place where an earlier one stands
    passages              number in its resource, file, place (number of file and locator), locator, text

What is given back is stored field by field, so that an answer never parses a
whole document; `_source` leaves the passages out.
"""

import functools
import hashlib
import json
from typing import Any

import search_mappings

# Longer than any query may be: what is left out can be asked for by nobody, and Lucene refuses tokens of 32,766 bytes.
LONGEST_TOKEN = 1_000
ANALYZERS = {"dia": "vi_dia", "fold": "vi_fold", "bi": "vi_bi"}
VERSION = "1"
"""Part of the fingerprint; count up when an adapter lays documents out anew under the same mapping."""


def _text(kind: str) -> dict[str, Any]:
    """A text with its folded and its bigram field. Nobody asks for positions; of a pair only whether it is there."""
    about = kind == "metadata"
    return {
        "type": "text",
        "index_options": "freqs",
        "analyzer": ANALYZERS["dia"],
        **({"copy_to": ["meta"]} if about else {"store": True}),
        "fields": {
            "fold": {"type": "text", "index_options": "freqs", "analyzer": ANALYZERS["fold"]},
            "bi": {"type": "text", "index_options": "docs", "analyzer": ANALYZERS["bi"]},
        },
    }


def _filled(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    if "$text" in node:
        return _text(node["$text"])
    return {name: _filled(value) for name, value in node.items()}


def analysis() -> dict[str, Any]:
    """`settings.analysis` of the index, out of `analysis.toml`."""
    data = search_mappings.load()
    tones = [
        f"{written}=>{becomes}"
        for written, becomes in (
            pair
            for low in data.tone_placement
            for pair in (low, (low[0].capitalize(), low[1].capitalize()), (low[0].upper(), low[1].upper()))
        )
    ]
    accented = ["lowercase", "vi_final_y", "vi_short"]
    folded = [*accented, "asciifolding"]

    def analyzer(filters: list[str]) -> dict[str, Any]:
        return {"type": "custom", "char_filter": ["vi_tone"], "tokenizer": "vi_word", "filter": filters}

    return {
        "char_filter": {
            "vi_tone": {
                "type": "mapping",
                "mappings": [*tones, *(f"{written}=>{becomes}" for written, becomes in data.letters)],
            }
        },
        "tokenizer": {"vi_word": {"type": "pattern", "pattern": r"[^\p{L}\p{M}\p{N}]+"}},
        "filter": {
            # Whole tokens, looked up in one table: one look a token instead of six regular expressions.
            "vi_final_y": {
                "type": "stemmer_override",
                "rules": [f"{start}{y} => {start}{i}" for start in data.final_y_after for y, i in data.final_y],
            },
            "vi_short": {"type": "length", "min": 1, "max": LONGEST_TOKEN},
            "vi_bigram": {
                "type": "shingle",
                "min_shingle_size": 2,
                "max_shingle_size": 2,
                "output_unigrams": False,
                "token_separator": "_",
                "filler_token": "",
            },
        },
        "analyzer": {
            ANALYZERS["dia"]: analyzer(accented),
            ANALYZERS["fold"]: analyzer(folded),
            ANALYZERS["bi"]: analyzer([*folded, "vi_bigram"]),
        },
    }


@functools.cache
def _plain() -> dict[str, Any]:
    made: dict[str, Any] = _filled(json.loads(search_mappings.text("index.json")))
    made["settings"]["analysis"] = analysis()
    return made


@functools.cache
def fingerprint() -> str:
    """Of mapping, settings and analysis, hex: an index with another one is built again."""
    return hashlib.sha256(f"{VERSION}\n{json.dumps(_plain(), sort_keys=True)}".encode()).hexdigest()


def similarity() -> tuple[float, float]:
    """BM25's k1 and b."""
    of = _plain()["settings"]["similarity"]["default"]
    return of["k1"], of["b"]


def body() -> dict[str, Any]:
    """What an index is created with. Its mapping carries the fingerprint in `_meta`."""
    plain = _plain()
    mappings = {**plain["mappings"], "_meta": {"fingerprint": fingerprint()}}
    return {"settings": {"index": plain["settings"]}, "mappings": mappings}
