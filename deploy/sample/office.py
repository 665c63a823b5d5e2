"""Documents, workbooks and decks of Office Open XML, as plain as a program accepts them."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from deploy.sample.section import AUTHOR, XML, Source, packed

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_BORDERS = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="9AA7B2"/>' for side in
                   ("top", "left", "bottom", "right", "insideH", "insideV"))  # fmt: skip


def text(source: Source) -> bytes:
    """DOCX: a heading a section, `### ` a heading below it, rows that follow one another as a table."""
    body = [_paragraph(source.head["title"], "Title")]
    for section in source.sections:
        body.append(_paragraph(section.title, "Heading1"))
        for is_table, run in groupby(section.lines, lambda line: isinstance(line, list)):
            lines = list(run)
            body += [_table(lines)] if is_table else map(_line, lines)
    paper = (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" '
        'w:left="1134" w:header="709" w:footer="709" w:gutter="0"/></w:sectPr>'
    )
    document = f"{XML}<w:document {_W}><w:body>{''.join(body)}{paper}</w:body></w:document>"
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{identifier}"><w:name w:val="{name}"/><w:pPr><w:spacing '
        f'w:before="240" w:after="80"/></w:pPr><w:rPr><w:b/><w:color w:val="12456B"/><w:sz w:val="{size}"/>'
        "</w:rPr></w:style>"
        for identifier, name, size in (
            ("Title", "Title", 40), ("Heading1", "heading 1", 28), ("Heading2", "heading 2", 24),
        )
    )  # fmt: skip
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml."
    return package(
        source,
        "word/document.xml",
        [("word/document.xml", f"{word}document.main+xml", document),
         ("word/styles.xml", f"{word}styles+xml", f"{XML}<w:styles {_W}>{styles}</w:styles>")],
        [("styles", "styles.xml")],
    )  # fmt: skip


def _table(rows: Iterable[str | list[str]]) -> str:
    """With a paragraph after it: programs run two tables in a row together."""
    properties = f'<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{_BORDERS}</w:tblBorders></w:tblPr>'
    return f"<w:tbl>{properties}{''.join(map(_row, rows))}</w:tbl><w:p/>"


def _line(line: str | list[str]) -> str:
    plain = str(line)
    if plain.startswith("### "):
        return _paragraph(plain[4:], "Heading2")
    return _paragraph("•  " + plain[2:]) if plain.startswith("- ") else _paragraph(plain)


def _paragraph(text: str, style: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else '<w:pPr><w:spacing w:after="120"/></w:pPr>'
    return f'<w:p>{named}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def _row(cells: Iterable[str]) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>"


def workbook(source: Source) -> bytes:
    """XLSX: a sheet a section, of its rows; a number in Vietnamese spelling (12,5) is a number."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    parts, relations, listed = [], [], []
    for number, section in enumerate(source.sections, start=1):
        rows = (line for line in section.lines if isinstance(line, list))
        cells = "".join(
            f'<row r="{at}">{"".join(_cell(f"{chr(65 + place)}{at}", text) for place, text in enumerate(row))}</row>'
            for at, row in enumerate(rows, start=1)
        )
        sheet = f'{XML}<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
        parts.append((f"xl/sheet{number}.xml", f"{kind}worksheet+xml", sheet))
        relations.append(("worksheet", f"sheet{number}.xml"))
        listed.append(f'<sheet name="{escape(section.title)}" sheetId="{number}" r:id="r{number}"/>')
    book = (
        f'{XML}<workbook xmlns="{main}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f"<sheets>{''.join(listed)}</sheets></workbook>"
    )
    return package(source, "xl/workbook.xml", [("xl/workbook.xml", f"{kind}sheet.main+xml", book), *parts], relations)


def _cell(place: str, text: str) -> str:
    if not text:
        return ""
    if re.fullmatch(r"-?\d+(,\d+)?", text):
        return f'<c r="{place}"><v>{text.replace(",", ".")}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def package(
    source: Source, main: str, parts: Sequence[tuple[str, str, str]], relations: Sequence[tuple[str, str]]
) -> bytes:
    """A package of Office Open XML. parts: name, media type, XML. relations: of the main part, (kind, target).
    A part that has relations of its own brings them as a part, `_rels` in its name, without a media type.
    """
    schemas = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    core = (
        f'{XML}<cp:coreProperties xmlns:cp="{schemas}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(source.head['title'])}</dc:title><dc:creator>{AUTHOR}</dc:creator></cp:coreProperties>"
    )
    types = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind, _ in parts if kind)
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
        f'Type="{schemas}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    )

    def related(inside: str) -> str:
        return f'{XML}<Relationships xmlns="{schemas}/relationships">{inside}</Relationships>'

    return packed(
        [
            ("[Content_Types].xml", f'{XML}<Types xmlns="{schemas}/content-types">{kinds}{types}</Types>'),
            ("_rels/.rels", related(outer)),
            (f"{folder}/_rels/{name}.rels", related(inner)),
            ("docProps/core.xml", core),
            *((part, text) for part, _, text in parts),
        ]
    )
