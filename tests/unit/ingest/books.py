"""EPUBs that tests make: a book of chapters, and what can be wrong with one."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

_CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
_PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">
<dc:identifier id="id">urn:uuid:1</dc:identifier>{metadata}</metadata>
<manifest>{items}{manifest}</manifest><spine{toc}>{spine}</spine></package>"""
VALUES = """<dc:title>Truyện kể</dc:title><dc:creator>Tô Hoài</dc:creator><dc:language>vi</dc:language>
<dc:date>2021-03-04</dc:date><meta property="schema:accessMode">textual</meta>"""


def page(body: str, head: str = "") -> str:
    """A chapter as books have it: XHTML with a namespace and a document type that is only named."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"'
        f' xmlns:epub="http://www.idpf.org/2007/ops"><head><title/>{head}</head><body>{body}</body></html>'
    )


def make(
    path: Path,
    chapters: Sequence[str],
    *,
    metadata: str = VALUES,
    manifest: str = "",
    toc: str = "",
    extra: Mapping[str, bytes] | None = None,
    without: Sequence[str] = (),
) -> Path:
    """An EPUB whose chapters are `text/c1.xhtml`, …; `extra` members come on top, `without` leaves members out."""
    members = {
        "META-INF/container.xml": _CONTAINER.encode(),
        "OEBPS/book.opf": _PACKAGE.format(
            metadata=metadata,
            manifest=manifest,
            toc=toc,
            items="".join(
                f'<item id="c{n}" href="text/c{n}.xhtml" media-type="application/xhtml+xml"/>'
                for n in range(1, len(chapters) + 1)
            ),
            spine="".join(f'<itemref idref="c{n}"/>' for n in range(1, len(chapters) + 1)),
        ).encode(),
        **{f"OEBPS/text/c{n}.xhtml": body.encode() for n, body in enumerate(chapters, start=1)},
        **(extra or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        for name, data in members.items():
            if name not in without:
                book.writestr(name, data)
    return path
