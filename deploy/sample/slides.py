"""A slide deck in PPTX: a title and lines a slide, what the teacher says in its notes.

The least that PowerPoint and LibreOffice open: one theme, one master, one layout,
and a master of notes where a slide has some. A line `> ` is a note.
"""

from collections.abc import Iterator, Sequence
from html import escape

from deploy.sample.office import package
from deploy.sample.section import XML, Section, Source

_NAMES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.presentationml."
_WIDTH, _HEIGHT = 12192000, 6858000
_TOP = (
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="0" '
    'y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>'
)
_COLOURS = "".join(
    f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>'
    for name, value in (
        ("dk1", "1C2126"), ("lt1", "FFFFFF"), ("dk2", "12456B"), ("lt2", "E8F2F7"), ("accent1", "12456B"),
        ("accent2", "B8371F"), ("accent3", "33804D"), ("accent4", "8A3C12"), ("accent5", "5A8FB0"),
        ("accent6", "8A4A72"), ("hlink", "12456B"), ("folHlink", "8A4A72"),
    )
)  # fmt: skip
_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_FONT = '<a:latin typeface="Arial"/><a:ea typeface=""/><a:cs typeface=""/>'
_THEME = (
    '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="plain"><a:themeElements>'
    f'<a:clrScheme name="plain">{_COLOURS}</a:clrScheme><a:fontScheme name="plain"><a:majorFont>{_FONT}</a:majorFont>'
    f'<a:minorFont>{_FONT}</a:minorFont></a:fontScheme><a:fmtScheme name="plain"><a:fillStyleLst>{_FILL * 3}'
    f"</a:fillStyleLst><a:lnStyleLst>{f'<a:ln>{_FILL}</a:ln>' * 3}</a:lnStyleLst><a:effectStyleLst>"
    f"{'<a:effectStyle><a:effectLst/></a:effectStyle>' * 3}</a:effectStyleLst><a:bgFillStyleLst>{_FILL * 3}"
    "</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
)
_MAP = " ".join(
    f'{name}="{to}"'
    for name, to in (("bg1", "lt1"), ("tx1", "dk1"), ("bg2", "lt2"), ("tx2", "dk2"), ("hlink", "hlink"),
                     ("folHlink", "folHlink"), *((f"accent{n}", f"accent{n}") for n in range(1, 7)))
)  # fmt: skip


def build(source: Source) -> bytes:
    """The deck, one slide a section; the first one is its cover."""
    sections = source.sections
    noted = [number for number, one in enumerate(sections, start=1) if any(_notes(one))]
    size = f'<p:sldSz cx="{_WIDTH}" cy="{_HEIGHT}"/><p:notesSz cx="{_HEIGHT}" cy="9144000"/>'
    listed = "".join(f'<p:sldId id="{255 + n}" r:id="r{n + 2}"/>' for n in range(1, len(sections) + 1))
    masters = '<p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="r1"/></p:sldMasterIdLst>'
    if noted:
        masters += f'<p:notesMasterIdLst><p:notesMasterId r:id="r{len(sections) + 3}"/></p:notesMasterIdLst>'
    main = f"<p:presentation {_NAMES}>{masters}<p:sldIdLst>{listed}</p:sldIdLst>{size}</p:presentation>"
    relations = [("slideMaster", "master.xml"), ("theme", "theme.xml")]
    relations += [("slide", f"slide{number}.xml") for number in range(1, len(sections) + 1)]
    relations += [("notesMaster", "notesMaster.xml")] if noted else []
    parts = [("ppt/presentation.xml", f"{_KIND}presentation.main+xml", XML + main), *_frame()]
    if noted:
        parts += _notes_master()
    for number, section in enumerate(sections, start=1):
        has_notes = number in noted
        parts.append((f"ppt/slide{number}.xml", f"{_KIND}slide+xml", _slide(section, is_cover=number == 1)))
        inner = [("slideLayout", "layout.xml")] + ([("notesSlide", f"notes{number}.xml")] if has_notes else [])
        parts.append(_related(f"slide{number}", inner))
        if has_notes:
            box = _shape(2, "body", _lines(_notes(section), 1200), (685800, 4400550, 5486400, 3600450))
            parts.append((f"ppt/notes{number}.xml", f"{_KIND}notesSlide+xml", _tree("notes", box)))
            parts.append(_related(f"notes{number}", [("notesMaster", "notesMaster.xml"),
                                                     ("slide", f"slide{number}.xml")]))  # fmt: skip
    return package(source, "ppt/presentation.xml", parts, relations)


