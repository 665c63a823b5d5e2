"""What a text is by how it begins, whatever stands before its root, and in time that grows with its length alone."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from ingest import sniff as sniffer
from ingest.formats import beginnings, packages
from ingest.formats.zip import names
from ingest.sandbox import border
from ingest.sniff import is_litter, sniff

_SVG_TYPE = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"'
_ENTITIES = " [ <!ENTITY ns_svg \"http://www.w3.org/2000/svg\"> <!-- it's ]> --> <?a ]>?> <!ENTITY end ']>'> ]"
_ROOTS = (
    ("<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
    ("<svg:svg xmlns:svg='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
    ("<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>", "text/html"),
    ("<tt xmlns='http://www.w3.org/ns/ttml'/>", "application/ttml+xml"),
    ("<tt:tt xmlns:tt='http://www.w3.org/ns/ttml'/>", "application/ttml+xml"),
    ("<quiz/>", "application/x-moodle-xml"),
    ("<office:document x=''/>", "application/vnd.oasis.opendocument.text-flat-xml"),
    ("<w:wordDocument>", "application/msword"),
    ("<book>", "application/xml"),
)
_PROLOGS = (
    "<?xml version='1.0'?>",
    "\ufeff\r\n<?xml version='1.0'?>\r\n\t",
    "<?xml version='1.0'?><!-- a > b --><?xml-stylesheet href='a.css'?>\n<!-- <svg> <html> <tt> -->\n",
    "<?xml version='1.0'?><!-- " + "licence " * 4_000 + "-->",
)


@pytest.mark.parametrize("prolog", _PROLOGS)
@pytest.mark.parametrize(("root", "media_type"), _ROOTS)
def test_markup_is_known_by_its_root(root: str, media_type: str, prolog: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text(prolog + root, encoding="utf-8")
    assert sniff(path).media_type == media_type


@pytest.mark.parametrize(
    ("text", "media_type"),
    [
        (f"{_SVG_TYPE}><svg/>", "image/svg+xml"),
        (f"<?xml version='1.0'?>{_SVG_TYPE}{_ENTITIES}>\n<!-- by hand -->\n<svg xmlns='&ns_svg;'/>", "image/svg+xml"),
        ("<!DOCTYPE svg [<!ENTITY a '" + "x" * 9_000 + "'>]><svg/>", "image/svg+xml"),
        # The root lies further on than is looked; the type names it.
        ("<!DOCTYPE svg [<!ENTITY a '" + "x" * 99_000 + "'>]><svg/>", "image/svg+xml"),
        ('<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd"><html/>', "text/html"),
        ("<!-- a --><!DOCTYPE html [<!ENTITY nbsp '&#160;'>]><html/>", "text/html"),
        (f"<!DOCTYPE tt SYSTEM 'ttaf1.dtd'{_ENTITIES}><tt xml:lang='vi'/>", "application/ttml+xml"),
        # A type that says one thing before a root that is another: readers open the root.
        ("<?xml version='1.0'?><!DOCTYPE book><svg/>", "image/svg+xml"),
        ('<?xml version="1.0"?><?mso-application progid="Word.Document"?><pkg:package>', "application/msword"),
        ('<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook>', "application/xml"),
        ("<p>Một đoạn</p>", "text/html"),
        ("<!-- saved from a page --><body>", "text/html"),
        ("<!-- never closed <svg>", "text/plain"),
        ("<!DOCTYPE", "text/plain"),
        ("<svgs>", "text/plain"),
        ("< svg>", "text/plain"),
    ],
)  # fmt: skip
def test_a_document_type_hides_no_root(text: str, media_type: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text(text, encoding="utf-8")
    assert sniff(path).media_type == media_type
    path.write_text(text, encoding="utf-16")
    assert sniff(path).media_type == media_type


# Each repeated to 64 KB: what could be divided, begun or ended in many ways.
_PIECES = (
    "<!-- a -->", "<!--", "-->", "<?", "?>", "<?xml ", "<!doctype svg [", "<!doctype svg ", "<!doctype ", '"', "'",
    "\"'", "[", "]", "<", ">", "<a", "<a:", "a:", ":", "a-", "<svg", "\n", " ", "\r", "\r\n", " \n", "\t", "1", "1\n",
    "1 \n", "1:", "00:00:01,000", "-", "::", "::a", "::a::", "::a::\n", "\n::", "{", "{ ", "{\n", "{~", "{~=", "{~a",
    "{}", "}", "~", "=", "~=", "answer:", "answer:\n", "answer: a", "answer: a ", "\nanswer:", "a", "aé", "\\", "\\u",
    "\\u00", ".part", ".part1", "%", "a/", "a-a", "a.", "application/", "a+",
)  # fmt: skip
_LONG = 64 * 1024
# A hang fails here: what tries 64 KB in every way ends after hours, or after minutes where the ways are squared.
_HARD = tuple(
    head + piece * (_LONG // len(piece)) + tail
    for piece in _PIECES
    for head in ("", "<!doctype svg [", "<?xml ")
    for tail in ("", "x")
)


def test_no_beginning_of_a_text_is_read_in_more_than_one_way() -> None:
    for text in _HARD:
        beginnings.media_type(text)


def test_the_sniffer_ends_whatever_a_file_begins_with(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for text in _HARD:
        path.write_text(text, encoding="utf-8")
        assert sniff(path).media_type


@pytest.mark.parametrize("module", [sniffer, beginnings, packages, names, border])
def test_no_pattern_of_the_worker_goes_back_over_what_it_has_read(module: ModuleType) -> None:
    patterns = [value for value in vars(module).values() if isinstance(value, re.Pattern)]
    patterns += [pattern for pattern, _ in getattr(module, "_FIRST_LINES", ())]
    assert patterns
    for pattern in patterns:
        for text in _HARD:
            given = text.encode() if isinstance(pattern.pattern, bytes) else text
            pattern.match(given)
            pattern.fullmatch(given)


def test_what_a_child_says_is_cleaned_in_one_walk() -> None:
    for text in _HARD:
        border.clean(text.encode())


def test_litter_is_known_by_names_of_any_length() -> None:
    for text in _HARD:
        assert isinstance(is_litter(text + ".exe"), bool)
