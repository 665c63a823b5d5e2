"""How many lists are found and how many lessons are held, on files whose seeds nobody tuned on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import pipeline
from ingest.document import Bundle
from ingest.errors import IngestError
from tests.privacy.trial import READERS, Trial, trials

SEED = 50_000
PDFS, DOCUMENTS = 66, 110
RECALL, FALSE_HOLDS = 0.98, 0.01
# Real PDFs that no one here wrote, beside the working tree.
SHARED = Path(__file__).parents[3] / "shared"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> list[Trial]:
    return list(trials(SEED, tmp_path_factory.mktemp("files"), pdfs=PDFS, documents=DOCUMENTS))


def test_lists_of_more_than_five_are_found(done: list[Trial]) -> None:
    lists = [trial for trial in done if trial.is_list]
    missed = [trial.what for trial in lists if not trial.is_right]
    recall = 1 - len(missed) / len(lists)
    print(f"recall {recall:.4f} of {len(lists)} lists")
    assert len(lists) >= 100
    assert recall >= RECALL, missed


def test_lessons_are_not_held(done: list[Trial]) -> None:
    lessons = [trial for trial in done if not trial.is_list]
    held = [(trial.what, trial.findings[:2]) for trial in lessons if not trial.is_right]
    share = len(held) / len(lessons)
    print(f"false holds {share:.4f} of {len(lessons)} lessons")
    assert len(lessons) >= 100
    assert share <= FALSE_HOLDS, held


def _real() -> Iterator[Path]:
    for name in ("corpus/pdf", "curriculum"):
        yield from sorted((SHARED / name).glob("*.pdf"))


def test_real_documents_are_not_held() -> None:
    files = list(_real())
    if not files:
        pytest.skip(f"no corpus in {SHARED}")
    held, read = [], 0
    for path in files:
        try:
            findings = pipeline.read(Bundle(path, path.name), READERS).findings
        except IngestError:
            continue
        read += 1
        if findings:
            held.append((path.name, findings[:2]))
    print(f"false holds {len(held)} of {read} real PDFs")
    assert len(held) <= FALSE_HOLDS * read, held
