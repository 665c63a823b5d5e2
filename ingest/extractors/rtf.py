"""RTF: sections by outline levels and heading styles, headers and footers as margin."""

from ingest.document import Bundle, Document, Extent, Locator, Picture, Value, Warning
from ingest.errors import BrokenFile
from ingest.formats.rtf import Rtf
from ingest.formats.sections import sections
from ingest.vietnamese.language import main_language

VERSION = "2"
MEDIA_TYPES = {"application/rtf": 100}

_MOST_BYTES = 256 * 1024**2


def extract(bundle: Bundle) -> Document:
    """Read one file; a truncated one as far as it goes. Raises: BrokenFile: larger than any text is."""
    if bundle.main.stat().st_size > _MOST_BYTES:
        raise BrokenFile(part="rtf")
    rtf = Rtf(bundle.main.read_bytes())
    passages, contents = sections(rtf.lines, marginal="\n".join(rtf.margins))
    values = [Value(field, text, "info") for field, text in rtf.info.items() if text]
    if contents:
        values.append(Value("title", contents[0].title, "heading"))
    return Document(
        media_type="application/rtf",
        metadata=tuple(values),
        language=main_language((passage.language, len(passage.text)) for passage in passages),
        passages=tuple(passages),
        contents=tuple(contents),
        pictures=tuple(Picture(Locator("section", 1), *size) for size in rtf.pictures),
        warnings=() if rtf.whole else (Warning("repaired"),),
        extent=Extent(pages=rtf.pages),
    )
