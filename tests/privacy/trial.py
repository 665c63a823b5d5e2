"""Files by seed, what reading them finds, and how many were told rightly."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest import pipeline, privacy, registry
from ingest.document import Bundle, Finding
from tests.privacy import layouts, lessons, registers

READERS = registry.load()


@dataclass(frozen=True)
class Trial:
    """One file. what: its kind and layout; is_list: more than five people stand in it."""

    what: str
    is_list: bool
    findings: tuple[Finding, ...]

    @property
    def is_right(self) -> bool:
        return bool(self.findings) == self.is_list


def _read(path: Path) -> tuple[Finding, ...]:
    return pipeline.read(Bundle(path, path.name), READERS).findings


def list_in_pdf(seed: int, folder: Path) -> Trial:
    chance = random.Random(seed)
    kind, layout = registers.KINDS[seed % len(registers.KINDS)], chance.choice(layouts.PDFS)
    table = registers.register(chance, kind, chance.choice((6, 7, 12, 34, 45)))
    return Trial(
        f"{seed} {kind} ({len(table.rows)}), {layout.__name__}", True, _read(layout(table, folder / "tep.pdf"))
    )


def list_in_document(seed: int) -> Trial:
    chance = random.Random(seed)
    kind, layout = registers.KINDS[seed % len(registers.KINDS)], chance.choice(layouts.DOCUMENTS)
    table = registers.register(chance, kind, chance.choice((6, 8, 20, 34, 120)))
    found = privacy.find(layout(table, chance), "tep.docx")
    return Trial(f"{seed} {kind} ({len(table.rows)}), {layout.__name__}", True, found)


def lesson_in_pdf(seed: int, folder: Path) -> Trial:
    chance = random.Random(seed)
    kind = lessons.KINDS[seed % len(lessons.KINDS)]
    path = layouts.pdf_of_pages(kind(chance), folder / "bai.pdf")
    return Trial(f"{seed} {kind.__name__}, pdf", False, _read(path))


def lesson_in_document(seed: int) -> Trial:
    chance = random.Random(seed)
    kind = lessons.KINDS[seed % len(lessons.KINDS)]
    edge = chance.choice((" | ", "\t", " "))
    pages = [page.replace(" | ", edge) for page in kind(chance)]
    document = layouts.document(pages, chance.choice(("page", "section", "slide", "sheet")))
    return Trial(f"{seed} {kind.__name__}, document", False, privacy.find(document, "bai.docx"))


def trials(seed: int, folder: Path, *, pdfs: int, documents: int) -> Iterator[Trial]:
    """As many lists as lessons, of each so many PDFs and documents."""
    for number in range(seed, seed + pdfs):
        yield list_in_pdf(number, folder)
        yield lesson_in_pdf(number, folder)
    for number in range(seed, seed + documents):
        yield list_in_document(number)
        yield lesson_in_document(number)
