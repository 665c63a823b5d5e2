"""Samples of every family, and the documents that reading them must give.

`python -m tests.golden.samples` writes the expected JSON anew after a wanted
change; look at the difference before committing it.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ingest import pipeline, registry
from ingest.document import Bundle, to_json
from tests.golden import media, office, packages, pdfs, questions, texts

Make = Callable[[Path], tuple[Path, ...] | None]
"""Writes a file; returns what lies beside it."""

SAMPLES: Mapping[str, Make] = {
    **pdfs.SAMPLES,
    **office.SAMPLES,
    **texts.SAMPLES,
    **media.SAMPLES,
    **packages.SAMPLES,
    **questions.SAMPLES,
}

# A title may come from a name: some have marks and underscores.
_CALLED = {
    "lesson.pdf": "lesson_mẫu.pdf",
    "english.pdf": "english_mẫu.pdf",
    "scanned.pdf": "scanned_mẫu.pdf",
    "photo.png": "ảnh_chụp.png",
    "drawing.svg": "hình_vẽ.svg",
    "captions.srt": "phụ_đề.srt",
    "recording.mkv": "bài_7.mkv",
}


def expected(name: str) -> Path:
    """Where the JSON of a sample stands."""
    return Path(__file__).parent / "expected" / f"{name}.json"


def read(name: str, folder: Path) -> dict[str, Any]:
    """Make a sample and read it with what lies beside it, as JSON-ready values."""
    path = folder / _CALLED.get(name, name)
    beside = SAMPLES[name](path) or ()
    document = pipeline.read(Bundle(path, path.name, beside), registry.load())
    plain: dict[str, Any] = json.loads(json.dumps(to_json(document)))
    return plain


def main() -> None:
    for name in SAMPLES:
        with tempfile.TemporaryDirectory() as folder:
            text = json.dumps(read(name, Path(folder)), ensure_ascii=False, indent=1)
        expected(name).write_text(text + "\n", encoding="utf-8")
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
