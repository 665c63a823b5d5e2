"""OpenDocument files that tests make: a body in a package, with whatever else the test wants in it."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style", "meta": "meta",
        "presentation": "presentation", "chart": "chart", "svg": "svg-compatible", "manifest": "manifest",
    }.items()
)  # fmt: skip
_SPACES += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
META = """<meta:initial-creator>Lê Văn Nam</meta:initial-creator><dc:creator>Admin</dc:creator>
<dc:title>Ôn tập</dc:title>
<meta:keyword>ôn tập</meta:keyword><meta:creation-date>2022-05-06T07:08:09</meta:creation-date>
<meta:document-statistic meta:page-count="3"/>"""


def content(kind: str, body: str, styles: str = "") -> bytes:
    """content.xml of a document of that kind (text, presentation, spreadsheet, chart)."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} office:version="1.3">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    ).encode()


def part(root: str, inside: str) -> bytes:
    """Another XML part: `part("office:document-meta", …)`."""
    return f'<?xml version="1.0" encoding="UTF-8"?><{root} {_SPACES}>{inside}</{root}>'.encode()


def flat(kind: str, body: str) -> bytes:
    """A whole document in one XML file."""
    return part(
        "office:document",
        f"<office:meta><dc:title>Tệp phẳng</dc:title></office:meta><office:body><office:{kind}>{body}</office:{kind}>"
        "</office:body>",
    )


def make(
    path: Path,
    kind: str,
    body: str,
    *,
    styles: str = "",
    extra: Mapping[str, bytes] | None = None,
) -> Path:
    """A package of that kind; `extra` members come on top of content.xml, meta.xml and the manifest."""
    members = {
        "content.xml": content(kind, body, styles),
        "meta.xml": part("office:document-meta", f"<office:meta>{META}</office:meta>"),
        "META-INF/manifest.xml": part("manifest:manifest", ""),
        **(extra or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}", zipfile.ZIP_STORED)
        for name, data in members.items():
            package.writestr(name, data)
    return path
