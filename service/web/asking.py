"""A question as an address: what a search page's URL asks, and the URLs of its neighbours.

Filters, chips, sort and pages are links, so that each state can be shared,
gone back to, and reached without JavaScript.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from starlette.requests import Request

from service.errors import Invalid
from service.http.parameters import SHOWN_CHARACTERS, flag, text, texts, within
from service.library.discover import MAX_RESULTS_BY_PAGE, SORTS
from service.library.views import SearchRequest
from service.links import Links
from service.model import FACETS, Sort

PAGE_SIZE = 20
LAST_PAGE = MAX_RESULTS_BY_PAGE // PAGE_SIZE


@dataclass(frozen=True)
class Asking:
    """What is asked, with the addresses of questions one step away. `links` are those of the page.

    resource: look inside this one only; the rest of the question is kept for the way back.
    """

    links: Links
    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = "fit"
    page: int = 1
    exact: bool = False
    resource: str = ""

    @property
    def url(self) -> str:
        parameters: dict[str, str | list[str]] = {"q": self.text}
        parameters.update({name: list(codes) for name, codes in self.filters.items()})
        if self.sort != "fit":
            parameters["sort"] = self.sort
        if self.exact:
            parameters["exact"] = "1"
        if self.page > 1:
            parameters["page"] = str(self.page)
        if self.resource:
            parameters["resource"] = self.resource
        return self.links.search(**parameters)

    def request(self, *, size: int = PAGE_SIZE) -> SearchRequest:
        return SearchRequest(
            text=self.text, filters=self.filters, sort=self.sort, page=self.page, size=size, exact=self.exact
        )

    def at(self, page: int) -> "Asking":
        return replace(self, page=page)

    def sorted(self, sort: Sort) -> "Asking":
        return replace(self, sort=sort, page=1)

    def exactly(self) -> "Asking":
        return replace(self, exact=True, page=1)

    def before(self, resource_id: str) -> str:
        """The list that goes on behind this resource, where the catalogue answers for the index."""
        url = self.at(1).url
        return f"{url}{'&' if '?' in url else '?'}before={resource_id}"

    def instead(self, words: str) -> "Asking":
        return replace(self, text=words, page=1, exact=False)

    def about(self, searched: str) -> "Asking":
        """The same about what was searched for it: whoever looks inside a resource finds what the results showed."""
        return replace(self, text=searched)

    def toggled(self, name: str, code: str) -> "Asking":
        """With this filter if it was not there, without it if it was."""
        codes = self.filters.get(name, ())
        changed = tuple(one for one in codes if one != code) if code in codes else (*codes, code)
        filters = {**self.filters, name: changed}
        return replace(self, filters={key: value for key, value in filters.items() if value}, page=1)

    def narrowed(self, name: str, code: str, *, instead: Collection[str] = ()) -> "Asking":
        """`toggled` in a tree: a value that is chosen takes the place of those above and below it.

        instead: chosen values of that facet which stand on one way with it.
        """
        kept = tuple(one for one in self.filters.get(name, ()) if one == code or one not in instead)
        return replace(self, filters={**self.filters, name: kept}).toggled(name, code)

    def inside(self, resource_id: str) -> "Asking":
        return replace(self, resource=resource_id)

    def everywhere(self) -> "Asking":
        return replace(self, resource="")

    def unfiltered(self) -> "Asking":
        return replace(self, filters={}, page=1)

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """(facet, code) of every filter, in the order of the facets."""
        return [(name, code) for name in FACETS for code in self.filters.get(name, ())]


def read(request: Request, links: Links) -> Asking:
    """What the URL of a search page asks; a page that no list has is the first, or the last that can be had.

    Raises: Invalid.
    """
    sort = text(request, "sort") or "fit"
    if sort not in SORTS:
        raise Invalid(field="sort", value=sort[:SHOWN_CHARACTERS])
    return Asking(
        links=links,
        text=text(request, "q"),
        filters={name: codes for name in FACETS if (codes := texts(request, name))},
        sort=cast("Sort", sort),
        page=within("page", text(request, "page") or "1", 1, LAST_PAGE),
        exact=flag(request, "exact"),
        resource=text(request, "resource"),
    )
