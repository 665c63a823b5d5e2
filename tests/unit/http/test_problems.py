"""The one table from errors to statuses, and its words."""

import pytest

from service import errors
from service.http.problems import STATUSES, problem_of, problem_of_status
from service.messages import LANGUAGES


def classes(root: type[errors.LibraryError]) -> list[type[errors.LibraryError]]:
    return [root, *(found for below in root.__subclasses__() for found in classes(below))]


@pytest.mark.parametrize("kind", classes(errors.LibraryError))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_a_status_and_its_words(kind: type[errors.LibraryError], language: str) -> None:
    assert kind in STATUSES
    problem = problem_of(kind(), language)
    assert problem.status == STATUSES[kind]
    assert problem.title
    assert problem.detail
    assert problem.remedy


@pytest.mark.parametrize("status", [400, 404, 405, 413, 416, 500])
def test_a_bare_status_has_its_words(status: int) -> None:
    problem = problem_of_status(status, "en")
    assert problem.status == status
    assert problem.detail


def test_a_missing_object_does_not_tell_its_key() -> None:
    assert "blobs/" not in problem_of(errors.ObjectMissing(key="blobs/abc"), "vi").detail


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_part_that_is_away_is_told_to_readers_in_their_words(language: str) -> None:
    problem = problem_of(errors.Unavailable(part="database"), language)
    assert (problem.status, problem.code) == (503, "unavailable")
    assert "database" not in problem.detail
    assert "hoclieu" not in problem.remedy
