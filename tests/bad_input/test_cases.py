"""Every case of bad input through the real batch: the outcome and the sentences that the table promises."""

from collections.abc import Iterator, Mapping

import pytest

from service import compose
from service.library import discover
from service.library.outcomes import Line
from service.library.services import Services
from service.library.views import SearchRequest
from service.messages import LANGUAGES, remedy, sentence
from service.model import PUBLIC
from service.settings import Settings
from tests.bad_input import CASES
from tests.bad_input.case import Case
from tests.bad_input.run import run
from tests.samples import needs

_LEAST = 35
_FAMILIES = {
    "PDF", "Office", "OpenDocument", "RTF", "EPUB", "Packages", "Archives", "Pictures", "Drawings", "Films and sound",
    "Captions", "Texts", "Others",
}  # fmt: skip


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    services = compose.services(Settings(home=tmp_path_factory.mktemp("bad-input") / "home"))
    yield services
    services.catalogue.close()


@pytest.fixture(scope="module")
def lines(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Line]:
    needs("ffmpeg")
    return run(services, CASES, tmp_path_factory.mktemp("handed-in"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.family}-{case.name}")
def test_bad_input_comes_to_the_outcome_and_sentences_of_its_row(
    case: Case, lines: Mapping[str, Line], services: Services
) -> None:
    line = lines[f"{case.family}/{case.name}"]
    assert line.outcome == case.outcome, line.reason
    told = [*case.says]
    if case.outcome != "published":
        reason = told.pop(0)
        assert line.reason is not None
        parameters = {"name": line.path, **reason.parameters}
        assert line.reason == {"code": reason.code, "text": sentence(reason.code, "vi", parameters)}
    else:
        assert line.reason is None
    assert [(warning["code"], warning["parameters"]) for warning in line.warnings] == [
        (each.code, each.parameters) for each in told
    ]
    if case.finds:
        found = discover.search(services, PUBLIC, SearchRequest(text=case.finds))
        assert line.resource in [item.id for item in found.items]


def test_what_is_not_published_and_what_is_wrong_has_a_remedy_in_both_languages() -> None:
    for case in CASES:
        for each in case.says:
            # Litter is left where it lies: there is nothing to be done.
            for language in LANGUAGES if each.code != "litter" else ():
                assert remedy(each.code, language, {"name": case.name, **each.parameters}), each.code


def test_the_table_covers_every_family_of_readers() -> None:
    assert len(CASES) >= _LEAST
    assert {case.family for case in CASES} == _FAMILIES
    assert len({(case.family, case.name) for case in CASES}) == len(CASES)
    assert {case.outcome for case in CASES} == {"published", "draft", "refused", "skipped"}
