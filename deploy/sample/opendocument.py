"""A slide deck in OpenDocument: a title and lines a slide, on one plain master."""

from collections.abc import Iterator, Sequence
from html import escape

_NAME = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMES = " ".join(
    f'xmlns:{prefix}="{_NAME}{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("style", "style"), ("draw", "drawing"), ("text", "text"), ("svg", "svg-compatible"),
        ("fo", "xsl-fo-compatible"), ("presentation", "presentation"), ("meta", "meta"), ("manifest", "manifest"),
    )
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_TYPE = "application/vnd.oasis.opendocument.presentation"
_STYLES = "".join(
    f'<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.35cm"/>'
    f'<style:text-properties fo:font-size="{size}pt" fo:color="{colour}" fo:font-weight="{weight}"/></style:style>'
    for name, size, colour, weight in (("head", 32, "#12456b", "bold"), ("body", 22, "#1c2126", "normal"))
)
# Programs fill a frame that has no style of its own.
_STYLES += (
    '<style:style style:name="clear" style:family="presentation"><style:graphic-properties draw:fill="none" '
    'draw:stroke="none" draw:textarea-vertical-align="top"/></style:style>'
)
_PLAIN = (
    '<office:automatic-styles><style:page-layout style:name="wide"><style:page-layout-properties '
    'fo:page-width="28cm" fo:page-height="15.75cm" fo:margin="0cm"/></style:page-layout></office:automatic-styles>'
    '<office:master-styles><style:master-page style:name="plain" style:page-layout-name="wide"/></office:master-styles>'
)


def presentation(title: str, author: str, slides: Sequence[tuple[str, Sequence[str]]]) -> Iterator[tuple[str, str]]:
    """Members of the package, (name, text), the mimetype first."""
    pages = "".join(
        f'<draw:page draw:name="{number}" draw:master-page-name="plain">{_box([head], "head", 1.2, 3, kind="title")}'
        f"{_box(lines, 'body', 4.6, 9.5, kind='outline')}</draw:page>"
        for number, (head, lines) in enumerate(slides, start=1)
    )
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (("/", _TYPE), *((name, "text/xml") for name in ("content.xml", "styles.xml", "meta.xml")))
    )
    content = (
        f"<office:automatic-styles>{_STYLES}</office:automatic-styles>"
        f"<office:body><office:presentation>{pages}</office:presentation></office:body>"
    )
    about = f"<dc:title>{escape(title)}</dc:title><meta:initial-creator>{escape(author)}</meta:initial-creator>"
    yield "mimetype", _TYPE
    yield "content.xml", _part("document-content", content)
    yield "styles.xml", _part("document-styles", _PLAIN)
    yield "meta.xml", _part("document-meta", f"<office:meta>{about}</office:meta>")
    yield "META-INF/manifest.xml", f"{_XML}<manifest:manifest {_NAMES}>{entries}</manifest:manifest>"


def _part(name: str, inside: str) -> str:
    return f'{_XML}<office:{name} {_NAMES} office:version="1.2">{inside}</office:{name}>'


def _box(lines: Sequence[str], style: str, top: float, height: float, *, kind: str) -> str:
    text = "".join(f'<text:p text:style-name="{style}">{escape(line)}</text:p>' for line in lines)
    return (
        f'<draw:frame presentation:style-name="clear" presentation:class="{kind}" svg:x="1.8cm" '
        f'svg:y="{top}cm" svg:width="24.4cm" svg:height="{height}cm"><draw:text-box>{text}</draw:text-box></draw:frame>'
    )
