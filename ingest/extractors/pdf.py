"""PDF, read with PyMuPDF: a passage a page, running headers apart, metadata with its place.

What the pages say together (headers that repeat, watermarks, languages) is
decided after the last one was read. Long pages are cut later, by `segment`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.document import Bundle, ContentsEntry, Document, Extent, Locator, Passage, Picture, Value, Warning
from ingest.errors import BrokenFile
from ingest.formats.images.image_size import is_possible
from ingest.formats.pdf import metadata as pdf_metadata
from ingest.formats.pdf.running import marginal_blocks, watermarks
from ingest.formats.words import compounds, has_broken_words, paragraph, tidy, unbroken, visible
from ingest.vietnamese.language import detect, main_language
from ingest.vietnamese.letters import with_strokes

VERSION = "1"
MEDIA_TYPES = {"application/pdf": 100}

# Bullets, rules and logos are no pictures to speak of.
_PICTURE_PIXELS = 32
_MAX_CONTENTS = 10_000
# A page that draws this much without text or pictures has its letters as outlines.
_DRAWING_BYTES = 2_000
# From this share on, glyphs without Unicode make a page's text useless.
_UNMAPPED_SHARE = 0.3


@dataclass
class _Pages:
    """What was met page by page, for decisions over all of them."""

    blocks: list[list[Any]] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    pictured: set[int] = field(default_factory=set)
    title: str | None = None
    broken: int = 0
    unmapped: int = 0


def extract(bundle: Bundle) -> Document:
    """Read one PDF. Raises: BrokenFile: no pages; EncryptedFile: a password that is not empty."""
    # Here, because this module is imported wherever the pipeline's fingerprint is wanted.
    from ingest.formats.pdf.file import opened

    with opened(bundle.main) as pdf:
        count = pdf.page_count
        pages = _read_pages(pdf, count)
        if pages.broken == count:
            raise BrokenFile
        passages, warnings = _passages(pages)
        if pdf.is_repaired:
            warnings.append(Warning("repaired"))
        values, contents = _told(pdf, count, warnings)
        if pages.title:
            values.append(Value("title", tidy(pages.title), "first-page"))
        return Document(
            media_type="application/pdf",
            metadata=tuple(values),
            language=main_language((passage.language, len(passage.text)) for passage in passages),
            passages=tuple(passages),
            contents=tuple(contents),
            pictures=tuple(pages.pictures),
            warnings=tuple(warnings),
            extent=Extent(pages=count),
        )


def _read_pages(pdf: Any, count: int) -> _Pages:
    from ingest.formats.pdf.file import FAULTS, raised
    from ingest.formats.pdf.pages import largest_text, page_text

    pages = _Pages()
    seen: set[int] = set()
    for index in range(count):
        try:
            page = pdf.load_page(index)
            read = page_text(page)
            if index == 0:
                pages.title = largest_text(read.structured)
            images = pdf.get_page_images(index) if _may_have_images(pdf, page) else ()
            drawn = not read.blocks and not images and len(page.read_contents()) > _DRAWING_BYTES
        except FAULTS as error:
            if isinstance(fault := raised(error), MemoryError):
                raise fault from error
            # One bad page of a book: the others are worth having, and the owner is told.
            pages.broken += 1
            pages.blocks.append([])
            continue
        pages.blocks.append(read.blocks)
        for xref, _, width, height, *_ in images:
            if min(width, height) >= _PICTURE_PIXELS and is_possible(width, height) and xref not in seen:
                seen.add(xref)
                pages.pictures.append(Picture(Locator("page", index + 1), width, height))
        if images or drawn:
            pages.pictured.add(index)
    return pages


def _may_have_images(pdf: Any, page: Any) -> bool:
    """Listing images walks a page's resources; a page that names no outside object has none worth the walk."""
    resources, _ = pdf.xref_get_key(page.xref, "Resources")
    # Resources that are not its own are inherited: look.
    return bool(resources == "null" or pdf.xref_get_key(page.xref, "Resources/XObject")[0] != "null")


def _passages(pages: _Pages) -> tuple[list[Passage], list[Warning]]:
    margins = marginal_blocks(pages.blocks)
    bodies = [[block for block in blocks if id(block) not in margins] for blocks in pages.blocks]
    stamped = watermarks(["\n".join(block.text for block in blocks) for blocks in bodies], pages.pictured)
    known: frozenset[str] | None = None
    passages: list[Passage] = []
    silent = 0
    for index, (blocks, body) in enumerate(zip(pages.blocks, bodies, strict=True)):
        if index in stamped:
            body = []
        raw = visible("\n\n".join(block.text for block in body))
        if "\ufffd" in "".join(block.text for block in body):
            pages.unmapped += _unmapped(body)
        language = detect(raw)
        if has_broken_words(raw):
            if known is None:
                known = compounds("\n".join(block.text for page in pages.blocks for block in page))
            raw = unbroken(raw, vietnamese=language == "vi", known=known)
        text = "\n".join(filter(None, map(paragraph, raw.split("\n\n"))))
        if not text:
            silent += index in pages.pictured and index not in stamped
            continue
        marginal = "\n".join(tidy(block.text) for block in blocks if id(block) in margins)
        if language == "vi":
            text, marginal = with_strokes(text), with_strokes(marginal)
        passages.append(Passage(Locator("page", index + 1), text, language, marginal))
    total = len(pages.blocks)
    found = {
        "no-text-layer": silent,
        "watermark-only": len(stamped),
        "broken-pages": pages.broken,
        "unmapped-text": pages.unmapped,
    }
    return passages, [Warning(code, {"pages": number, "total": total}) for code, number in found.items() if number]


def _unmapped(body: list[Any]) -> bool:
    counts = Counter("".join(block.text for block in body))
    return counts["\ufffd"] > _UNMAPPED_SHARE * (counts.total() - counts["\n"] - counts[" "])


def _told(pdf: Any, count: int, warnings: list[Warning]) -> tuple[list[Value], list[ContentsEntry]]:
    """What the file tells of itself, values and table of contents; either may be broken without harm to the text."""
    from ingest.formats.pdf.file import FAULTS, raised

    values: list[Value] = []
    contents: list[ContentsEntry] = []
    try:
        values, metadata_warnings = pdf_metadata.read(pdf)
        warnings += metadata_warnings
        contents = list(_contents(pdf, count))
    except FAULTS as error:
        if isinstance(fault := raised(error), MemoryError):
            raise fault from error
        warnings.append(Warning("broken-metadata"))
    return values, contents


def _contents(pdf: Any, count: int) -> Iterator[ContentsEntry]:
    for level, title, page in pdf.get_toc()[:_MAX_CONTENTS]:
        label = tidy(title)
        if label and 1 <= page <= count:
            yield ContentsEntry(label, max(1, level), Locator("page", page))
