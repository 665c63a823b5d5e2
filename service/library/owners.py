"""Whose something is after mergers: who answers for a code of an organisation now."""

from service.ports import UnitOfWork


def answering(work: UnitOfWork, code: str) -> str:
    """The code of the organisation that a merged one became; any other code as it is."""
    return work.organisations.successors().get(code, code)
