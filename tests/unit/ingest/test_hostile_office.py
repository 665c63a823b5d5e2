"""Office files made to harm: each of them ends with an outcome, and nothing outside is touched."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.document import Bundle, Document
from ingest.errors import BrokenFile, IngestError
from ingest.sandbox import Sandbox
from tests.ooxml import cell, docx, frame, paragraph, pptx, shape, slide, xlsx, xml

_SECONDS = 60.0
_BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(9))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def _outcome(sandbox: Sandbox, path: Path) -> Document | IngestError:
    began = time.monotonic()
    try:
        return sandbox.read(Bundle(path, path.name))
    except IngestError as error:
        return error
    finally:
        assert time.monotonic() - began < _SECONDS


def _typed(data: str, types: str) -> str:
    return data.replace("?>", f"?><!DOCTYPE x [{types}]>", 1)


def test_entity_bombs_and_named_files_are_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("bí mật")
    for types, entity in ((_BOMB, "&e8;"), (f'<!ENTITY x SYSTEM "file://{secret}">', "&x;")):
        body = f"<w:body><w:p><w:r><w:t>{entity}</w:t></w:r></w:p></w:body>"
        path = docx(tmp_path / "a.docx", "", parts={"word/document.xml": _typed(xml("w:document", body), types)})
        assert isinstance(_outcome(sandbox, path), BrokenFile)


def test_a_bomb_in_one_slide_costs_that_slide(sandbox: Sandbox, tmp_path: Path) -> None:
    bomb = _typed(xml("p:sld", slide(shape("&e8;"))), _BOMB)
    path = pptx(tmp_path / "a.pptx", [slide(shape("một")), ""], parts={"ppt/slides/slide1.xml": bomb})
    document = _outcome(sandbox, path)
    assert isinstance(document, Document)
    assert [passage.text for passage in document.passages] == ["một"]
    assert [warning.code for warning in document.warnings] == ["broken-parts"]


def _nested(opening: str, inside: str, depth: int) -> str:
    name = opening.split()[0]
    return f"<{opening}>" * depth + inside + f"</{name}>" * depth


@pytest.mark.parametrize("depth", [60, 240, 100_000])
@pytest.mark.parametrize("wrapped", ["w:sdt", "w:tbl><w:tr><w:tc"])
def test_deep_nesting_ends(sandbox: Sandbox, wrapped: str, depth: int, tmp_path: Path) -> None:
    levels = wrapped.split("><")
    opening, closing = "".join(f"<{name}>" for name in levels), "".join(f"</{name}>" for name in reversed(levels))
    times = depth // len(levels)
    path = docx(tmp_path / "a.docx", opening * times + paragraph("đáy") + closing * times)
    found = _outcome(sandbox, path)
    if depth < 256:
        assert isinstance(found, Document)
        assert found.passages[0].text == "đáy"
    else:
        assert isinstance(found, BrokenFile)


def test_deep_groups_and_equations_are_read(sandbox: Sandbox, tmp_path: Path) -> None:
    fraction = "<m:oMath>" + _nested("m:e", "<m:r><m:t>x</m:t></m:r>", 200) + "</m:oMath>"
    path = pptx(
        tmp_path / "a.pptx", [slide(_nested("p:grpSp", shape("nhóm"), 200), f"<p:sp><a:p>{fraction}</a:p></p:sp>")]
    )
    document = _outcome(sandbox, path)
    assert isinstance(document, Document)
    assert document.passages[0].text == "nhóm\nx"


def _looping_relations(path: Path) -> Path:
    """Slide, notes, layout and chart all point at one another and at themselves."""
    slides = {"ppt/slides/slide1.xml", "ppt/notesSlides/n1.xml", "ppt/charts/c.xml"}
    rows = [
        ("n", "notesSlide", "../slides/slide1.xml"),
        ("l", "slideLayout", "../slides/slide1.xml"),
        ("m", "slideMaster", "../slides/slide1.xml"),
        ("c", "chart", "../slides/slide1.xml"),
        ("p", "package", "../slides/slide1.xml"),
        ("u", "chartUserShapes", "../slides/slide1.xml"),
    ]
    return pptx(
        path, [slide(shape("vòng"), frame('<c:chart r:id="c"/>'))], relations=dict.fromkeys(sorted(slides), rows)
    )


def _circular_diagram(path: Path) -> Path:
    points = "".join(
        f'<dgm:pt modelId="{name}"><dgm:t><a:p><a:r><a:t>{name}</a:t></a:r></a:p></dgm:t></dgm:pt>' for name in "ab"
    )
    links = '<dgm:cxn srcId="a" destId="b"/><dgm:cxn srcId="b" destId="a"/><dgm:cxn srcId="a" destId="a"/>'
    data = xml("dgm:dataModel", f"<dgm:ptLst>{points}</dgm:ptLst><dgm:cxnLst>{links}</dgm:cxnLst>")
    return pptx(
        path,
        [slide(frame('<dgm:relIds r:dm="d"/>'))],
        parts={"ppt/diagrams/d.xml": data},
        relations={"ppt/slides/slide1.xml": [("d", "diagramData", "../diagrams/d.xml")]},
    )


@pytest.mark.parametrize(("make", "text"), [(_looping_relations, "vòng"), (_circular_diagram, "a\nb")])
def test_circles_end(make: Callable[[Path], Path], text: str, sandbox: Sandbox, tmp_path: Path) -> None:
    document = _outcome(sandbox, make(tmp_path / "a.pptx"))
    assert isinstance(document, Document)
    assert document.passages[0].text.startswith(text)


def test_many_sections_with_one_header_are_read_in_time(sandbox: Sandbox, tmp_path: Path) -> None:
    reference = '<w:sectPr><w:headerReference w:type="default" r:id="h"/></w:sectPr>'
    path = docx(
        tmp_path / "a.docx",
        paragraph("đoạn", properties=reference) * 20_000,
        parts={"word/header1.xml": xml("w:hdr", paragraph("đầu trang") * 20)},
        relations=[("h", "header", "header1.xml")],
    )
    document = _outcome(sandbox, path)
    assert isinstance(document, Document)
    assert len(document.passages) == 20_000


@pytest.mark.parametrize("value", ["9" * 5000, "²", "-1", "", "x"])
def test_numbers_that_are_none_are_survived(value: str, sandbox: Sandbox, tmp_path: Path) -> None:
    row = f"<s:row>{cell('A1', value, 's')}{cell('B1', value, 'n')}<s:c r='C1' s='{value}'><s:v>5</s:v></s:c></s:row>"
    found = _outcome(sandbox, xlsx(tmp_path / "a.xlsx", {"Sheet1": row}))
    assert isinstance(found, Document)
    number = f'<w:outlineLvl w:val="{value}"/><w:numPr><w:ilvl w:val="{value}"/><w:numId w:val="1"/></w:numPr>'
    found = _outcome(sandbox, docx(tmp_path / "a.docx", paragraph("chữ", properties=number)))
    assert isinstance(found, Document)
    counted = f'<a:pPr lvl="{value}"><a:buAutoNum type="{value}" startAt="{value}"/></a:pPr>'
    listed = f"<a:p>{counted}<a:r><a:t>x</a:t></a:r></a:p>"
    found = _outcome(
        sandbox, pptx(tmp_path / "a.pptx", [slide(f"<p:sp><!-- x --><p:txBody>{listed}</p:txBody></p:sp>")])
    )
    assert isinstance(found, Document)


def test_a_part_that_inflates_beyond_all_bounds_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    path = docx(tmp_path / "a.docx", paragraph(" " * 130 * 1024**2))
    found = _outcome(sandbox, path)
    assert isinstance(found, IngestError)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_file_ends_as_broken_or_kept(share: float, sandbox: Sandbox, tmp_path: Path) -> None:
    path = docx(tmp_path / "a.docx", paragraph("chữ") * 1000)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    found = _outcome(sandbox, path)
    # Without its directory it is a zip that nobody can open.
    assert isinstance(found, BrokenFile) or [warning.code for warning in found.warnings][-1:] == ["no-reader"]
