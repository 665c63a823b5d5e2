"""What vocabulary codes are called, and which icon stands beside a type's word."""

from dataclasses import dataclass

from service.library.views import FacetCount
from service.vocabularies import Vocabularies


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels of one language."""

    vocabularies: Vocabularies
    language: str

    def of(self, field: str, code: str) -> str:
        return self.vocabularies.label(field, code, self.language)

    def all_of(self, field: str, codes: tuple[str, ...]) -> list[str]:
        return [self.of(field, code) for code in codes]

    def alone(self, field: str, code: str) -> str:
        """As it is called where nothing around it says more: topics are called alike in several grades."""
        return self.vocabularies.label_alone(field, code, self.language)

    def facet(self, field: str, count: FacetCount) -> str:
        return count.label or self.of(field, count.value)

    def is_open(self, licence: str) -> bool:
        term = self.vocabularies.get("licence", licence)
        return term is not None and term.extra.get("open") == "yes"

    def licence_url(self, licence: str) -> str:
        term = self.vocabularies.get("licence", licence)
        return term.extra.get("uri", "") if term else ""

    def icon(self, type_code: str) -> str:
        term = self.vocabularies.get("type", type_code)
        return term.extra.get("icon", "page") if term else "page"
