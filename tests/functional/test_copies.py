"""A folder with a presentation, its PDF and what became of both: joined, told as nearly the same, offered as parts."""

import json
from pathlib import Path
from typing import Any

from service.library import look
from service.model import OPERATOR
from tests.conftest import make_pdf
from tests.copies.series import paragraphs
from tests.faults.library import Library
from tests.ooxml import docx, paragraph, pptx, shape, slide
from tests.ooxml import paragraphs as runs

TEXT = [text.replace("&", "").replace("<", "") for text in paragraphs()[:8]]
OTHER = [text.replace("&", "").replace("<", "") for text in paragraphs()[100:116]]


def _slides(path: Path, texts: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # What a PDF has not: under every slide what is said with it.
    notes = {number: runs("Giáo viên hỏi, học sinh trả lời theo nhóm.") for number in range(1, len(texts) + 1)}
    pptx(
        path, [slide(shape(f"Trang {number}", "title"), shape(text)) for number, text in enumerate(texts)], notes=notes
    )


def _ingest(library: Library, folder: Path) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]], str]:
    """Lines by path, groups, what was said."""
    report = folder.parent / "report.json"
    done = library.run("ingest", str(folder), "--publish", "--licence", "CC0-1.0", "--report", str(report))
    assert done.returncode == 0, done.stderr
    told = json.loads(report.read_text(encoding="utf-8"))
    return {line["path"]: line for line in told["files"]}, told["groups"], done.stdout


def _named(line: dict[str, Any]) -> list[str]:
    return [warning["parameters"]["resource"] for warning in line["warnings"] if warning["code"] == "near-copy"]


def test_slides_take_their_pdf_and_near_copies_name_them(tmp_path: Path) -> None:
    library, folder = Library(tmp_path / "home"), tmp_path / "folder"
    _slides(folder / "Bài 5.pptx", TEXT)
    make_pdf(folder / "Bài 5.pdf", TEXT)
    lines, groups, _ = _ingest(library, folder)
    assert {path: line["outcome"] for path, line in lines.items()} == {
        "Bài 5.pptx": "published",
        "Bài 5.pdf": "companion",
    }
    first = lines["Bài 5.pptx"]["resource"]
    assert lines["Bài 5.pdf"]["resource"] == first
    assert groups == []
    services = library.open()
    files = look.resource(services, OPERATOR, first).revision.files
    assert [(file.name, file.role) for file in files] == [("Bài 5.pptx", "main"), ("Bài 5.pdf", "attachment")]
    services.catalogue.close()

    _slides(folder / "sửa" / "một trang khác.pptx", [*TEXT[:4], OTHER[0], *TEXT[5:]])
    make_pdf(folder / "thêm bìa.pdf", ["Trường Trung học cơ sở Nà Lầu. Người soạn: tổ chuyên môn.", *TEXT])
    make_pdf(folder / "khác.pdf", OTHER[:8])
    for part in (1, 2):
        docx(folder / f"Bài 6 - phần {part}.docx", "".join(map(paragraph, OTHER[4 * part + 4 : 4 * part + 8])))
    lines, groups, said = _ingest(library, folder)
    outcomes = {path: line["outcome"] for path, line in lines.items()}
    near = ("sửa/một trang khác.pptx", "thêm bìa.pdf")
    assert {path for path, outcome in outcomes.items() if outcome == "duplicate"} == {"Bài 5.pptx", "Bài 5.pdf"}
    assert all(outcomes[path] == "published" and first in _named(lines[path]) for path in near)
    assert [path for path, line in lines.items() if _named(line) and path not in near] == []
    parts = [f"Bài 6 - phần {part}.docx" for part in (1, 2)]
    assert groups == [{"name": "Bài 6", "files": parts, "resources": [lines[path]["resource"] for path in parts]}]
    assert "Bài 6 - phần 1.docx; Bài 6 - phần 2.docx" in said
    assert f"thêm bìa.pdf: {lines['thêm bìa.pdf']['warnings'][-1]['text']}" in said

    pairs = json.loads(library.run("copies", "--json").stdout)
    assert {(pair["resource"], pair["near"]) for pair in pairs} >= {(lines[path]["resource"], first) for path in near}
    asked = json.loads(library.run("copies", first, "--json").stdout)
    assert {pair["near"] for pair in asked} == {lines[path]["resource"] for path in near}
