"""Which value wins, and what publication needs."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Document
from ingest.document import Value as Read
from service.library.values import RANK, SINGLE, merge, missing, of_document
from service.model import ResourceKey, Revision, Value


def test_a_person_wins_over_the_file_and_the_file_over_a_guess() -> None:
    guess = Value("title", "bai 5 moi", "machine", where="name")
    read = Value("title", "Hàm số bậc hai", "file", where="info")
    typed = Value("title", "Bài 5. Hàm số bậc hai", "person")
    assert merge([guess], [read]) == (read,)
    assert merge([typed], [read], [guess]) == (typed,)


def test_repeatable_fields_collect_without_repeating() -> None:
    toan, li = Value("subject", "toan", "sheet"), Value("subject", "vat-li", "sheet")
    assert merge([toan, li], [toan]) == (toan, li)


def test_what_a_machine_proposed_is_confirmed_by_whoever_says_the_same() -> None:
    guess = Value("placement", "programme=ct2018,week=5", "machine", where="headings")
    typed = Value("placement", "programme=ct2018,week=5", "person")
    assert merge([guess], [typed]) == (typed,)
    assert merge([typed], [guess]) == (typed,)


values = st.builds(
    Value,
    field=st.sampled_from([*sorted(SINGLE), "subject", "grade", "keyword"]),
    value=st.sampled_from(["a", "b", "c"]),
    origin=st.sampled_from(sorted(RANK)),
)


@given(st.lists(values))
def test_merging_again_changes_nothing(group: list[Value]) -> None:
    once = merge(group)
    assert set(merge(once, once)) == set(once)


@given(st.lists(values), st.lists(values))
def test_no_value_of_a_worse_origin_replaces_a_better_one(first: list[Value], second: list[Value]) -> None:
    best = {
        value.field: min(RANK[v.origin] for v in (*first, *second) if v.field == value.field)
        for value in (*first, *second)
    }
    for value in merge(first, second):
        if value.field in SINGLE:
            assert RANK[value.origin] == best[value.field]


def test_what_a_file_says_keeps_its_place_and_what_is_guessed_is_the_machines() -> None:
    document = Document(
        media_type="application/pdf",
        metadata=(Read("title", "Toán", "info"), Read("creator", "Lê Thị B", "xmp")),
        language="vi",
    )
    made = of_document(document)
    assert Value("title", "Toán", "file", where="info") in made
    assert Value("language", "vi", "machine", where="detected") in made
    assert Value("type", "other", "machine", where="media-type") in made


def test_what_is_missing_is_named() -> None:
    revision = Revision(
        resource=ResourceKey(1),
        number=1,
        state="draft",
        values=(Value("title", "T", "file"), Value("language", "vi", "machine"), Value("type", "other", "machine")),
        files=(),
        created_at=datetime.datetime.now(datetime.UTC),
    )
    assert missing(revision) == ["licence"]
