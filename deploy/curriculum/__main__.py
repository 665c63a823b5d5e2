"""`python -m deploy.curriculum NAME PDF [--check | --outline]`: read a programme into the seeds of topics and outcomes.

Rows whose code begins with the programme's prefix are replaced, all others
stay as they are; the same file gives the same bytes. --check writes nothing
and fails where it would; --outline prints what was read as people read it.
"""

import csv
import hashlib
import io
import sys
from pathlib import Path

import pymupdf

from deploy.curriculum import tree
from deploy.curriculum.programme import Programme, load
from deploy.curriculum.tree import Cells, Topic
from deploy.curriculum.walk import walk

SEEDS = Path(__file__).parents[2] / "service" / "vocabularies"
COLUMNS = {
    "topic": ("code", "parent", "vi", "en", "alternatives", "programme", "subject", "grades", "remark", "page"),
    "outcome": ("code", "parent", "vi", "en", "alternatives", "topic", "grade", "page"),
}


def read(programme: Programme, path: Path) -> list[Topic]:
    """Raises: ValueError: another file than the one that was reviewed, or a correction that corrects nothing."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != programme.sha256:
        raise ValueError(f"{path.name} is not the reviewed {programme.source}: sha-256 {found}")
    with pymupdf.open(path) as document:
        return tree.topics(walk(document, programme), programme)


def merged(path: Path, columns: tuple[str, ...], prefix: str, rows: list[Cells]) -> str:
    """The seed with these rows in the place of the former ones, or at its end."""
    kept: list[Cells] = []
    if path.exists():
        with path.open(encoding="utf-8", newline="") as source:
            kept = list(csv.DictReader(source))
    mine = [number for number, row in enumerate(kept) if row["code"].startswith(f"{prefix}-")]
    place = mine[0] if mine else len(kept)
    others = [row for number, row in enumerate(kept) if number not in set(mine)]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows([*others[:place], *rows, *others[place:]])
    return text.getvalue()


def outline(found: list[Topic]) -> str:
    lines = []
    for topic in found:
        deep = topic.code.count("-") - 1
        lines.append(f"{'  ' * deep}{topic.code} [{topic.page}] {topic.label} {topic.remark and f'({topic.remark})'}")
        lines += [
            f"{'  ' * deep}    .{number} [{page}] {text}" for number, (page, text) in enumerate(topic.outcomes, 1)
        ]
    return "\n".join(lines)


def main(name: str, path: str, mode: str = "") -> int:
    programme = load(name)
    found = read(programme, Path(path))
    if mode == "--outline":
        print(outline(found))
        return 0
    rows = {"topic": tree.topic_rows(found, programme), "outcome": tree.outcome_rows(found)}
    stale = 0
    for field, columns in COLUMNS.items():
        seed = SEEDS / f"{field}.csv"
        text = merged(seed, columns, programme.prefix, rows[field])
        if mode == "--check":
            stale += not seed.exists() or seed.read_text(encoding="utf-8") != text
        else:
            seed.write_text(text, encoding="utf-8", newline="")
    for grade, (topics, outcomes) in tree.counts(found).items():
        print(f"{name}: grade {grade}: {topics} topics, {outcomes} requirements")
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
