"""What there is to see of a file: path, kind, title, headings and text for the rules, all its words for the model."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from ingest.document import Document
from service.library.proposals import weights
from service.library.proposals.rules import Rules, Sign
from service.library.proposals.weights import Weights
from service.vocabularies import Vocabularies

FOLDERS = 4
"""The nearest ones; those above say where a disk was."""
HEADINGS = 30
HEAD_CHARACTERS, TAIL_CHARACTERS = 1_500, 600
"""What a text says about itself stands where it begins, and its licence often where it ends."""
MODEL_CHARACTERS = 6_000
FEW_CHARACTERS = 200
MOST_OF_LANGUAGE, OF_FEW = 0.95, 0.5
"""How sure a language is that all of a text is written in, and all of a short one."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a file: where it lay, its kind, what reading gave (None: it could not be read)."""

    path: str
    media_type: str
    document: Document | None


_held: Rules | None = None


def rules_of(vocabularies: Vocabularies) -> Rules:
    """Made once for each state of the vocabularies: it takes a tenth of a second."""
    global _held
    held = _held
    if held is None or held.vocabularies is not vocabularies:
        _held = held = Rules(vocabularies)
    return held


def signs(rules: Rules, source: Source) -> Iterator[Sign]:
    """What the rules see."""
    *folders, name = source.path.split("/")
    for folder in folders[-FOLDERS:]:
        yield from rules.signs("folder", posixpath.splitext(folder[:-1])[0] if folder.endswith("!") else folder)
    yield from rules.signs("name", posixpath.splitext(name)[0])
    yield from rules.of_media(source.media_type)
    if source.document is None:
        return
    yield from rules.signs("title", title_of(source.document))
    yield from rules.signs("heading", "\n".join(headings_of(source.document)))
    body = text_of(source.document, HEAD_CHARACTERS)
    yield from rules.signs("text", f"{body}\n{_tail(source.document)}" if len(body) >= HEAD_CHARACTERS else body)
    yield from _language(rules.vocabularies, source.document)


def model_signs(source: Source, models: Mapping[str, Weights] | None = None) -> Iterator[Sign]:
    """What the words of the text say together."""
    if source.document is None:
        return
    models = {name: weights.load(name) for name in weights.FIELDS} if models is None else models
    told = (title_of(source.document), *headings_of(source.document), text_of(source.document, MODEL_CHARACTERS))
    said = weights.features("\n".join(told))
    for name, model in models.items():
        guess = model.of(said)
        if guess is not None:
            yield Sign(name, guess.code, "model", ", ".join(guess.seen), guess.confidence)


def title_of(document: Document) -> str:
    """The title that the file itself gives; one made of its name would be evidence twice."""
    return next((one.value for one in document.metadata if one.field == "title" and one.where != "name"), "")


def headings_of(document: Document) -> list[str]:
    return [entry.title for entry in document.contents[:HEADINGS]]


def text_of(document: Document, characters: int) -> str:
    parts: list[str] = []
    left = characters
    for passage in document.passages:
        parts.append(passage.text[:left])
        left -= len(passage.text)
        if left <= 0:
            break
    return "\n".join(parts)


def _tail(document: Document) -> str:
    parts: list[str] = []
    left = TAIL_CHARACTERS
    for passage in reversed(document.passages):
        parts.append(passage.text[-left:])
        left -= len(passage.text)
        if left <= 0:
            break
    return "\n".join(reversed(parts))


def _language(vocabularies: Vocabularies, document: Document) -> Iterator[Sign]:
    """The language of most of the text, as sure as its share is large."""
    lengths: dict[str, int] = {}
    for passage in islice(document.passages, 500):
        if passage.language:
            lengths[passage.language] = lengths.get(passage.language, 0) + len(passage.text)
    total = sum(lengths.values())
    if not total:
        return
    code = max(lengths, key=lambda one: lengths[one])
    if vocabularies.get("language", code) is None or code == "und":
        return
    share = lengths[code] / total
    sure = share * (MOST_OF_LANGUAGE if total >= FEW_CHARACTERS else OF_FEW)
    yield Sign("language", code, "text", f"{code} {round(share * 100)} %", sure)
