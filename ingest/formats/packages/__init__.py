"""What kind of package a zip is, told by its manifests and member names.

A manifest is tested before the weaker signs: an eXe package is also a zip
with HTML. A zip that says nothing stays `application/zip`.
"""

import posixpath
import re
from pathlib import Path

from ingest.errors import BrokenFile, HostileArchive, SplitArchive
from ingest.formats.zip import Members

_HEAD_BYTES = 65_536

_OFFICE = "application/vnd.openxmlformats-officedocument."
# Main part's content type in [Content_Types].xml -> media type of the file.
_OOXML = (
    (b"presentationml.presentation.main+xml", _OFFICE + "presentationml.presentation"),
    (b"presentationml.slideshow.main+xml", _OFFICE + "presentationml.slideshow"),
    (b"presentationml.template.main+xml", _OFFICE + "presentationml.template"),
    (b"presentation.macroEnabled.main+xml", "application/vnd.ms-powerpoint.presentation.macroEnabled.12"),
    (b"slideshow.macroEnabled.main+xml", "application/vnd.ms-powerpoint.slideshow.macroEnabled.12"),
    (b"ms-powerpoint.template.macroEnabled.main+xml", "application/vnd.ms-powerpoint.template.macroEnabled.12"),
    (b"wordprocessingml.document.main+xml", _OFFICE + "wordprocessingml.document"),
    (b"wordprocessingml.template.main+xml", _OFFICE + "wordprocessingml.template"),
    (b"document.macroEnabled.main+xml", "application/vnd.ms-word.document.macroEnabled.12"),
    (b"template.macroEnabledTemplate.main+xml", "application/vnd.ms-word.template.macroEnabled.12"),
    (b"spreadsheetml.sheet.main+xml", _OFFICE + "spreadsheetml.sheet"),
    (b"spreadsheetml.template.main+xml", _OFFICE + "spreadsheetml.template"),
    (b"sheet.macroEnabled.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.12"),
    (b"ms-excel.template.macroEnabled.main+xml", "application/vnd.ms-excel.template.macroEnabled.12"),
    (b"sheet.binary.macroEnabled.main", "application/vnd.ms-excel.sheet.binary.macroEnabled.12"),
)
# Where [Content_Types].xml is odd, the folder of the main part still says it.
_OOXML_FOLDERS = (
    ("ppt/", _OFFICE + "presentationml.presentation"),
    ("word/", _OFFICE + "wordprocessingml.document"),
    ("xl/", _OFFICE + "spreadsheetml.sheet"),
)
_OPENING = ("index.html", "index.htm", "default.html", "default.htm", "story.html")
_DOCUMENTS = (".pdf", ".doc", ".docx", ".ppt", ".pptx", ".xls", ".xlsx", ".odt", ".odp", ".rtf", ".epub")
# The project of eXeLearning 3 and later (ode), or an older one under its first name.
_EXE = re.compile(rb"<ode\b|exe\.engine\.package")
_STORED = re.compile(rb"application/(?:epub\+zip|vnd\.oasis\.opendocument\.[a-z-]+|vnd\.sun\.xml\.[a-z.]+)")


def media_type(path: Path) -> str:
    """The media type of a zip file. A broken or hostile one is `application/zip`: its reader says what is wrong."""
    try:
        with Members(path) as members:
            return kind(members)
    except (BrokenFile, HostileArchive, SplitArchive):
        return "application/zip"


def kind(members: Members) -> str:
    """The media type of an open zip."""
    names = frozenset(members.names)
    if "mimetype" in names and (stored := _STORED.match(members.beginning("mimetype", 100).strip())):
        return stored.group().decode()
    if "[Content_Types].xml" in names:
        types = members.beginning("[Content_Types].xml", _HEAD_BYTES)
        for sign, media in _OOXML:
            if sign in types:
                return media
        return next(
            (media for folder, media in _OOXML_FOLDERS if any(n.startswith(folder) for n in names)), "application/zip"
        )
    if "h5p.json" in names:
        return "application/x-h5p"
    if "geogebra.xml" in names or "_slide0/geogebra.xml" in names:
        return "application/vnd.geogebra.file"
    if "geogebra_macro.xml" in names:
        return "application/vnd.geogebra.tool"
    if "moodle_backup.xml" in names:
        return "application/vnd.moodle.backup"
    if (manifest := _outermost(names, "imsmanifest.xml")) is not None:
        return _ims(members.beginning(manifest, _HEAD_BYTES), names)
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return "application/vnd.oasis.opendocument.text"
    if "META-INF/container.xml" in names:
        return "application/epub+zip"
    if "contentv3.xml" in names or _EXE.search(members.beginning("content.xml", 1024)):
        return "application/x-exelearning"
    return "application/x-html5-simulation" if _is_site(names) else "application/zip"


def _is_page(name: str) -> bool:
    return name.lower().endswith((".html", ".htm", ".xhtml"))


def _is_site(names: frozenset[str]) -> bool:
    """Pages that belong together: one that opens them, or nothing else to read among them.

    A folder of lesson plans with one saved page is a folder.
    """
    lower = [name.lower() for name in names]
    pages = [name for name in lower if _is_page(name)]
    opens = any(name.count("/") <= 1 and posixpath.basename(name) in _OPENING for name in pages)
    return bool(pages) and (opens or not any(name.endswith(_DOCUMENTS) for name in lower))


def _ims(manifest: bytes, names: frozenset[str]) -> str:
    # Authoring tools of Windows write UTF-16.
    manifest = manifest.replace(b"\0", b"")
    if b"imsccv1p" in manifest or b"IMS Common Cartridge" in manifest:
        return "application/x-imscc"
    if b"adlcp" in manifest or b"ADL SCORM" in manifest:
        return "application/x-scorm"
    if "content.xml" in names or "contentv3.xml" in names:
        return "application/x-exelearning"
    # A course may have questions among its pages: then it is its tree of items that counts.
    if b"imsqti" in manifest and not (b"<item " in manifest and any(map(_is_page, names))):
        return "application/x-qti"
    return "application/x-imscp"


def _outermost(names: frozenset[str], wanted: str) -> str | None:
    """The member of that name at the root, or in the one folder that everything was zipped in."""
    if wanted in names:
        return wanted
    return min((name for name in names if name.endswith("/" + wanted) and name.count("/") == 1), default=None)
