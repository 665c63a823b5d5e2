"""A book: EPUB 3, a chapter a section."""

from html import escape

from deploy.sample.section import AUTHOR, XML, Source, packed


def build(source: Source) -> bytes:
    """The book; a line that is a row of a table becomes one."""
    title, language = escape(source.head["title"]), source.head["language"]
    contents = "Mục lục" if language == "vi" else "Contents"
    head = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="{}"><head><title>{}</title></head><body>{}</body></html>'
    )
    chapters, items, spine, listed = [], "", "", ""
    for number, section in enumerate(source.sections, start=1):
        text = "".join(map(_line, section.lines)).replace("</table><table>", "")
        name = escape(section.title)
        chapters.append((f"c{number}.xhtml", XML + head.format(language, name, f"<h1>{name}</h1>{text}")))
        items += f'<item id="c{number}" href="c{number}.xhtml" media-type="application/xhtml+xml"/>'
        spine += f'<itemref idref="c{number}"/>'
        listed += f'<li><a href="c{number}.xhtml">{name}</a></li>'
    nav = f'<nav epub:type="toc" xmlns:epub="http://www.idpf.org/2007/ops"><h1>{contents}</h1><ol>{listed}</ol></nav>'
    package = (
        f'{XML}<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"><metadata '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">{source.name}</dc:identifier>'
        f"<dc:title>{title}</dc:title><dc:creator>{AUTHOR}</dc:creator><dc:language>{language}</dc:language>"
        '<meta property="dcterms:modified">2026-01-05T01:00:00Z</meta></metadata><manifest><item id="nav" '
        f'href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>{items}</manifest>'
        f"<spine>{spine}</spine></package>"
    )
    container = (
        f'{XML}<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
        'full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    return packed(
        [("mimetype", "application/epub+zip"), ("META-INF/container.xml", container), ("book.opf", package),
         ("nav.xhtml", XML + head.format(language, title, nav)), *chapters]
    )  # fmt: skip


def _line(line: str | list[str]) -> str:
    if isinstance(line, list):
        return "<table><tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line) + "</tr></table>"
    return f"<p>{escape(line)}</p>"
