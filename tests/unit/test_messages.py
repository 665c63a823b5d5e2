"""Sentences choose their words by number, and name kinds of files, limits and fields as people do."""

import pytest

from service.messages import of_many, sentence


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (1, "1 part of the file is missing or broken and was left out."),
        ("1", "1 part of the file is missing or broken and was left out."),
        (0, "0 parts of the file are missing or broken and were left out."),
        ("1,200", "1,200 parts of the file are missing or broken and were left out."),
    ],
)
def test_english_tells_one_from_many(parts: int | str, said: str) -> None:
    assert sentence("broken-parts", "en", {"parts": parts}) == said


def test_a_table_of_sentences_shows_what_is_said_of_many() -> None:
    assert of_many("{n} {n:file is|files are} {what}.") == "{n} files are {what}."


def test_a_kind_of_file_a_limit_and_a_field_are_called_as_people_call_them() -> None:
    told = {"extension": "pdf", "media_type": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
    assert sentence("wrong-extension", "en", told) == "The name ends in .pdf, but the content is DOCX."
    assert "(bộ nhớ)" in sentence("too-expensive", "vi", {"limit": "memory"})
    assert sentence("incomplete", "en", {"fields": "title, licence"}).endswith("still missing: Title, Licence.")
    # A number is no name of a limit.
    assert "the limit is 1000." in sentence("query-too-long", "en", {"length": 1_001, "limit": 1_000})
