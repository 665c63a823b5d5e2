"""A child that answers with anything but a document is one file's outcome; `test_border` has the lies inside one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.document import Bundle
from ingest.errors import IngestError
from ingest.sandbox import Sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(output_bytes=4 * 1024**2, extra_extractors=["tests.faults.misbehaving"]) as sandbox:
        yield sandbox


_FRAME = "len(a).to_bytes(8, 'big') + a)(a="


@pytest.mark.parametrize(
    "lie",
    {
        "nothing": "b''",
        "half a length": "b'123'",
        "less than it says": "(1000).to_bytes(8, 'big') + b'+{}'",
        "no JSON": f"(lambda a: {_FRAME}b'+nonsense')",
        "no document": f"(lambda a: {_FRAME}b'+[1,2]')",
        "an unknown error": f'(lambda a: {_FRAME}b\'-\' + b\'{{"code":"x","parameters":{{}},"place":""}}\')',
        "an error that is none": f"(lambda a: {_FRAME}b'-nonsense')",
        "a mark that is none": f"(lambda a: {_FRAME}b'?{{}}')",
        "deep nesting": f"(lambda a: {_FRAME}b'+' + b'[' * 900_000)",
        "millions of values": f"(lambda a: {_FRAME}b'+[' + b'[],' * 1_300_000 + b'[]]')",
        "bytes that are no text": f"(lambda a: {_FRAME}b'+' + bytes(range(256)) * 100)",
    }.items(),
    ids=lambda pair: pair[0],
)
def test_a_lying_child_is_one_files_outcome(lie: tuple[str, str], sandbox: Sandbox, tmp_path: Path) -> None:
    def told(order: str) -> str:
        path = tmp_path / "order.txt"
        path.write_text(order)
        return sandbox.read(Bundle(path, path.name)).passages[0].text

    with pytest.raises(IngestError) as raised:
        told(f"lie {lie[1]}")
    assert raised.value.code in ("reader-crashed", "too-expensive")
    assert told("say next") == "next"
