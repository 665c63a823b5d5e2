"""The other kinds of the sample library: slides, a text, tables, a book, a simulation, a film, a drawing.

`kinds/NAME.KIND.txt` has a head like the other sources and a body of sections
(`## title`, lines, rows `| a | b |`); each becomes a real file NAME.KIND, the
same bytes every time. Of a simulation and a drawing the body is their mark-up.
"""

import io
import re
import subprocess
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from deploy.sample import film, opendocument

KINDS = Path(__file__).parent / "kinds"
KEYS = ("title", "description", "type", "language", "subject", "grade", "keywords")
AUTHOR = "Nhóm biên soạn Học liệu mở"

_DATE = (2026, 1, 5, 8, 0, 0)
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True)
class Section:
    """A title with its lines; a row of a table is a list of cells."""

    title: str
    lines: list[str | list[str]]


@dataclass(frozen=True, slots=True)
class Source:
    """name: of the file to be, with its ending. body: below the head, as it stands."""

    name: str
    head: dict[str, str]
    body: str

    @property
    def sections(self) -> list[Section]:
        made: list[Section] = []
        for line in filter(None, map(str.strip, self.body.splitlines())):
            if line.startswith("## "):
                made.append(Section(line[3:], []))
            elif made:
                is_row = line.startswith("|")
                made[-1].lines.append([cell.strip() for cell in line.strip("|").split("|")] if is_row else line)
        return made


def read(path: Path) -> Source:
    """Raises: ValueError: a head without one of KEYS."""
    top, _, body = unicodedata.normalize("NFC", path.read_text(encoding="utf-8")).partition("\n\n")
    head = {key: value.strip() for key, _, value in (line.partition(": ") for line in top.splitlines())}
    if missing := [key for key in KEYS if not head.get(key)]:
        raise ValueError(f"{path.name}: the head says nothing of {', '.join(missing)}")
    return Source(path.name.removesuffix(".txt"), head, body)


def build(source: Source) -> bytes | None:
    """The file's bytes. None: a film, where there is no ffmpeg."""
    return _BUILDERS[source.name.rpartition(".")[2]](source)


