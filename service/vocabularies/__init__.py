"""Subjects, grades, types, licences, languages: seeds as data, read into one frozen value.

Nothing in code knows a subject's name. A seed is `<field>.csv` beside this
file with the columns code, parent, vi, en, alternatives (separated by `|`)
and whatever a field adds (a licence's uri). Use cases pass `Vocabularies` on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Term:
    """A code with its labels. `parent` is another code of the same field, or None."""

    code: str
    labels: Mapping[str, str]
    parent: str | None = None
    alternatives: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Vocabularies:
    """All terms by field and code. Fields: subject, grade, type, licence, language."""

    terms: Mapping[str, Mapping[str, Term]]

    def get(self, name: str, code: str) -> Term | None:
        return self.terms.get(name, {}).get(code)

    def label(self, name: str, code: str, language: str) -> str:
        """The label in a language, in Vietnamese where there is none, the code itself for an unknown one."""
        term = self.get(name, code)
        return code if term is None else term.labels.get(language) or term.labels.get("vi") or code

    def ancestors(self, name: str, code: str) -> tuple[str, ...]:
        """The code and all above it, nearest first; an unknown code has only itself."""
        path: list[str] = []
        while code and code not in path:
            path.append(code)
            term = self.get(name, code)
            code = (term.parent or "") if term else ""
        return tuple(path)
