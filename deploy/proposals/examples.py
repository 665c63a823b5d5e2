"""Texts of which the subject and the grade are known: topics of the programmes, names of subjects, sample library.

A sample is what a reader finds in its file (title, headings, text), not what
its head says about it; the head is the truth that proposals are judged by.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from deploy.sample import kinds, section
from deploy.sample.build import KINDS, SOURCES
from ingest.document import ContentsEntry, Document, Locator, Passage, Value
from service.vocabularies import Vocabularies

MEDIA = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "epub": "application/epub+zip",
    "zip": "application/x-html5-simulation",
    "scorm.zip": "application/x-scorm",
    "qti.zip": "application/x-qti",
    "h5p": "application/x-h5p",
    "gift": "text/x-gift",
    "moodle.xml": "application/x-moodle-xml",
    "svg": "image/svg+xml",
    "mp4": "video/mp4",
    "mp3": "audio/mpeg",
}
"""What `ingest.sniff` says of the files that the sample library builds."""
WORDS_A_PIECE = 60
_MARKS = re.compile(r"<[^>]*>|[~^]\{|[{}*|>$#=]|^[-!_] ?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sample:
    """name: of its file. truth: field -> codes. language: of its text. sections: (title, text)."""

    name: str
    media_type: str
    title: str
    truth: Mapping[str, tuple[str, ...]]
    language: str
    sections: tuple[tuple[str, str], ...]

    def document(self, *, titled: bool = True) -> Document:
        """As reading gives it. titled: with its title and headings; otherwise only its text."""
        kept = [(title if titled else "", text) for title, text in self.sections]
        places = [Locator("section", number) for number in range(1, len(kept) + 1)]
        return Document(
            self.media_type,
            metadata=(Value("title", self.title, "info"),) if titled else (),
            language=self.language,
            passages=tuple(
                Passage(place, f"{title}\n{text}".strip(), self.language)
                for place, (title, text) in zip(places, kept, strict=True)
            ),
            contents=tuple(
                ContentsEntry(title, 1, place) for place, (title, _) in zip(places, kept, strict=True) if title
            ),
        )

    def pieces(self) -> Iterator[str]:
        """Its text in pieces of some sixty words."""
        said: list[str] = self.title.split()
        for title, text in self.sections:
            said += [*title.split(), *text.split()]
            while len(said) >= WORDS_A_PIECE:
                yield " ".join(said[:WORDS_A_PIECE])
                said = said[WORDS_A_PIECE:]
        if said:
            yield " ".join(said)


@dataclass(frozen=True, slots=True)
class Example:
    """A text with its class."""

    text: str
    code: str


def samples() -> list[Sample]:
    """The whole sample library, by name."""
    return sorted(
        [
            *(_sample(section.read(path), "pdf") for path in SOURCES.glob("*.txt")),
            *(_sample(read, kinds.kind(read.name)) for read in map(section.read, KINDS.glob("*.txt"))),
        ],
        key=lambda one: one.name,
    )


def _sample(read: section.Source, kind: str) -> Sample:
    truth = {name: tuple(re.split(r"\s*;\s*", read.head[name])) for name in ("type", "subject", "grade")}
    parts: list[tuple[str, str]] = []
    for block in re.split(r"^##+ ", f"\n{read.body}", flags=re.MULTILINE):
        title, _, text = block.partition("\n")
        if block.strip():
            parts.append((_plain(title), _plain(text)))
    name = read.name if read.name.endswith(f".{kind}") else f"{read.name}.{kind}"
    return Sample(name, MEDIA[kind], read.head["title"], truth, read.head["language"], tuple(parts))


def _plain(text: str) -> str:
    return _MARKS.sub(" ", text).strip()


def halves(vocabularies: Vocabularies, found: Sequence[Sample]) -> tuple[list[Sample], list[Sample]]:
    """Two halves with every subject on both sides where it has two samples; always the same ones."""
    ordered = sorted(found, key=lambda one: (_root(vocabularies, "subject", one.truth["subject"][0]), one.name))
    return ordered[::2], ordered[1::2]


def of_programmes(vocabularies: Vocabularies, field: str) -> Iterator[Example]:
    """A text a topic: its names down from the top, with what it requires of pupils."""
    required: dict[str, list[str]] = {}
    for term in vocabularies.terms["outcome"].values():
        required.setdefault(term.extra["topic"], []).append(term.labels["vi"])
    for code, term in vocabularies.terms["topic"].items():
        told = term.extra["subject"] if field == "subject" else term.extra["grades"]
        if "|" not in told:
            names = [vocabularies.label("topic", above, "vi") for above in vocabularies.ancestors("topic", code)]
            yield Example(" ".join([*names, *required.get(code, ())]), _root_of(vocabularies, field, told))


def of_names(vocabularies: Vocabularies, field: str) -> Iterator[Example]:
    """What subjects are called."""
    if field == "subject":
        for code in vocabularies.terms[field]:
            yield Example(" ".join(vocabularies.searchable(field, code)), _root(vocabularies, field, code))


def of_samples(vocabularies: Vocabularies, field: str, found: Iterable[Sample]) -> Iterator[Example]:
    """Pieces of samples that have one subject, or one grade."""
    for one in found:
        codes = {_root_of(vocabularies, field, code) for code in one.truth[field]}
        first = _root_of(vocabularies, field, one.truth[field][0])
        # A plan of a whole week speaks of everything; a lesson with local contents speaks of its subject.
        if len(codes) <= 2 and (field == "subject" or len(codes) == 1):
            yield from (Example(piece, first) for piece in one.pieces())


def _root_of(vocabularies: Vocabularies, field: str, code: str) -> str:
    return _root(vocabularies, field, code) if field == "subject" else code


def _root(vocabularies: Vocabularies, field: str, code: str) -> str:
    return vocabularies.ancestors(field, code)[-1]
