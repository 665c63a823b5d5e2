"""`python -m ingest`: one document as JSON on standard output."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pymupdf


def _run(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    done = subprocess.run([sys.executable, "-m", "ingest", *arguments], capture_output=True, check=False)
    return done.returncode, json.loads(done.stdout or b"{}")


def test_a_document_is_printed(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    document = pymupdf.open()
    document.new_page().insert_text((72, 72), "The text of the only page is here")
    document.save(path)
    document.close()
    captions = tmp_path / "a.srt"
    captions.write_text("1\n00:00:01,000 --> 00:00:02,000\nXin chào\n")
    code, shown = _run(path, "--with", captions)
    assert code == 0
    assert shown["media_type"] == "application/pdf"
    assert shown["passages"][0]["locator"] == {"kind": "page", "value": 1}
    assert shown["passages"][0]["text"] == "The text of the only page is here"
    assert shown["passages"][0]["language"] == "en"
    assert {"metadata", "language", "contents", "pictures", "warnings"} <= set(shown)
    assert shown["error"] is None


def test_an_error_is_printed_with_its_code(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4\n")
    code, shown = _run(path)
    assert code == 1
    assert shown["error"] == {"code": "broken-file", "parameters": {}}
    assert shown["media_type"] == "application/pdf"


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.touch()
    assert _run(path)[1]["error"]["code"] == "empty-file"


def test_a_missing_file_is_wrong_use(tmp_path: Path) -> None:
    assert _run(tmp_path / "none.pdf") == (2, {})
