"""What every process that serves or works does first: its parts are looked at, before anybody waits for them."""

import logging

from service.errors import IndexAway
from service.library import profile
from service.library.services import Services

log = logging.getLogger(__name__)


def begin(services: Services) -> None:
    """Raises: SettingsError: one of its kinds, of a store or an index that cannot be used as it is set.

    An index that does not answer is no reason to stay away: pages open without it, and its work waits.
    """
    profile.of_library(services.settings)
    services.objects.begin(services.settings.repository_id)
    try:
        services.index.begin()
    except IndexAway as error:
        log.warning("index-away", extra={"place": error.parameters["place"], "reason": error.parameters["reason"]})
