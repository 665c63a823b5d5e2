"""Which filters name nothing: vocabularies first, then what the library holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service import compose
from service.library.filters import unknown
from service.library.services import Services
from service.settings import Settings


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Services]:
    made = compose.services(Settings(home=tmp_path))
    made.catalogue.migrate()
    yield made
    made.catalogue.close()


def test_only_what_neither_a_vocabulary_nor_the_library_knows_is_unknown(parts: Services) -> None:
    asked = {"grade": ("lop-1", "lop-13"), "language": ("vi", "qu"), "organisation": ("default", "truong-cu")}
    assert unknown(parts, asked) == (("grade", "lop-13"), ("language", "qu"), ("organisation", "truong-cu"))


def test_a_code_that_something_published_carries_is_known(parts: Services) -> None:
    with parts.catalogue.writing() as work:
        key = work.resources.add(owner="default").key
        work.terms.replace(key, [("language", "qu")])
    assert unknown(parts, {"language": ("qu",)}) == ()
