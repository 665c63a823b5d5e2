"""Reading PPTX and DOCX in a child of the sandbox against a bare walk of the same XML in the same child.

    python -m tests.benchmarks.office

The walk opens the zip, parses the parts that hold text with lxml and joins
`itertext`. The files are made here, with the properties that Word and
PowerPoint write around every run, and are so large that the walk takes a
tenth of a second and more. How: `beside_bare.py`.
"""

import random
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.benchmarks.beside_bare import Pairs, speeds
from tests.benchmarks.figures import Figure, report
from tests.ooxml import docx, pptx

MIN_RATIO = 0.6
MIN_BARE_SECONDS = 0.1
_SLIDES = 500
_PARAGRAPHS = 6_000
_WORDS = """
học sinh nêu được vai trò của quá trình trao đổi chất và chuyển hoá năng lượng ở sinh vật thực hiện các bước giải phương
trình bậc hai vận dụng kiến thức đã học để giải quyết vấn đề trong thực tiễn đời sống
"""


def _said(chance: random.Random, least: int, most: int) -> str:
    return " ".join(chance.choices(_WORDS.split(), k=chance.randint(least, most)))


def _word_paragraph(chance: random.Random, number: int) -> str:
    """A paragraph as Word writes it: properties, and text in runs cut wherever somebody once typed."""
    fonts = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>'
    look = f'<w:rPr>{fonts}<w:sz w:val="28"/><w:szCs w:val="28"/></w:rPr>'
    heading = '<w:pStyle w:val="Heading1"/>' if number % 40 == 0 else ""
    runs = "".join(
        f'<w:r w:rsidRPr="00A77B3E">{look}<w:t xml:space="preserve">{_said(chance, 2, 12)} </w:t></w:r>'
        for _ in range(chance.randint(1, 6))
    )
    return (
        f'<w:p w:rsidR="00A77B3E" w:rsidRDefault="00B12C44"><w:pPr>{heading}<w:spacing w:line="360" w:lineRule="auto"/>'
        f'<w:jc w:val="both"/>{look}</w:pPr>{runs}</w:p>'
    )


def _slide(chance: random.Random, number: int) -> str:
    """Shapes of a slide as PowerPoint writes them: place, outline, and text in runs."""
    shapes = "".join(_shape(chance, place, number) for place in range(chance.randint(3, 7)))
    return f"<p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>"


def _shape(chance: random.Random, place: int, number: int) -> str:
    kind = "title" if place == 0 else "body"
    runs = "".join(
        f'<a:p><a:pPr marL="342900" indent="-342900"><a:buFont typeface="Arial"/><a:buChar char="•"/></a:pPr>'
        f'<a:r><a:rPr lang="vi-VN" sz="2800" b="1" dirty="0"><a:solidFill><a:srgbClr val="FF0000"/></a:solidFill>'
        f'<a:latin typeface="Times New Roman"/></a:rPr><a:t>{_said(chance, 4, 16)}</a:t></a:r>'
        f'<a:r><a:rPr lang="en-US" sz="2800"/><a:t> {_said(chance, 1, 6)}</a:t></a:r></a:p>'
        for _ in range(1 if place == 0 else chance.randint(2, 6))
    )
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{place + 2}" name="Shape {number}"/><p:cNvSpPr/>'
        f'<p:nvPr><p:ph type="{kind}" idx="{place}"/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="838200" y="365125"/>'
        f'<a:ext cx="10515600" cy="1325563"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f"<p:txBody><a:bodyPr/><a:lstStyle/>{runs}</p:txBody></p:sp>"
    )


def _files(folder: Path) -> Iterator[Path]:
    chance = random.Random(4)
    notes = {number: f"<a:p><a:r><a:t>{_said(chance, 20, 60)}</a:t></a:r></a:p>" for number in range(1, _SLIDES, 3)}
    slides = [_slide(chance, number) for number in range(1, _SLIDES + 1)]
    yield pptx(folder / "slides.pptx", slides, notes=notes)
    body = "".join(_word_paragraph(chance, number) for number in range(_PARAGRAPHS))
    yield docx(folder / "text.docx", body)


def _figures(pairs: Pairs, files: Iterable[Path]) -> Iterator[Figure]:
    for path in files:
        kind = path.suffix[1:].upper()
        yield from speeds(pairs, [path], f"read {kind}", least_bare_seconds=MIN_BARE_SECONDS, at_least=MIN_RATIO)


def main() -> int:
    with tempfile.TemporaryDirectory() as name, Pairs() as pairs:
        return report(list(_figures(pairs, _files(Path(name)))))


if __name__ == "__main__":
    sys.exit(main())