def packed(members: Iterable[tuple[str, str]]) -> bytes:
    """A zip whose first member is stored, as EPUB and OpenDocument want their mimetype."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for number, (name, text) in enumerate(members):
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED
            package.writestr(info, text.encode())
    return made.getvalue()


def _slides(source: Source) -> bytes:
    slides = [(one.title, [str(line) for line in one.lines]) for one in source.sections]
    return packed(opendocument.presentation(source.head["title"], AUTHOR, slides))


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_BORDERS = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="9AA7B2"/>' for side in
                   ("top", "left", "bottom", "right", "insideH", "insideV"))  # fmt: skip


def _text(source: Source) -> bytes:
    body = [_paragraph(source.head["title"], "Title")]
    for section in source.sections:
        body.append(_paragraph(section.title, "Heading1"))
        rows = [line for line in section.lines if isinstance(line, list)]
        body += [_paragraph(line) for line in section.lines if isinstance(line, str)]
        if rows:
            body.append(f"<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblBorders>{_BORDERS}</w:tblBorders>"
                        f"</w:tblPr>{''.join(map(_row, rows))}</w:tbl>")  # fmt: skip
    document = f"{_XML}<w:document {_W}><w:body>{''.join(body)}<w:sectPr/></w:body></w:document>"
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{identifier}"><w:name w:val="{name}"/><w:pPr><w:spacing '
        f'w:before="240" w:after="80"/></w:pPr><w:rPr><w:b/><w:color w:val="12456B"/><w:sz w:val="{size}"/>'
        "</w:rPr></w:style>"
        for identifier, name, size in (("Title", "Title", 40), ("Heading1", "heading 1", 28))
    )
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml."
    return _office(
        source,
        "word/document.xml",
        [("word/document.xml", f"{word}document.main+xml", document),
         ("word/styles.xml", f"{word}styles+xml", f"{_XML}<w:styles {_W}>{styles}</w:styles>")],
        [("styles", "styles.xml")],
    )  # fmt: skip


def _paragraph(text: str, style: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else '<w:pPr><w:spacing w:after="120"/></w:pPr>'
    return f"<w:p>{named}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def _row(cells: Sequence[str]) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>"


def _workbook(source: Source) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    parts, relations, listed = [], [], []
    for number, section in enumerate(source.sections, start=1):
        rows = (line for line in section.lines if isinstance(line, list))
        cells = "".join(
            f'<row r="{at}">{"".join(_cell(f"{chr(65 + place)}{at}", text) for place, text in enumerate(row))}</row>'
            for at, row in enumerate(rows, start=1)
        )
        sheet = f'{_XML}<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
        parts.append((f"xl/sheet{number}.xml", f"{kind}worksheet+xml", sheet))
        relations.append(("worksheet", f"sheet{number}.xml"))
        listed.append(f'<sheet name="{escape(section.title)}" sheetId="{number}" r:id="r{number}"/>')
    book = (
        f'{_XML}<workbook xmlns="{main}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f"<sheets>{''.join(listed)}</sheets></workbook>"
    )
    return _office(source, "xl/workbook.xml", [("xl/workbook.xml", f"{kind}sheet.main+xml", book), *parts], relations)


def _cell(place: str, text: str) -> str:
    if not text:
        return ""
    if text.isdigit():
        return f'<c r="{place}"><v>{text}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def _office(
    source: Source, main: str, parts: Sequence[tuple[str, str, str]], relations: Sequence[tuple[str, str]]
) -> bytes:
    """A package of Office Open XML. parts: name, media type, XML. relations: of the main part, (kind, target)."""
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    core = (
        f'{_XML}<cp:coreProperties xmlns:cp="{package}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(source.head['title'])}</dc:title><dc:creator>{AUTHOR}</dc:creator></cp:coreProperties>"
    )
    types = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind, _ in parts)
    folder, _, name = main.rpartition("/")
    inner = "".join(
        f'<Relationship Id="r{number}" Type="{office}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(relations, start=1)
    )
    kinds = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    )
    outer = (
        f'<Relationship Id="r1" Type="{office}/officeDocument" Target="{main}"/><Relationship Id="r2" '
        f'Type="{package}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    )

    def related(inside: str) -> str:
        return f'{_XML}<Relationships xmlns="{package}/relationships">{inside}</Relationships>'

    return packed(
        [
            ("[Content_Types].xml", f'{_XML}<Types xmlns="{package}/content-types">{kinds}{types}</Types>'),
            ("_rels/.rels", related(outer)),
            (f"{folder}/_rels/{name}.rels", related(inner)),
            ("docProps/core.xml", core),
            *((part, text) for part, _, text in parts),
        ]
    )


def _book(source: Source) -> bytes:
    title = escape(source.head["title"])
    head = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="vi"><head><title>{}</title></head><body>{}</body></html>'
    )
    chapters, items, spine, listed = [], "", "", ""
    for number, section in enumerate(source.sections, start=1):
        text = "".join(f"<p>{escape(str(line))}</p>" for line in section.lines)
        name = escape(section.title)
        chapters.append((f"c{number}.xhtml", _XML + head.format(name, f"<h1>{name}</h1>{text}")))
        items += f'<item id="c{number}" href="c{number}.xhtml" media-type="application/xhtml+xml"/>'
        spine += f'<itemref idref="c{number}"/>'
        listed += f'<li><a href="c{number}.xhtml">{name}</a></li>'
    nav = f'<nav epub:type="toc" xmlns:epub="http://www.idpf.org/2007/ops"><h1>Mục lục</h1><ol>{listed}</ol></nav>'
    package = (
        f'{_XML}<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"><metadata '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">{source.name}</dc:identifier>'
        f"<dc:title>{title}</dc:title><dc:creator>{AUTHOR}</dc:creator><dc:language>vi</dc:language>"
        '<meta property="dcterms:modified">2026-01-05T01:00:00Z</meta></metadata><manifest><item id="nav" '
        f'href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>{items}</manifest>'
        f"<spine>{spine}</spine></package>"
    )
    container = (
        f'{_XML}<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
        'full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    return packed(
        [("mimetype", "application/epub+zip"), ("META-INF/container.xml", container), ("book.opf", package),
         ("nav.xhtml", _XML + head.format(title, nav)), *chapters]
    )  # fmt: skip


def _simulation(source: Source) -> bytes:
    style = "body{font:17px/1.6 system-ui,sans-serif;max-width:640px;margin:16px auto;padding:0 16px}input{width:60%}"
    page = (
        f'<!doctype html>\n<html lang="vi"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">'
        f'<title>{escape(source.head["title"])}</title><meta name="author" content="{AUTHOR}">'
        f"<style>{style}</style></head><body>\n{source.body}</body></html>\n"
    )
    return packed([("index.html", page)])


def _drawing(source: Source) -> bytes:
    about = f"<title>{escape(source.head['title'])}</title><desc>{escape(source.head['description'])}</desc>"
    return (
        f'{_XML}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 400" width="720" height="400">{about}\n'
        f'<rect width="720" height="400" fill="#fff"/>\n{source.body}</svg>\n'
    ).encode()


def _film(source: Source) -> bytes | None:
    scenes = []
    for section in source.sections:
        found = re.fullmatch(r"(\d+) (.+)", section.title)
        if found is None:
            raise ValueError(f"{source.name}: a scene without its second: {section.title}")
        scenes.append(film.Scene(int(found[1]), found[2], tuple(map(str, section.lines))))
    with tempfile.TemporaryDirectory() as folder:
        try:
            return film.build(source.head["title"], scenes, Path(folder))
        except (FileNotFoundError, subprocess.CalledProcessError):
            return None


_BUILDERS: dict[str, Callable[[Source], bytes | None]] = {
    "odp": _slides, "docx": _text, "xlsx": _workbook, "epub": _book, "zip": _simulation, "svg": _drawing, "mp4": _film,
}  # fmt: skip
