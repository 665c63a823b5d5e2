"""A request for a feed: who made it is not asked, only what it wants and in which language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from starlette.requests import Request

from service.errors import UnknownFilter
from service.http.door import Door
from service.http.parameters import SHOWN_CHARACTERS, texts
from service.library.filters import current, unknown
from service.links import Links
from service.messages import sentence
from service.model import FACETS
from service.vocabularies import Vocabularies

TAGGED = "2026"
"""The year in which every repository's tags (RFC 4151) are its own; they never change."""


@dataclass(frozen=True)
class Asked:
    """One request in one language."""

    request: Request
    door: Door
    language: str

    def __call__(self, code: str, **parameters: str | int) -> str:
        """The sentence of a code."""
        return sentence(code, self.language, parameters)

    @cached_property
    def links(self) -> Links:
        return self.door.absolute(self.request, self.language)

    @property
    def vocabularies(self) -> Vocabularies:
        return self.door.services.vocabularies

    @property
    def library_name(self) -> str:
        return self.door.services.settings.library_name

    @cached_property
    def filters(self) -> Mapping[str, tuple[str, ...]]:
        """Facet -> codes. Raises: UnknownFilter: a code that nothing here is called."""
        chosen = {name: codes for name in FACETS if (codes := texts(self.request, name))}
        for name, code in unknown(self.door.services, chosen):
            raise UnknownFilter(field=name, value=code[:SHOWN_CHARACTERS])
        return current(self.door.services, chosen)

    @property
    def filtered(self) -> dict[str, str | list[str]]:
        """The same as parameters of an address."""
        return {name: list(codes) for name, codes in self.filters.items()}

    def label(self, name: str, code: str) -> str:
        """What a code is called; an organisation's name where it is one."""
        if name != "organisation":
            return self.vocabularies.label_alone(name, code, self.language)
        with self.door.services.catalogue.reading() as work:
            organisation = work.organisations.get(code)
        return organisation.name if organisation else code

    @cached_property
    def chosen(self) -> str:
        """What the filters are called, for titles; empty without any."""
        return ", ".join(self.label(name, code) for name, codes in self.filters.items() for code in codes)

    def tag(self, name: str, **parameters: str | list[str]) -> str:
        """A name for a feed that outlives every address: `tag:hoclieu.example,2026:atom?grade=lop-10`."""
        path = Links("").feed(f"/{name}", **parameters).lstrip("/")
        return f"tag:{self.door.services.settings.repository_id},{TAGGED}:{path}"
