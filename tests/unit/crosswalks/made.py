"""Records made of anything: what people, files and other repositories may have put into a value."""

import datetime

from hypothesis import strategies as st

from service.crosswalks import Alignment, Concept, File, Record, Text
from service.library.records import concept_of
from service.vocabularies import seeds

ODD = (
    "",
    " \t\n",
    "\x00\x03\x0b\x1f\x7f\x85",
    "\ud800 một nửa",
    "\ufffe\uffff\U0001fffe",
    "]]><!-- & <script>",
    "{\\}%$#_~^\"'",
    "TY  - GEN\r\nER  - ",
    " and ",
    "BEGIN:VCARD\nFN:x;,\\\nEND:VCARD",
    "العربية \u202e نص",
    "a\u0301" * 40,
    "Tiếng Việt " * 1_000,
    "x" * 10_000,
    "https://hoclieu.example/a b<c>",
    "https://[",
    "2024-02-31",
    "0000",
    "2024-05",
)
ANY = st.characters(exclude_categories=())
texts = st.one_of(st.sampled_from(ODD), st.text(ANY, max_size=30), st.text(max_size=30))
tags = st.one_of(st.sampled_from(("", "vi", "en", "tyz", "zh-Hans", "und", "vi VN", "\x00")), st.text(ANY, max_size=9))
said = st.builds(Text, texts, tags)
moments = st.one_of(
    st.none(),
    st.datetimes(timezones=st.just(datetime.UTC), min_value=datetime.datetime(1, 1, 2)),  # noqa: DTZ001
)


def _many(one: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(one, max_size=3).map(tuple)


def _term(field: str) -> st.SearchStrategy[Concept]:
    """A term of the vocabularies, or a code that they do not know."""
    vocabularies = seeds.load()
    known = st.sampled_from(sorted(vocabularies.terms[field]))
    return st.one_of(known, texts).map(lambda code: concept_of(vocabularies, field, code, ("vi", "en")))


records = st.builds(
    Record,
    identifier=st.just("oai:hoclieu.example:0123456789ab"),
    url=st.just("https://hoclieu.example/resources/0123456789ab"),
    titles=_many(said),
    descriptions=_many(said),
    languages=_many(tags),
    keywords=_many(said),
    type=st.one_of(st.none(), _term("type")),
    subjects=_many(_term("subject")),
    grades=_many(_term("grade")),
    outcomes=_many(st.builds(Concept, texts, _many(said))),
    placements=_many(st.builds(Alignment, texts, texts)),
    audience=_many(st.one_of(st.sampled_from(("teacher", "learner", "parent", "manager")), texts)),
    creators=_many(texts),
    publishers=_many(texts),
    reviewers=_many(texts),
    organisation=texts,
    created=st.one_of(st.dates().map(str), texts),
    published=moments,
    modified=moments,
    version=texts,
    licence=st.one_of(st.none(), _term("licence")),
    free_of_charge=st.booleans(),
    part_of=_many(texts),
    based_on=_many(texts),
    files=_many(
        st.builds(
            File,
            url=st.integers(1, 10**9).map("https://hoclieu.example/resources/0123456789ab/files/{}".format),
            media_type=st.one_of(st.sampled_from(("application/pdf", "video/mp4", "image/svg+xml")), texts),
            size_bytes=st.integers(0, 10**15),
            sha256=st.integers(0, 2**256 - 1).map("{:064x}".format),
            name=texts,
        )
    ),
    thumbnail=st.sampled_from(("", "https://hoclieu.example/resources/0123456789ab/thumbnail?width=320")),
    duration_seconds=st.one_of(st.none(), st.floats()),
    pages=st.one_of(st.none(), st.integers(0, 10**9)),
)
"""What our own code makes (addresses, identifiers, hashes) is as it makes it; all the rest is anything."""
