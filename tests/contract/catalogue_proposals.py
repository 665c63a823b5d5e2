"""What every catalogue promises about proposals and the paths that files came from."""

from service.model import Evidence, Proposal, ResourceKey
from service.ports import Catalogue
from tests.contract.catalogue_resources import a_draft

SEEN = Evidence("name", "Toán 10", 0.93)
TOAN = Proposal("subject", "toan", 0.93, (SEEN, Evidence("model", "ham so, do thi", 0.5)))
GRADE = Proposal("grade", "lop-10", 0.75, (SEEN,))
TYPE = Proposal("type", "test", 0.4, ())


class ProposalsContract:
    def made(self, catalogue: Catalogue, *blobs: int) -> list[ResourceKey]:
        with catalogue.writing() as work:
            keys = [a_draft(work, blob)[0].key for blob in blobs]
            for key in keys:
                work.proposals.replace(key, [GRADE, TYPE, TOAN])
        return keys

    def test_proposals_come_back_with_their_evidence_the_surest_first(self, catalogue: Catalogue) -> None:
        first, second = self.made(catalogue, 1, 2)
        with catalogue.reading() as work:
            found = work.proposals.of([first, second, ResourceKey(999)])
        assert found == {first: [TOAN, GRADE, TYPE], second: [TOAN, GRADE, TYPE]}

    def test_new_ones_replace_the_open_ones_and_leave_the_accepted(self, catalogue: Catalogue) -> None:
        (key,) = self.made(catalogue, 1)
        with catalogue.writing() as work:
            work.proposals.accept(key, [("subject", "toan")], actor="operator")
            work.proposals.replace(key, [Proposal("subject", "toan", 0.3, ()), Proposal("grade", "lop-9", 0.6, ())])
        with catalogue.reading() as work:
            subject, grade = work.proposals.of([key])[key]
        assert (subject.value, subject.confidence, subject.accepted_by) == ("toan", 0.93, "operator")
        assert subject.accepted_at is not None
        assert (grade.value, grade.accepted_at, grade.accepted_by) == ("lop-9", None, "")

    def test_resources_wait_with_an_open_proposal_of_a_field_from_a_confidence_on(self, catalogue: Catalogue) -> None:
        first, second, third = self.made(catalogue, 1, 2, 3)
        with catalogue.writing() as work:
            work.proposals.accept(first, [("subject", "toan")], actor="operator")
        with catalogue.reading() as work:
            waiting = work.proposals.waiting
            assert waiting(0, 10, least=0.9) == [second, third]
            assert waiting(0, 10, least=0.7) == [first, second, third]
            assert waiting(0, 2, least=0.7) == [first, second]
            assert waiting(second, 2, least=0.7) == [third]
            assert waiting(0, 10, least=0.0, field="licence") == []
            assert waiting(0, 10, least=0.5, field="type") == []
            assert waiting(0, 10, least=0.75, field="grade") == [first, second, third]

    def test_a_path_is_kept_and_forgotten_with_the_proposals(self, catalogue: Catalogue) -> None:
        first, second = self.made(catalogue, 1, 2)
        with catalogue.writing() as work:
            work.proposals.lay({first: "Toán 10/Bài “1”.pdf", second: "b.pdf"})
            work.proposals.lay({})
        with catalogue.writing() as work:
            assert work.proposals.path(first) == "Toán 10/Bài “1”.pdf"
            assert work.proposals.path(ResourceKey(999)) == ""
            work.proposals.forget(first)
        with catalogue.reading() as work:
            assert work.proposals.path(first) == ""
            assert work.proposals.path(second) == "b.pdf"
            assert list(work.proposals.of([first, second])) == [second]
