"""Which filters of a question nobody can mean: codes that no vocabulary, organisation or published resource has.

A search with such a filter finds nothing, which looks like an empty shelf. The
doors say what is wrong instead: programs are refused, people are told and keep
the rest of their question, since an old link may name what has left since.
"""

from collections.abc import Mapping

from service.library.services import Services


def unknown(services: Services, filters: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, str], ...]:
    """(facet, code) of each filter that names nothing, in the order given.

    A code outside of the vocabularies is known while something published carries it: files may be in a
    language that no vocabulary lists. An organisation that has left keeps its row, and so stays known.
    """
    strange = [
        (name, code)
        for name, codes in filters.items()
        for code in codes
        if services.vocabularies.in_tree(name, code) is None
    ]
    if not strange:
        return ()
    with services.catalogue.reading() as work:
        return tuple(
            (name, code)
            for name, code in strange
            if not (name == "organisation" and work.organisations.get(code))
            and not work.terms.resources(name, code, after=0, limit=1)
        )


def current(services: Services, filters: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """The same filters, with organisations that were merged said by the one that answers for them."""
    codes = filters.get("organisation", ())
    if not codes:
        return filters
    with services.catalogue.reading() as work:
        successors = work.organisations.successors()
    return {**filters, "organisation": tuple(dict.fromkeys(successors.get(code, code) for code in codes))}
