"""How far everything has been handed over again, where one package could not hold it: a round of several runs.

An event says it, written when a run's package is written down: whoever is
killed before that sends the same again.
"""

from service.library.profile import Profile
from service.library.services import Services
from service.model import Principal

KIND = "handover-round"


def left_off(services: Services, profile: Profile) -> str:
    """The id behind which the round goes on; empty where it came to its end, or was of another profile."""
    with services.catalogue.reading() as work:
        rounds = [one.details for one in work.events.of_kind(KIND) if one.details["profile"] == profile.name]
    return str(rounds[-1]["after"]) if rounds and rounds[-1]["fingerprint"] == profile.fingerprint else ""


def mark(services: Services, principal: Principal, profile: Profile, after: str) -> None:
    """after: as `left_off` gives it to the next run."""
    details = {"profile": profile.name, "fingerprint": profile.fingerprint, "after": after}
    services.catalogue.write(lambda work: work.events.add(KIND, None, principal.role, details))
