"""Two commands and a server work on one embedded library at the same time."""

import json
import time
import urllib.request
from pathlib import Path

from tests.faults.library import Library, acknowledged, examine, make_pdf


def test_two_batches_and_a_server_at_once_lose_and_double_nothing(library: Library, tmp_path: Path) -> None:
    tokens = {f"{side}-{number}.pdf": f"zq{side}va{chr(97 + number)}xo" for side in "mn" for number in range(8)}
    for name, token in tokens.items():
        make_pdf(tmp_path / name[0] / name, token)
        # Both folders hold this one: whoever comes second finds it there.
    make_pdf(tmp_path / "m" / "chung.pdf", "zqchungvaxo")
    (tmp_path / "n" / "chung.pdf").write_bytes((tmp_path / "m" / "chung.pdf").read_bytes())
    serve = library.serve()
    commands = [library.ingest(tmp_path / side) for side in "mn"]
    outputs = [command.communicate(timeout=120) for command in commands]
    assert [command.returncode for command in commands] == [0, 0], outputs
    said = acknowledged(outputs[0][0]) | acknowledged(outputs[1][0])
    parts = library.open()
    examine(parts, tokens | {"chung.pdf": "zqchungvaxo"}, {name: said[name] for name in tokens})
    parts.catalogue.close()
    assert serve.poll() is None


def test_a_running_server_answers_with_what_another_process_published_within_two_seconds(
    library: Library, tmp_path: Path
) -> None:
    make_pdf(tmp_path / "in" / "moi.pdf", "zqmoixova")
    library.run("doctor")
    serve = library.serve()
    address = library.address(serve)
    assert total(address, "zqmoixova") == 0
    command = library.ingest(tmp_path / "in")
    command.communicate(timeout=120)
    assert command.returncode == 0
    deadline = time.monotonic() + 2.0
    while total(address, "zqmoixova") != 1:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def total(address: str, query: str) -> int:
    with urllib.request.urlopen(f"{address}/api/v1/search?q={query}", timeout=10) as answer:
        found: int = json.load(answer)["total"]
    return found