def _notes(section: Section) -> list[str]:
    return [line[2:] for line in section.lines if isinstance(line, str) and line.startswith("> ")]


def _slide(section: Section, *, is_cover: bool) -> str:
    shown = [" – ".join(filter(None, line)) if isinstance(line, list) else line for line in section.lines]
    lines = [line for line in shown if not line.startswith("> ")]
    size = 2000 if len("".join(lines)) > 420 or len(lines) > 8 else 2400
    title = _shape(2, "title", _lines([section.title], 4000 if is_cover else 3200, bold=True),
                   (609600, 1700000 if is_cover else 380000, 10972800, 1150000))  # fmt: skip
    body = _shape(3, "body", _lines(lines, size), (609600, 3000000 if is_cover else 1650000, 10972800, 4700000))
    return _tree("sld", title + body)


def _lines(lines: Sequence[str], size: int, *, bold: bool = False) -> str:
    weight, colour = (' b="1"', "tx2") if bold else ("", "tx1")
    return "".join(
        f'<a:p><a:pPr><a:spcAft><a:spcPts val="700"/></a:spcAft></a:pPr><a:r><a:rPr lang="vi-VN" sz="{size}"{weight}>'
        f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill></a:rPr><a:t>{escape(line)}</a:t></a:r></a:p>'
        for line in lines
    )


def _shape(number: int, kind: str, paragraphs: str, place: tuple[int, int, int, int]) -> str:
    x, y, width, height = place
    index = "" if kind == "title" else ' idx="1"'
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{kind} {number}"/><p:cNvSpPr/><p:nvPr><p:ph type="{kind}"'
        f'{index}/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{width}" cy="{height}"/>'
        f'</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr><a:normAutofit/>'
        f"</a:bodyPr><a:lstStyle/>{paragraphs or '<a:p/>'}</p:txBody></p:sp>"
    )


def _tree(name: str, shapes: str, after: str = "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>") -> str:
    return f"{XML}<p:{name} {_NAMES}><p:cSld><p:spTree>{_TOP}{shapes}</p:spTree></p:cSld>{after}</p:{name}>"


def _related(part: str, targets: Sequence[tuple[str, str]]) -> tuple[str, str, str]:
    inside = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    text = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}'
    return f"ppt/_rels/{part}.xml.rels", "", f"{XML}{text}</Relationships>"


def _frame() -> Iterator[tuple[str, str, str]]:
    """Theme, master and layout, and what they lean on."""
    layouts = '<p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="r1"/></p:sldLayoutIdLst>'
    yield "ppt/theme.xml", "application/vnd.openxmlformats-officedocument.theme+xml", XML + _THEME
    yield "ppt/master.xml", f"{_KIND}slideMaster+xml", _tree("sldMaster", "", f"<p:clrMap {_MAP}/>{layouts}")
    yield _related("master", [("slideLayout", "layout.xml"), ("theme", "theme.xml")])
    yield "ppt/layout.xml", f"{_KIND}slideLayout+xml", _tree("sldLayout", "")
    yield _related("layout", [("slideMaster", "master.xml")])


def _notes_master() -> Iterator[tuple[str, str, str]]:
    yield "ppt/notesTheme.xml", "application/vnd.openxmlformats-officedocument.theme+xml", XML + _THEME
    yield "ppt/notesMaster.xml", f"{_KIND}notesMaster+xml", _tree("notesMaster", "", f"<p:clrMap {_MAP}/>")
    yield _related("notesMaster", [("theme", "notesTheme.xml")])
