"""Write the term table anew from what is published now: part of `hoclieu reindex`.

What a version adds to it (suggestions came later than facets) is so there for
resources that an older one has published.
"""

from functools import partial

from service.library.publishing import listed
from service.library.services import Services
from service.ports import UnitOfWork

PAGE = 200


def relist(services: Services) -> int:
    """Returns: of how many resources terms were written."""

    def page(work: UnitOfWork, after: int) -> tuple[int, int | None]:
        resources = work.resources.after(after, PAGE)
        vocabularies = services.living.of(work)
        shown = work.resources.published([one.key for one in resources])
        for one in resources:
            live = one.key in shown and one.visibility == "live"
            work.terms.replace(one.key, listed(vocabularies, *shown[one.key]) if live else [])
        return len(shown), resources[-1].key if resources else None

    written, after = services.catalogue.write(partial(page, after=0))
    while after is not None:
        more, after = services.catalogue.write(partial(page, after=after))
        written += more
    return written
